"""How many destinations come within reach by a scenario, and how many drop out of it?"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accessibility.model.places import Places
from accessibility.model.reach_change import ReachChange
from accessibility.model.timetable import Timetable
from accessibility.studies.asked import Asked
from accessibility.studies.compare import Compared
from accessibility.studies.touched import touched_origins
from accessibility.transit import transit_times


def reach_changes(
    compared: Compared, timetable: Timetable, cutoffs_s: tuple[int, ...], n_sites: int
) -> tuple[ReachChange, ...]:
    """
    Count what lies within cutoffs, before and after.

    Parameters
    ----------
    compared
        A comparison.
    timetable
        Lines before the change.
    cutoffs_s
        Cutoffs (s).
    n_sites
        How many of the origins are sites; they come first.

    Returns
    -------
    changes
        One per target; none without cutoffs. A destination counts where its own travel time, at the
        percentile of the comparison, does not exceed the cutoff. Squares that the change cannot touch within
        the longest cutoff keep their numbers and are left out.
    """
    if not cutoffs_s:
        return ()
    before, after = compared.before, compared.after
    members = sorted({place for some in before.members.values() for place in some})
    longest_s = min(max(cutoffs_s), before.query.max_duration_s)
    touched = touched_origins(before.side, after.side, before.query)
    n_origins = len(before.ids[0])
    rows = touched(np.full(n_origins, longest_s), members)
    if not _same_places(before.places[1], after.places[1]):
        rows = np.ones(n_origins, bool)
    rows[:n_sites] = True
    some = np.flatnonzero(rows)
    asked = ((before, timetable), (after, compared.network.timetable))
    with ThreadPoolExecutor(2) as pool:
        sides = list(pool.map(lambda one: _durations(one[0], one[1], some, longest_s), asked))
    ids = tuple(before.ids[0][i] for i in some.tolist())
    return tuple(
        ReachChange(
            target, ids, n_sites, cutoffs_s,
            *(_counts(times_s, list(side.members[target]), cutoffs_s)
              for times_s, side in zip(sides, (before, after), strict=True)),
        )
        for target in compared.comparison.settings.targets
    )  # fmt: skip


def _same_places(one: Places, other: Places) -> bool:
    return one.ids == other.ids and all(
        np.array_equal(getattr(one, axis), getattr(other, axis), equal_nan=True) for axis in ("lon", "lat")
    )


def _durations(
    asked: Asked, timetable: Timetable, some: NDArray[np.intp], longest_s: int
) -> NDArray[np.int32]:
    """Find travel times (s) at the percentile, shape ``[n_some, n_destinations]``."""
    origins, destinations = asked.ids
    ids = (tuple(origins[i] for i in some.tolist()), destinations)
    query = replace(asked.query, max_duration_s=longest_s)
    times = transit_times(timetable, asked.linkage.at_origins(some), query, ids)
    return times.duration_s[:, :, 0]


def _counts(times_s: NDArray[np.int32], members: list[int], cutoffs_s: tuple[int, ...]) -> NDArray[np.int64]:
    return np.stack([(times_s[:, members] <= cutoff).sum(axis=1) for cutoff in cutoffs_s], axis=1)
