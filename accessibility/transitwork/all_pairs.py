"""Travel times between many origins and many places: everything they share is worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.onward import (
    arrivals_onward,
    durations_between,
    last_departures,
    sorting_network,
)
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transfer_rules import Walks
from accessibility.model.transit_query import TransitQuery
from accessibility.transitwork.clones import with_clones
from accessibility.transitwork.ride_events import Changes, RideEvents, ride_events

MOST_PLACES = 64
"""Places side by side: enough to fill the registers; more are hardly quicker and take more memory."""

TABLE_BYTES = 64_000_000
"""Bytes of one table of arrivals: with many draws fewer places are taken at a time."""


@dataclass(frozen=True, eq=False)
class AllPairs:
    """
    Everything that blocks of places need, so that a worker is sent it once.

    Parameters
    ----------
    query
        Window, percentiles, limits.
    draws
        Rides of every draw, and the changes between them.
    choices
        Offsets by draw and origin, minutes and events that origins can board.
    egress
        Walks (s) by place, from stops.
    direct
        Walks (s) by origin, all the way.
    """

    query: TransitQuery
    draws: tuple[tuple[RideEvents, Changes], ...]
    choices: Walks
    egress: Walks
    direct: Walks

    @property
    def n_events(self) -> int:
        """Count the events of all draws."""
        return sum(rides.n_events for rides, _ in self.draws)

    def blocks(self) -> list[range]:
        """Divide the places into blocks that are worked off together."""
        n_places, row_bytes = len(self.egress[0]) - 1, max(1, self.n_events * self._times().itemsize)
        size = int(np.clip(TABLE_BYTES // row_bytes, 8, MOST_PLACES))
        return [range(i, min(i + size, n_places)) for i in range(0, n_places, size)]

    def answer(self, block: range) -> NDArray[np.int32]:
        """Give durations (s) to a block of places, shape ``[n_origins, n_places, n_levels]``."""
        query, n_pooled = self.query, self.query.n_minutes * len(self.draws)
        ranks = np.array([(p * n_pooled + 99) // 100 - 1 for p in query.percentiles])
        durations_s = np.empty((len(self.direct[0]) - 1, len(block), len(ranks)), np.int32)
        rows = np.empty((n_pooled + 2, len(block)), self._times())
        durations_between(
            self._onward(block), self.choices, self.direct, (block.start, block.stop), len(self.draws),
            query.max_duration_s, sorting_network(n_pooled), ranks, rows, durations_s,
        )  # fmt: skip
        return durations_s

    def _times(self) -> np.dtype[np.signedinteger]:
        """Choose the smallest type that holds every time of the query."""
        longest_s = 60 * self.query.n_minutes + self.query.max_duration_s
        return np.dtype(np.int16 if longest_s < np.iinfo(np.int16).max else np.int32)

    def _onward(self, block: range) -> NDArray[np.signedinteger]:
        """Give the earliest arrivals at a block of places from the events of all draws."""
        query, begin = self.query, 0
        arrivals_s = np.empty((self.n_events, len(block)), self._times())
        before_s = np.empty_like(arrivals_s)
        for rides, change in self.draws:
            some = slice(begin, begin + rides.n_events)
            now, before = arrivals_s[some], before_s[some]
            egress = _by_stop(self.egress, block, rides.day.n_stops)
            limits = (query.start_s, rides.until_s)
            arrivals_onward(rides.runs, *change, *egress, *limits, before[:0], now)
            for _more in range(query.max_rides - 1):
                before[:] = now
                arrivals_onward(rides.runs, *change, *egress, *limits, before, now)
                if np.array_equal(now, before):
                    break
            begin = some.stop
        return arrivals_s


def all_pairs(
    days: Sequence[ServiceDay],
    walks: TimedWalks,
    origins: slice,
    query: TransitQuery,
) -> AllPairs:
    """
    Work out what all pairs share.

    Parameters
    ----------
    days
        The service day, once per draw.
    walks
        Walks in seconds.
    origins
        The origins to work off together.
    query
        Window, percentiles, limits.

    Returns
    -------
    all_pairs
        Answers blocks of places.
    """
    access = with_clones(days[0], _rows(walks.access, origins))
    egress, direct = with_clones(days[0], walks.egress), _rows(walks.direct, origins)
    draws, offsets, minutes, events, begin = [], [np.zeros(1, np.int64)], [], [], 0
    for day in days:
        rides = ride_events(day, query)
        draws.append((rides, rides.changes(walks.transfers, query)))
        offset, minute, event = last_departures(
            rides.runs, rides.pattern_of, rides.boardings(access),
            query.start_s, query.n_minutes, query.board_slack_s,
        )  # fmt: skip
        offsets.append(offset[1:] + offsets[-1][-1])
        minutes.append(minute)
        events.append(event + np.int32(begin))
        begin += rides.n_events
    choices = np.concatenate(offsets), np.concatenate(minutes), np.concatenate(events)
    return AllPairs(query, tuple(draws), choices, egress, direct)


def _rows(walks: Walks, some: slice) -> Walks:
    """Take a run of rows."""
    offset, target, walk_s = walks
    offset = offset[some.start : some.stop + 1]
    part = slice(offset[0], offset[-1])
    return offset - offset[0], target[part], walk_s[part]


def _by_stop(egress: Walks, block: range, n_stops: int) -> Walks:
    """Turn walks to a block of places round: by stop, places counted from the first of the block."""
    offset, stop, walk_s = egress
    some = slice(offset[block.start], offset[block.stop])
    place = np.repeat(np.arange(len(block), dtype=np.int32), np.diff(offset[block.start : block.stop + 1]))
    order = np.argsort(stop[some], kind="stable")
    by_stop = np.zeros(n_stops + 1, np.int64)
    np.cumsum(np.bincount(stop[some], minlength=n_stops), out=by_stop[1:])
    return by_stop, place[order], walk_s[some][order]
