"""One side of a comparison: a network linked, laid out and ready to be searched, and its answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.model.linkage import TransitLinkage
from accessibility.model.places import Places
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transit_query import TransitQuery
from accessibility.studies.comparing.touched import Side
from accessibility.transit_nearest import nearest_times
from accessibility.units import UNREACHED

Members = Mapping[str, tuple[int, ...]]
"""Which destinations every target holds on a date."""


@dataclass(frozen=True, eq=False)
class Answer:
    """
    Times to the nearest of one target.

    Parameters
    ----------
    time_s
        At the percentile, NaN where not reached, shape ``[n_origins]``.
    longest_s
        The longest of any minute (s), the longest duration of the query where one is not reached.
    reason
        Why not, int8.
    to
        Which destination that is, -1 where not reached.
    departure
        ``draw * n_minutes + minute`` of the first departure that takes this time, -1 where not reached.
    """

    time_s: NDArray[np.float64]
    longest_s: NDArray[np.int64]
    reason: NDArray[np.int8]
    to: NDArray[np.int64]
    departure: NDArray[np.int64]

    def with_rows(self, rows: NDArray[np.bool_], fresh: "Answer") -> "Answer":
        """Put answers in place of those of some rows."""
        columns = []
        for name in ("time_s", "longest_s", "reason", "to", "departure"):
            column = getattr(self, name).copy()
            column[rows] = getattr(fresh, name)
            columns.append(column)
        return Answer(*columns)


@dataclass(frozen=True, eq=False)
class ComparisonSide:
    """
    One side of a comparison, ready to be searched.

    Parameters
    ----------
    query
        The question.
    days
        The runs of the date, draw by draw.
    walks, linkage
        Walks in seconds, and where places are attached.
    places
        Origins (sites, then squares) and destinations.
    members
        Destinations of every target, by index.
    """

    query: TransitQuery
    days: tuple[ServiceDay, ...]
    walks: TimedWalks
    linkage: TransitLinkage
    places: tuple[Places, Places]
    members: Members

    @property
    def ids(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Identifiers of origins and destinations."""
        return self.places[0].ids, self.places[1].ids

    @property
    def side(self) -> Side:
        """What decides which origins a change can touch."""
        return Side(self.days, self.walks)


def answer(asked: ComparisonSide, members: Sequence[int], rows: NDArray[np.bool_] | None = None) -> Answer:
    """Search the nearest of a set from all origins, or from some."""
    linkage, walks, ids = asked.linkage, asked.walks, asked.ids
    if rows is not None:
        some = np.flatnonzero(rows)
        linkage, walks = linkage.at_origins(some), walks.at_origins(some)
        ids = (tuple(ids[0][i] for i in some), ids[1])
    (times,) = nearest_times(asked.days, walks, linkage, asked.query, ids, [members])
    longest_s = np.where(times.minute_s == UNREACHED, asked.query.max_duration_s, times.minute_s).max(axis=1)
    duration_s = times.duration_s[:, 0]
    reached = duration_s != UNREACHED
    # of the departures that take this time, the first one to the place that the percentile names
    first = (times.minute_s == duration_s[:, np.newaxis]) & (times.minute_member == times.member)
    place = np.array([*members, -1], np.int64)[times.member[:, 0]]
    return Answer(
        time_s=np.where(reached, duration_s, np.nan),
        longest_s=longest_s.astype(np.int64),
        reason=times.reason,
        to=np.where(reached, place, -1),
        departure=np.where(reached, first.argmax(axis=1), -1),
    )
