"""RULE UNDER TEST: an answer for all origins at once, or backward from a set, is that of each by itself.

By itself means: trying every run from every call, minute by minute, from each origin.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.kernels.onward import sorting_network
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transit_query import TransitQuery
from accessibility.transitwork.all_pairs import all_pairs
from accessibility.transitwork.nearest import backward_walks, values_of_nearest
from accessibility.transitwork.ranked import UNREACHED_VALUE, values_at_rank
from accessibility.units import UNREACHED
from tests import naive
from tests.properties.test_transit import N_STOPS, worlds
from tests.timetables import DAY

N_PLACES, N_MINUTES = 3, 12


def table(rows):
    """Dictionaries {target: seconds} as walks in seconds."""
    offset = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    target = np.array([to for row in rows for to in sorted(row)], np.int32)
    return offset, target, np.array([row[to] for row in rows for to in sorted(row)], np.int32)


def timed(transfers, access, egress, direct):
    between = table([transfers[stop] for stop in range(N_STOPS)])
    return TimedWalks(table(access), between, between[2], table(egress), table(direct))


def some_walks(most, longest_s=600):
    return st.dictionaries(st.integers(0, most - 1), st.integers(0, longest_s), max_size=3)


@st.composite
def questions(draw):
    """One or two draws of a day, one table of transfers, some origins and places, and a query."""
    days = [draw(worlds()) for _ in range(draw(st.integers(1, 2)))]
    slack_s = draw(st.sampled_from([0, 30, 60]))
    sooner_s = draw(st.sampled_from([0, slack_s]))  # a guaranteed change needs no slack: walks below zero
    transfers = {stop: {to: s - sooner_s for to, s in row.items()} for stop, row in days[0][1].items()}
    access = [days[0][2], *draw(st.lists(some_walks(N_STOPS), max_size=2))]
    egress = [draw(some_walks(N_STOPS)) for _ in range(N_PLACES)]
    direct = [draw(some_walks(N_PLACES, 1500)) for _ in access]
    query = TransitQuery(
        day=DAY,
        start_s=draw(st.sampled_from([0, 300])),
        n_minutes=N_MINUTES,
        percentiles=(1, 25, 50, 99),
        max_rides=draw(st.integers(1, 4)),
        walk_mps=1.0,
        max_walk_s=1500,
        max_duration_s=draw(st.one_of(st.integers(60, 3000), st.just(40_000))),
        board_slack_s=slack_s,
    )
    return [day for day, _, _ in days], transfers, access, egress, direct, query


def durations_of(days, transfers, access, egress, direct_s, query):
    """Duration of every minute of every draw at one place, by the slow twins."""
    durations = []
    for day in days:
        arrivals = [
            naive.arrivals_by_vehicle(
                day, transfers, access, leave_s=query.start_s + 60 * minute, max_rides=query.max_rides,
                slack_s=query.board_slack_s, max_duration_s=query.max_duration_s,
            )
            for minute in range(query.n_minutes)
        ]  # fmt: skip
        by_stop = [[best.get(stop, UNREACHED) for best in arrivals] for stop in range(N_STOPS)]
        durations += naive.durations_at(by_stop, query.start_s, egress, direct_s, query.max_duration_s)
    return durations


@settings(max_examples=300, deadline=None)
@given(questions())
def test_percentiles_between_all_pairs_are_those_of_every_pair_by_itself(question):
    days, transfers, access, egress, direct, query = question
    walks = timed(transfers, access, egress, direct)
    pairs = all_pairs(days, walks, slice(0, len(access)), query)
    found = np.concatenate([pairs.answer(range(0, 2)), pairs.answer(range(2, 3))], axis=1)
    for origin in range(len(access)):
        for place in range(N_PLACES):
            direct_s = direct[origin].get(place, UNREACHED)
            durations = durations_of(days, transfers, access[origin], egress[place], direct_s, query)
            expected = [naive.percentile(durations, p) for p in query.percentiles]
            assert found[origin, place].tolist() == expected


@settings(max_examples=300, deadline=None)
@given(questions(), st.permutations(range(N_PLACES)), st.integers(1, N_PLACES), st.integers(1, 2))
def test_the_nearest_of_a_set_is_the_smallest_time_to_its_members_on_every_minute(
    question, order, size, rank
):
    days, transfers, access, egress, direct, query = question
    members = order[:size]
    walks = backward_walks(days[0], timed(transfers, access, egress, direct))
    found = values_at_rank(rank, days, walks, np.array(members), query)
    if rank == 1:
        assert np.array_equal(values_of_nearest(days, walks, np.array(members), query), found)
    for origin in range(len(access)):
        to_members = [
            durations_of(
                days, transfers, access[origin], egress[place], direct[origin].get(place, UNREACHED), query
            )
            for place in members
        ]
        for minute, ways in enumerate(zip(*to_members, strict=True)):
            ordered = sorted((duration, member) for member, duration in enumerate(ways))
            best, member = ordered[rank - 1] if rank <= size else (UNREACHED, 0)
            expected = best * size + member if best < UNREACHED else UNREACHED_VALUE
            assert found[origin, minute] == expected


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 70), st.randoms(use_true_random=False))
def test_the_network_sorts_any_number_of_rows(n_rows, random):
    rows = [random.randrange(10) for _ in range(n_rows)]
    ordered = sorted(rows)
    for low, high in sorting_network(n_rows).tolist():
        rows[low], rows[high] = min(rows[low], rows[high]), max(rows[low], rows[high])
    assert rows == ordered
