"""Dual access: the time after which a given amount has been reached."""

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.measures.rows import amounts, unreached_reasons
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.reasons import BEYOND_LIMITS, NO_SUCH_DESTINATION
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED


def dual_access(
    times: TravelTimes,
    *,
    target: str,
    count: NDArray[np.float64],
    needed: tuple[float, ...],
    level: str,
    as_of: str = "",
) -> AccessTable:
    """
    Find how long it takes to reach given amounts.

    Parameters
    ----------
    times
        Travel times to every destination.
    target, as_of
        Labels: the set of destinations, and the date on which it was taken (ISO).
    count
        What each destination offers (1, beds, jobs), shape ``[n_destinations]``; with 1 each, n needed is the
        time to the n-th nearest.
    needed
        Amounts to reach, above 0.
    level
        Level of the query to measure.

    Returns
    -------
    table
        Values in seconds, one column per amount; NaN where it is not reached within the limits. Where no
        row can have any, since all destinations together offer less, the reason is ``no-such-destination``.

    Raises
    ------
    ModelError
        If there is not one count per destination, one is negative or unknown, or an amount is not above 0.

    Notes
    -----
    Cui and Levinson (2020), "Primal and dual access", doi:10.1111/gean.12220.
    """
    offered = amounts(count, len(times.destination_ids), "count")
    if not all(0 < amount < np.inf for amount in needed):
        mend = _("Give amounts above 0.")
        what = _("an amount to be reached must be above 0")
        raise ModelError(what, where="needed", mend=mend, code="needed")
    duration_s = times.level(level)
    values = np.full((len(times.origin_ids), len(needed)), np.nan)
    order = np.argsort(duration_s, axis=1, kind="stable")
    sorted_s = np.take_along_axis(duration_s, order, axis=1)
    gathered = np.cumsum(offered[order], axis=1)
    for column, amount in enumerate(needed):
        # ten times 0.1 is 1, though its floating-point sum is a little less
        n_before = (gathered < amount * (1 - 1e-12)).sum(axis=1)
        rows = np.flatnonzero(n_before < len(offered))
        after_s = sorted_s[rows, n_before[rows]]
        reached = after_s != UNREACHED
        values[rows[reached], column] = after_s[reached]
    enough = bool(needed) and offered.sum() >= min(needed) * (1 - 1e-12)
    otherwise = BEYOND_LIMITS if enough else NO_SUCH_DESTINATION
    return AccessTable(
        measure="dual_access",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=tuple(f"{amount:g}" for amount in needed),
        values=values,
        reason=unreached_reasons(times, np.isnan(values).all(axis=1), otherwise),
    )
