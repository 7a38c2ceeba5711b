"""Travel times between many origins and many places: everything they share is worked out once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.onward import durations_between, last_departures, sorting_network
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transfer_rules import Walks
from accessibility.model.transit_query import TransitQuery
from accessibility.transitwork.clones import with_clones
from accessibility.transitwork.onward import fill_arrivals, times_type
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
        return times_type(60 * self.query.n_minutes + self.query.max_duration_s)

    def _onward(self, block: range) -> NDArray[np.signedinteger]:
        """Give the earliest arrivals at a block of places from the events of all draws."""
        begin = 0
        arrivals_s = np.empty((self.n_events, len(block)), self._times())
        before_s = np.empty_like(arrivals_s)
        for rides, change in self.draws:
            some = slice(begin, begin + rides.n_events)
            fill_arrivals(
                rides, change, self.egress, block, self.query.max_rides, (before_s[some], arrivals_s[some])
            )
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
