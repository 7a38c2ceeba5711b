"""RULE UNDER TEST: the k-th column is the k-th nearest, and dual access the time until enough is gathered."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given as with_any
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.measures import (
    dual_access,
    floating_catchment,
    gravity,
    k_nearest,
    nearest,
    opportunities,
)
from accessibility.measures.decay import Step
from accessibility.model.transit_query import TransitQuery
from tests.measure_worlds import given, rows

DURATIONS = st.lists(st.integers(0, 50) | st.none(), min_size=1, max_size=6)


def test_the_k_nearest_stand_side_by_side_with_their_ways():
    table = k_nearest(given([300, 100, None, 300], metres_per_s=2.0), target="x", k=5, level="mid")

    assert rows(table) == ([[100, 300, 300, None, None]], [""])
    assert table.nearest_ids == (("d1", "d0", "d3", "", ""),)
    assert table.distance_m[0, :3].tolist() == [200.0, 600.0, 600.0]
    assert table.columns == ("1", "2", "3", "4", "5")


def test_of_a_range_the_level_asked_for_counts():
    times = given([(100, 500), (200, 300)], [(100, None), (None, None)], levels=("low", "high"))
    table = k_nearest(times, target="x", k=2, level="high")
    assert rows(table) == ([[300, 500], [None, None]], ["", "beyond-limits"])


def test_origins_that_reach_nothing_keep_their_row():
    times = given([None, None], [None, None], [7, None], why=[[3, 3], [6, 6], [0, 5]])
    assert rows(k_nearest(times, target="x", k=1, level="mid")) == (
        [[None], [None], [7]],
        ["origin-not-linked", "no-way", ""],
    )


def test_where_there_is_no_destination_every_origin_says_so():
    times = given([1], [2]).take(destinations=[])
    assert rows(k_nearest(times, target="x", k=2, level="mid")) == (
        [[None, None]] * 2,
        ["no-such-destination"] * 2,
    )


@with_any(DURATIONS, st.integers(1, 6))
def test_each_column_is_the_nearest_of_that_rank(durations, k):
    times = given(durations)
    table = k_nearest(times, target="x", k=k, level="mid")

    for rank in range(1, k + 1):
        alone = nearest(times, target="x", rank=rank)
        np.testing.assert_array_equal(table.values[:, rank - 1], alone.values[:, 0])
        assert table.nearest_ids[0][rank - 1] == alone.nearest_ids[0][0]


def test_a_k_below_1_is_refused():
    with pytest.raises(ModelError) as caught:
        k_nearest(given([1]), target="x", k=0, level="mid")
    assert caught.value.code == "rank"


def test_dual_access_is_the_time_until_enough_beds_are_within_reach():
    """50 beds at 5 min, 20 at 10, 200 at 30: 60 beds after 10 minutes, 271 never."""
    times = given([1800, 300, 600])
    table = dual_access(
        times, target="beds", count=np.array([200.0, 50, 20]), needed=(1, 50, 60, 70, 71, 271), level="mid"
    )
    assert rows(table) == ([[300, 300, 600, 600, 1800, None]], [""])
    assert table.columns == ("1", "50", "60", "70", "71", "271")


def test_tenths_add_up_to_one():
    times = given(list(range(10)))
    table = dual_access(times, target="x", count=np.full(10, 0.1), needed=(1.0,), level="mid")
    assert rows(table) == ([[9]], [""])


def test_dual_access_says_why_it_has_no_answer():
    times = given([5, None], [None, None], [None, None], why=[[0, 5], [3, 3], [5, 5]])
    needed_2 = dual_access(times, target="x", count=np.ones(2), needed=(2,), level="mid")
    assert rows(needed_2) == ([[None]] * 3, ["beyond-limits", "origin-not-linked", "beyond-limits"])
    needed_3 = dual_access(times, target="x", count=np.ones(2), needed=(3,), level="mid")
    assert rows(needed_3)[1][0] == "no-such-destination"


@with_any(DURATIONS, st.integers(1, 6))
def test_with_one_each_dual_access_is_the_time_to_the_nth(durations, n):
    times = given(durations)
    dual = dual_access(times, target="x", count=np.ones(len(durations)), needed=(n,), level="mid")
    np.testing.assert_array_equal(dual.values, nearest(times, target="x", rank=n).values)


@with_any(DURATIONS, st.integers(1, 9))
def test_dual_access_is_the_first_cutoff_that_gathers_enough(durations, needed):
    times, count = given(durations), np.arange(1.0, len(durations) + 1)
    dual = dual_access(times, target="x", count=count, needed=(needed,), level="mid").values.item()
    by_cutoff = opportunities(times, target="x", count=count, cutoffs_s=tuple(range(51)), level="mid").values[
        0
    ]
    enough = np.flatnonzero(by_cutoff >= needed)

    assert (enough[0] if enough.size else None) == (None if np.isnan(dual) else dual)


@pytest.mark.parametrize("needed", [0, -1, float("nan"), float("inf")])
def test_an_amount_that_cannot_be_reached_is_refused(needed):
    with pytest.raises(ModelError) as caught:
        dual_access(given([1]), target="x", count=np.ones(1), needed=(needed,), level="mid")
    assert caught.value.code == "needed"


def test_public_transport_is_measured_like_streets_by_its_percentiles():
    query = TransitQuery(
        day=date(2021, 5, 21),
        start_s=0,
        n_minutes=60,
        percentiles=(50, 90),
        max_rides=3,
        walk_mps=1.0,
        max_walk_s=1800,
        max_duration_s=7200,
        board_slack_s=60,
    )
    walked = given([(600, 900), (1200, None)], [(None, None)] * 2, levels=("low", "high"))
    times = replace(walked, query=query, distance_m=np.full(walked.duration_s.shape, np.nan))
    ones = np.ones(2)

    ranked = k_nearest(times, target="x", k=2, level="p90")
    assert rows(ranked) == ([[900, None], [None, None]], ["", "beyond-limits"])
    assert np.isnan(ranked.distance_m).all()
    assert rows(dual_access(times, target="x", count=ones, needed=(2,), level="p50"))[0] == [[1200], [None]]
    share = floating_catchment(times, target="x", count=ones, demand=ones, decay=Step(1200), level="p50")
    assert (rows(share), share.mode) == (([[2.0], [None]], ["", "beyond-limits"]), "transit")
    reached = gravity(times, target="x", count=ones, decays=(Step(1200),), level="p50")
    assert rows(reached) == ([[2.0], [0.0]], ["", ""])
