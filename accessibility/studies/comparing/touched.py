"""Which origins does a scenario touch at all? Only those are computed anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transfer_rules import Walks
from accessibility.model.transit_query import TransitQuery
from accessibility.transitwork.ride_events import served
from accessibility.transitwork.touched import changed_boarding, least_through, quickest_edges

Touched = Callable[[NDArray[np.int64], Sequence[int]], NDArray[np.bool_]]
"""Longest answers before (s) and members of a target -> which origins to compute anew."""


@dataclass(frozen=True, eq=False)
class Side:
    """
    A network before or after a change.

    Parameters
    ----------
    days
        Its runs, draw by draw.
    walks
        Its walks in seconds.
    """

    days: tuple[ServiceDay, ...]
    walks: TimedWalks

    @property
    def n_stops(self) -> int:
        """Count the stops, clones included."""
        return self.days[0].n_stops

    @property
    def cloned(self) -> bool:
        """Whether transfer rules name vehicles."""
        return self.n_stops != self.days[0].n_timetable_stops


def touched_origins(before: Side, after: Side, query: TransitQuery) -> Touched:
    """
    Find a bound for one change.

    Parameters
    ----------
    before, after
        Both sides; the stops of the first are the first stops of the second.
    query
        The question, the same for both.

    Returns
    -------
    touched
        Says for a target which origins may have another answer. All of them where changes between stops,
        egress, or rules about vehicles differ, or where service begins or ends to exist: then nothing is
        known about any origin.
    """
    n_origins = len(before.walks.access[0]) - 1
    everybody = np.ones(n_origins, bool)
    if before.days is after.days and before.walks is after.walks:
        return lambda _longest_s, _members: ~everybody
    n_stops = before.n_stops
    unlike = (
        (before.cloned or after.cloned)
        or n_stops > after.n_stops
        or not _equal(before.walks.transfers, _among(after.walks.transfers, n_stops, rows=n_stops))
        or not _equal(before.walks.egress, _among(after.walks.egress, n_stops))
        or served(before.days, query) != served(after.days, query)
    )
    if unlike:
        return lambda _longest_s, _members: everybody
    other_walks = _differing_rows(before.walks.access, _among(after.walks.access, n_stops))
    other_walks |= _differing_rows(before.walks.direct, after.walks.direct)
    boarding = changed_boarding(before.days, after.days)
    if not len(boarding):
        return lambda _longest_s, _members: other_walks.copy()
    edges = quickest_edges((*before.days, *after.days), (after.walks,))

    def touched(longest_s: NDArray[np.int64], members: Sequence[int]) -> NDArray[np.bool_]:
        through_s = least_through(edges, boarding, after.walks, np.array(members, np.intp), after.n_stops)
        rows: NDArray[np.bool_] = other_walks | (through_s <= longest_s)
        return rows

    return touched


def _among(walks: Walks, n_stops: int, *, rows: int | None = None) -> Walks:
    """Leave out walks to later stops, and from later rows where their number is given."""
    offset, target, walk_s = walks
    if rows is not None:
        offset = offset[: rows + 1]
        target, walk_s = target[: offset[-1]], walk_s[: offset[-1]]
    kept = target < n_stops
    before = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])
    return before[offset], target[kept], walk_s[kept]


def _equal(one: Walks, other: Walks) -> bool:
    return all(np.array_equal(one[column], other[column]) for column in range(3))


def _differing_rows(one: Walks, other: Walks) -> NDArray[np.bool_]:
    """Say which rows of two tables of as many rows are unlike."""
    differing: NDArray[np.bool_] = np.diff(one[0]) != np.diff(other[0])
    for row in np.flatnonzero(~differing):
        a, b = slice(*one[0][row : row + 2]), slice(*other[0][row : row + 2])
        differing[row] = not all(np.array_equal(one[column][a], other[column][b]) for column in (1, 2))
    return differing
