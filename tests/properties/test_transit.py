"""RULE UNDER TEST: range RAPTOR finds, for every minute, what trying every run from every call finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.kernels.propagate import propagate
from accessibility.kernels.raptor import range_raptor
from accessibility.model.service_day import Run, gather_runs
from accessibility.units import UNREACHED
from tests import naive
from tests.timetables import DAY

N_STOPS = 6


@st.composite
def runs(draw):
    """One vehicle: two to five calls, possibly at one stop twice, with waits, some closed for boarding."""
    n_calls = draw(st.integers(2, 5))
    stops = draw(st.lists(st.integers(0, N_STOPS - 1), min_size=n_calls, max_size=n_calls))
    steps = draw(st.lists(st.integers(0, 240), min_size=2 * n_calls, max_size=2 * n_calls))
    clock = draw(st.integers(0, 20)) * 60 + np.cumsum(steps)
    flags = st.lists(st.booleans(), min_size=n_calls, max_size=n_calls)
    return Run(
        trip=draw(st.integers(0, 99)),
        route=draw(st.integers(0, 2)),
        stop=np.array(stops, np.int32),
        arrival_s=clock[::2].astype(np.int32),
        departure_s=clock[1::2].astype(np.int32),
        can_board=np.array(draw(flags)),
        can_alight=np.array(draw(flags)),
    )


@st.composite
def worlds(draw):
    lines = draw(st.lists(runs(), min_size=1, max_size=5))
    copies = [
        Run(
            run.trip + 100 * n,
            run.route,
            run.stop,
            run.arrival_s + shift,
            run.departure_s + shift,
            run.can_board,
            run.can_alight,
        )  # fmt: skip
        for run in lines
        for n, shift in enumerate(draw(st.lists(st.integers(0, 1500).map(np.int32), max_size=3)))
    ]
    walks = st.dictionaries(st.integers(0, N_STOPS - 1), st.integers(0, 300), max_size=3)
    transfers = {stop: draw(walks) for stop in range(N_STOPS)}
    access = draw(st.dictionaries(st.integers(0, N_STOPS - 1), st.integers(0, 600), min_size=1, max_size=3))
    return gather_runs([*lines, *copies], DAY, N_STOPS), transfers, access


def arrivals(day, transfers, access, *, start_s, n_minutes, max_rides, slack_s, max_duration_s):
    offset = np.cumsum([0, *(len(transfers[stop]) for stop in range(day.n_stops))]).astype(np.int32)
    to = np.array([other for stop in range(day.n_stops) for other in transfers[stop]], np.int32)
    walk_s = np.array([s for stop in range(day.n_stops) for s in transfers[stop].values()], np.int32)
    out = np.empty((day.n_stops, n_minutes), np.int32)
    range_raptor(
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight, day.time_offset, day.arrival_s,
        day.departure_s, day.at_offset, day.at_pattern, day.at_position, offset, to, walk_s,
        np.array(list(access), np.int32), np.array(list(access.values()), np.int32),
        start_s, max_rides, slack_s, max_duration_s, out,
    )  # fmt: skip
    return out


@settings(max_examples=400, deadline=None)
@given(worlds(), st.integers(1, 4), st.sampled_from([0, 30, 60]), st.integers(60, 3000))
def test_the_range_search_equals_trying_everything_minute_by_minute(
    world, max_rides, slack_s, max_duration_s
):
    day, transfers, access = world
    limits = {"max_rides": max_rides, "slack_s": slack_s, "max_duration_s": max_duration_s}
    found = arrivals(day, transfers, access, start_s=0, n_minutes=12, **limits)
    for minute in range(12):
        best = naive.arrivals_by_vehicle(day, transfers, access, leave_s=60 * minute, **limits)
        assert found[:, minute].tolist() == [best.get(stop, UNREACHED) for stop in range(N_STOPS)]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.lists(st.one_of(st.integers(600, 3000), st.just(UNREACHED)), min_size=7, max_size=7), min_size=1
    ),
    st.dictionaries(st.integers(0, 2), st.integers(0, 600)),
    st.one_of(st.integers(0, 1500), st.just(UNREACHED)),
    st.integers(300, 2400),
    st.lists(st.integers(1, 99), min_size=1, unique=True),
)
def test_percentiles_at_a_place_are_those_of_the_best_way_of_every_minute(
    arrival_s, egress, direct_s, max_duration_s, percentiles
):
    arrival_s = (arrival_s * 3)[:3]
    out = np.empty((1, len(percentiles)), np.int32)
    ranks = np.array([(p * 7 + 99) // 100 - 1 for p in percentiles])
    stops, walk_s = np.array(list(egress), np.int32), np.array(list(egress.values()), np.int32)
    propagate(
        np.array(arrival_s, np.int32), 60 * np.arange(7), np.array([0, len(egress)], np.int32), stops, walk_s,
        np.array([direct_s], np.int32), max_duration_s, ranks, out,
    )  # fmt: skip
    durations = naive.durations_at(arrival_s, 0, egress, direct_s, max_duration_s)
    assert out[0].tolist() == [naive.percentile(durations, p) for p in percentiles]
