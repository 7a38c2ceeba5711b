"""RULE UNDER TEST: clones and the table of transfers say what trying every rule for every change says."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.sources.gtfs import read_gtfs
from accessibility.units import UNREACHED
from tests import naive
from tests.feeds import CALLS, feed
from tests.transit_worlds import search

FRIDAY = date(2021, 5, 21)
STOPS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "0,A,31.30,121.10,0,\n1,B,31.30,121.11,0,S\n2,C,31.30,121.12,0,S\n3,D,31.30,121.13,0,\n"
    "S,S,31.30,121.11,1,\n"
)
ROUTES = "route_id,route_type\n0,3\n1,3\n"
N_STOPS, N_TRIPS = 4, 5
PLACES = st.sampled_from("0123SSS")
RULES = (
    "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,"
    "transfer_type,min_transfer_time\n"
)


@st.composite
def rules(draw):
    """One row of transfers.txt, narrowed or not."""
    vehicle = [draw(st.sampled_from(["", "", "0", "1"])) for _end in range(2)]
    trip = [draw(st.sampled_from(["", "", "0", "1", "2", "3", "4"])) for _end in range(2)]
    kind = draw(st.integers(0, 3))
    least = draw(st.integers(0, 400)) if kind == 2 else ""
    return ",".join([draw(PLACES), draw(PLACES), *vehicle, *trip, str(kind), str(least)])


@st.composite
def timetables(draw):
    trips, times = "route_id,service_id,trip_id\n", CALLS
    for trip in range(N_TRIPS):
        trips += f"{draw(st.integers(0, 1))},work,{trip}\n"
        stops = draw(st.lists(st.integers(0, N_STOPS - 1), min_size=2, max_size=3))
        clock = 60 * draw(st.integers(1, 15))
        for number, stop in enumerate(stops):
            text = f"0:{clock // 60:02d}:{clock % 60:02d}"
            times += f"{trip},{text},{text},{stop},{number}\n"
            clock += draw(st.integers(1, 300))
    rows = draw(st.lists(rules(), max_size=12))
    with tempfile.TemporaryDirectory() as folder:
        path = feed(Path(folder), stops=STOPS, routes=ROUTES, trips=trips, stop_times=times,
                    transfers=RULES + "".join(f"{row}\n" for row in rows))  # fmt: skip
        return read_gtfs([path])


WALKS = {0: {0: 0}, 1: {1: 0, 2: 90}, 2: {2: 0, 1: 90, 3: 200}, 3: {3: 0, 2: 200}, 4: {}}


@settings(max_examples=150, deadline=None)
@given(timetables(), st.integers(0, 3), st.sampled_from([0, 60]), st.integers(1, 3))
def test_the_search_under_rules_equals_trying_every_change(timetable, start, slack_s, max_rides):
    limits = {"max_rides": max_rides, "slack_s": slack_s, "max_duration_s": 3000}
    found = search(timetable, FRIDAY, WALKS, {start: 0}, start_s=0, n_minutes=5, **limits)
    for minute in range(5):
        best = naive.arrivals_under_rules(timetable, WALKS, {start: 0}, leave_s=60 * minute, **limits)
        expected = [best.get(stop, UNREACHED) for stop in range(N_STOPS)]
        assert found[:N_STOPS, minute].tolist() == expected
