"""Cumulative opportunities: how much can be reached within a cutoff."""

import numpy as np
from numpy.typing import NDArray

from accessibility.measures.rows import origin_reasons
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.travel_times import TravelTimes


def opportunities(
    times: TravelTimes,
    *,
    target: str,
    count: NDArray[np.float64],
    cutoffs_s: tuple[int, ...],
    level: str,
    as_of: str = "",
) -> AccessTable:
    """
    Sum what lies within each cutoff.

    Parameters
    ----------
    times
        Travel times to every destination.
    target, as_of
        Labels: the set of destinations, and the date on which it was taken (ISO).
    count
        What each destination offers (1, beds, jobs), shape ``[n_destinations]``.
    cutoffs_s
        Cutoffs (s), inclusive.
    level
        Level of the query to measure.

    Returns
    -------
    table
        Sums, one column per cutoff, labelled in minutes. An origin on the network that reaches nothing in
        time has 0; one without a position or a street has NaN and that reason: nobody knows what it reaches.

    Notes
    -----
    The contour measure: Geurs and van Wee (2004), doi:10.1016/j.jtrangeo.2003.10.005.
    """
    duration_s = times.level(level)
    values = np.column_stack([(duration_s <= cutoff) @ count for cutoff in cutoffs_s]).astype(np.float64)
    reason = origin_reasons(times)
    values[reason != reasons.REACHED] = np.nan
    return AccessTable(
        measure="opportunities",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=tuple(f"{cutoff / 60:g}" for cutoff in cutoffs_s),
        values=values,
        reason=reason,
    )
