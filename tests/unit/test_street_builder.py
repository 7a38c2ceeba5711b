"""RULE UNDER TEST: ways are cut where streets meet; turn restrictions become forbidden sequences of edges."""

import numpy as np
import pytest
from pyproj import Geod

from accessibility.errors import ModelError
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE
from accessibility.model.street_builder import SHORTEST_M, RawWays, build_streets
from accessibility.model.streets import Streets
from tests.unit.osm_worlds import bans, codes, edge, streets_of

RIDE = CYCLE | DRIVE
CROSS = "A -100 0, B 0 0, C 100 0, D 0 -100, E 0 100"
FOUR_ARMS = "1 A B highway=tertiary, 2 B C highway=tertiary, 3 D B highway=tertiary, 4 B E highway=tertiary"


def ends(streets):
    """Give every segment as its two letters."""
    letter = [chr(ord("A") + int(node) - 1) for node in streets.node_ids]
    pairs = zip(streets.segment_from, streets.segment_to, strict=True)
    return [letter[one] + letter[other] for one, other in pairs]


def test_a_way_is_cut_at_the_node_it_shares(tmp_path):
    streets = streets_of(
        tmp_path, "A 0 0, B 50 0, C 100 0, D 50 90", "1 A B C highway=residential, 2 B D highway=path"
    )

    assert ends(streets) == ["AB", "BC", "BD"]


def test_a_bend_is_no_junction_and_keeps_its_shape(tmp_path):
    streets = streets_of(tmp_path, "A 0 0, B 30 0, C 30 40", "1 A B C highway=residential")

    np.testing.assert_allclose(np.diff(streets.shape(0), axis=0), [[30, 0], [0, 40]], atol=0.02)
    assert streets.length_m == pytest.approx([70], abs=0.05)


def test_lengths_are_measured_on_the_ellipsoid():
    ways = raw([[1, 2, 3]], {1: (121.1, 31.2), 2: (121.2, 31.3), 3: (121.2, 31.4)})

    columns = build_streets(ways).columns

    assert columns["length_m"] == pytest.approx(
        [Geod(ellps="WGS84").line_length([121.1, 121.2, 121.2], [31.2, 31.3, 31.4])]
    )


def test_a_way_is_cut_at_signals_and_at_barriers(tmp_path):
    streets = streets_of(
        tmp_path,
        "A 0 0, B 50 0 highway=traffic_signals, C 100 0 barrier=bollard, D 150 0 barrier=gate, E 200 0",
        "1 A B C D E highway=residential",
    )

    assert ends(streets) == ["AB", "BC", "CE"]
    assert streets.node_signal.tolist() == [False, True, False, False]
    assert streets.node_closed.tolist() == [0, 0, DRIVE, 0]


def test_a_ring_without_a_junction_is_cut_in_its_middle(tmp_path):
    streets = streets_of(tmp_path, "A 0 0, B 100 0, C 100 100, D 0 100", "1 A B C D A highway=residential")

    assert ends(streets) == ["AC", "CA"]


def test_a_loop_that_comes_back_is_cut_in_its_middle(tmp_path):
    streets = streets_of(tmp_path, "A 0 0, B 100 0, C 200 50, D 200 -50", "1 A B C D B highway=residential")

    assert ends(streets) == ["AB", "BC", "CB"]


def test_a_way_that_crosses_itself_is_cut_there(tmp_path):
    streets = streets_of(
        tmp_path, "A 0 0, B 100 0, C 200 0, D 100 99", "1 A B C D B highway=path, 2 C D highway=path"
    )

    assert ends(streets) == ["AB", "BC", "CD", "DB", "CD"]


def test_a_node_named_twice_in_a_row_counts_once(tmp_path):
    streets = streets_of(tmp_path, "A 0 0, B 50 0, C 100 0", "1 A B B C highway=residential")

    assert ends(streets) == ["AC"]


def test_two_nodes_at_one_spot_stay_joined():
    ways = raw(
        [[1, 2], [2, 3], [3, 4]], {1: (121.1, 31.2), 2: (121.2, 31.2), 3: (121.2, 31.2), 4: (121.3, 31.2)}
    )

    columns = build_streets(ways).columns

    assert columns["length_m"][1] == SHORTEST_M
    assert Streets(**columns).n_segments == 3


def test_the_utm_zone_of_the_middle_is_taken_where_none_is_given():
    north = build_streets(raw([[1, 2]], {1: (121.1, 31.2), 2: (121.2, 31.2)})).columns["crs"]
    south = build_streets(raw([[1, 2]], {1: (-51.2, -30.0), 2: (-51.1, -30.0)})).columns["crs"]

    assert (north, south) == ("EPSG:32651", "EPSG:32722")


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2263", "nonsense", "EPSG:4978"])
def test_a_coordinate_system_that_does_not_measure_in_metres_is_refused(crs):
    with pytest.raises(ModelError) as refusal:
        build_streets(raw([[1, 2]], {1: (121.1, 31.2), 2: (121.2, 31.2)}), crs=crs)

    assert refusal.value.code == "streets-crs"


def test_ways_without_two_known_nodes_give_no_network():
    with pytest.raises(ModelError) as refusal:
        build_streets(raw([[1, 2], [3]], {1: (121.1, 31.2), 3: (121.1, 31.2)}))

    assert refusal.value.code == "streets-empty"


def raw(ways, position):
    """Make ways open to everyone from lists of nodes."""
    refs = [node for way in ways for node in way]
    lon, lat = np.array([position.get(node, (np.nan, np.nan)) for node in refs]).T
    return RawWays(
        way_ids=np.arange(len(ways)) + 1,
        ref_offset=np.concatenate([[0], np.cumsum([len(way) for way in ways])]),
        refs=np.array(refs, dtype=np.int64),
        lon=lon,
        lat=lat,
        road_class=["residential"] * len(ways),
        name=[""] * len(ways),
        speed_cap_mps=np.full(len(ways), np.inf, dtype=np.float32),
        forward=np.full(len(ways), EVERYONE, dtype=np.uint8),
        backward=np.full(len(ways), EVERYONE, dtype=np.uint8),
    )


def test_no_left_turn_forbids_that_turn_alone(tmp_path):
    streets = streets_of(tmp_path, CROSS, FOUR_ARMS, "7 from=1 via=B to=4 restriction=no_left_turn")

    assert bans(streets) == {(edge(streets, 1, "A", "B"), edge(streets, 4, "B", "E")): RIDE}


def test_only_straight_on_forbids_every_other_way_on(tmp_path):
    streets = streets_of(tmp_path, CROSS, FOUR_ARMS, "7 from=1 via=B to=2 restriction=only_straight_on")

    before = edge(streets, 1, "A", "B")
    others = {edge(streets, 1, "B", "A"), edge(streets, 3, "B", "D"), edge(streets, 4, "B", "E")}
    assert bans(streets) == {(before, after): RIDE for after in others}


def test_no_u_turn_forbids_going_back(tmp_path):
    streets = streets_of(tmp_path, CROSS, FOUR_ARMS, "7 from=1 via=B to=1 restriction=no_u_turn")

    before = edge(streets, 1, "A", "B")
    assert bans(streets) == {(before, before ^ 1): RIDE}


def test_a_bicycle_may_turn_where_it_is_excepted(tmp_path):
    streets = streets_of(
        tmp_path, CROSS, FOUR_ARMS, "7 from=1 via=B to=4 restriction=no_left_turn except=bicycle"
    )

    assert set(bans(streets).values()) == {DRIVE}


def test_an_impossible_turn_needs_no_ban(tmp_path):
    arms = FOUR_ARMS.replace("4 B E highway=tertiary", "4 B E highway=tertiary oneway=-1")

    streets = streets_of(tmp_path, CROSS, arms, "7 from=1 via=B to=4 restriction=no_left_turn")

    assert bans(streets) == {}
    assert "osm-restriction-apart" not in codes(streets)


TWO_CARRIAGEWAYS = "A -100 0, B 0 0, C 100 0, D 100 20, E 0 20, F -100 20"
HIGHWAY = """1 A B highway=primary oneway=yes, 2 B C highway=primary oneway=yes
3 D E highway=primary oneway=yes, 4 E F highway=primary oneway=yes, 5 B E highway=service"""


def test_a_turn_over_a_way_is_a_ban_of_three_edges(tmp_path):
    streets = streets_of(tmp_path, TWO_CARRIAGEWAYS, HIGHWAY, "7 from=1 via=5 to=4 restriction=no_u_turn")

    path = (edge(streets, 1, "A", "B"), edge(streets, 5, "B", "E"), edge(streets, 4, "E", "F"))
    assert bans(streets) == {path: RIDE}


def test_a_via_way_that_is_cut_is_followed_to_its_end(tmp_path):
    nodes = TWO_CARRIAGEWAYS + ", G 0 10 highway=traffic_signals"
    ways = HIGHWAY.replace("5 B E", "5 B G E")

    streets = streets_of(tmp_path, nodes, ways, "7 from=1 via=5 to=4 restriction=no_u_turn")

    first, last = edge(streets, 1, "A", "B"), edge(streets, 4, "E", "F")
    assert bans(streets) == {(first, edge(streets, 5, "B", "G"), edge(streets, 5, "G", "E"), last): RIDE}


def test_only_over_a_way_forbids_leaving_it(tmp_path):
    streets = streets_of(tmp_path, TWO_CARRIAGEWAYS, HIGHWAY, "7 from=1 via=5 to=4 restriction=only_u_turn")

    before, over = edge(streets, 1, "A", "B"), edge(streets, 5, "B", "E")
    assert bans(streets) == {(before, edge(streets, 2, "B", "C")): RIDE, (before, over, over ^ 1): RIDE}


@pytest.mark.parametrize(
    ("relation", "code"),
    [
        ("7 from=1 via=B to=99 restriction=no_left_turn", "osm-restriction-missing"),
        ("7 from=1 to=4 restriction=no_left_turn", "osm-restriction-missing"),
        ("7 via=B to=4 restriction=no_left_turn", "osm-restriction-missing"),
        ("7 from=1 via=E to=4 restriction=no_left_turn", "osm-restriction-apart"),
        ("7 from=1 via=3 to=99 restriction=no_u_turn", "osm-restriction-missing"),
        ("7 from=5 via=B to=4 restriction=no_left_turn", "osm-restriction-unclear"),
        (
            "7 from=1 via=B to=4 restriction:conditional=no_left_turn@(07:00-09:00)",
            "osm-restriction-conditional",
        ),
    ],
)
def test_a_restriction_that_cannot_be_applied_is_told(tmp_path, relation, code):
    through = FOUR_ARMS + ", 5 F B G highway=tertiary"

    streets = streets_of(tmp_path, CROSS + ", F -80 -80, G 80 80", through, relation)

    assert bans(streets) == {}
    assert codes(streets)[code] == 1


def test_a_restriction_for_lorries_binds_nobody(tmp_path):
    streets = streets_of(tmp_path, CROSS, FOUR_ARMS, "7 from=1 via=B to=4 restriction:hgv=no_left_turn")

    assert bans(streets) == {}
