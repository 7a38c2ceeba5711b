"""Coverage of planning standards, along streets and in a straight line."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.measures.rows import amounts, origin_reasons
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.coverage import Coverage
from accessibility.model.places import Places
from accessibility.model.projection import geodesic_m
from accessibility.model.standard import Standard
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED


def coverage(
    times: TravelTimes,
    *,
    target: str,
    standard: Standard,
    ends: tuple[Places, Places],
    people: NDArray[np.float64] | None = None,
    level: str,
    as_of: str = "",
) -> tuple[Coverage, ...]:
    """
    Say who has what a standard asks for.

    Parameters
    ----------
    times
        Travel times from every cell to every place of the set.
    target, as_of
        Labels: the set of places, and the date on which it was taken (ISO).
    standard
        The standard.
    ends
        Origins and destinations of `times`, in their order; their positions give the straight lines.
    people
        People in each cell, shape ``[n_origins]``, where they are known.
    level
        Level of the query to measure.

    Returns
    -------
    coverages
        For every figure of the standard (shortest first): in metres, along the network and then in a straight
        line, whatever the text means, for most do not say; in minutes, by time.

    Raises
    ------
    ModelError
        If the ends are not those of the times, the limit of the query is too short to tell, people are not
        one number per cell, or metres are asked of driving or public transport.

    Notes
    -----
    The length along the network is that of the quickest way; on foot it is the shortest one too, except
    where steps take time.
    """
    for places, ids in zip(ends, (times.origin_ids, times.destination_ids), strict=True):
        if places.ids != ids:
            raise ModelError(_("the places are not those of the travel times"), code="coverage-ends")
    if people is not None:
        people = amounts(people, len(times.origin_ids), "people")
    times.level(level)
    _check_limit(times, standard, level)
    measured = list(_by_metres(times, ends, level) if standard.unit == "m" else _by_minutes(times, level))
    return tuple(
        Coverage(
            standard=standard,
            figure=figure,
            way=way,
            target=target,
            mode="" if way == "straight" else times.query.mode,
            as_of=as_of,
            origin_ids=times.origin_ids,
            measured=nearest,
            people=people,
            n_places=len(times.destination_ids),
            n_places_unknown=n_unknown,
        )
        for figure in standard.figures
        for way, nearest, n_unknown in measured
    )


_Way = tuple[str, NDArray[np.float64], int]


def _by_metres(times: TravelTimes, ends: tuple[Places, Places], level: str) -> Iterator[_Way]:
    length_m = times.distance_m[:, :, times.query.levels.index(level)]
    yield "network", _nearest(length_m, origin_reasons(times) != reasons.REACHED), _n_lost(times)
    origins, places = ends
    shape = length_m.shape
    start = [np.broadcast_to(column[:, np.newaxis], shape) for column in (origins.lon, origins.lat)]
    end = [np.broadcast_to(column, shape) for column in (places.lon, places.lat)]
    straight_m = geodesic_m((start[0], start[1]), (end[0], end[1]))
    yield "straight", _nearest(straight_m, ~origins.located), int((~places.located).sum())


def _by_minutes(times: TravelTimes, level: str) -> Iterator[_Way]:
    duration_s = times.level(level)
    minutes = np.where(duration_s == UNREACHED, np.nan, duration_s / 60)
    yield "time", _nearest(minutes, origin_reasons(times) != reasons.REACHED), _n_lost(times)


def _nearest(measured: NDArray[np.floating], unknown: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Take the nearest of every row: ``inf`` where nothing is reached, NaN where nobody can know."""
    nearest = np.min(np.where(np.isnan(measured), np.inf, measured), axis=1, initial=np.inf)
    return np.where(unknown, np.nan, nearest)


def _n_lost(times: TravelTimes) -> int:
    lost = (reasons.DESTINATION_NO_POSITION, reasons.DESTINATION_NOT_LINKED)
    return int(np.any(np.isin(times.reason, lost), axis=0).sum())


def _check_limit(times: TravelTimes, standard: Standard, level: str) -> None:
    """Refuse times that stop short of the figure: beyond them nobody can say who is covered."""
    query = times.query
    needed_s = 60 * standard.high
    if standard.unit == "m":
        if isinstance(query, TransitQuery) or not query.speed_mps:
            what = _("a standard in metres is measured along ways on foot or by bicycle")
            raise ModelError(what, where=standard.id, mend=_("Ask for walking."), code="coverage-mode")
        at = query.levels.index(level)
        slowest_mps = min(query.speed_mps[at], query.connector_mps[at])
        needed_s = standard.high / slowest_mps
    if query.max_duration_s < needed_s:
        what = _("the longest travel time is too short to tell who is within {n} {unit}",
                 n=f"{standard.high:g}", unit=standard.unit)  # fmt: skip
        mend = _("Raise the longest travel time.")
        raise ModelError(what, where=standard.id, mend=mend, code="coverage-limit")
