"""RULE UNDER TEST: streets go to OSMnx and come back unchanged, and plain OSMnx graphs are taken over."""

from dataclasses import replace

import networkx as nx
import numpy as np
import osmnx
import pytest
from shapely import LineString

from accessibility.errors import ModelError
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.sources.osm import read_streets
from tests.reference import reference
from tests.unit.osm_worlds import CRS, bans, edge, osm_xml, streets_of

NODES = """A 0 0, B 100 0 highway=traffic_signals, C 200 0, D 100 80 barrier=bollard, E 100 160, F 150 60,
G 0 -50, H 50 -90, I 100 -50, J -50 0, K 100 250"""
WAYS = """1 A B highway=residential name=安亭_Road maxspeed=40
7 B C highway=residential
8 A J highway=footway
9 E K highway=footway
2 B D E highway=tertiary oneway=yes
3 B F C highway=steps
4 A G H I B highway=path
5 E C highway=motorway
6 G H highway=service oneway=-1"""
TURNS = "7 from=1 via=B to=2 restriction=no_left_turn, 8 from=2 via=E to=2 restriction=no_u_turn"


def differing(streets, others):
    """Name the columns that are not the same, to the last bit."""
    found = []
    for name in streets.__dataclass_fields__:
        one, other = getattr(streets, name), getattr(others, name)
        same = (
            np.array_equal(one, other) and one.dtype == other.dtype
            if isinstance(one, np.ndarray)
            else one == other
        )
        found += [] if same else [name]
    return found


@pytest.fixture
def streets(tmp_path):
    return streets_of(tmp_path, NODES, WAYS, TURNS)


def test_streets_come_back_unchanged(streets):
    assert len(bans(streets)) >= 1
    assert differing(streets, Streets.from_osmnx(streets.to_osmnx())) == []


def test_streets_come_back_unchanged_through_a_file(streets, tmp_path):
    osmnx.save_graphml(streets.to_osmnx(), tmp_path / "town.graphml")

    assert differing(streets, Streets.from_osmnx(osmnx.load_graphml(tmp_path / "town.graphml"))) == []


def test_streets_come_back_unchanged_through_tables(streets):
    nodes, edges = osmnx.graph_to_gdfs(streets.to_osmnx())
    graph = osmnx.graph_from_gdfs(nodes, edges, graph_attrs=streets.to_osmnx().graph)

    assert differing(streets, Streets.from_osmnx(graph)) == []


def test_streets_come_back_unchanged_from_another_projection(streets):
    graph = osmnx.project_graph(streets.to_osmnx(), to_crs="EPSG:32651")

    assert differing(streets, Streets.from_osmnx(graph)) == []


def test_a_segment_open_to_nobody_is_not_lost(streets):
    nobody = np.zeros(streets.n_segments, dtype=np.uint8)
    closed = replace(streets, forward=nobody, backward=nobody)

    assert closed.to_osmnx().number_of_edges() == streets.n_segments
    assert differing(closed, Streets.from_osmnx(closed.to_osmnx())) == []


def test_odd_columns_come_back_too(streets):
    odd = replace(
        streets,
        names=(*streets.names, "used nowhere", "[1, 2]"),
        road_classes=(*streets.road_classes, "used nowhere"),
        steps=~streets.steps,
        way_ids=-streets.way_ids,
        length_m=streets.length_m / 3,
        x_m=streets.x_m + 0.25,
        shape_x_m=streets.shape_x_m + 1 / 3,
        provenance=streets.provenance.with_notices([Notice("x", "info", "“quoted” {braces}")]),
    )

    assert differing(odd, Streets.from_osmnx(odd.to_osmnx())) == []


def test_osmnx_understands_the_graph(streets):
    graph = streets.to_osmnx()
    data = graph.edges[1, 2, 0]

    assert (graph.graph["crs"], data["osmid"], data["name"], data["maxspeed"]) == (
        "EPSG:4326",
        1,
        "安亭 Road",
        "40",
    )
    assert (data["oneway"], data["reversed"], data["walk"], data["drive"]) == (False, False, True, True)
    assert osmnx.basic_stats(graph)["n"] == streets.n_nodes
    assert osmnx.shortest_path(graph, 1, 3, weight="length") == [1, 2, 3]
    assert graph.nodes[2]["highway"] == "traffic_signals"


def test_an_edge_that_somebody_removed_is_gone_with_its_bans(streets):
    graph = streets.to_osmnx()
    graph.remove_edges_from([(2, 4, 0), (4, 2, 0)])

    left = Streets.from_osmnx(graph)

    assert left.n_segments == streets.n_segments - 1
    assert len(bans(left)) == len(bans(streets)) - 1


def test_the_bans_of_a_graph_with_fewer_edges_name_the_right_ones(streets):
    graph = streets.to_osmnx()
    graph.remove_edges_from([(2, 3, 0), (3, 2, 0)])

    left = Streets.from_osmnx(graph)

    turn = (edge(left, 1, "A", "B"), edge(left, 2, "B", "D"))
    assert bans(left)[turn] == CYCLE | DRIVE


def test_a_node_that_somebody_moved_is_moved(streets):
    graph = streets.to_osmnx()
    graph.nodes[1]["x"] += 0.001

    moved = Streets.from_osmnx(graph)

    assert moved.x_m[0] - streets.x_m[0] == pytest.approx(95.4, abs=0.5)
    assert moved.x_m[1:].tolist() == streets.x_m[1:].tolist()


def test_a_new_edge_joins_at_the_end(streets):
    graph = streets.to_osmnx()
    graph.add_edge(1, 5, osmid=99, highway="footway", oneway=False)
    graph.add_edge(5, 1, osmid=99, highway="footway", oneway=False)

    more = Streets.from_osmnx(graph)

    assert more.n_segments == streets.n_segments + 1
    assert (more.way_ids[-1], more.forward[-1], more.backward[-1]) == (99, WALK, WALK)
    assert more.length_m[-1] == pytest.approx(np.hypot(100, 160), abs=0.1)


@pytest.mark.parametrize("simplify", [True, False])
def test_a_plain_graph_of_osmnx_is_taken_over(tmp_path, simplify):
    file = tmp_path / "town.osm"
    file.write_text(osm_xml(NODES, WAYS), encoding="utf-8")
    graph = osmnx.graph_from_xml(file, simplify=simplify, retain_all=True)

    taken, own = Streets.from_osmnx(graph, crs=CRS), read_streets(file, crs=CRS)

    assert taken.length_m.sum() == pytest.approx(own.length_m.sum(), rel=2e-3)
    by_class = {
        name: set(zip(taken.forward[at], taken.backward[at], strict=True)) for name, at in classes(taken)
    }
    assert by_class["residential"] == {(EVERYONE, EVERYONE)}
    assert by_class["tertiary"] == {(EVERYONE, WALK)}
    assert by_class["steps"] == {(WALK, WALK)}
    assert by_class["motorway"] == {(DRIVE, 0)}
    assert by_class["service"] == {(EVERYONE, WALK)}
    assert taken.node_ids[taken.node_signal].tolist() == [2]
    assert taken.provenance.sources[0].licence == "ODbL 1.0"


def classes(streets):
    return [(name, streets.road_class == i) for i, name in enumerate(streets.road_classes)]


def small_graph(**data):
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    graph.add_node(1, x=121.1, y=31.2)
    graph.add_node(2, x=121.2, y=31.2)
    graph.add_edge(1, 2, **{"osmid": 5, "highway": "residential", **data})
    return graph


def test_what_osmnx_merged_is_taken_with_care():
    graph = small_graph(
        osmid=[5, 6],
        highway=["residential", "footway"],
        name=["One", "Two"],
        maxspeed=["50", "30 mph"],
        length=9600.0,
    )

    streets = Streets.from_osmnx(graph)

    assert (streets.way_ids.tolist(), streets.segment_names([0])) == ([5], ["One"])
    assert streets.segment_classes([0]) == ["residential"]
    assert (streets.forward.tolist(), streets.length_m.tolist()) == ([WALK], [9600.0])
    assert streets.speed_cap_mps == pytest.approx([48.28032 / 3.6])


def test_of_merged_access_values_the_one_that_forbids_holds():
    assert Streets.from_osmnx(small_graph(access=["yes", "private"])).forward.tolist() == [0]


@pytest.mark.parametrize(
    ("data", "forward", "backward"),
    [
        ({"oneway": True}, EVERYONE, WALK),
        ({"oneway": True, "oneway:bicycle": "no"}, EVERYONE, WALK | CYCLE),
        ({"oneway": False}, EVERYONE, WALK),
        ({}, EVERYONE, WALK),
        ({"highway": "hyperloop"}, EVERYONE, WALK),
        ({"highway": None}, EVERYONE, WALK),
    ],
)
def test_wheels_go_only_where_the_graph_has_an_edge(data, forward, backward):
    streets = Streets.from_osmnx(small_graph(**data))

    assert (streets.forward.tolist(), streets.backward.tolist()) == ([forward], [backward])


def test_two_streets_between_the_same_nodes_stay_two():
    graph = small_graph(length=9000.0)
    graph.add_edge(2, 1, osmid=5, highway="residential", length=9000.0)
    bend = LineString([(121.1, 31.2), (121.15, 31.21), (121.2, 31.2)])
    graph.add_edge(1, 2, osmid=6, highway="path", geometry=bend)
    graph.add_edge(2, 1, osmid=6, highway="path", geometry=bend.reverse())

    streets = Streets.from_osmnx(graph)

    assert (streets.n_segments, streets.way_ids.tolist()) == (2, [5, 6])
    assert np.diff(streets.shape_offset).tolist() == [2, 3]


def test_both_ways_round_a_loop_are_one_segment():
    graph = small_graph()
    ring = LineString([(121.1, 31.2), (121.11, 31.2), (121.11, 31.21), (121.1, 31.2)])
    graph.add_edge(1, 1, osmid=7, highway="service", geometry=ring, reversed=False)
    graph.add_edge(1, 1, osmid=7, highway="service", geometry=ring.reverse(), reversed=True)

    streets = Streets.from_osmnx(graph)

    assert streets.n_segments == 2
    assert (streets.forward[1], streets.backward[1]) == (EVERYONE, EVERYONE)


def test_a_projected_graph_is_measured_where_it_is():
    graph = osmnx.project_graph(small_graph(), to_crs=CRS)

    assert Streets.from_osmnx(graph).crs == CRS
    assert Streets.from_osmnx(graph).length_m == pytest.approx(Streets.from_osmnx(small_graph()).length_m)


def broken(change):
    graph = small_graph()
    change(graph)
    return graph


@pytest.mark.parametrize(
    ("graph", "code"),
    [
        (nx.MultiDiGraph(crs="EPSG:4326"), "graph-empty"),
        (small_graph().to_undirected(), "graph-undirected"),
        ("no graph", "graph-undirected"),
        (broken(lambda g: g.graph.pop("crs")), "graph-crs"),
        (broken(lambda g: g.graph.update(crs="nonsense")), "graph-crs"),
        (broken(lambda g: g.nodes[1].pop("x")), "graph-position"),
        (broken(lambda g: g.nodes[1].update(y="north")), "graph-position"),
        (broken(lambda g: g.nodes[1].update(y=float("nan"))), "graph-position"),
        (broken(lambda g: g.nodes[1].update(y=99.0)), "streets-crs"),
        (nx.relabel_nodes(small_graph(), {1: "one"}), "graph-node-id"),
        (nx.relabel_nodes(small_graph(), {1: 1.5}), "graph-node-id"),
    ],
)
def test_a_graph_that_is_no_street_network_is_refused(graph, code):
    with pytest.raises(ModelError) as refusal:
        Streets.from_osmnx(graph)

    assert refusal.value.code == code


def test_a_damaged_mark_counts_as_none(streets):
    graph = streets.to_osmnx()
    graph.graph["accessibility"] = "{damaged"

    assert Streets.from_osmnx(graph).n_segments == streets.n_segments


def test_porto_alegre_comes_back_unchanged():
    streets = read_streets(reference("porto_alegre/poa_osm.pbf"))

    assert differing(streets, Streets.from_osmnx(streets.to_osmnx())) == []
