"""RULE UNDER TEST: PTAL adds up what runs near a place by the published formula, worked out by hand below.

SWT = 30 / departures per hour, AWT = SWT + 2 min (bus) or 0.75 min (rail), TAT = walk + AWT, EDF = 30 / TAT;
the best route of a kind counts whole, the others half.
"""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as with_any
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.measures import ptal
from accessibility.model.ptal import kind_of
from accessibility.model.stop_services import StopServices, stop_services
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.ptal import read_ptal
from tests.builders import moving
from tests.feeds import BANDS, CALLS, calls, feed
from tests.measure_worlds import given, rows

RULES = read_ptal(Path(__file__).resolve().parents[2] / "data" / "defaults" / "ptal.csv")
BUS, METRO = 3, 1


def services(text):
    """Read ``"stop route/direction type departures"``, comma between rows."""
    found = [row.split() for row in text.split(",") if row.strip()]
    lines = [line.partition("/") for _stop, line, _type, _n in found]
    return StopServices(
        stop_ids=tuple(row[0] for row in found),
        route_ids=tuple(route for route, _sep, _direction in lines),
        direction=np.array([int(direction or 0) for _route, _sep, direction in lines], np.int64),
        route_type=np.array([int(row[2]) for row in found], np.int16),
        per_hour=np.array([float(row[3]) for row in found]),
    )


def index(times, text):
    return ptal(times, target="stops", services=services(text), rules=RULES, level="mid")


def test_a_street_with_two_buses_and_a_station_worked_by_hand():
    """Three services within reach.

    Bus 1 at 4 min, 6/h: 4 + 5 + 2 = 11 min, EDF 2.7273. Bus 2 at 4 min, 3/h: 4 + 10 + 2 = 16, EDF 1.875.
    Metro at 10 min, 12/h: 10 + 2.5 + 0.75 = 13.25, EDF 2.2642. Sum: 2.7273 + 1.875 / 2 + 2.2642 = 5.9289.
    """
    times = given([240, 600], destination_ids=("bus", "station"))
    table = index(times, f"bus 1 {BUS} 6, bus 2 {BUS} 3, station L {METRO} 12")

    assert rows(table) == ([[pytest.approx(5.9289, abs=5e-5)]], [""])
    assert RULES.level_of(table.values[:, 0]) == ("2",)
    assert table.columns == ("index",)


def test_a_result_says_which_of_its_rules_nobody_compared_with_the_text():
    """14 rows of the table are marked W, 9 are marked U; a table without such marks has nothing to say."""
    table = index(given([240], destination_ids=("bus",)), f"bus 1 {BUS} 6")

    told = {notice.value: notice for notice in table.notices}
    assert set(told) == {"U", "W"}
    assert [set(re.findall(r"\d+", told[mark].message)) for mark in "UW"] == [{"9", "23"}, {"14", "23"}]
    assert {(n.severity, n.file) for n in table.notices} == {("warning", "ptal.csv")}
    assert table.take(range(1)).notices == table.notices
    assert replace(RULES, marks=("S",) * 23).notices == ()


def test_a_bus_counts_within_8_minutes_and_a_train_within_12():
    times = given([480, 720], [481, 721], destination_ids=("bus", "station"))
    text = f"bus 1 {BUS} 6, station L {METRO} 12"
    expected = 30 / (8 + 5 + 2) + 30 / (12 + 2.5 + 0.75)
    assert rows(index(times, text)) == ([[pytest.approx(expected)], [0.0]], ["", ""])


def test_a_route_counts_once_at_its_nearest_stop():
    times = given([60, 300], destination_ids=("near", "off"))
    once = index(times, f"near 1 {BUS} 6").values
    assert index(times, f"near 1 {BUS} 6, off 1 {BUS} 60").values.tolist() == once.tolist()


def test_of_both_directions_the_better_counts():
    times = given([60, 120], destination_ids=("north", "south"))
    table = index(times, f"north 1/0 {BUS} 2, south 1/1 {BUS} 12")
    assert table.values.item() == pytest.approx(30 / (2 + 2.5 + 2))


def test_the_best_route_counts_whole_and_every_other_one_half():
    times = given([60], destination_ids=("s",))
    best, other = 30 / (1 + 3 + 2), 30 / (1 + 15 + 2)
    table = index(times, f"s 1 {BUS} 10, s 2 {BUS} 2, s 3 {BUS} 2")
    assert table.values.item() == pytest.approx(best + other / 2 + other / 2)


def test_what_is_no_kind_of_ptal_and_stops_out_of_reach_serve_nobody():
    times = given([60], destination_ids=("s",))
    assert rows(index(times, f"s gondola 6 60, elsewhere 1 {BUS} 60")) == ([[0.0]], [""])
    assert RULES.level_of(np.array([0.0])) == ("0",)


def test_an_origin_without_a_street_keeps_its_row():
    times = given([60], [None], why=[[0], [3]], destination_ids=("s",))
    table = index(times, f"s 1 {BUS} 6")
    assert rows(table)[1] == ["", "origin-not-linked"]
    assert RULES.level_of(table.values[:, 0])[1] == ""


def test_levels_begin_above_their_bounds_after_rounding():
    found = RULES.level_of(np.array([0, 0.01, 2.5, 2.504, 2.51, 5, 10, 15, 20, 25, 25.01, 40, 40.01]))
    assert found == ("0", "1a", "1a", "1a", "1b", "1b", "2", "3", "4", "5", "6a", "6a", "6b")


def test_the_kinds_of_gtfs_and_of_its_extended_types():
    assert [kind_of(one) for one in (0, 1, 2, 3, 6, 109, 401, 702, 900, 1300)] == [
        "tram",
        "metro",
        "rail",
        "bus",
        "",
        "rail",
        "metro",
        "bus",
        "tram",
        "",
    ]


@with_any(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 60)), min_size=1, max_size=5))
def test_another_route_never_lowers_the_index(stops):
    times = given([walk for walk, _n in stops])
    text = [f"d{j} r{j} {BUS} {n}" for j, (_walk, n) in enumerate(stops)]
    found = [index(times, ", ".join(text[: j + 1])).values.item() for j in range(len(text))]
    assert all(a <= b + 1e-12 for a, b in zip(found, found[1:], strict=False))


@pytest.mark.parametrize(
    ("times", "code"),
    [(given([60], max_duration_s=700), "ptal-limit"), ("by bicycle", "ptal-mode")],
)
def test_times_that_are_not_walking_times_or_too_short_are_refused(times, code):
    if times == "by bicycle":
        walked = given([60])
        times = type(walked)(
            walked.origin_ids,
            walked.destination_ids,
            walked.duration_s,
            walked.distance_m,
            walked.reason,
            moving("cycle"),
        )
    with pytest.raises(ModelError) as caught:
        index(times, f"d0 1 {BUS} 6")
    assert caught.value.code == code


# ---- departures of a timetable


DAY = date(2021, 5, 21)


@pytest.fixture
def departures(tmp_path):
    def count(*, start_s=8 * 3600, end_s=9 * 3600, **files):
        timetable = read_gtfs([feed(tmp_path, **files)])
        found = stop_services(timetable, DAY, start_s=start_s, end_s=end_s)
        return dict(zip(found.stop_ids, found.per_hour.tolist(), strict=True))

    return count


def test_departures_are_counted_where_people_may_board(departures):
    """The trip calls at a 8:00, b 8:04 and ends at c."""
    assert departures() == {"a": 1.0, "b": 1.0}


def test_a_period_includes_its_start_and_not_its_end(departures):
    assert departures(start_s=8 * 3600 + 1, end_s=8 * 3600 + 241) == {"b": 15.0}
    assert departures(start_s=8 * 3600, end_s=8 * 3600 + 240) == {"a": 15.0}


def test_trips_of_other_days_are_not_counted(departures):
    sundays = (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "work,0,0,0,0,0,0,1,20210516,20210530\n"
    )
    assert departures(calendar=sundays) == {}


def test_a_trip_of_the_evening_before_counts_after_midnight(departures):
    """On Thursday's timetable at 24:10 it is Friday 0:10."""
    rows = CALLS + calls("24:10:00 a", "24:20:00 b")
    assert departures(stop_times=rows, start_s=0, end_s=3600) == {"a": 1.0}
    assert departures(stop_times=rows, start_s=24 * 3600, end_s=25 * 3600) == {"a": 1.0}


@pytest.mark.parametrize(("exact", "at_b"), [(1, 6.0), (0, 5.6)])
def test_headway_bands_count_one_by_one_or_by_their_part_of_the_period(departures, exact, at_b):
    """Every 10 min from 8:00 to 10:00 at a, 4 min later at b: from 8:04, in the hour 5.6 or, exactly, 6."""
    band = f"{BANDS}t,08:00:00,10:00:00,600,{exact}\n"
    assert departures(frequencies=band) == pytest.approx({"a": 6.0, "b": at_b})


def test_where_no_direction_is_stated_the_next_stop_tells_one_way_from_the_other(tmp_path):
    trips = "route_id,service_id,trip_id\nr,work,t\nr,work,u\n"
    there, back = (
        calls("8:00:00 a", "8:10:00 b", "8:20:00 c"),
        calls("8:30:00 c", "8:40:00 b", "8:50:00 a", trip="u"),
    )
    path = feed(tmp_path, trips=trips, stop_times=CALLS + there + back)
    found = stop_services(read_gtfs([path]), DAY, start_s=8 * 3600, end_s=9 * 3600)

    assert found.stop_ids == ("a", "b", "b", "c")
    assert found.per_hour.tolist() == [1.0] * 4


def test_an_empty_period_is_refused(departures):
    with pytest.raises(ModelError) as caught:
        departures(start_s=3600, end_s=3600)
    assert caught.value.code == "services-period"


@pytest.mark.parametrize(
    ("text", "code"),
    [("s 1 3 6, s 1 3 7", "services-twice"), ("s 1 3 0", "services-frequency")],
)
def test_services_that_cannot_be_are_refused(text, code):
    with pytest.raises(ModelError) as caught:
        services(text)
    assert caught.value.code == code
