"""Weighted opportunities: what can be reached, the nearer the more it counts."""

import numpy as np
from numpy.typing import NDArray

from accessibility.measures.decay import Decay
from accessibility.measures.rows import amounts, origin_reasons
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.travel_times import TravelTimes


def gravity(
    times: TravelTimes,
    *,
    target: str,
    count: NDArray[np.float64],
    decays: tuple[Decay, ...],
    level: str,
    as_of: str = "",
) -> AccessTable:
    """
    Sum what can be reached, weighted by decay functions.

    Parameters
    ----------
    times
        Travel times to every destination.
    target, as_of
        Labels: the set of destinations, and the date on which it was taken (ISO).
    count
        What each destination offers (1, beds, jobs), shape ``[n_destinations]``.
    decays
        Decay functions (`accessibility.measures.decay`); `Step` gives cumulative opportunities.
    level
        Level of the query to measure.

    Returns
    -------
    table
        Weighted sums, one column per function, headed by its label. An origin on the network that reaches
        nothing has 0; one without a position or a street has NaN and that reason.

    Raises
    ------
    ModelError
        If there is not one count per destination, or one is negative or unknown.

    Notes
    -----
    Hansen (1959), doi:10.1080/01944365908978307.
    """
    offered = amounts(count, len(times.destination_ids), "count")
    duration_s = times.level(level)
    values = np.empty((len(times.origin_ids), len(decays)))
    for column, decay in enumerate(decays):
        values[:, column] = decay.weights(duration_s) @ offered
    reason = origin_reasons(times)
    values[reason != reasons.REACHED] = np.nan
    return AccessTable(
        measure="gravity",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=tuple(decay.label for decay in decays),
        values=values,
        reason=reason,
    )
