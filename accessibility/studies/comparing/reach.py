"""How many destinations come within reach by a scenario, and how many drop out of it?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accessibility.model.places import Places
from accessibility.model.reach_change import ReachChange
from accessibility.model.timetable import Timetable
from accessibility.studies.comparing.comparer import Compared
from accessibility.studies.comparing.comparison_side import ComparisonSide
from accessibility.studies.comparing.touched import touched_origins
from accessibility.transit import transit_times


class ReachCounter:
    """
    Counts what lies within cutoffs, before and after; what the baseline reaches is searched once per origin.

    Parameters
    ----------
    timetable
        Lines before any change.
    cutoffs_s
        Cutoffs (s).
    n_sites
        How many of the origins are sites; they come first.
    """

    def __init__(self, timetable: Timetable, cutoffs_s: tuple[int, ...], n_sites: int) -> None:
        self._timetable, self._cutoffs_s, self._n_sites = timetable, cutoffs_s, n_sites
        self._asked: ComparisonSide | None = None
        self._times_s, self._known = np.empty((0, 0), np.int32), np.empty(0, bool)

    def changes(self, compared: Compared) -> tuple[ReachChange, ...]:
        """
        Count for one comparison.

        Returns
        -------
        changes
            One per target; none without cutoffs. A destination counts where its own travel time, at the
            percentile of the comparison, does not exceed the cutoff. Squares that the change cannot touch
            within the longest cutoff keep their numbers and are left out.
        """
        if not self._cutoffs_s:
            return ()
        before, after = compared.before, compared.after
        longest_s = min(max(self._cutoffs_s), before.query.max_duration_s)
        some = self._touched(before, after, longest_s)
        with ThreadPoolExecutor(2) as pool:
            old = pool.submit(self._before, before, some, longest_s)
            new = pool.submit(_durations, after, compared.network.timetable, some, longest_s)
            sides = (before, old.result()), (after, new.result())
        ids = tuple(before.ids[0][i] for i in some.tolist())
        return tuple(
            ReachChange(
                target, ids, self._n_sites, self._cutoffs_s,
                *(_counts(times_s, list(side.members[target]), self._cutoffs_s) for side, times_s in sides),
            )
            for target in compared.comparison.settings.targets
        )  # fmt: skip

    def _touched(self, before: ComparisonSide, after: ComparisonSide, longest_s: int) -> NDArray[np.intp]:
        """Give the sites, and the squares that the change can touch within a time."""
        members = sorted({place for some in before.members.values() for place in some})
        touched = touched_origins(before.side, after.side, before.query)
        rows = touched(np.full(len(before.ids[0]), longest_s), members)
        if not _same_places(before.places[1], after.places[1]):
            rows = np.ones(len(rows), bool)
        rows[: self._n_sites] = True
        return np.flatnonzero(rows)

    def _before(self, asked: ComparisonSide, some: NDArray[np.intp], longest_s: int) -> NDArray[np.int32]:
        """Search the baseline from those origins that no comparison has asked for yet."""
        if self._asked is not asked:
            n_origins, n_destinations = (len(ids) for ids in asked.ids)
            self._asked = asked
            self._times_s = np.empty((n_origins, n_destinations), np.int32)
            self._known = np.zeros(n_origins, bool)
        lacking = some[~self._known[some]]
        if len(lacking):
            self._times_s[lacking] = _durations(asked, self._timetable, lacking, longest_s)
            self._known[lacking] = True
        times_s: NDArray[np.int32] = self._times_s[some]
        return times_s


def _same_places(one: Places, other: Places) -> bool:
    return one.ids == other.ids and all(
        np.array_equal(getattr(one, axis), getattr(other, axis), equal_nan=True) for axis in ("lon", "lat")
    )


def _durations(
    asked: ComparisonSide, timetable: Timetable, some: NDArray[np.intp], longest_s: int
) -> NDArray[np.int32]:
    """Find travel times (s) at the percentile, shape ``[n_some, n_destinations]``."""
    origins, destinations = asked.ids
    ids = (tuple(origins[i] for i in some.tolist()), destinations)
    query = replace(asked.query, max_duration_s=longest_s)
    times = transit_times(timetable, asked.linkage.at_origins(some), query, ids)
    return times.duration_s[:, :, 0]


def _counts(times_s: NDArray[np.int32], members: list[int], cutoffs_s: tuple[int, ...]) -> NDArray[np.int64]:
    return np.stack([(times_s[:, members] <= cutoff).sum(axis=1) for cutoff in cutoffs_s], axis=1)
