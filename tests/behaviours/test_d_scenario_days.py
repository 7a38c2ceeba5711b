"""RULE UNDER TEST: a change to services holds on the days it names; on all others nothing changes.

A naive twin lays a timetable out by dates: on every date the departures of single trips and the bands
(start, end, headway), with the names that their phases are drawn by. Days outside the change must keep all
three to the letter.
"""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.model.day_types import DAY_TYPES, days_of
from accessibility.model.line_changes import Departures, Headway, RemoveTrips, SetFrequency, SetTimetable
from accessibility.transit import drawn_days
from tests.behaviours.test_d_scenarios import applied, network, trip
from tests.feeds import BANDS, CALLS, RULES, codes
from tests.transit_worlds import query

EVERY_DAY = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "work,1,1,1,1,1,1,1,20210517,20210530\n"
)
HOUR = 3600
MONDAY, SATURDAY = date(2021, 5, 17), date(2021, 5, 22)


def on(timetable, day):
    """Services of a date, naively: single trips by id and clock, bands by name, start, end and headway."""
    runs = set()
    for i, service in enumerate(timetable.trip_service.tolist()):
        days = timetable.service_day[slice(*timetable.service_offset[service : service + 2])]
        if day.toordinal() not in days.tolist():
            continue
        bands = [b for b, own in enumerate(timetable.frequency_trip.tolist()) if own == i]
        for b in bands:
            runs.add((timetable.frequency_ids[b], int(timetable.frequency_start_s[b]),
                      int(timetable.frequency_end_s[b]), int(timetable.headway_s[b])))  # fmt: skip
        if not bands:
            runs.add((timetable.trip_ids[i], int(timetable.departure_s[timetable.stop_time_offset[i]])))
    return runs


def daily(folder, **files):
    """A band 06:00-12:00 every 600 s and a single trip at 14:00, every day."""
    trips = "route_id,service_id,trip_id,direction_id\nr,work,t,0\nr,work,u,0\n"
    calls = CALLS + trip("t", 0) + trip("u", 14 * HOUR)
    bands = BANDS + "t,06:00:00,12:00:00,600,0\n"
    given = {"trips": trips, "stop_times": calls, "frequencies": bands, "calendar": EVERY_DAY}
    return network(folder, **(given | files))


def test_headways_for_the_weekend_leave_a_daily_band_alone_on_weekdays(tmp_path):
    base = daily(tmp_path)

    after = applied(base, SetFrequency("r", (Headway("weekend", 8 * HOUR, 9 * HOUR, 300),)))

    assert on(after, MONDAY) == {("t@06:00:00", 21600, 43200, 600), ("u", 50400)}
    assert {run[1:] for run in on(after, SATURDAY)} == {
        (21600, 28800, 600), (28800, 32400, 300), (32400, 43200, 600), (50400,),
    }  # fmt: skip


def test_what_is_left_of_a_band_on_the_days_meant_is_drawn_by_its_phases(tmp_path):
    base = daily(tmp_path)
    after = applied(base, SetFrequency("r", (Headway("weekday", 9 * HOUR, 10 * HOUR, 300),)))

    asked = query(MONDAY, start_s=7 * HOUR, n_minutes=60, n_draws=3)
    early = [
        [
            {leave_s for leave_s in one.departure_s.tolist() if leave_s < 9 * HOUR}
            for one in drawn_days(lines, asked)
        ]
        for lines in (base.timetable, after)
    ]
    assert early[0] == early[1]
    assert all(early[0])


def test_a_trip_taken_out_on_some_days_keeps_its_name_and_transfer_rules_on_the_others(tmp_path):
    base = daily(tmp_path, transfers=RULES + "s4,s4,u,t,2,120\n")

    after = applied(base, RemoveTrips("r", days="weekend", from_s=13 * HOUR, to_s=15 * HOUR))

    assert on(after, MONDAY) == on(base.timetable, MONDAY)
    assert on(after, SATURDAY) == {("t@06:00:00", 21600, 43200, 600)}
    assert after.trip_ids[after.transfer_from_trip[0]] == "u"


SPANS = st.lists(st.integers(5, 16), min_size=2, max_size=2, unique=True).map(sorted)


@pytest.fixture(scope="module")
def bases(tmp_path_factory):
    """The daily line with a drawn and with an exact band."""
    bands = (BANDS + f"t,06:00:00,12:00:00,600,{exact}\n" for exact in (0, 1))
    return [daily(tmp_path_factory.mktemp("feed"), frequencies=one) for one in bands]


@pytest.mark.parametrize("change", ["set_frequency", "remove_trips", "set_timetable"])
@settings(max_examples=25, deadline=None)
@given(days=st.sampled_from(tuple(DAY_TYPES)), span=SPANS, exact=st.booleans())
def test_other_days_stay_and_times_outside_the_span_too(bases, change, days, span, exact):
    base = bases[exact]
    begin, end = (hour * HOUR for hour in span)
    met = begin < 12 * HOUR and end > 6 * HOUR or begin <= 14 * HOUR < end
    if change == "remove_trips" and not met:
        return
    made = {
        "set_frequency": SetFrequency("r", (Headway(days, begin, end, 420),)),
        "remove_trips": RemoveTrips("r", days=days, from_s=begin, to_s=end),
        "set_timetable": SetTimetable("r", (Departures(days, (begin,)),)),
    }[change]

    after = applied(base, made)

    first, last = base.timetable.first_day, base.timetable.last_day
    meant = set(days_of(days, first, last))
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if ordinal not in meant:
            assert on(after, day) == on(base.timetable, day)
            continue
        left = {(6 * HOUR, min(12 * HOUR, begin)), (max(6 * HOUR, end), 12 * HOUR)}
        kept = {(a, b, 600) for a, b in left if a < b} if change != "set_timetable" else set()
        own = set() if change == "set_timetable" or begin <= 14 * HOUR < end else {(14 * HOUR,)}
        new = {"set_frequency": {(begin, end, 420)}, "remove_trips": set(), "set_timetable": {(begin,)}}[
            change
        ]
        assert {run[1:] for run in on(after, day)} == kept | own | new


def test_a_day_type_that_the_timetable_never_holds_is_told(tmp_path):
    base = network(tmp_path)  # Monday 17 to Friday 28 May: days of work, with one weekend between them
    only_week = network(tmp_path, calendar=EVERY_DAY.replace("20210517,20210530", "20210517,20210521"))

    change = SetFrequency("r", (Headway("weekend", 8 * HOUR, 9 * HOUR, 300),))
    assert "scenario" not in codes(applied(base, change))
    assert codes(applied(only_week, change)).count("scenario") == 1
