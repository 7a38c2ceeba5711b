"""RULE UNDER TEST: what runs on a date, past midnight and across it; blocks, headway bands, transfer rules.

The world of `tests.feeds`: stops a, b, c on one street; one trip 8:00 a, 8:03-8:04 b, 8:12 c on working days
from 2021-05-17 (a Monday) to 2021-05-28.
"""

from datetime import date

import numpy as np
import pytest

from accessibility.errors import ModelError
from accessibility.model.service_day import service_day
from accessibility.model.transfer_rules import ruled_transfers
from accessibility.model.transit_query import TransitQuery
from accessibility.sources.gtfs import read_gtfs
from accessibility.transit import drawn_days
from accessibility.units import UNREACHED
from tests.feeds import BANDS, CALLS, feed
from tests.transit_worlds import arrivals

MONDAY, FRIDAY, SATURDAY = date(2021, 5, 17), date(2021, 5, 21), date(2021, 5, 22)
H = 3600
TRIPS = "route_id,service_id,trip_id,block_id\n"


def read(folder, **files):
    return read_gtfs([feed(folder, **files)])


def first_arrival(timetable, day, goal, leave_s, *, start="a", bands=(), transfers=None, **limits):
    stops = timetable.stop_ids
    world = service_day(timetable, day, bands)
    found = arrivals(world, transfers or {}, {stops.index(start): 0}, start_s=leave_s, n_minutes=1, **limits)
    arrival_s = int(found[stops.index(goal), 0])
    return None if arrival_s == UNREACHED else arrival_s


def test_a_trip_runs_on_its_days_only(tmp_path):
    timetable = read(tmp_path)
    assert first_arrival(timetable, FRIDAY, "c", 7 * H + 1800) == 8 * H + 720
    assert first_arrival(timetable, SATURDAY, "c", 7 * H + 1800) is None


def test_a_date_outside_the_feed_is_an_error_never_a_silent_walk(tmp_path):
    with pytest.raises(ModelError) as caught:
        service_day(read(tmp_path), date(2022, 1, 3))
    assert caught.value.code == "date-outside-feed"


def test_a_trip_of_the_day_before_that_runs_past_midnight_is_part_of_today(tmp_path):
    night = CALLS + "t,24:50:00,24:50:00,a,1\nt,25:10:00,25:10:00,c,2\n"
    timetable = read(tmp_path, stop_times=night)
    assert first_arrival(timetable, SATURDAY, "c", 1800) == H + 600, "Friday's trip, at 1:10 on Saturday"
    assert first_arrival(timetable, MONDAY, "c", 1800) is None, "nothing runs on Sunday"


def test_a_window_that_crosses_midnight_sees_the_next_day(tmp_path):
    timetable = read(tmp_path, stop_times=CALLS + "t,0:20:00,0:20:00,a,1\nt,0:40:00,0:40:00,c,2\n")
    assert first_arrival(timetable, MONDAY, "c", 23 * H + 3000) == 24 * H + 2400


def test_a_shift_of_24_hours_across_a_service_day_changes_nothing(tmp_path):
    late = read(tmp_path, stop_times=CALLS + "t,24:20:00,24:20:00,a,1\nt,24:40:00,24:40:00,c,2\n")
    tuesday = date(2021, 5, 18)
    assert first_arrival(late, MONDAY, "c", 24 * H) == first_arrival(late, tuesday, "c", 0) + 24 * H


def test_passengers_stay_seated_in_a_block_without_slack_and_without_another_ride(tmp_path):
    two = (
        CALLS + "t,8:00:00,8:00:00,a,1\nt,8:10:00,8:10:00,b,2\nu,8:10:00,8:10:00,b,1\nu,8:20:00,8:20:00,c,2\n"
    )
    seated = read(tmp_path, stop_times=two, trips=TRIPS + "r,work,t,v\nr,work,u,v\n")
    apart = read(tmp_path, stop_times=two, trips=TRIPS + "r,work,t,\nr,work,u,\n")
    assert first_arrival(seated, FRIDAY, "c", 7 * H, max_rides=1) == 8 * H + 1200
    assert first_arrival(apart, FRIDAY, "c", 7 * H, max_rides=1) is None
    assert first_arrival(apart, FRIDAY, "c", 7 * H, max_rides=2) is None, "the change needs a minute of slack"
    assert first_arrival(apart, FRIDAY, "c", 7 * H, max_rides=2, slack_s=0) == 8 * H + 1200


def test_an_exact_headway_band_is_a_schedule_whose_end_is_excluded(tmp_path):
    timetable = read(tmp_path, frequencies=BANDS + "t,09:00:00,10:00:00,1200,1\n")
    found = [
        first_arrival(timetable, FRIDAY, "c", leave) for leave in (8 * H, 9 * H, 9 * H + 2000, 9 * H + 2400)
    ]
    assert found == [9 * H + 720, 9 * H + 1920, 9 * H + 3120, None]


def test_a_headway_band_without_exact_times_has_a_phase_of_its_own_in_every_draw(tmp_path):
    timetable = read(tmp_path, frequencies=BANDS + "t,09:00:00,10:00:00,1200,0\n")
    query = TransitQuery(FRIDAY, 9 * H, 60, (50,), 3, 1.0, 1800, 7200, 60, n_draws=40)
    days = list(drawn_days(timetable, query))
    phases = [int(day.departure_s[0]) - 9 * H for day in days]
    assert len(days) == 40
    assert min(phases) >= 0
    assert max(phases) < 1200
    assert len(set(phases)) > 30
    assert np.mean(phases) == pytest.approx(600, abs=200)
    again = [int(day.departure_s[0]) - 9 * H for day in drawn_days(timetable, query)]
    assert again == phases, "the same seed draws the same phases"


def test_an_unchanged_band_keeps_its_phases_when_another_line_is_added(tmp_path):
    query = TransitQuery(FRIDAY, 9 * H, 60, (50,), 3, 1.0, 1800, 7200, 60, n_draws=5)
    one = read(tmp_path, frequencies=BANDS + "t,09:00:00,10:00:00,1200,0\n")
    more = (
        CALLS + "t,8:00:00,8:00:00,a,1\nt,8:12:00,8:12:00,c,2\nu,8:00:00,8:00:00,c,1\nu,8:12:00,8:12:00,a,2\n"
    )
    two = read(tmp_path, frequencies=BANDS + "u,09:00:00,10:00:00,700,0\nt,09:00:00,10:00:00,1200,0\n",
               stop_times=more, trips=TRIPS + "r,work,t,\nr,work,u,\n")  # fmt: skip
    a, c = (one.stop_ids.index(stop) for stop in "ac")
    for alone, beside in zip(drawn_days(one, query), drawn_days(two, query), strict=True):
        expected = arrivals(alone, {}, {a: 0}, start_s=9 * H, n_minutes=60)[c]
        assert np.array_equal(arrivals(beside, {}, {a: 0}, start_s=9 * H, n_minutes=60)[c], expected)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("a,b,3,", {}),
        ("a,b,2,200", {1: 140}),
        ("a,b,2,30", {1: 100}),
        ("a,b,1,", {1: 40}),
        ("a,b,0,", {1: 100}),
        ("b,a,3,", {1: 100}),
    ],
)
def test_rules_of_transfers_change_the_walk_between_two_stops(tmp_path, rule, expected):
    """A walk of 100 s, 60 s slack: 200 s at least means 140 s before the slack; guaranteed means no slack."""
    timetable = read(tmp_path, transfers=f"from_stop_id,to_stop_id,transfer_type,min_transfer_time\n{rule}\n")
    walks = (np.array([0, 1, 1, 1]), np.array([1], np.int32), np.array([100], np.int32))
    offset, target, walk_s = ruled_transfers(timetable, walks, 60)
    row = slice(offset[0], offset[1])
    assert dict(zip(target[row].tolist(), walk_s[row].tolist(), strict=True)) == expected
