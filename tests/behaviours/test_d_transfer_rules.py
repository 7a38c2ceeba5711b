"""RULE UNDER TEST: which rule of transfers.txt holds between two vehicles, and who may stay seated.

The world: line 1 (trip t) from a to b, 8:00 to 8:10; from b, or from the stop d beside it, lines 2 (trip u)
and 3 (trip v) go on to c. Walks take no time at a stop and 100 s from b to d; the slack is 60 s.
"""

from datetime import date

import numpy as np
import pytest

from accessibility.model.service_day import service_day
from accessibility.model.transfer_rules import ruled_transfers
from accessibility.sources.gtfs import read_gtfs
from accessibility.transit import drawn_days, timed_walks, transit_times
from accessibility.transit_nearest import nearest_times
from accessibility.units import UNREACHED
from tests.feeds import CALLS, clock, feed
from tests.transit_worlds import linkage_of, query, search

FRIDAY = date(2021, 5, 21)
STOPS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
    "a,A,31.30,121.10,0,\nb,B,31.30,121.11,0,S\nd,D,31.30,121.111,0,S\nc,C,31.30,121.13,0,\n"
    "S,Station,31.30,121.11,1,\n"
)
ROUTES = "route_id,route_short_name,route_long_name,route_type\n1,1,,3\n2,2,,3\n3,3,,3\n"
TRIPS = "route_id,service_id,trip_id,block_id\n1,work,t,\n2,work,u,\n2,work,u2,\n3,work,v,\n"
TIMES = CALLS + (
    "t,8:00:00,8:00:00,a,1\nt,8:10:00,8:10:00,b,2\n"
    "u,8:12:00,8:12:00,b,1\nu,8:20:00,8:20:00,c,2\n"
    "u2,8:32:00,8:32:00,b,1\nu2,8:40:00,8:40:00,c,2\n"
    "v,8:15:00,8:15:00,d,1\nv,8:25:00,8:25:00,c,2\n"
)
RULES = (
    "from_stop_id,to_stop_id,from_route_id,to_route_id,from_trip_id,to_trip_id,"
    "transfer_type,min_transfer_time\n"
)


def world(folder, *rules, trips=TRIPS, times=TIMES, **files):
    path = feed(
        folder, stops=STOPS, routes=ROUTES, trips=trips, stop_times=times,
        transfers=RULES + "".join(f"{rule}\n" for rule in rules), **files,
    )  # fmt: skip
    return read_gtfs([path])


def arrival(timetable, *, start="a", goal="c", leave=(7, 50), max_rides=2, beside_s=100, slack_s=60):
    """Earliest arrival at c, as text; b and d lie `beside_s` apart."""
    stops = timetable.stop_ids
    b, d = stops.index("b"), stops.index("d")
    walks = {stop: {stop: 0} for stop in range(len(stops))}
    walks[b][d] = walks[d][b] = beside_s
    found = search(
        timetable, FRIDAY, walks, {stops.index(start): 0}, start_s=clock(*leave), n_minutes=1,
        max_rides=max_rides, slack_s=slack_s,
    )  # fmt: skip
    seconds = int(found[stops.index(goal), 0])
    return None if seconds == UNREACHED else f"{seconds // 3600}:{seconds // 60 % 60:02d}"


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], "8:20"),
        (["b,b,1,2,,,3,"], "8:25"),
        (["b,b,,2,,,3,"], "8:25"),
        (["b,b,1,,,,3,"], "8:25"),
        (["b,b,,,,u,3,"], "8:25"),
        (["b,b,,,t,u,3,"], "8:25"),
        (["b,b,2,1,,,3,"], "8:20"),
        (["b,b,1,3,,,3,"], "8:20"),
        (["b,b,1,2,,,2,121"], "8:25"),
        (["b,b,1,2,,,2,120"], "8:20"),
        (["S,S,1,2,,,3,"], "8:25"),
        (["S,S,,2,,,3,", "S,S,,3,,,3,"], None),
        (["S,S,,,,,3,"], None),
        (["S,S,,,,,3,", "b,b,1,2,,,0,"], "8:20"),
        (["S,S,,,,,3,", "b,d,,3,,,2,300"], "8:25"),
        (["S,S,,,,,3,", "b,d,,3,,,2,301"], None),
        (["b,d,,,,,3,", "S,S,1,2,,,3,", "b,b,,,,,0,"], None),
    ],
)  # fmt: skip
def test_a_rule_holds_for_the_vehicles_it_names(tmp_path, rules, expected):
    assert arrival(world(tmp_path, *rules)) == expected


LADDER = ["S,S,,,,,{kind},", "b,b,,,,,{kind},", "b,b,1,,,,{kind},", "b,b,1,2,,,{kind},", "b,b,,,,u,{kind},",
          "b,b,1,,,u,{kind},", "b,b,,,t,u,{kind},"]  # fmt: skip
"""From the least specific to the most."""


@pytest.mark.parametrize("step", range(1, len(LADDER)))
@pytest.mark.parametrize("turned", [False, True])
def test_the_more_specific_rule_wins_whatever_order_the_rows_have(tmp_path, step, turned):
    """Forbidden below and plain above: the change to trip u is possible; the other way round it is not."""
    for above, expected in ((0, "8:20"), (3, "8:40")):
        rules = ["b,d,,,,,3,", LADDER[step - 1].format(kind=3 - above), LADDER[step].format(kind=above)]
        rules += ["b,b,,,t,u2,0,"]
        assert arrival(world(tmp_path, *(rules[::-1] if turned else rules))) == expected


def test_of_equal_rules_the_strictest_holds_in_any_order(tmp_path):
    rules = ["b,b,1,,,,0,", "b,b,,2,,,3,", "b,b,,2,,,2,60", "b,d,,,,,3,"]
    for order in (rules, rules[::-1]):
        assert arrival(world(tmp_path, *order)) is None


def test_a_guaranteed_change_between_two_lines_needs_no_slack(tmp_path):
    late = TIMES.replace("8:12:00", "8:10:00")
    assert arrival(world(tmp_path, times=late)) == "8:25"
    assert arrival(world(tmp_path, "b,b,1,2,,,1,", times=late)) == "8:20"
    assert arrival(world(tmp_path, "b,b,3,2,,,1,", times=late)) == "8:25"


def test_rules_say_nothing_about_people_who_come_from_the_street(tmp_path):
    assert arrival(world(tmp_path, "b,b,,2,,,3,", "b,b,,,,,3,"), start="b", max_rides=1) == "8:20"


def test_an_arrival_of_a_named_vehicle_is_an_arrival_at_its_stop(tmp_path):
    assert arrival(world(tmp_path, "b,b,1,2,,,3,"), goal="b") == "8:10"


def test_the_named_vehicle_stands_in_a_pattern_of_its_own_and_stops_keep_their_numbers(tmp_path):
    plain = service_day(world(tmp_path), FRIDAY)
    ruled = world(tmp_path, "b,b,,,,u,3,").on(FRIDAY)
    assert (plain.n_patterns, ruled.n_patterns) == (3, 4), "u and u2 part"
    assert ruled.clone_of.tolist() == [0, 1, 2, 3, 4, 1]
    assert plain.n_timetable_stops == ruled.n_timetable_stops == 5


def test_without_rules_the_walks_stay_as_they_are(tmp_path):
    walks = (np.array([0, 1, 1, 1, 1, 1]), np.array([1], np.int32), np.array([100], np.int32))
    assert ruled_transfers(world(tmp_path), walks, 60) is walks


# ---- staying seated

SEATS = CALLS + (
    "t,8:00:00,8:00:00,a,1\nt,8:10:00,8:10:00,b,2\n"
    "u,8:10:00,8:10:00,b,1\nu,8:20:00,8:20:00,c,2\n"
    "v,8:10:00,8:10:00,d,1\nv,8:25:00,8:25:00,c,2\n"
)
PLAIN = "route_id,service_id,trip_id,block_id\n1,work,t,\n2,work,u,\n3,work,v,\n"
BLOCK = PLAIN.replace("u,", "u,x").replace("t,", "t,x")


@pytest.mark.parametrize(
    ("trips", "rules", "expected"),
    [
        (PLAIN, [], None),
        (PLAIN, [",,,,t,u,4,"], "8:20"),
        (PLAIN, ["b,b,1,2,t,u,4,"], "8:20"),
        (PLAIN, [",,,,t,v,4,"], "8:25"),
        (PLAIN, [",,,,t,v,4,", ",,,,t,u,4,"], "8:20"),
        (PLAIN, [",,,,t,u,5,"], None),
        (PLAIN, [",,,,u,t,4,"], None),
        (BLOCK, [], "8:20"),
        (BLOCK, [",,,,t,u,5,"], None),
        (BLOCK, [",,,,t,v,4,"], "8:25"),
        (BLOCK, ["b,b,,,,,3,"], "8:20"),
    ],
)
def test_passengers_stay_seated_where_trips_are_linked(tmp_path, trips, rules, expected):
    """One ride only; linked trips go before blocks, type 5 forbids, rules for changing do not touch seats."""
    timetable = world(tmp_path, *rules, trips=trips, times=SEATS)
    assert arrival(timetable, max_rides=1) == expected


def test_where_a_vehicle_goes_on_people_board_and_alight_as_each_trip_says(tmp_path):
    timetable = world(tmp_path, ",,,,t,u,4,", trips=PLAIN, times=SEATS)
    assert arrival(timetable, max_rides=1, goal="b") == "8:10"
    assert arrival(timetable, max_rides=1, start="b") == "8:20"


def test_vehicles_that_are_coupled_carry_the_passengers_of_both(tmp_path):
    timetable = world(tmp_path, ",,,,t,u,4,", ",,,,v,u,4,", trips=PLAIN,
                      times=SEATS.replace("v,8:10:00,8:10:00,d,1\nv,8:25:00,8:25:00,c",
                                          "v,8:00:00,8:00:00,d,1\nv,8:10:00,8:10:00,b"))  # fmt: skip
    assert arrival(timetable, max_rides=1) == arrival(timetable, max_rides=1, start="d") == "8:20"


def test_a_rule_for_changing_holds_for_the_trip_that_one_alights_from(tmp_path):
    """T goes on as v without its passengers having to alight; who does, changes from t, not from v."""
    rules = [",,,,t,v,4,", "b,b,3,,,,3,", "d,d,,,,,3,"]
    timetable = world(tmp_path, *rules, trips=PLAIN, times=SEATS.replace("u,8:10:00,8:10", "u,8:12:00,8:12"))
    assert arrival(timetable, max_rides=2) == "8:20"


def test_a_block_goes_on_over_midnight_on_the_next_service_day(tmp_path):
    night = CALLS + (
        "t,24:20:00,24:20:00,a,1\nt,24:30:00,24:30:00,b,2\nu,0:30:00,0:30:00,b,1\nu,0:40:00,0:40:00,c,2\n"
        "v,8:10:00,8:10:00,d,1\nv,8:25:00,8:25:00,c,2\n"
    )
    trips = BLOCK
    assert arrival(world(tmp_path, trips=trips, times=night), leave=(0, 10), max_rides=1) == "0:40"
    assert arrival(world(tmp_path, trips=PLAIN, times=night), leave=(0, 10), max_rides=1) is None


@pytest.mark.parametrize("few_origins", [0, 16])
def test_rules_between_vehicles_hold_for_all_origins_at_once_and_backward(tmp_path, monkeypatch, few_origins):
    """Line 2 may not be changed to at b: 7:50 to 8:25 from a, 8:20 from b; and who gets off at b walks on."""
    monkeypatch.setattr("accessibility.transit.FEW_ORIGINS", few_origins)
    timetable = world(tmp_path, "b,b,1,2,,,3,")
    a, b, c, d = (timetable.stop_ids.index(stop) for stop in "abcd")
    between = {stop: {stop: 0} for stop in (a, b, c, d)} | {b: {b: 0, d: 100}, d: {d: 0, b: 100}}
    linkage = linkage_of([{a: 0}, {b: 0}], between, [{c: 0}, {b: 30}], [{}, {}], len(timetable.stop_ids))
    asked, ids = query(FRIDAY, start_s=clock(7, 50), n_minutes=1), (("o", "p"), ("c", "b"))
    expected = [[35 * 60, 20 * 60 + 30], [30 * 60, UNREACHED]]
    assert transit_times(timetable, linkage, asked, ids).duration_s[:, :, 0].tolist() == expected
    days, walks = tuple(drawn_days(timetable, asked)), timed_walks(timetable, linkage, asked)
    found = nearest_times(days, walks, linkage, asked, ids, [[0], [0, 1]])
    assert [times.duration_s[:, 0].tolist() for times in found] == [[2100, 1800], [1230, 1800]]
