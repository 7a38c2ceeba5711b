"""Before and after: classes by hand, costs by hand, untouched origins equal to computing everything anew."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.measures.ranking import on_front
from accessibility.measures.service_cost import line_costs
from accessibility.model.comparison import ChangeTable, CompareSettings
from accessibility.model.line_changes import AddLine, Headway, RemoveLine
from accessibility.model.runs import Run
from accessibility.model.scenario import Scenario
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios import apply_scenario
from accessibility.studies.comparing.touched import Side, touched_origins
from accessibility.transit import drawn_days, timed_walks, transit_times
from accessibility.transit_journeys import JourneySearch
from accessibility.transit_nearest import nearest_times
from accessibility.units import UNREACHED
from tests.transit_worlds import DAY, linkage_of, timetable_of, transit_question

LIMITS = {"layover_share": 0.1, "layover_least": 5.0}


def ride(stops, times_s):
    """A run that boards and alights everywhere and never dwells."""
    times_s, everywhere = np.array(times_s, np.int32), np.ones(len(stops), bool)
    return Run(0, 0, np.array(stops, np.int32), times_s, times_s, everywhere, everywhere)


REST = {"suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much], "deadline": None}


def test_an_origin_gains_or_loses_by_more_than_a_minute_and_is_told_where_it_is_reached_or_lost():
    nan = np.nan
    table = ChangeTable(
        "school",
        tuple("abcdefg"),
        np.array([600.0, 600, 600, 600, nan, 600, nan]),
        np.array([600.0, 660, 661, 539, 600, nan, nan]),
        np.array([0, 0, 0, 0, 5, 0, 5]),
        np.array([0, 0, 0, 0, 0, 5, 5]),
    )
    assert table.classes.tolist() == [0, 0, 2, 1, 3, 4, 5]
    assert [table.origin_ids[i] for i in table.worst] == ["f", "c"]
    assert table.change_s[2] == 61
    assert np.isnan(table.change_s[4])


def test_a_row_without_a_value_needs_a_reason():
    nothing, no_reason = np.array([np.nan]), np.zeros(1, np.int8)
    with pytest.raises(ModelError, match="value or a reason"):
        ChangeTable("school", ("a",), nothing, nothing, no_reason, no_reason)


def test_a_percentile_lies_between_1_and_99():
    with pytest.raises(ModelError) as told:
        CompareSettings(date(2021, 5, 21), "peak", percentile=0)
    assert told.value.code == "query-percentile"


def test_a_line_every_ten_minutes_for_an_hour_costs_what_the_hand_counts():
    # 20 min from end to end, 5 min rest (10 % are 2): 25 min, every 10 min, so 2.5 vehicles a direction.
    before = timetable_of([ride([0, 1], [0, 600])], 3)
    head = (Headway("daily", 7 * 3600, 8 * 3600, 600),)
    scenario = Scenario("new", (AddLine("P1", ("s1", "s2"), hop_s=(1200,), dwell_s=(0, 0), headways=head),))
    after = apply_scenario(TransportNetwork(before), scenario, default_dwell_s=20).timetable
    after = replace(after, stop_lon=np.array([121.0, 121.0, 121.01]), stop_lat=np.full(3, 31.0))
    (cost,) = line_costs(after, before, DAY, LIMITS)
    assert (cost.route, cost.direction, cost.n_trips) == ("P1", 0, 6)
    assert (cost.run_s, cost.layover_s, cost.vehicles_cycle) == (1200, 300, 2.5)
    assert cost.length_m == pytest.approx(955, abs=1)
    assert cost.drawn_straight
    assert cost.vehicle_hours == pytest.approx(6 * 25 / 60)
    assert cost.vehicle_km == pytest.approx(6 * 0.955, abs=0.01)
    assert cost.vehicles_blocks is None
    assert line_costs(before, after, DAY, LIMITS) == ()


N_STOPS = 5


@st.composite
def worlds(draw):
    """A few runs between 5 stops, some repeated at random, and walks of 4 people to 1-3 places."""
    runs, order = [], st.permutations(range(N_STOPS))
    for number in range(draw(st.integers(1, 5))):
        stops = draw(order)[: draw(st.integers(2, N_STOPS))]
        first_s, hops = draw(st.integers(0, 1500)), [draw(st.integers(10, 300)) for _ in stops[1:]]
        runs.append(replace(ride(stops, np.cumsum([first_s, *hops])), route=number % 3, trip=number))
    bands = [(trip, 0, 1800, draw(st.integers(60, 700))) for trip in draw(st.sets(st.integers(0, 0)))]
    seconds, stop = st.integers(0, 400), st.integers(0, N_STOPS - 1)
    access = draw(st.lists(st.dictionaries(stop, seconds, max_size=2), min_size=4, max_size=4))
    egress = draw(st.lists(st.dictionaries(stop, seconds, max_size=2), min_size=1, max_size=3))
    walks = {s: {s: 0} | draw(st.dictionaries(stop, st.integers(1, 400), max_size=1)) for s in range(N_STOPS)}
    for s, row in walks.items():
        row[s] = 0
    linkage = linkage_of(access, walks, egress, [{} for _ in access], N_STOPS)
    return timetable_of(runs, N_STOPS, bands=bands), linkage


@st.composite
def added_lines(draw):
    ids = [f"s{i}" for i in range(N_STOPS)]
    stops = tuple(draw(st.lists(st.sampled_from(ids), min_size=2, max_size=3, unique=True)))
    hop_s = tuple(draw(st.integers(30, 400)) for _ in stops[1:])
    head = (Headway("daily", 0, 3600, draw(st.integers(60, 1200))),)
    return AddLine("new", stops, hop_s=hop_s, dwell_s=(0,) * len(stops), both_ways=True, headways=head)


def changed(timetable, modification):
    scenario = Scenario("x", (modification,))
    return apply_scenario(TransportNetwork(timetable), scenario, default_dwell_s=0).timetable


def _asked(timetable, linkage, query):
    return Side(drawn_days(timetable, query), timed_walks(timetable, linkage, query))


@settings(max_examples=100, **REST)
@given(worlds(), st.one_of(added_lines(), st.just(RemoveLine("r0"))), st.integers(0, 1500))
def test_an_origin_that_counts_as_untouched_has_the_answer_of_a_full_rerun(world, change, start_s):
    timetable, linkage = world
    query = transit_question(start_s=start_s, n_draws=2, max_duration_s=1500)
    members = list(range(len(linkage.egress)))
    ids = tuple(f"o{i}" for i in range(4)), tuple(f"d{i}" for i in members)
    sides = [_asked(one, linkage, query) for one in (timetable, changed(timetable, change))]
    (old,), (new,) = (nearest_times(side.days, side.walks, linkage, query, ids, [members]) for side in sides)
    longest_s = np.where(old.minute_s == UNREACHED, query.max_duration_s, old.minute_s).max(axis=1)
    rows = touched_origins(*sides, query)(longest_s, members)
    for name in ("duration_s", "reason"):
        assert np.array_equal(getattr(old, name)[~rows], getattr(new, name)[~rows])


@settings(max_examples=60, **REST)
@given(worlds(), added_lines(), st.integers(0, 1500))
def test_an_added_line_never_lengthens_a_journey(world, added, start_s):
    timetable, linkage = world
    query = transit_question(start_s=start_s, n_draws=2, percentiles=(10, 50, 90), max_duration_s=1500)
    ids = tuple(f"o{i}" for i in range(4)), tuple(f"d{i}" for i in range(len(linkage.egress)))
    before_s, after_s = (
        transit_times(one, linkage, query, ids).duration_s for one in (timetable, changed(timetable, added))
    )
    assert np.all(after_s <= before_s)


def test_nobody_is_touched_by_a_line_that_no_origin_reaches_in_time():
    # o0 walks to s0 and rides to s1 in 10 min; the new line runs between s2 and s3, which nobody walks to.
    timetable = timetable_of([ride([0, 1], [600 + 60 * m, 1200 + 60 * m]) for m in range(1)], 4)
    added = AddLine("far", ("s2", "s3"), hop_s=(60,), dwell_s=(0, 0),
                    headways=(Headway("daily", 0, 7200, 300),))  # fmt: skip
    after = changed(timetable, added)
    linkage = linkage_of([{0: 0}], {s: {s: 0} for s in range(4)}, [{1: 0}], [{}], 4)
    query = transit_question(start_s=540, n_minutes=1)
    sides = [_asked(one, linkage, query) for one in (timetable, after)]
    assert touched_origins(*sides, query)(np.array([900]), [0]).tolist() == [False]
    near = replace(added, stops=("s0", "s1"))
    sides[1] = _asked(changed(timetable, near), linkage, query)
    assert touched_origins(*sides, query)(np.array([900]), [0]).tolist() == [True]


def test_a_scenario_is_on_the_front_unless_another_saves_as_much_for_less_or_more_for_as_little():
    saved, hours = [10.0, 10.0, 20.0, 5.0, 20.0], [1.0, 2.0, 3.0, 1.0, 3.0]
    assert [on_front(i, saved, hours) for i in range(5)] == [True, False, True, False, True]


@settings(max_examples=60, **REST)
@given(worlds(), st.integers(0, 1500))
def test_the_way_behind_a_known_duration_is_the_one_that_the_percentile_finds(world, start_s):
    timetable, linkage = world
    query = transit_question(start_s=start_s, n_draws=2, percentiles=(10, 50, 90), max_duration_s=1500)
    search = JourneySearch(drawn_days(timetable, query), timed_walks(timetable, linkage, query), query)
    goals = list(range(len(linkage.egress)))
    for origin in range(4):
        for goal, ways in zip(goals, search.ways(origin, goals), strict=True):
            for way in ways:
                if way is not None:
                    departure = (way.draw, way.minute)
                    assert search.way_of(origin, goal, departure, way.duration_s) == way
