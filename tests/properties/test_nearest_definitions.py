"""RULE UNDER TEST: the nearest and second nearest of a set are those of the times to its members alone.

On every minute and by every definition of the travel time. The twin tries every second of departure to every
member; of members equally near the one reached earlier counts, then the first one.
"""

from dataclasses import replace
from datetime import timedelta

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from accessibility.model.nearest_times import NOBODY
from accessibility.model.runs import DAY_S
from accessibility.model.transit_query import ARRIVE_BY, PLANNED
from accessibility.transit import drawn_days, search_query, timed_walks
from accessibility.transit_nearest import nearest_times
from accessibility.transitwork.nearest import backward_walks, values_of_nearest
from accessibility.transitwork.ranked import values_at_rank
from accessibility.units import UNREACHED
from tests import naive
from tests.properties.test_transit_definitions import N_STOPS, limited, moved, pair_walks, questions, worlds
from tests.transit_worlds import linkage_of, timetable_of

IDS = ("o0", "o1"), ("d0", "d1")


def asked(world, query):
    """Days, walks, linkage and query, as a question makes them."""
    vehicles, walks = world
    timetable, linkage = timetable_of(vehicles, N_STOPS), linkage_of(*walks, N_STOPS)
    query = search_query(timetable, query)
    return drawn_days(timetable, query), timed_walks(timetable, linkage, query), linkage, query


@settings(max_examples=200, deadline=None)
@given(worlds(), questions, st.sampled_from([(0, 1), (1, 0), (1,)]), st.integers(1, 2))
def test_every_minute_is_the_smallest_of_the_times_to_the_members(world, query, members, rank):
    days, walks, linkage, query = asked(world, query)
    (found,) = nearest_times(days, walks, linkage, query, IDS, [members], rank=rank)
    for origin in range(2):
        by_member = [
            naive.durations_by_definition(
                days[0], pair_walks(limited(world[1], query.max_walk_s), origin, member), query
            )
            for member in members
        ]
        for minute, durations in enumerate(zip(*by_member, strict=True)):
            reached = sorted(duration for duration in durations if duration != UNREACHED)
            expected = reached[rank - 1] if len(reached) >= rank else UNREACHED
            assert found.minute_s[origin, minute] == expected
            who = found.minute_member[origin, minute]
            assert who == NOBODY if expected == UNREACHED else durations[who] == expected


@settings(max_examples=200, deadline=None)
@given(worlds(), questions.filter(lambda q: q.definition != PLANNED), st.permutations(range(2)))
def test_one_search_backward_names_the_members_that_single_searches_name(world, query, members):
    days, walks, _linkage, query = asked(world, query)
    walks, members = backward_walks(days[0], walks), np.array(members)
    backward = values_of_nearest(days, walks, members, query)
    assert np.array_equal(backward, values_at_rank(1, days, walks, members, query))


@settings(max_examples=100, deadline=None)
@given(worlds(), questions)
def test_the_first_and_the_second_nearest_are_two(world, query):
    days, walks, linkage, query = asked(world, query)
    first, second = (
        nearest_times(days, walks, linkage, query, IDS, [(0, 1)], rank=rank)[0] for rank in (1, 2)
    )
    both = second.minute_member != NOBODY
    assert np.all(first.minute_member[both] + second.minute_member[both] == 1)
    assert np.all(first.minute_s[both] <= second.minute_s[both])


@settings(max_examples=60, deadline=None)
@given(worlds(), questions.filter(lambda q: q.definition == ARRIVE_BY))
def test_who_has_to_leave_before_midnight_is_found_there(world, query):
    """Everything moved on until midnight lies before the arrivals: the same answer, asked on the next day."""
    vehicles, walks = world
    later_s = DAY_S - 700
    late = [moved(run, later_s) for run in vehicles]
    timetable, linkage = timetable_of(late, N_STOPS, days=2), linkage_of(*walks, N_STOPS)
    asked_late = replace(query, day=query.day + timedelta(days=1), start_s=query.start_s - 700)
    assume(asked_late.start_s < query.max_duration_s)
    shifted = search_query(timetable, asked_late)
    assert shifted.day == query.day
    days, timed = drawn_days(timetable, shifted), timed_walks(timetable, linkage, shifted)
    days_before, walks_before, linkage, query = asked(world, query)
    for rank in (1, 2):
        (found,) = nearest_times(days, timed, linkage, shifted, IDS, [(0, 1)], rank=rank)
        (same,) = nearest_times(days_before, walks_before, linkage, query, IDS, [(0, 1)], rank=rank)
        assert np.array_equal(found.minute_s, same.minute_s)
        assert np.array_equal(found.minute_member, same.minute_member)
