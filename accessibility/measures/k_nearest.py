"""The k nearest destinations of every origin, side by side."""

import numpy as np

from accessibility.errors import ModelError
from accessibility.measures.rows import unreached_reasons
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.reasons import BEYOND_LIMITS
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED


def k_nearest(times: TravelTimes, *, target: str, k: int, level: str, as_of: str = "") -> AccessTable:
    """
    Find the times to the nearest, the second nearest, … and the k-th nearest destination.

    Parameters
    ----------
    times
        Travel times to every destination of the set.
    target, as_of
        Labels: the set, and the date on which it was taken (ISO).
    k
        How many, from 1.
    level
        Level of the query to measure.

    Returns
    -------
    table
        Values in seconds, columns ``1`` to ``k``; the destination and the length (m) of the way behind each.
        NaN from the first rank on that is not reached. Of destinations equally near, the one named first.

    Raises
    ------
    ModelError
        If `k` is below 1.
    """
    if k < 1:
        raise ModelError(_("the rank counts from 1"), mend=_("1 is the nearest."), code="rank")
    duration_s = times.level(level)
    length_m = times.distance_m[:, :, times.query.levels.index(level)]
    shape = (len(times.origin_ids), k)
    values, distance_m = np.full(shape, np.nan), np.full(shape, np.nan)
    ids = np.full(shape, "", dtype=object)
    order = np.argsort(duration_s, axis=1, kind="stable")[:, :k]
    found_s = np.take_along_axis(duration_s, order, axis=1)
    rows, ranks = np.nonzero(found_s != UNREACHED)
    values[rows, ranks] = found_s[rows, ranks]
    distance_m[rows, ranks] = length_m[rows, order[rows, ranks]]
    ids[rows, ranks] = np.array(times.destination_ids, dtype=object)[order[rows, ranks]]
    return AccessTable(
        measure="k_nearest",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=tuple(str(rank) for rank in range(1, k + 1)),
        values=values,
        reason=unreached_reasons(times, np.isnan(values).all(axis=1), BEYOND_LIMITS),
        nearest_ids=tuple(tuple(row) for row in ids),
        distance_m=distance_m,
    )
