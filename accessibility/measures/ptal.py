"""PTAL: the public transport access level of Transport for London."""

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.measures.rows import origin_reasons
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.access_table import AccessTable
from accessibility.model.ptal import PtalRules, kind_of
from accessibility.model.stop_services import StopServices
from accessibility.model.travel_times import TravelTimes


def ptal(
    times: TravelTimes,
    *,
    target: str,
    services: StopServices,
    rules: PtalRules,
    level: str,
    as_of: str = "",
) -> AccessTable:
    """
    Measure how well every origin is served by public transport.

    Parameters
    ----------
    times
        Walking times to every stop, at the speed of the rules.
    target, as_of
        Labels: the set of stops, and the service day (ISO).
    services
        What runs at the stops in the period of the rules; stops that are no destination of `times` cannot be
        walked to and serve nobody.
    rules
        Limits, reliability, weights and bands.
    level
        Level of the query to measure.

    Returns
    -------
    table
        The access index, column ``index``; `PtalRules.level_of` gives the levels. 0 where no service is
        within reach; NaN and a reason where the origin has no position or no street. The notices
        say which of the rules nobody compared with their text.

    Raises
    ------
    ModelError
        If the times are not walking times, or stop short of the longest walk of the rules.

    Notes
    -----
    Of every route and direction the nearest stop counts, and of both directions the better: scheduled wait
    SWT = half the headway, average wait AWT = SWT + reliability, total access time TAT = walk + AWT,
    equivalent doorstep frequency EDF = 30 min / TAT. The index of a kind is the best EDF plus half of all
    others; the kinds are added up. Transport for London (2015), Assessing transport connectivity in London,
    chapter 2.
    """
    if times.query.mode != "walk":
        what, mend = _("PTAL needs walking times to the stops"), _("Ask for walking.")
        raise ModelError(what, where=times.query.mode, mend=mend, code="ptal-mode")
    if times.query.max_duration_s < max(rules.walk_limit_s.values()):
        what = _("the longest travel time is shorter than the longest walk of PTAL")
        raise ModelError(what, mend=_("Raise the longest travel time."), code="ptal-limit")
    duration_s = times.level(level)
    index = np.zeros(len(times.origin_ids))
    for kind in rules.walk_limit_s:
        frequency = _doorstep_frequencies((times.destination_ids, duration_s), services, rules, kind)
        best = frequency.max(axis=1, initial=0.0)
        index += rules.weight_best * best + rules.weight_other * (frequency.sum(axis=1) - best)
    reason = origin_reasons(times)
    index[reason != reasons.REACHED] = np.nan
    return AccessTable(
        measure="ptal",
        target=target,
        mode="transit",
        period=times.query.period,
        as_of=as_of,
        origin_ids=times.origin_ids,
        columns=("index",),
        values=index[:, np.newaxis],
        reason=reason,
        notices=rules.notices,
    )


def _doorstep_frequencies(
    walks: tuple[tuple[str, ...], NDArray[np.int32]], services: StopServices, rules: PtalRules, kind: str
) -> NDArray[np.float64]:
    """Give the equivalent doorstep frequency of every route of a kind, shape ``[n_origins, n_routes]``."""
    stop_ids, walk_s = walks
    columns = {stop_id: column for column, stop_id in enumerate(stop_ids)}
    rows_of: dict[str, dict[int, list[int]]] = {}
    for row, (stop_id, route_id) in enumerate(zip(services.stop_ids, services.route_ids, strict=True)):
        if stop_id in columns and kind_of(int(services.route_type[row])) == kind:
            directions = rows_of.setdefault(route_id, {})
            directions.setdefault(int(services.direction[row]), []).append(row)
    found = np.zeros((len(walk_s), len(rows_of)))
    for column, directions in enumerate(rows_of.values()):
        for rows in directions.values():
            # of stops equally near the one with more departures
            often = sorted(rows, key=lambda row: -services.per_hour[row])
            to_stops_s = walk_s[:, [columns[services.stop_ids[row]] for row in often]]
            nearest = np.argmin(to_stops_s, axis=1)
            nearest_s = np.take_along_axis(to_stops_s, nearest[:, np.newaxis], axis=1)[:, 0]
            wait_s = 1800.0 / services.per_hour[often][nearest] + rules.reliability_s[kind]
            doorstep = rules.doorstep_s / (nearest_s + wait_s)
            within = nearest_s <= rules.walk_limit_s[kind]
            found[:, column] = np.maximum(found[:, column], np.where(within, doorstep, 0.0))
    return found
