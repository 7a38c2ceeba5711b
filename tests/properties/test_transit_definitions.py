"""RULE UNDER TEST: every definition of the travel time is exact, minute by minute and draw by draw.

The twin tries every second of departure. What must hold between answers without knowing them (more service,
more rides, another order of stops) is asked of the whole step, window and percentiles included.
"""

from dataclasses import replace
from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.model.runs import Run
from accessibility.model.transit_query import ARRIVE_BY, DEFINITIONS, FROM_DEPARTURE, PLANNED
from accessibility.transit import drawn_days, transit_times
from accessibility.units import UNREACHED
from tests import naive
from tests.transit_worlds import every_minute, linkage_of, timetable_of, transit_question

EVERY_PERCENTILE = tuple(range(1, 100))


N_STOPS = 5


@st.composite
def runs(draw):
    """One vehicle between minutes 10 and 35 that mostly lets people on and off, possibly in a ring."""
    n_calls = draw(st.integers(2, 4))
    stops = draw(st.lists(st.integers(0, N_STOPS - 1), min_size=n_calls, max_size=n_calls))
    steps = draw(st.lists(st.integers(0, 180), min_size=2 * n_calls, max_size=2 * n_calls))
    clock = draw(st.integers(600, 1500)) + np.cumsum(steps)
    closed = draw(st.sets(st.integers(0, 2 * n_calls - 1), max_size=1))
    flags = np.array([i not in closed for i in range(2 * n_calls)])
    calls = np.array(stops, np.int32), clock[::2].astype(np.int32), clock[1::2].astype(np.int32)
    return Run(draw(st.integers(0, 99)), draw(st.integers(0, 2)), *calls, flags[::2], flags[1::2])


@st.composite
def worlds(draw):
    """Up to ten vehicles, and walks between two origins, the stops and two destinations."""
    lines = draw(st.lists(runs(), min_size=2, max_size=5))
    shifts = [draw(st.lists(st.integers(0, 900).map(np.int32), max_size=1)) for _line in lines]
    copies = [moved(run, shift) for run, some in zip(lines, shifts, strict=True) for shift in some]
    stops = st.integers(0, N_STOPS - 1)
    walks = st.dictionaries(stops, st.integers(0, 200), max_size=3)
    near = st.dictionaries(stops, st.integers(0, 200), min_size=2, max_size=3)
    transfers = {stop: draw(walks) for stop in range(N_STOPS)}
    access, egress = ([draw(near) for _place in range(2)] for _end in range(2))
    direct = [
        draw(st.dictionaries(st.integers(0, 1), st.integers(300, 1200), max_size=1)) for _origin in range(2)
    ]
    return [*lines, *copies], (access, transfers, egress, direct)


def moved(run, shift_s):
    clock = {
        "arrival_s": run.arrival_s + np.int32(shift_s),
        "departure_s": run.departure_s + np.int32(shift_s),
    }
    return replace(run, trip=run.trip + 100, **clock)


def pair_walks(walks, origin, destination):
    access, transfers, egress, direct = walks
    return access[origin], transfers, egress[destination], direct[origin].get(destination)


def answers(world, query, *, bands=()):
    """Whole answer, every percentile: shape ``[2, 2, 99]``."""
    vehicles, walks = world
    timetable, linkage = timetable_of(vehicles, N_STOPS, bands=bands), linkage_of(*walks, N_STOPS)
    asked = replace(query, percentiles=EVERY_PERCENTILE)
    return transit_times(timetable, linkage, asked, (("o0", "o1"), ("d0", "d1"))).duration_s


def question(definition, start_s, **wishes):
    """Ask about the time when vehicles run: latest arrivals lie later than departures."""
    return transit_question(
        definition=definition, start_s=start_s + 600 * (definition == ARRIVE_BY), n_minutes=3, **wishes
    )


questions = st.builds(
    question,
    definition=st.sampled_from(DEFINITIONS),
    start_s=st.integers(500, 1200),
    max_rides=st.integers(1, 3),
    board_slack_s=st.sampled_from([0, 30, 60]),
    max_duration_s=st.integers(300, 1500),
    max_walk_s=st.integers(100, 1200),
)


def within(row, limit_s):
    return {target: walk_s for target, walk_s in row.items() if walk_s <= limit_s}


def limited(walks, limit_s):
    access, transfers, egress, direct = walks
    return (
        [within(row, limit_s) for row in access],
        {stop: within(row, limit_s) for stop, row in transfers.items()},
        [within(row, limit_s) for row in egress],
        [within(row, limit_s) for row in direct],
    )


@settings(max_examples=100, deadline=None)
@given(worlds(), questions)
def test_every_minute_equals_trying_every_second_of_departure(world, query):
    vehicles, walks = world
    timetable, linkage = timetable_of(vehicles, N_STOPS), linkage_of(*walks, N_STOPS)
    found = every_minute(timetable, linkage, query)
    (day,) = drawn_days(timetable, query)
    for i in range(2):
        for j in range(2):
            pair = pair_walks(limited(walks, query.max_walk_s), i, j)
            assert found[i, j].tolist() == naive.durations_by_definition(day, pair, query)


@settings(max_examples=60, deadline=None)
@given(worlds(), questions.map(lambda query: replace(query, n_minutes=7)))
def test_worked_off_at_once_or_each_by_itself_the_answer_is_the_same(world, query):
    with patch("accessibility.transit.FEW_ORIGINS", 0):
        at_once = answers(world, query)
    assert np.array_equal(at_once, answers(world, query))


@settings(max_examples=40, deadline=None)
@given(worlds(), questions, st.integers(500, 1200), st.integers(300, 900), st.integers(60, 600))
def test_minutes_of_every_draw_are_pooled(world, query, start_s, length_s, headway_s):
    query = replace(query, n_draws=2, seed=start_s, n_minutes=2)
    vehicles, walks = world
    bands = [(0, start_s, start_s + length_s, headway_s)]
    timetable = timetable_of(vehicles, N_STOPS, bands=bands)
    pair = pair_walks(limited(walks, query.max_walk_s), 0, 1)
    pooled = [
        duration
        for day in drawn_days(timetable, query)
        for duration in naive.durations_by_definition(day, pair, query)
    ]
    assert len(pooled) == 4
    expected = [naive.percentile(pooled, p) for p in EVERY_PERCENTILE]
    assert answers(world, query, bands=bands)[0, 1].tolist() == expected


@settings(max_examples=60, deadline=None)
@given(worlds(), questions)
def test_a_window_is_its_departures_one_by_one(world, query):
    vehicles, walks = world
    alone = every_minute(timetable_of(vehicles, N_STOPS), linkage_of(*walks, N_STOPS), query)
    ranks = [(p * query.n_minutes + 99) // 100 - 1 for p in EVERY_PERCENTILE]
    assert np.array_equal(answers(world, query), np.sort(alone, axis=2)[:, :, ranks])


@settings(max_examples=60, deadline=None)
@given(worlds(), questions.filter(lambda q: q.definition != PLANNED), runs())
def test_added_service_never_worsens_and_removed_never_improves(world, query, added):
    vehicles, walks = world
    assert np.all(answers(([*vehicles, added], walks), query) <= answers(world, query))


@settings(max_examples=60, deadline=None)
@given(worlds(), questions.filter(lambda q: q.definition != PLANNED), st.integers(1, 3), st.integers(0, 300))
def test_more_rides_longer_walks_and_longer_journeys_never_worsen(world, query, rides, walk_s):
    wider = replace(
        query,
        max_rides=query.max_rides + rides,
        max_walk_s=query.max_walk_s + walk_s,
        max_duration_s=query.max_duration_s + walk_s,
    )
    assert np.all(answers(world, wider) <= answers(world, query))


@settings(max_examples=60, deadline=None)
@given(worlds(), questions)
def test_leaving_later_never_arrives_earlier_and_arriving_later_never_means_leaving_earlier(world, query):
    query = replace(query, definition=ARRIVE_BY if query.definition == ARRIVE_BY else FROM_DEPARTURE)
    vehicles, walks = world
    found = every_minute(timetable_of(vehicles, N_STOPS), linkage_of(*walks, N_STOPS), query).astype(np.int64)
    minute_s = query.start_s + 60 * np.arange(query.n_minutes)
    sign = -1 if query.definition == ARRIVE_BY else 1
    moment_s = minute_s + sign * found
    later = np.diff(moment_s, axis=2)
    both = (found[:, :, 1:] != UNREACHED) & (found[:, :, :-1] != UNREACHED)
    assert np.all(later[both] >= 0)


@settings(max_examples=60, deadline=None)
@given(worlds(), questions)
def test_who_plans_arrives_no_later_and_is_never_longer_on_the_way(world, query):
    planned = answers(world, replace(query, definition=PLANNED))
    waiting = answers(world, replace(query, definition=FROM_DEPARTURE))
    assert np.all(planned <= waiting)
    assert np.array_equal(planned == UNREACHED, waiting == UNREACHED)


@settings(max_examples=40, deadline=None)
@given(worlds(), questions)
def test_without_service_everybody_walks(world, query):
    vehicles, walks = world
    found = answers(([moved(run, 50_000) for run in vehicles], walks), query)
    for i in range(2):
        for j in range(2):
            walk_s = walks[3][i].get(j, UNREACHED)
            limit_s = min(query.max_walk_s, query.max_duration_s)
            assert set(found[i, j].tolist()) == {walk_s if walk_s <= limit_s else UNREACHED}


@settings(max_examples=40, deadline=None)
@given(worlds(), questions, st.permutations(range(N_STOPS)), st.randoms(use_true_random=False))
def test_the_order_of_stops_trips_and_routes_changes_nothing(world, query, order, random):
    vehicles, (access, transfers, egress, direct) = world
    shuffled = [
        replace(run, stop=np.array(order, np.int32)[run.stop], route=2 - run.route) for run in vehicles
    ]
    random.shuffle(shuffled)

    def renamed(row):
        return {order[stop]: walk_s for stop, walk_s in row.items()}

    walks = (
        [renamed(row) for row in access],
        {order[stop]: renamed(row) for stop, row in transfers.items()},
        [renamed(row) for row in egress],
        direct,
    )
    assert np.array_equal(answers((shuffled, walks), query), answers(world, query))


@settings(max_examples=40, deadline=None)
@given(worlds(), questions)
def test_a_shift_of_the_clock_changes_nothing(world, query):
    """Everything 24 hours later on the same service day: a window past midnight, trips of 24:00 and more."""
    vehicles, walks = world
    late = [moved(run, 86_400) for run in vehicles]
    found = answers((late, walks), replace(query, start_s=query.start_s + 86_400))
    assert np.array_equal(found, answers(world, query))
