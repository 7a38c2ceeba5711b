"""The n-th nearest of a set of places for every minute, by every definition of the travel time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.onward import last_departures
from accessibility.kernels.ranked import BY_ARRIVAL, BY_DEPARTURE, BY_TIMETABLE, keep_nearest
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks, rows_of
from accessibility.model.transfer_rules import Walks
from accessibility.model.transit_query import ARRIVE_BY, FROM_DEPARTURE, PLANNED, TransitQuery
from accessibility.threads import in_parallel
from accessibility.transitwork.onward import fill_arrivals, times_type
from accessibility.transitwork.ride_events import Changes, RideEvents, ride_events

Keys = NDArray[np.int64]

UNREACHED_VALUE = np.iinfo(np.int64).max

SIDE_BY_SIDE = 32
"""Members whose arrivals are worked out together."""

_DEFINITIONS = {FROM_DEPARTURE: BY_DEPARTURE, ARRIVE_BY: BY_ARRIVAL, PLANNED: BY_TIMETABLE}


@dataclass(frozen=True, eq=False)
class _Ranking:
    """Everything a block of members of one draw needs."""

    rank: int
    query: TransitQuery
    rides: RideEvents
    changes: Changes
    choices: Walks
    step_s: int
    egress: Walks
    direct: Walks
    member_of: NDArray[np.int64]

    @property
    def span_s(self) -> int:
        """Give more than any arrival, counted from the first departure that counts."""
        return self.rides.until_s - self.rides.from_s + 1

    def keys(self, block: range) -> Keys:
        """Give the keys of the nearest of a block of members, shape ``[n_origins, n_minutes, rank]``."""
        query = self.query
        before, now = (
            np.empty((self.rides.n_events, len(block)), times_type(self.span_s)) for _table in range(2)
        )
        fill_arrivals(self.rides, self.changes, self.egress, block, query.max_rides, (before, now))
        best = np.empty((len(self.direct[0]) - 1, query.n_minutes, self.rank), np.int64)
        limits = self.step_s, query.max_duration_s, self.span_s, len(self.egress[0]) - 1
        keep_nearest(
            now, self.choices, self.direct, self.member_of, np.arange(block.start, block.stop),
            _DEFINITIONS[query.definition], query.start_s - self.rides.from_s, limits, best,
        )  # fmt: skip
        return best


def values_at_rank(
    rank: int,
    days: Sequence[ServiceDay],
    walks: TimedWalks,
    members: NDArray[np.intp],
    query: TransitQuery,
) -> NDArray[np.int64]:
    """
    Find the n-th nearest of a set from every origin, for every minute of every draw.

    Parameters
    ----------
    rank
        1 for the nearest.
    days
        The service day, once per draw.
    walks
        Walks in seconds, to clones too.
    members
        Places of the set, each once.
    query
        Window and limits; any definition.

    Returns
    -------
    values
        ``duration_s * n_members + member``, shape ``[n_origins, n_draws * n_minutes]``; the largest int64
        where fewer are reached. Of members equally near the one reached earlier counts, then the first one.
    """
    n_members, n_minutes = len(members), query.n_minutes
    member_of = np.full(len(walks.egress[0]) - 1, -1)
    member_of[members] = np.arange(n_members)
    blocks = [range(i, min(i + SIDE_BY_SIDE, n_members)) for i in range(0, n_members, SIDE_BY_SIDE)]
    values = np.empty((len(walks.access[0]) - 1, len(days) * n_minutes), np.int64)
    for draw, day in enumerate(days):
        ranking = _ranking(rank, day, walks, query, (rows_of(walks.egress, members), member_of))
        best = np.empty((*values.shape[:1], n_minutes, 0), np.int64)
        for keys in in_parallel(ranking.keys, blocks):
            best = np.sort(np.concatenate([best, keys], axis=2), axis=2)[:, :, :rank]
        key = best[:, :, -1]
        duration_s, member = key // n_members // ranking.span_s, key % n_members
        values[:, draw * n_minutes : (draw + 1) * n_minutes] = np.where(
            key == UNREACHED_VALUE, UNREACHED_VALUE, duration_s * n_members + member
        )
    return values


def _ranking(
    rank: int,
    day: ServiceDay,
    walks: TimedWalks,
    query: TransitQuery,
    members: tuple[Walks, NDArray[np.int64]],
) -> _Ranking:
    """Work out what all members have in common on one draw of the day."""
    rides = ride_events(day, query)
    egress, member_of = members
    step_s = 60 if query.definition == FROM_DEPARTURE else 1
    n_moments = query.n_minutes if step_s == 60 else rides.until_s - rides.from_s + 1
    choices = last_departures(
        rides.runs, rides.pattern_of, rides.boardings(walks.access),
        rides.from_s, n_moments, query.board_slack_s, step_s,
    )  # fmt: skip
    changes = rides.changes(walks.transfers, query)
    return _Ranking(rank, query, rides, changes, choices, step_s, egress, walks.direct, member_of)
