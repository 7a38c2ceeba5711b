"""RULE UNDER TEST: the nearest of a set is chosen minute by minute, and percentiles are taken afterwards.

From A a bus leaves for B every full hour and one for C every half past, 10 min each, no slack; people live at
stop A, and B and C are the facilities. Who leaves at minute 0 or 30 of the hour needs 10 min, everybody else
waits for whichever bus comes first: the nearest takes each of 10, 11, ... 39 min twice in an hour, median 24
(at minutes 16 and 46). To B alone, and to C alone, it takes each of 10, 11, ... 69 min once, median 39. The
second nearest is then the bus after the next: each of 40, 41, ... 69 min twice, median 54.
"""

import pickle
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from accessibility.measures import nearest_in_window
from accessibility.model import reasons
from accessibility.model.linkage import NOT_LINKED, Attachment, TransitLinkage, WalkTable
from accessibility.model.nearest_times import NOBODY
from accessibility.model.transit_query import ARRIVE_BY, FROM_DEPARTURE, PLANNED, TransitQuery
from accessibility.sources.gtfs import read_gtfs
from accessibility.studies.progress import in_threads, silent
from accessibility.transit import FEW_ORIGINS, drawn_days, timed_walks, transit_times
from accessibility.transit_nearest import nearest_times
from accessibility.units import UNREACHED
from tests.feeds import CALLS, calls, feed

MINUTES = np.arange(60)
QUERY = TransitQuery(
    day=date(2021, 5, 21),
    start_s=8 * 3600,
    n_minutes=60,
    percentiles=(50,),
    max_rides=2,
    walk_mps=1.0,
    max_walk_s=600,
    max_duration_s=7200,
    board_slack_s=0,
)


@pytest.fixture(scope="module")
def timetable(tmp_path_factory):
    trips, times = ["route_id,service_id,trip_id\n"], [CALLS]
    for hour in range(6, 12):
        for goal, minute in (("b", 0), ("c", 30)):
            trip = f"{goal}{hour}"
            trips.append(f"r,work,{trip}\n")
            times.append(calls(f"{hour}:{minute:02d}:00 a", f"{hour}:{minute + 10}:00 {goal}", trip=trip))
    folder = tmp_path_factory.mktemp("feed")
    return read_gtfs([feed(folder, trips="".join(trips), stop_times="".join(times))])


def walks(rows, n_targets):
    offset = np.cumsum([0, *map(len, rows)])
    return WalkTable(
        offset,
        np.array([to for row in rows for to in row], np.int32),
        np.array([m for row in rows for m in row.values()], float),
        n_targets,
        600.0,
    )


def somewhere(n, *, lost=(), nowhere=()):
    segment = np.zeros(n, np.int32)
    segment[[*lost, *nowhere]] = NOT_LINKED
    located = np.ones(n, bool)
    located[list(nowhere)] = False
    return Attachment(segment, np.zeros(n), np.zeros(n), located, np.zeros(n), np.zeros(n))


def linkage(timetable, origins=({"a": 0},), goals=({"b": 0}, {"c": 0}), direct=None, **lost):
    """Give origins and goals as {stop: metres}."""
    stops = timetable.stop_ids

    def rows(places):
        return [{stops.index(stop): m for stop, m in sorted(place.items())} for place in places]

    return TransitLinkage(
        access=walks(rows(origins), len(stops)),
        transfers=walks([{stop: 0.0} for stop in range(len(stops))], len(stops)),
        egress=walks(rows(goals), len(stops)),
        direct=walks(direct or [{} for _ in origins], len(goals)),
        stops=somewhere(len(stops)),
        origins=somewhere(len(origins), **lost),
        destinations=somewhere(len(goals)),
    )


def nearest(timetable, linked, members=(0, 1), query=QUERY, **options):
    ids = names("o", linked.origins), names("g", linked.destinations)
    days, walked = tuple(drawn_days(timetable, query)), timed_walks(timetable, linked, query)
    return nearest_times(days, walked, linked, query, ids, [members], **options)[0]


def names(letter, attachment):
    return tuple(f"{letter}{i}" for i in range(len(attachment)))


def test_the_nearest_takes_each_of_thirty_durations_twice(timetable):
    found = nearest(timetable, linkage(timetable))
    to_b, to_c = (-MINUTES) % 60 + 10, (30 - MINUTES) % 60 + 10
    assert (found.minute_s[0] / 60).tolist() == np.minimum(to_b, to_c).tolist()
    assert found.minute_member[0].tolist() == (to_c < to_b).astype(int).tolist()
    assert (found.duration_s / 60).tolist() == [[24]]
    assert found.member.tolist() == [[0]]


def test_the_median_of_the_nearest_is_below_the_smaller_of_the_medians(timetable):
    linked = linkage(timetable)
    alone = transit_times(timetable, linked, QUERY, (("o0",), ("g0", "g1")))
    assert (alone.duration_s[0, :, 0] / 60).tolist() == [39, 39]


def test_the_second_nearest_is_the_bus_after_the_next(timetable):
    found = nearest(timetable, linkage(timetable), rank=2)
    assert sorted(found.minute_s[0] / 60) == sorted([*range(40, 70)] * 2)
    assert (found.duration_s / 60).tolist() == [[54]]


def test_walking_all_the_way_counts_where_it_is_quicker(timetable):
    found = nearest(timetable, linkage(timetable, direct=[{1: 550}]))
    assert set(found.minute_s[0]) == {550}
    assert set(found.minute_member[0]) == {1}


def test_of_equals_the_member_named_first_counts(timetable):
    linked = linkage(timetable, goals=({"b": 0}, {"b": 0}))
    assert set(nearest(timetable, linked, (0, 1)).minute_member[0]) == {0}
    assert nearest(timetable, linked, (1, 0)).member_ids == ("g1", "g0")
    assert set(nearest(timetable, linked, (1, 0)).minute_member[0]) == {0}


def test_the_table_names_the_member_behind_the_percentile(timetable):
    table = nearest_in_window(nearest(timetable, linkage(timetable)), target="clinic")
    assert table.columns == ("p50",)
    assert table.values.tolist() == [[24 * 60]]
    assert table.nearest_ids == (("g0",),)


def test_who_reaches_nobody_is_told_why(timetable):
    near, far = {"a": 0}, {}
    linked = linkage(timetable, origins=(near, far, far, far), lost=[2], nowhere=[3])
    found = nearest(timetable, linked)
    assert found.duration_s[1:].tolist() == [[UNREACHED]] * 3
    assert found.member[1:].tolist() == [[NOBODY]] * 3
    assert found.reason.tolist() == [
        reasons.REACHED,
        reasons.BEYOND_LIMITS,
        reasons.ORIGIN_NOT_LINKED,
        reasons.ORIGIN_NO_POSITION,
    ]


def test_an_empty_set_and_one_smaller_than_the_rank_have_no_such_destination(timetable):
    linked = linkage(timetable)
    for found in (nearest(timetable, linked, ()), nearest(timetable, linked, (0,), rank=2)):
        assert found.reason.tolist() == [reasons.NO_SUCH_DESTINATION]
        assert set(found.minute_s[0]) == {UNREACHED}
        assert nearest_in_window(found, target="clinic").nearest_ids == (("",),)


def test_when_nothing_runs_that_is_the_reason(timetable):
    found = nearest(timetable, linkage(timetable), query=replace(QUERY, start_s=20 * 3600))
    assert found.reason.tolist() == [reasons.NO_SERVICE]


def test_the_times_come_out_of_another_process_unchanged_and_read_only(timetable):
    found = pickle.loads(pickle.dumps(nearest(timetable, linkage(timetable))))
    assert found.duration_s.tolist() == [[24 * 60]]
    assert not found.minute_s.flags.writeable


@pytest.mark.parametrize("n_origins", [1, FEW_ORIGINS - 1, FEW_ORIGINS, 3 * FEW_ORIGINS])
def test_however_many_origins_there_are_each_gets_the_same_answer(timetable, n_origins):
    linked = linkage(timetable, origins=({"a": 0}, {"a": 120}, {}) * n_origins)
    ids = names("o", linked.origins), names("g", linked.destinations)
    times = transit_times(timetable, linked, QUERY, ids, map_blocks=in_threads("", silent))
    expected = [[39 * 60] * 2, [41 * 60] * 2, [UNREACHED] * 2] * n_origins
    assert times.duration_s[:, :, 0].tolist() == expected


def test_blocks_of_origins_change_nothing(timetable, monkeypatch):
    linked = linkage(timetable, origins=({"a": 0}, {"a": 300}, {}, {"b": 0}) * 8)
    ids = names("o", linked.origins), names("g", linked.destinations)
    whole = transit_times(timetable, linked, QUERY, ids).duration_s
    monkeypatch.setattr("accessibility.transit.MOST_ORIGINS", 5)
    monkeypatch.setattr("accessibility.transitwork.all_pairs.MOST_PLACES", 1)
    monkeypatch.setattr("accessibility.transitwork.all_pairs.TABLE_BYTES", 1)
    assert np.array_equal(transit_times(timetable, linked, QUERY, ids).duration_s, whole)


@pytest.fixture(scope="module")
def through_b(tmp_path_factory):
    """One bus from A at 8:00, at B at 8:05 and at C at 8:10."""
    times = CALLS + calls("8:00:00 a", "8:05:00 b", "8:10:00 c", trip="t")
    trips = "route_id,service_id,trip_id\nr,work,t\n"
    return read_gtfs([feed(tmp_path_factory.mktemp("one"), trips=trips, stop_times=times)])


@pytest.mark.parametrize("members", [(0, 1), (1, 0)])
def test_who_has_to_be_there_by_half_past_leaves_at_eight_for_b_which_is_reached_first(through_b, members):
    """Both are 30 min by the clock; whichever is named first, B is reached earlier, and C is the second."""
    query = replace(QUERY, start_s=8 * 3600 + 1800, n_minutes=1, definition=ARRIVE_BY)
    for rank, who in ((1, "g0"), (2, "g1")):
        found = nearest(through_b, linkage(through_b), members, query, rank=rank)
        assert found.minute_s.tolist() == [[1800]]
        assert found.member_ids[found.minute_member[0, 0]] == who


def test_who_plans_goes_where_the_ride_is_shortest(through_b):
    """From 7:50 on: to B 5 min after 8:00, to C 10; counted from the departure 15 and 20."""
    query = replace(QUERY, start_s=7 * 3600 + 3000, n_minutes=1)
    for definition, first_min, second_min in ((PLANNED, 5, 10), (FROM_DEPARTURE, 15, 20)):
        asked = replace(query, definition=definition)
        found = [nearest(through_b, linkage(through_b), query=asked, rank=rank) for rank in (1, 2)]
        assert [one.minute_s[0, 0] / 60 for one in found] == [first_min, second_min]


def test_the_nearest_of_a_plan_may_be_reached_later_than_another(timetable):
    """From 8:20: C by the bus of 8:30 and a walk of 10 min, at 8:50; B by that of 9:00, at 9:10 and 30 s."""
    linked = linkage(timetable, goals=({"b": 30}, {"c": 600}))
    query = replace(QUERY, start_s=8 * 3600 + 1200, n_minutes=1, definition=PLANNED)
    found = nearest(timetable, linked, query=query)
    assert found.minute_s.tolist() == [[630]], "9:00 to B, 10 min and 30 s, though C is reached at 8:50"
    waiting = nearest(timetable, linked, query=replace(query, definition=FROM_DEPARTURE))
    assert waiting.minute_s.tolist() == [[1800]]
    assert found.minute_member.tolist() == [[0]]
    assert waiting.minute_member.tolist() == [[1]]
