"""RULE UNDER TEST: from when to when a travel time counts, and how people get to the stop; to the second.

Line A-B leaves at 8:00 and 8:20, rides 10 min; line C-D leaves at 8:15 and 8:35, rides 5 min; B to C is
a walk of 60 s, slack 60 s. By hand: the walk to A takes 120 s, from D 180 s, so the first connection reaches
the door at 8:23, left home for at 7:57 at the latest, the second at 8:43 and 8:17.
"""

from dataclasses import replace

import numpy as np
import pytest

from accessibility.errors import ModelError
from accessibility.model.linkage import FeederTable, WalkTable
from accessibility.model.runs import Run
from accessibility.model.timetable import NONE
from accessibility.model.transit_query import ARRIVE_BY, FROM_DEPARTURE, PLANNED, definition_text
from accessibility.transit import transit_times
from accessibility.units import UNREACHED, seconds_from_clock
from tests.builders import walking
from tests.transit_worlds import DAY, every_minute, linkage_of, timetable_of, transit_question

A, B, C, D = range(4)
WALKS = ([{A: 120}], {B: {B: 0, C: 60}}, [{D: 180}])


def run(stops, clocks):
    clock_s = np.array([seconds_from_clock(clock) for clock in clocks.split()], np.int32)
    rides = np.ones(len(stops), bool)
    return Run(0, stops[0], np.array(stops, np.int32), clock_s, clock_s, rides, rides)


LINES = [
    run([A, B], "8:00 8:10"),
    run([A, B], "8:20 8:30"),
    run([C, D], "8:15 8:20"),
    run([C, D], "8:35 8:40"),
]


def question(definition, start, n_minutes=1, **wishes):
    limits = {"max_walk_s": 2400, "max_duration_s": 7200} | wishes
    return transit_question(
        definition=definition, start_s=seconds_from_clock(start), n_minutes=n_minutes, **limits
    )


def minutes(query, *, lines=LINES, direct=None, **feeders):
    linkage = linkage_of(*WALKS, [{} if direct is None else {0: direct}], 4)
    found = every_minute(timetable_of(lines, 4), replace(linkage, **feeders), query)[0, 0]
    return [None if s == UNREACHED else s / 60 for s in found]


def test_a_travel_time_from_departure_holds_the_first_wait():
    assert minutes(question(FROM_DEPARTURE, "7:55", 4)) == [28, 27, 26, 45]


def test_a_travel_time_to_a_latest_arrival_holds_the_last_wait():
    """For 8:22 nothing arrives in time that left after the start of service; for 8:23 one left at 7:57."""
    assert minutes(question(ARRIVE_BY, "8:22", 3)) == [None, 26, 27]
    assert minutes(question(ARRIVE_BY, "8:42", 2)) == [45, 26]


@pytest.mark.parametrize(("second_line", "caught"), [("8:11:59", False), ("8:12:00", True)])
def test_the_slack_of_a_change_decides_to_the_second_backwards_too(second_line, caught):
    lines = [run([A, B], "8:00 8:10"), run([C, D], f"{second_line} 8:20")]
    for definition, start, expected in (
        (ARRIVE_BY, "8:23", 26),
        (FROM_DEPARTURE, "7:57", 26),
        (PLANNED, "7:00", 26),
    ):
        assert minutes(question(definition, start), lines=lines) == [expected if caught else None]


def test_who_plans_leaves_as_late_as_the_same_arrival_allows():
    """From 7:30 on people leave at 7:57, from 7:58 on at 8:17: 26 min both times."""
    assert minutes(question(PLANNED, "7:30")) == [26]
    assert minutes(question(PLANNED, "7:56", 3)) == [26, 26, 26]


def test_who_plans_walks_without_waiting():
    """A walk of 30 min from 7:50 arrives at 8:20, before any ride; from 7:55 the ride is there before it."""
    assert minutes(question(PLANNED, "7:50"), direct=1800) == [30]
    assert minutes(question(PLANNED, "7:55"), direct=1800) == [26]
    assert minutes(question(FROM_DEPARTURE, "7:55"), direct=1800) == [28]


def test_a_departure_at_the_very_end_of_the_limit_counts():
    """A vehicle that takes no time at all, two minutes after the minute, within a limit of two minutes."""
    lines = [run([A, D], "8:04 8:04")]
    linkage = linkage_of([{A: 0}], {}, [{D: 0}], [{}], 4)
    query = question(PLANNED, "8:02", max_duration_s=120, board_slack_s=0)
    assert every_minute(timetable_of(lines, 4), linkage, query).ravel().tolist() == [0]


def test_people_may_have_to_leave_the_evening_before_to_arrive_after_midnight():
    """23:30 to 23:50, a change, 0:10 to 0:20, announced as 24:10 of the day before: at the door at 0:23."""
    night = [run([A, B], "23:30 23:50"), run([C, D], "24:10 24:20")]
    timetable, tomorrow = timetable_of(night, 4, days=2), DAY.fromordinal(DAY.toordinal() + 1)
    query = replace(question(ARRIVE_BY, "0:23"), day=tomorrow)
    assert every_minute(timetable, linkage_of(*WALKS, [{}], 4), query).ravel().tolist() == [56 * 60]


def ruled():
    """The lines, with a rule that forbids changing from the first vehicle of A-B to the first of C-D."""
    rule = {"from_stop": B, "to_stop": C, "from_trip": 0, "to_trip": 2, "from_route": NONE, "to_route": NONE}
    columns = {f"transfer_{name}": np.array([value], np.int32) for name, value in rule.items()}
    kind, least_s = np.array([3], np.int8), np.array([-1], np.int32)
    return replace(timetable_of(LINES, 4), transfer_type=kind, transfer_min_s=least_s, **columns)


@pytest.mark.parametrize(
    ("definition", "start", "expected"),
    [(FROM_DEPARTURE, "7:57", 46), (PLANNED, "7:30", 26), (ARRIVE_BY, "8:23", None), (ARRIVE_BY, "8:43", 26)],
)
def test_a_change_that_a_rule_forbids_is_forbidden_by_every_definition(definition, start, expected):
    found = every_minute(ruled(), linkage_of(*WALKS, [{}], 4), question(definition, start))
    assert found.ravel().tolist() == [UNREACHED if expected is None else expected * 60]


@pytest.mark.parametrize(
    ("definition", "start"), [(FROM_DEPARTURE, "7:57"), (PLANNED, "7:55"), (ARRIVE_BY, "8:10")]
)
def test_people_alight_for_good_where_a_rule_names_their_vehicle(definition, start):
    """From A by the vehicle of 8:00, walk included, to B: 13 min; the next one comes beyond the limit."""
    linkage = linkage_of([{A: 120}], {}, [{B: 0}], [{}], 4)
    query = question(definition, start, max_duration_s=1200)
    assert every_minute(ruled(), linkage, query).ravel().tolist() == [13 * 60]


def feeder(times, query, n_targets):
    """Take ways of one place by another mode, in fixed seconds."""
    time_s = np.array(list(times.values()), np.int32)
    target, nothing = np.array(list(times), np.int32), np.zeros(len(times))
    return FeederTable(query, WalkTable(np.array([0, len(times)]), target, nothing, n_targets, 1.0, time_s))


def test_a_bicycle_reaches_stops_that_are_too_far_to_walk_and_walking_stays_possible():
    """C is 10 min away by bicycle: leaving at 8:04 catches its 8:15. On foot A is in time for 8:20."""
    bicycle = replace(walking(), mode="cycle", max_duration_s=1200)
    cycled = feeder({A: 300, C: 600}, bicycle, 4)
    query = question(FROM_DEPARTURE, "8:04", access=bicycle)
    assert minutes(query, access_feeder=cycled) == [19]
    assert minutes(question(FROM_DEPARTURE, "8:04")) == [39]
    slower = feeder({A: 300}, bicycle, 4)
    assert minutes(replace(query, start_s=seconds_from_clock("8:17")), access_feeder=slower) == [26]


def test_a_pick_up_shortens_the_way_from_the_last_stop():
    car = replace(walking(), mode="cycle", max_duration_s=600)
    query = question(ARRIVE_BY, "8:23", egress=car)
    assert minutes(query, egress_feeder=feeder({D: 60}, car, 4)) == [26]
    earlier = replace(query, start_s=seconds_from_clock("8:21"))
    assert minutes(earlier, egress_feeder=feeder({D: 60}, car, 4)) == [24]


def test_a_limit_of_its_own_for_the_walk_to_the_stop_takes_the_place_of_the_common_one():
    short = replace(walking(), max_duration_s=60)
    query = question(FROM_DEPARTURE, "7:55", access=short)
    assert minutes(query, access_feeder=feeder({A: 120}, short, 4)) == [None]


def test_tables_for_another_access_are_refused():
    linkage = linkage_of(*WALKS, [{}], 4)
    query = question(FROM_DEPARTURE, "7:55", access=walking())
    with pytest.raises(ModelError) as caught:
        transit_times(timetable_of(LINES, 4), linkage, query, (("o",), ("d",)))
    assert caught.value.code == "linkage-feeder"


@pytest.mark.parametrize(
    "other", [{"definition": PLANNED}, {"max_rides": 1}, {"max_walk_s": 60}, {"access": walking()}]
)
def test_times_under_unequal_limits_or_definitions_are_not_compared(other):
    query = question(FROM_DEPARTURE, "7:55")
    query.check_comparable(replace(query, start_s=0, n_minutes=90, percentiles=(10, 90)))
    with pytest.raises(ModelError) as caught:
        query.check_comparable(replace(query, **other))
    assert caught.value.code == "times-incomparable"
    assert caught.value.where == next(iter(other))


def test_every_definition_has_words_of_its_own():
    assert len({definition_text(name) for name in (FROM_DEPARTURE, ARRIVE_BY, PLANNED)}) == 3


@pytest.mark.parametrize(
    "wrong", [{"definition": "sometime"}, {"access": replace(walking(), levels=("low",))}]
)
def test_a_question_that_cannot_be_is_refused(wrong):
    with pytest.raises(ModelError):
        question(**({"definition": FROM_DEPARTURE, "start": "8:00"} | wrong))
