"""RULE UNDER TEST: neither the order of rows and feeds nor the clock of a stop changes a travel time."""

import random
from datetime import date

import numpy as np
import pytest

from accessibility.sources.gtfs import read_gtfs
from tests.feeds import BANDS, CALLS, WORLD, arrivals, calls, clock, feed
from tests.transit_worlds import search

FRIDAY = date(2021, 5, 21)
FILES = {
    "stops": WORLD["stops.txt"] + "d,Delta,31.3,121.14\n",
    "routes": "route_id,route_type\nr,3\ns,3\n",
    "trips": "route_id,service_id,trip_id,block_id\n"
    "r,work,t,v\nr,work,u,\ns,work,w,\ns,work,x,v\nr,work,y,\n",
    "stop_times": CALLS
    + calls("8:00:00 a", "- b", "8:12:00 c")
    + calls("8:10:00 a", "8:30:00 b", "8:40:00 c", trip="u")
    + calls("8:15:00 a", "8:18:00 b", "8:20:00 c", trip="y")
    + calls("8:19:00 b", "8:29:00 d", trip="w")
    + calls("8:12:00 c", "8:50:00 d", trip="x"),
    "frequencies": BANDS + "w,7:00:00,9:00:00,420,1\n",
    "transfers": "from_stop_id,to_stop_id,from_trip_id,to_route_id,transfer_type\nb,b,,s,0\nb,b,y,s,1\n",
}


def found(paths, names=("a", "b", "c", "d")):
    timetable = read_gtfs(paths)
    ids = [one.rpartition(":")[2] for one in timetable.stop_ids]
    walks = {stop: {stop: 0} for stop in range(len(ids))}
    out = search(timetable, FRIDAY, walks, {ids.index("a"): 0}, start_s=clock(7, 50), n_minutes=40)
    return np.array([out[ids.index(name)] for name in names])


@pytest.mark.parametrize("seed", range(5))
def test_rows_in_any_order_give_the_same_travel_times(tmp_path, seed):
    shuffled = {}
    for name, text in FILES.items():
        header, *rows = text.splitlines()
        random.Random(seed).shuffle(rows)
        shuffled[name] = "\n".join([header, *rows]) + "\n"
    expected = found([feed(tmp_path, **FILES)])
    assert np.array_equal(found([feed(tmp_path, "other", **shuffled)]), expected)
    assert len(np.unique(expected[3])) > 2, "the world has something to disturb"


def test_feeds_in_any_order_give_the_same_travel_times(tmp_path):
    other = FILES | {"stops": WORLD["stops.txt"].replace("a,", "e,").replace("b,", "f,").replace("c,", "g,")}
    other |= {"stop_times": CALLS + calls("8:00:00 e", "8:12:00 g"), "transfers": None, "frequencies": None}
    other |= {"trips": "route_id,service_id,trip_id\nr,work,t\n"}
    paths = [feed(tmp_path, "one", **FILES), feed(tmp_path, "two", **other)]
    assert np.array_equal(found(paths), found(paths[::-1]))
    assert np.array_equal(found(paths), found(paths[:1]))


def test_times_are_those_of_the_agency_whatever_clock_a_stop_has(tmp_path):
    """GTFS: stop_times are in the agency's time zone even where a stop has another."""
    header, *rows = WORLD["stops.txt"].splitlines()
    zones = "\n".join([header + ",stop_timezone", *(f"{row},Asia/Tokyo" for row in rows)]) + "\n"
    timetable = read_gtfs([feed(tmp_path, stops=zones)])
    assert timetable.time_zone == "Asia/Shanghai"
    assert arrivals(timetable) == [clock(8), clock(8, 3), clock(8, 12)]
