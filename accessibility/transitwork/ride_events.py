"""The rides of one day that matter to a query, ready for the kernels."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.events import Runs, boardings, changes, kept_runs
from accessibility.model.service_day import ServiceDay
from accessibility.model.transfer_rules import Walks
from accessibility.model.transit_query import ARRIVE_BY, TransitQuery
from accessibility.threads import in_parallel, thread_count

Changes = tuple[NDArray[np.int64], NDArray[np.int32]]
"""Changes by event: offsets, events boarded."""


class RideEvents(NamedTuple):
    """
    Runs of a day between the first departure and the last arrival that count, numbered as events.

    Parameters
    ----------
    day
        Where stops are served.
    runs
        What the kernels read.
    pattern_of
        Pattern of every position.
    from_s, until_s
        First departure and last arrival (s) that count.
    """

    day: ServiceDay
    runs: Runs
    pattern_of: NDArray[np.int32]
    from_s: int
    until_s: int

    @property
    def n_events(self) -> int:
        """Count the events."""
        return int(self.runs.event_offset[-1])

    def boardings(self, walks: Walks) -> Walks:
        """Give positions where it pays to board, and seconds of walking there, from every row of `walks`."""
        day = self.day
        found: Walks = boardings(self.runs, day.at_offset, day.at_pattern, day.at_position, *walks)
        return found

    def changes(self, transfers: Walks, query: TransitQuery) -> Changes:
        """Give the changes that can pay: offsets by event, and events boarded; none where one ride is all."""
        if query.max_rides == 1:
            return np.zeros(self.n_events + 1, np.int64), np.empty(0, np.int32)
        board = self.boardings(transfers)
        limits = self.day.n_stops, self.from_s, self.until_s, query.board_slack_s

        def from_patterns(block: tuple[int, int]) -> Changes:
            found: Changes = changes(self.runs, self.pattern_of, board, block, *limits)
            return found

        parts = list(in_parallel(from_patterns, self._pattern_blocks()))
        n_before = np.cumsum([0, *(len(target) for _, target in parts)])
        offsets = [offset[1:] + n for (offset, _), n in zip(parts, n_before[:-1], strict=True)]
        return (
            np.concatenate([np.zeros(1, np.int64), *offsets]),
            np.concatenate([np.empty(0, np.int32), *(target for _, target in parts)]),
        )

    def _pattern_blocks(self) -> list[tuple[int, int]]:
        """Divide the patterns into blocks of about as many events."""
        shares = np.linspace(0, self.n_events, 4 * thread_count() + 1)
        edges = np.unique([0, *np.searchsorted(self.runs.event_offset, shares), self.day.n_patterns])
        return list(pairwise(edges.tolist()))


def ride_events(day: ServiceDay, query: TransitQuery) -> RideEvents:
    """
    Choose the rides of a day that somebody who leaves, or arrives, within the window can use.

    Parameters
    ----------
    day
        All rides.
    query
        Window, longest duration, and which of the two the window means.

    Returns
    -------
    ride_events
        The rides as events.
    """
    from_s, until_s = time_span(query)
    kept = kept_runs(day.pattern_offset, day.time_offset, day.departure_s, from_s, until_s)
    runs = Runs(
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight,
        day.time_offset, day.arrival_s, day.departure_s, *kept,
    )  # fmt: skip
    pattern_of = np.repeat(np.arange(day.n_patterns, dtype=np.int32), np.diff(day.pattern_offset))
    return RideEvents(day, runs, pattern_of, from_s, until_s)


def time_span(query: TransitQuery) -> tuple[int, int]:
    """Give the first departure and the last arrival (s) that count: people may be under way between them."""
    last_s = query.start_s + 60 * (query.n_minutes - 1)
    if query.definition == ARRIVE_BY:
        return query.start_s - query.max_duration_s, last_s
    return query.start_s, last_s + query.max_duration_s


def served(days: Sequence[ServiceDay], query: TransitQuery) -> bool:
    """Say whether anything departs while people of a query may be under way."""
    from_s, until_s = time_span(query)
    return any(np.any((day.departure_s >= from_s) & (day.departure_s < until_s + 60)) for day in days)
