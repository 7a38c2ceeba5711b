"""RULE UNDER TEST: walking times in Porto Alegre agree with R5's published ones and with networkx.

R5 prints whole minutes: from public_market at 3.6 km/h, townhall 3 and santa_casa_hospital 13 minutes.
"""

import networkx as nx
import numpy as np
import pytest

from accessibility.kernels.dijkstra import one_to_many
from accessibility.linking import link
from accessibility.measures import nearest, nearest_on_streets
from accessibility.model.modes import WALK
from accessibility.sources.osm import read_streets
from accessibility.sources.places import read_places
from accessibility.streetwork.graph import street_graph
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.queries import street_query
from accessibility.travel import travel_times
from tests.builders import walking
from tests.properties.test_nearest import assert_equal_tables
from tests.reference import reference


@pytest.fixture(scope="module")
def streets():
    return read_streets(reference("porto_alegre/poa_osm.pbf"))


def test_walking_agrees_with_the_published_minutes(streets):
    points = read_places(reference("porto_alegre/poa_points_of_interest.csv"))
    market = points.take([points.index("public_market")])
    query = walking(1.0, detour_factor=1.3, island_share=0.01)
    times = travel_times(streets, link(streets, market, points, query), query, (market.ids, points.ids))
    minutes = dict(zip(points.ids, times.duration_s[0, :, 0] / 60, strict=True))
    assert minutes["townhall"] == pytest.approx(3, abs=1.5)
    assert minutes["santa_casa_hospital"] == pytest.approx(13, abs=1.5)


def test_hexagons_to_hexagons_are_symmetric_on_foot(streets):
    cells = read_places(reference("porto_alegre/poa_hexgrid.csv"))
    query = walking(1.0, detour_factor=1.3, island_share=0.01)
    linkage = link(streets, cells, cells, query)
    duration_s = travel_times(streets, linkage, query, (cells.ids, cells.ids)).duration_s[:, :, 0]
    assert np.array_equal(duration_s, duration_s.T)
    assert (np.diag(duration_s) == 0)[linkage.origins.located].all()


def test_distances_equal_networkx_for_500_random_pairs(streets):
    """The public graph of the streets, searched by networkx, gives the same metres to the millimetre."""
    pairs = np.random.default_rng(20190513).integers(0, streets.n_nodes, (500, 2))
    graph = street_graph(streets, walking())
    length_m = streets.length_m[graph.edge >> 1]
    starts, goals = (pairs[:, k].astype(np.int32) for k in range(2))
    ours, lengths = np.empty((500, 500)), np.empty((500, 500))
    zeros, offsets = np.zeros(500), np.arange(501)
    one_to_many(
        graph.indptr, graph.target, length_m, length_m, offsets, starts, zeros, zeros,
        offsets, goals, zeros, zeros, 1e9, ours, lengths,
    )  # fmt: skip
    public = streets.to_osmnx()
    closed = set(streets.node_ids[(streets.node_closed & WALK) != 0].tolist())
    shut = [e for e in public.edges(keys=True) if not public.edges[e]["walk"] or e[0] in closed]
    public.remove_edges_from(shut)
    for i, (start, goal) in enumerate(streets.node_ids[pairs].tolist()):
        try:
            theirs = nx.bidirectional_dijkstra(public, start, goal, weight="length")[0]
        except nx.NetworkXNoPath:
            theirs = np.inf
        assert ours[i, i] == pytest.approx(theirs, abs=1e-3)


@pytest.mark.parametrize("mode", ["walk", "drive"])
@pytest.mark.parametrize("rank", [1, 2])
def test_one_search_from_all_points_of_interest_equals_the_matrix(streets, mode, rank):
    cells = read_places(reference("porto_alegre/poa_hexgrid.csv"))
    points = read_places(reference("porto_alegre/poa_points_of_interest.csv"))
    query = street_query(embedded_defaults(), mode)
    linkage, ids = link(streets, cells, points, query), (cells.ids, points.ids)
    matrix = nearest(travel_times(streets, linkage, query, ids), target="t", rank=rank)
    assert_equal_tables(nearest_on_streets(streets, linkage, query, ids, target="t", rank=rank), matrix)
