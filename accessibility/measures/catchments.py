"""Who reaches every destination of a set within some time."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.model.access_table import AccessTable
from accessibility.model.catchments import MICRO, Catchments
from accessibility.model.travel_query import middle_level
from accessibility.model.travel_times import TravelTimes


def catchments(
    times: TravelTimes,
    near: AccessTable,
    *,
    cutoffs_s: Sequence[int],
    people: NDArray[np.float64] | None = None,
    with_members: bool = False,
) -> Catchments:
    """
    Count who reaches every destination, and whose nearest it is.

    Parameters
    ----------
    times
        Travel times from the origins to the destinations.
    near
        The nearest destination of every origin, as `nearest` or `nearest_in_window` give it.
    cutoffs_s
        Longest times (s), inclusive.
    people
        People at every origin; each counts 1 where not given.
    with_members
        Whether to tell apart which origins are within the cutoffs.

    Returns
    -------
    catchments
        One row per destination; one that nobody reaches has 0 everywhere.
    """
    levels, n_origins = times.query.levels, len(times.origin_ids)
    middle = middle_level(levels)
    known = people is not None
    weight = np.round(MICRO * (np.ones(n_origins) if people is None else people)).astype(np.int64)
    limit = np.array(cutoffs_s, np.int64)[:, np.newaxis]
    within = times.duration_s[:, :, np.newaxis, :] <= limit
    nearest_to = np.array([row[middle] for row in near.nearest_ids], dtype=object)
    number = {place: i for i, place in enumerate(times.destination_ids)}
    chosen = np.array([number.get(place, -1) for place in nearest_to], np.intp)
    n_nearest, people_nearest = (np.zeros(len(number), np.int64) for _column in range(2))
    np.add.at(n_nearest, chosen[chosen >= 0], 1)
    np.add.at(people_nearest, chosen[chosen >= 0], weight[chosen >= 0])
    return Catchments(
        destination_ids=times.destination_ids,
        cutoffs_s=tuple(cutoffs_s),
        levels=levels,
        n_within=within.sum(axis=0, dtype=np.int64),
        people_within=np.einsum("i,ijkl->jkl", weight, within),
        n_nearest=n_nearest,
        people_nearest=people_nearest,
        knows_people=known,
        members=within[: n_origins if with_members else 0, :, :, middle],
    )
