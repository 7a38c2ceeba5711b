"""Two-step floating catchment: supply within reach, shared with everyone else whom it reaches."""

import numpy as np
from numpy.typing import NDArray

from accessibility.measures.decay import Decay
from accessibility.measures.rows import amounts, unreached_reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.reasons import BEYOND_LIMITS, NO_DEMAND
from accessibility.model.travel_times import TravelTimes


def floating_catchment(
    times: TravelTimes,
    *,
    target: str,
    count: NDArray[np.float64],
    demand: NDArray[np.float64],
    decay: Decay,
    level: str,
    as_of: str = "",
) -> AccessTable:
    """
    Measure the supply per person that every origin can reach.

    Parameters
    ----------
    times
        Travel times from everyone to every supplier.
    target, as_of
        Labels: the set of suppliers, and the date on which it was taken (ISO).
    count
        What each destination supplies (beds, places), shape ``[n_destinations]``.
    demand
        People at each origin, shape ``[n_origins]``; 0 is allowed, such an origin claims nothing and is
        measured all the same.
    decay
        The catchment (`accessibility.measures.decay`): `Step` for 2SFCA, `Zones`, or any other function
        within a cutoff (`Within`), for E2SFCA.
    level
        Level of the query to measure.

    Returns
    -------
    table
        Supply per person, one column headed by the label of the decay function; NaN where the catchment is
        empty (``beyond-limits``), or holds only suppliers whom nobody claims (``no-demand``).

    Raises
    ------
    ModelError
        If counts or demand are not one per place, or one is negative or unknown.

    Notes
    -----
    Step 1: R_j = S_j / sum_k D_k f(t_kj). Step 2: A_i = sum_j R_j f(t_ij). The sum of D_i A_i is then the
    supply of all destinations that somebody claims. Luo and Wang (2003), doi:10.1068/b29120; Luo and Qi
    (2009), doi:10.1016/j.healthplace.2009.06.002.
    """
    supply = amounts(count, len(times.destination_ids), "count")
    people = amounts(demand, len(times.origin_ids), "demand")
    weight = decay.weights(times.level(level))
    claims = people @ weight
    claimed = claims > 0
    per_person = np.divide(supply, claims, out=np.zeros_like(supply), where=claimed)
    values = weight @ per_person
    within = (weight > 0).any(axis=1)
    empty = np.logical_not(np.any(weight[:, claimed] > 0, axis=1))
    values[empty] = np.nan
    otherwise = np.where(within, NO_DEMAND, BEYOND_LIMITS)
    return AccessTable(
        measure="floating_catchment",
        target=target,
        mode=times.query.mode,
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=(decay.label,),
        values=values[:, np.newaxis],
        reason=unreached_reasons(times, empty, otherwise),
    )
