"""RULE UNDER TEST: the compiled search equals its slow twins on any graph, with any turn bans."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.kernels.dijkstra import one_to_many
from accessibility.linking import link
from accessibility.streetwork.graph import street_graph
from accessibility.streetwork.paths import find_journey
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from tests import naive
from tests.builders import moving, spots, town

SMALL = st.integers(min_value=0, max_value=7)


@st.composite
def graphs(draw):
    n = draw(st.integers(2, 8))
    node = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 9)), max_size=24))
    seeds = draw(st.lists(st.tuples(node, st.integers(0, 5)), min_size=1, max_size=3))
    goals = draw(st.lists(st.tuples(node, st.integers(0, 5)), min_size=1, max_size=4))
    return n, edges, seeds, goals, draw(st.integers(0, 30))


@settings(max_examples=300, deadline=None)
@given(graphs())
def test_the_kernel_finds_what_bellman_ford_finds(graph):
    n, edges, seeds, goals, limit = graph
    order = sorted(range(len(edges)), key=lambda e: edges[e][0])
    tail, head, cost = (np.array([edges[e][k] for e in order], dtype=int) for k in range(3))
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n), out=indptr[1:])
    out_cost, out_length = np.empty((1, len(goals))), np.empty((1, len(goals)))
    (seed_vertex, seed_cost), (goal_vertex, goal_cost) = _columns(seeds), _columns(goals)
    one_to_many(
        indptr, head.astype(np.int32), cost.astype(float), cost.astype(float),
        np.array([0, len(seeds)]), seed_vertex, seed_cost, seed_cost,
        np.arange(len(goals) + 1), goal_vertex, goal_cost, goal_cost,
        float(limit), out_cost, out_length,
    )  # fmt: skip
    best = naive.one_to_all(list(zip(tail.tolist(), head.tolist(), cost.tolist(), strict=True)), seeds, limit)
    expected = [best.get(v, np.inf) + c for v, c in goals]
    assert out_cost[0].tolist() == [cost if cost <= limit else np.inf for cost in expected]
    assert np.array_equal(out_length[0], np.where(np.isinf(out_cost[0]), np.nan, out_cost[0]), equal_nan=True)


def _columns(pairs):
    vertex, cost = zip(*pairs, strict=True)
    return np.array(vertex, np.int32), np.array(cost, float)


@st.composite
def towns(draw):
    """A 3 x 3 block of streets, some missing, some one-way, with random manoeuvres forbidden."""
    letters = "ABCDEFGHI"
    at = {letter: (i % 3, i // 3) for i, letter in enumerate(letters)}
    pairs = [(a, b) for a in letters for b in letters if a < b and _adjacent(at[a], at[b])]
    kept = draw(st.lists(st.sampled_from(pairs), min_size=4, unique=True))
    one_way = draw(st.sets(st.sampled_from(kept)))
    lengths = [draw(st.integers(1, 40)) * 10 for _ in kept]
    nodes = ", ".join(f"{letter} {x * 200} {y * 200}" for letter, (x, y) in at.items())
    lines = [f"{a} {b} len={length}" + (" oneway" if (a, b) in one_way else "")
             for (a, b), length in zip(kept, lengths, strict=True)]  # fmt: skip
    both = kept + [pair[::-1] for pair in kept]
    bans = []
    for _ in range(draw(st.integers(0, 4))):
        walk = list(draw(st.sampled_from(both)))
        for _ in range(draw(st.integers(1, 2))):
            onward = [b for a, b in both if a == walk[-1]]
            walk.append(draw(st.sampled_from(onward)))
        bans.append(" ".join(walk))
    closed = {draw(st.sampled_from(letters)): "drive"} if draw(st.booleans()) else {}
    return town(nodes, ", ".join(lines), bans=bans, closed=closed)


def _adjacent(a, b):
    return abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1


@settings(max_examples=150, deadline=None)
@given(towns(), SMALL, SMALL)
def test_forbidden_manoeuvres_are_kept_as_a_search_over_whole_histories_keeps_them(streets, start, goal):
    graph = street_graph(streets, moving("drive"))
    cost = streets.length_m[graph.edge >> 1]
    out_cost, out_length = np.empty((1, 1)), np.empty((1, 1))
    goals = np.flatnonzero(graph.vertex_node == goal).astype(np.int32)
    zeros = np.zeros(len(goals))
    one_to_many(
        graph.indptr, graph.target, cost, cost,
        np.array([0, 1]), np.array([start], np.int32), np.zeros(1), np.zeros(1),
        np.array([0, len(goals)]), goals, zeros, zeros, 1e9, out_cost, out_length,
    )  # fmt: skip
    edge_cost = np.repeat(streets.length_m, 2)
    assert out_cost.item() == naive.walk_without_bans(streets, "drive", start, goal, edge_cost)


@settings(max_examples=100, deadline=None)
@given(towns(), st.tuples(SMALL, SMALL, SMALL, SMALL))
def test_the_parts_of_a_journey_add_up_to_the_reported_time(streets, at):
    origins, goals = spots(f"p {at[0] * 57} {at[1] * 57}"), spots(f"q {at[2] * 57} {at[3] * 57}")
    query = moving("drive", 1.3, detour_factor=1.3)
    linkage = link(streets, origins, goals, query)
    reported = travel_times(streets, linkage, query, (origins.ids, goals.ids))
    journey = find_journey(streets, linkage, query, ("p", "q"), level="mid")
    if reported.duration_s.item() == UNREACHED:
        assert journey is None
    else:
        assert sum(part.duration_s for part in journey.parts) == reported.duration_s.item()
        assert journey.distance_m == pytest.approx(reported.distance_m.item(), rel=1e-6)


@settings(max_examples=50, deadline=None)
@given(towns())
def test_answers_do_not_depend_on_the_order_or_grouping_of_origins(streets):
    places = spots(", ".join(f"p{i} {i * 47 % 400} {i * 91 % 400}" for i in range(9)))
    query = moving("drive")
    linkage = link(streets, places, places, query)
    together = travel_times(streets, linkage, query, (places.ids, places.ids))
    for i in range(len(places)):
        alone = link(streets, places.take([i]), places, query)
        one = travel_times(streets, alone, query, (places.ids[i : i + 1], places.ids))
        assert np.array_equal(one.duration_s[0], together.duration_s[i])


@settings(max_examples=100, deadline=None)
@given(towns(), st.sampled_from(["drive", "walk", "cycle"]))
def test_a_search_from_the_destinations_finds_what_searches_from_the_origins_find(streets, mode):
    places = spots(", ".join(f"p{i} {i * 47 % 400} {i * 91 % 400}" for i in range(9)))
    goals = places.take([2, 7])
    query = moving(mode, 1.1, detour_factor=1.2)
    many = travel_times(streets, link(streets, places, goals, query), query, (places.ids, goals.ids))
    for i in range(len(places)):
        linkage = link(streets, places.take([i]), goals, query)
        one = travel_times(streets, linkage, query, (places.ids[i : i + 1], goals.ids))
        assert np.array_equal(one.duration_s[0], many.duration_s[i])
        assert np.array_equal(one.reason[0], many.reason[i])
        assert one.distance_m[0] == pytest.approx(many.distance_m[i], rel=1e-6, nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(towns())
def test_walking_takes_as_long_there_as_back(streets):
    places = spots(", ".join(f"p{i} {i * 47 % 400} {i * 91 % 400}" for i in range(9)))
    query = moving("walk", 1.1, detour_factor=1.2)
    linkage = link(streets, places, places, query)
    duration_s = travel_times(streets, linkage, query, (places.ids, places.ids)).duration_s[:, :, 0]
    assert np.array_equal(duration_s, duration_s.T)
