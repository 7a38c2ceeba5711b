"""What the interval of a figure contains, and how much the positions beside it may change."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.model.travel_query import TravelQuery


def covered(n_sites: int, query: TravelQuery | None, *, both_ways: bool) -> str:
    """
    Say what an interval contains.

    Parameters
    ----------
    n_sites
        Number of starting places.
    query
        How people travel; ``None`` for a straight line.
    both_ways
        Whether the way back is in it.

    Returns
    -------
    words
        A list in words; a mode without a range of speeds says so.
    """
    parts = [_("{n} sites", n=n_sites)]
    if query is not None:
        ranged = query.road_speeds is not None or len(set(query.speed_mps)) > 1
        parts.append(_("range of speeds") if ranged else _("one speed, no range"))
        parts.append(_("both directions") if both_ways else _("way there"))
    return _(", ").join(parts)


def covered_by_lines(n_sites: int, percentiles: Sequence[int], *, ranged: bool) -> str:
    """
    Say what an interval by public transport contains.

    Parameters
    ----------
    n_sites
        Number of starting places.
    percentiles
        Percentiles told as shortest, middle and longest.
    ranged
        Whether assumed headways at both ends of their ranges are in it.
    """
    shares = _("departures of the period, {low} to {high} %", low=percentiles[0], high=percentiles[-1])
    parts = [_("{n} sites", n=n_sites), shares]
    parts.append(_("assumed headways, short to long") if ranged else _("headways as stated"))
    return _(", ").join([*parts, _("way there")])


def mean_speed_mps(
    query: TravelQuery, distance_m: NDArray[np.floating], duration_s: NDArray[np.floating]
) -> float:
    """
    Give the speed at which a figure turns metres into minutes.

    Parameters
    ----------
    query
        How people travel.
    distance_m, duration_s
        Journeys behind the figure at the middle level, NaN where there is none.

    Returns
    -------
    speed_mps
        The mode's own middle speed (m/s); for driving the median over the journeys, NaN without any.
    """
    if query.speed_mps:
        return query.speed_mps[len(query.speed_mps) // 2]
    known = np.isfinite(distance_m) & np.isfinite(duration_s) & (duration_s > 0)
    return float(np.median(distance_m[known] / duration_s[known])) if known.any() else float("nan")


def shift(metres: float, unit: str, query: TravelQuery | None, speed_mps: float = float("nan")) -> float:
    """
    Estimate by how much a figure may shift with its positions.

    Parameters
    ----------
    metres
        Uncertainty of both ends together (m), 0 where none is stated.
    unit
        ``min`` or ``km``, of the figure.
    query
        How people travel, ``None`` for a straight line: elsewhere the way is longer by the detour factor.
    speed_mps
        Speed (m/s) of the journey, for minutes.

    Returns
    -------
    shift
        In `unit`; NaN where nothing is stated.
    """
    if not metres:
        return float("nan")
    along_m = metres * (query.detour_factor if query is not None else 1.0)
    return along_m / 1000 if unit == "km" else along_m / speed_mps / 60


def position_words(sites: Places, places: Places, names: dict[str, str]) -> str:
    """
    Say how sure the positions behind a finding are.

    Parameters
    ----------
    sites, places
        Both ends of its journeys.
    names
        Identifier -> name.

    Returns
    -------
    sentence
        Metres per end, and that no interval contains them.
    """
    ends = [_("{name} {metres}", name=_("sites"), metres=_metres(sites))]
    ends += [
        _("{name} {metres}", name=names[places.ids[i]], metres=_metres(places.take([i])))
        for i in range(len(places))
    ]
    return _(
        "No interval contains the uncertainty of positions: {ends}. The last column estimates its effect: "
        "metres of both ends together, times the detour factor, at the mean speed of the journey.",
        ends=_(", ").join(ends),
    )


def _metres(places: Places) -> str:
    largest = float(places.uncertainty_m.max(initial=0.0))
    return _("± {metres} m", metres=f"{largest:.0f}") if largest else _("(± not stated)")
