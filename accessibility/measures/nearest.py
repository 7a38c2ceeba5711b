"""Time to the nearest of a set of destinations."""

import numpy as np

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.nearest_times import NearestTimes
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED


def nearest(times: TravelTimes, *, target: str, as_of: str = "", rank: int = 1) -> AccessTable:
    """
    Find the time to the nearest destination, or to the n-th nearest.

    Parameters
    ----------
    times
        Travel times to every destination of the set.
    target, as_of
        Labels: the set, and the date on which it was taken (ISO).
    rank
        1 for the nearest, 2 for the second nearest, and so on.

    Returns
    -------
    table
        Values in seconds per level; the destination and the length (m) of the way behind each. Of
        destinations equally near, the one named first. Where there are fewer destinations than `rank`, every
        origin has the reason ``no-such-destination``.

    Raises
    ------
    ModelError
        If `rank` is below 1.
    """
    if rank < 1:
        raise ModelError(_("the rank counts from 1"), mend=_("1 is the nearest."), code="rank")
    n_origins, n_destinations, n_levels = times.duration_s.shape
    values = np.full((n_origins, n_levels), np.nan)
    distance_m = np.full((n_origins, n_levels), np.nan)
    ids = np.full((n_origins, n_levels), "", dtype=object)
    if n_destinations >= rank:
        order = np.argsort(times.duration_s, axis=1, kind="stable")[:, rank - 1, :]
        best_s = np.take_along_axis(times.duration_s, order[:, np.newaxis, :], axis=1)[:, 0, :]
        length_m = np.take_along_axis(times.distance_m, order[:, np.newaxis, :], axis=1)[:, 0, :]
        reached = best_s != UNREACHED
        values[reached] = best_s[reached]
        distance_m[reached] = length_m[reached]
        ids[reached] = np.array(times.destination_ids, dtype=object)[order[reached]]
    return AccessTable(
        measure="nearest",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=times.query.levels,
        values=values,
        reason=_row_reasons(times, np.isnan(values).all(axis=1), rank),
        nearest_ids=tuple(tuple(row) for row in ids),
        distance_m=distance_m,
    )


def nearest_in_window(times: NearestTimes, *, target: str, as_of: str = "") -> AccessTable:
    """
    Tabulate percentiles of the time to whichever member of a set is nearest at each minute.

    Parameters
    ----------
    times
        Times to the nearest (or n-th nearest).
    target, as_of
        Labels: the set, and the date on which it was taken (ISO).

    Returns
    -------
    table
        Values in seconds per percentile, and the member behind each; lengths are unknown.
    """
    reached = times.duration_s != UNREACHED
    ids = np.array([*times.member_ids, ""], dtype=object)[times.member]
    return AccessTable(
        measure="nearest",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=times.query.levels,
        values=np.where(reached, times.duration_s, np.nan),
        reason=times.reason,
        nearest_ids=tuple(tuple(row) for row in ids),
        distance_m=np.full(reached.shape, np.nan),
    )


def _row_reasons(times: TravelTimes, empty: np.ndarray, rank: int) -> np.ndarray:
    """Name the reason that stands closest to an answer: the origin's own before any destination's."""
    if times.reason.shape[1] < rank:
        return np.where(empty, np.int8(reasons.NO_SUCH_DESTINATION), np.int8(reasons.REACHED)).astype(np.int8)
    order = (
        reasons.ORIGIN_NO_POSITION,
        reasons.ORIGIN_NOT_LINKED,
        reasons.BEYOND_LIMITS,
        reasons.NO_WAY,
        reasons.DESTINATION_NOT_LINKED,
        reasons.DESTINATION_NO_POSITION,
    )
    found = [np.any(times.reason == reason, axis=1) for reason in order]
    row = np.select(found, order, default=reasons.NO_SUCH_DESTINATION)
    return np.where(empty, row, reasons.REACHED).astype(np.int8)
