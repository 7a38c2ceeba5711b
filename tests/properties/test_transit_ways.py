"""RULE UNDER TEST: the one way that is told is the best of all ways there are, ties broken as stated."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.kernels.ways import best_way
from accessibility.units import UNREACHED
from tests import naive
from tests.properties.test_transit import N_STOPS, arrivals, worlds

SLACK_S = 30


def way(day, transfers, access, egress, *, leave_s, max_rides):
    """Find arrival, rides, seconds walked and patterns through the kernels; check the way on the road."""
    limits = {"slack_s": SLACK_S, "max_duration_s": 100_000, "start_s": leave_s, "n_minutes": 1}
    pauses = {
        stop: {other: pause for other, (pause, _walk) in row.items()} for stop, row in transfers.items()
    }
    vehicle = np.full((max_rides + 1, N_STOPS), UNREACHED, np.int32)
    for k in range(1, max_rides + 1):
        vehicle[k] = arrivals(day, pauses, access, max_rides=k, **limits)[:, 0]
    due = [min((int(row[stop]) + s for stop, s in egress.items() if row[stop] != UNREACHED), default=None)
           for row in vehicle]  # fmt: skip
    if due[-1] is None:
        return None
    n_rides = due.index(due[-1])
    back = [[(stop, *transfers[stop][goal]) for stop in transfers if goal in transfers[stop]]
            for goal in range(N_STOPS)]  # fmt: skip
    flat = np.array([entry for row in back for entry in row], np.int32).reshape(-1, 3)
    access_s = np.array([access.get(stop, UNREACHED) for stop in range(N_STOPS)], np.int32)
    ready = np.full((max_rides + 1, N_STOPS), -1, np.int32)
    ready[0] = np.where(access_s == UNREACHED, UNREACHED, leave_s + np.minimum(access_s, 10**6))
    out = np.empty((n_rides, 5), np.int32)
    assert best_way(
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight, day.time_offset, day.arrival_s,
        day.departure_s, day.at_offset, day.at_pattern, day.at_position,
        np.cumsum([0, *map(len, back)]), *(np.ascontiguousarray(column) for column in flat.T),
        np.array(list(egress), np.int32), np.array(list(egress.values()), np.int32),
        access_s, vehicle, ready, leave_s, due[-1], n_rides, SLACK_S, out,
    )  # fmt: skip
    return due[-1], n_rides, walked(day, transfers, access, egress, leave_s, out), tuple(out[:, 0].tolist())


def walked(day, transfers, access, egress, leave_s, rides):
    """Travel the way call by call, failing where it cannot be travelled; return the seconds walked."""
    clock, stop, total = leave_s, None, 0
    for _pattern, run, board, alight, walk_s in rides.tolist():
        origin = int(day.pattern_stop[board])
        pause_s, expected_s = (access[origin],) * 2 if stop is None else transfers[stop][origin]
        assert walk_s == expected_s
        assert day.can_board[board]
        assert day.can_alight[alight]
        assert day.departure_s[day.time_offset[board] + run] >= clock + pause_s + SLACK_S
        assert run == 0 or day.departure_s[day.time_offset[board] + run - 1] < clock + pause_s + SLACK_S
        clock, stop = int(day.arrival_s[day.time_offset[alight] + run]), int(day.pattern_stop[alight])
        total += walk_s
    return total + egress[stop]


stops = st.integers(0, N_STOPS - 1)
walks = st.dictionaries(stops, st.sampled_from([0, 60, 120, 300]), min_size=1, max_size=3)


@settings(max_examples=500, deadline=None)
@given(worlds(), walks, walks, st.integers(1, 3), st.integers(0, 12), st.sampled_from([0, 45]))
def test_the_way_told_is_the_best_of_all_ways(world, access, egress, max_rides, minute, lost_s):
    day, plain, _access = world
    transfers = {stop: {other: (s + lost_s, s) for other, s in row.items()} for stop, row in plain.items()}
    question = {"leave_s": 60 * minute, "max_rides": max_rides}
    best = naive.best_way(day, transfers, access, egress, slack_s=SLACK_S, **question)
    assert way(day, transfers, access, egress, **question) == best
