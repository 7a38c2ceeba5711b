"""RULE UNDER TEST: one search from the whole set gives what the matrix and its minimum give, bit by bit."""

from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.kernels.nearest import nearest as nearest_kernel
from accessibility.linking import link
from accessibility.measures import nearest, nearest_on_streets
from accessibility.model import reasons
from accessibility.travel import travel_times
from tests import naive
from tests.builders import moving, spots, town
from tests.properties.test_streets import towns


@st.composite
def sets(draw):
    n = draw(st.integers(2, 8))
    node = st.integers(0, n - 1)
    edges = sorted(draw(st.lists(st.tuples(node, node, st.integers(0, 6)), max_size=24)))
    seed = st.lists(st.tuples(node, st.integers(0, 4)), max_size=2)
    return n, edges, draw(st.lists(seed, min_size=1, max_size=5)), draw(st.integers(0, 20))


@settings(max_examples=300, deadline=None)
@given(sets(), st.integers(1, 3))
def test_the_kernel_finds_the_nearest_members_that_searches_one_by_one_find(world, rank):
    n, edges, members, limit = world
    tail, head, cost = (np.array([edge[k] for edge in edges], dtype=int) for k in range(3))
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n), out=indptr[1:])
    offset = np.concatenate([[0], np.cumsum([len(seeds) for seeds in members])])
    vertex = np.array([v for seeds in members for v, _ in seeds], np.int32)
    seed_cost = np.array([c for seeds in members for _, c in seeds], float)
    out_cost, out_owner = np.empty((n, rank)), np.empty((n, rank), np.int32)
    graph = (indptr, head.astype(np.int32), cost.astype(float))
    nearest_kernel(*graph, offset, vertex, seed_cost, limit, out_cost, out_owner)
    expected = naive.nearest_members(edges, members, limit, n, rank)
    found = [
        [(c, o) for c, o in zip(costs, owners, strict=True) if o >= 0]
        for costs, owners in zip(out_cost.tolist(), out_owner.tolist(), strict=True)
    ]
    assert found == expected


def assert_equal_tables(one, other):
    assert np.array_equal(one.values, other.values, equal_nan=True)
    assert one.nearest_ids == other.nearest_ids
    assert np.array_equal(one.distance_m, other.distance_m, equal_nan=True)
    assert np.array_equal(one.reason, other.reason)
    assert (one.columns, one.origin_ids, one.mode) == (other.columns, other.origin_ids, other.mode)


def both(streets, origins, goals, query, rank):
    linkage = link(streets, origins, goals, query)
    ids = (origins.ids, goals.ids)
    matrix = nearest(travel_times(streets, linkage, query, ids), target="t", rank=rank)
    return nearest_on_streets(streets, linkage, query, ids, target="t", rank=rank), matrix


POINT = st.one_of(st.tuples(st.integers(-20, 420), st.integers(-20, 420)), st.just(("?", "?")))
"""A point near a street of `towns`, far inside a block, or without a position."""


@settings(max_examples=250, deadline=None)
@given(
    towns(),
    st.lists(POINT, min_size=1, max_size=8),
    st.lists(POINT, max_size=6),
    st.integers(1, 3),
    st.sampled_from(["walk", "drive"]),
    st.sampled_from([60, 300, 7200]),
    st.sampled_from([0.0, 90.0]),
    st.sampled_from([60.0, 1600.0]),
)
def test_the_nearest_equals_the_minimum_of_the_matrix(
    streets, origins, goals, rank, mode, limit_s, beside_m, radius_m
):
    places = [
        spots(", ".join(f"{letter}{i} {x} {y}" for i, (x, y) in enumerate(points))) if points else None
        for letter, points in (("p", origins), ("q", goals))
    ]
    starts = places[0]
    ends = spots("p 0 0").take([]) if places[1] is None else places[1]
    query = moving(
        mode, 1.7, detour_factor=1.3, max_duration_s=limit_s, off_network_m=beside_m,
        snap_radius_m=(min(radius_m, 300.0), radius_m),
    )  # fmt: skip
    assert_equal_tables(*both(streets, starts, ends, query, rank))


def test_of_destinations_within_one_second_the_one_named_first_counts():
    streets = town("A 0 0, B 1000 0", "A B")
    origins = spots("p 500 0")
    goals = spots("far 500.4 0, near 499.8 0, further 501.2 0")  # 0.4, 0.2 and 1.2 s at 1 m/s
    table, matrix = both(streets, origins, goals, moving("walk"), 1)
    assert (table.nearest_ids, table.values.tolist()) == ((("far",),), [[0.0]])
    assert_equal_tables(table, matrix)


def test_the_second_nearest_comes_second_and_a_third_of_two_has_no_answer():
    streets = town("A 0 0, B 1000 0", "A B")
    origins, goals = spots("p 100 0"), spots("x 400 0, y 200 0")
    second, _ = both(streets, origins, goals, moving("walk"), 2)
    third, _ = both(streets, origins, goals, moving("walk"), 3)
    assert (second.nearest_ids, second.values.item()) == ((("x",),), 300)
    assert (third.nearest_ids, third.reason.tolist()) == ((("",),), [reasons.NO_SUCH_DESTINATION])


@pytest.mark.parametrize("at_a_time", [1, 5, 1000])
def test_reasons_do_not_depend_on_how_many_pairs_are_looked_at_a_time(monkeypatch, at_a_time):
    """Of five origins one is reached, one has no position, one no street, two lie too far from both."""
    module = import_module("accessibility.measures.nearest_on_streets")
    monkeypatch.setattr(module, "_PAIRS", at_a_time)
    streets = town("A 0 0, B 9000 0", "A B")
    origins, goals = spots("p 100 0, q ? ?, r 100 5000, s 5000 0, t 8000 0"), spots("x 0 0, y 30 0")
    table, matrix = both(streets, origins, goals, moving("walk", max_duration_s=600), 1)
    assert [reasons.REASON_CODES[code] for code in table.reason] == [
        *("", "origin-no-position", "origin-not-linked", "beyond-limits", "beyond-limits"),
    ]
    assert_equal_tables(table, matrix)


def test_a_car_is_searched_for_against_the_one_way_it_may_not_enter():
    streets = town("A 0 0, B 400 0, C 400 300, D 0 300", "A B oneway, B C, C D, D A")
    query = moving("drive", 10.0)
    table, matrix = both(streets, spots("p 200 0, q 0 150"), spots("x 100 0"), query, 1)
    assert table.values[0, 0] == pytest.approx((200 + 300 + 400 + 300 + 100) / 10)
    assert table.values[1, 0] == pytest.approx((150 + 100) / 10)
    assert_equal_tables(table, matrix)
