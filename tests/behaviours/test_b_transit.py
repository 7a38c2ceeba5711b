"""RULE UNDER TEST: who boards when, where and with what slack; what a percentile over the window says.

Numbers by hand, from the definitions of the engine.
"""

import numpy as np
import pytest

from accessibility.units import UNREACHED, seconds_from_clock
from tests.timetables import timetable
from tests.transit_worlds import arrivals, durations


def clock(text):
    return seconds_from_clock(text)


def every(headway_minutes, first="06:00", n=40, ride_minutes=30):
    begin = clock(first) // 60
    rows = [f"{t // 60}:{t % 60:02d} {(t + ride_minutes) // 60}:{(t + ride_minutes) % 60:02d}"
            for t in range(begin, begin + n * headway_minutes, headway_minutes)]  # fmt: skip
    return timetable("A B\n" + "\n".join(rows))


@pytest.mark.parametrize(("headway_minutes", "good_minutes"), [(60, 5), (10, 50), (5, 100)])
def test_share_of_departures_that_arrive_within_45_minutes(headway_minutes, good_minutes):
    """Walk 10 min, ride 30, leave at any minute of 07:00-08:40, no slack."""
    world = every(headway_minutes)
    arrival_s = arrivals(world.day, {}, {0: 600}, start_s=clock("7:00"), n_minutes=100, slack_s=0)
    assert (durations(arrival_s, clock("7:00"), {1: 0}) < 45 * 60).sum() == good_minutes


@pytest.mark.parametrize(("departure", "caught"), [("0:03:59", False), ("0:04:00", True)])
def test_a_transfer_walk_and_the_slack_decide_to_the_second(departure, caught):
    world = timetable("A B\n0:01 0:03", f"C D\n{departure} 0:10")
    b, c, d = (world.stop(letter) for letter in "BCD")
    arrival_s = arrivals(world.day, {b: {c: 30}}, {world.stop("A"): 0}, start_s=0, n_minutes=1, slack_s=30)
    assert (arrival_s[d, 0] == clock("0:10")) == caught


def test_the_slack_holds_at_the_first_boarding_too():
    world = timetable("A B\n8:00 8:10\n8:20 8:30")
    minutes = arrivals(world.day, {}, {0: 0}, start_s=clock("7:58"), n_minutes=3)[1]
    assert minutes.tolist() == [clock("8:10"), clock("8:10"), clock("8:30")]


def test_a_walk_never_follows_a_walk():
    world = timetable("A B\n8:00 8:10", "D E\n8:30 8:40", stops="ABCDE")
    walks = {1: {1: 0, 2: 60}, 2: {2: 0, 3: 60}}
    arrival_s = arrivals(world.day, walks, {0: 0}, start_s=clock("7:50"), n_minutes=1)
    assert arrival_s[:, 0].tolist() == [UNREACHED, clock("8:10"), UNREACHED, UNREACHED, UNREACHED]


def test_a_faster_later_vehicle_is_waited_for():
    world = timetable("A B C\n8:00 8:20 8:40\n8:05 8:10 8:15")
    assert arrivals(world.day, {}, {0: 0}, start_s=clock("7:50"), n_minutes=1)[2, 0] == clock("8:15")


def test_vehicles_that_overtake_stand_in_patterns_of_their_own():
    world = timetable("A B\n8:00 8:40\n8:05 8:15\n8:10 8:50")
    assert sorted(np.diff(world.day.run_offset).tolist()) == [1, 2]


def test_the_limit_on_rides_counts_vehicles_boarded():
    world = timetable("A B\n8:00 8:10", "B C\n8:15 8:20", "C D\n8:30 8:40")
    found = [
        arrivals(world.day, {}, {0: 0}, start_s=clock("7:50"), n_minutes=1, max_rides=n)[3, 0] for n in (2, 3)
    ]
    assert found == [UNREACHED, clock("8:40")]


def test_nobody_boards_or_alights_where_the_line_forbids_it():
    world = timetable("A B- C+ D\n8:00 8:10 8:20 8:30")
    alighting = arrivals(world.day, {}, {0: 0}, start_s=clock("7:50"), n_minutes=1)[:, 0]
    assert alighting.tolist() == [UNREACHED, clock("8:10"), UNREACHED, clock("8:30")]
    boarding = arrivals(world.day, {}, {1: 0}, start_s=clock("7:50"), n_minutes=1)[:, 0]
    assert set(boarding.tolist()) == {UNREACHED}


def test_a_journey_beyond_the_limit_is_not_reached_however_late_one_leaves():
    world = timetable("A B\n8:00 9:00")
    found = arrivals(world.day, {}, {0: 0}, start_s=clock("7:50"), n_minutes=12, max_duration_s=66 * 60)[1]
    assert [a != UNREACHED for a in found] == [False] * 4 + [True] * 6 + [False] * 2


def test_the_direct_walk_is_taken_where_it_is_shorter():
    world = timetable("A B\n8:00 8:10")
    arrival_s = arrivals(world.day, {}, {0: 0}, start_s=clock("7:50"), n_minutes=10)
    assert (
        durations(arrival_s, clock("7:50"), {1: 0}, direct_s=900).tolist() == [660, 720, 780, 840] + [900] * 6
    )
