"""Why does this journey take so long? One way, part by part."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from accessibility.errors import ModelError, UsageError
from accessibility.linking import link
from accessibility.messages import _
from accessibility.model.journey import Journey
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.model.reasons import BEYOND_LIMITS, NO_WAY, REASON_CODES
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.sources.coordinates import to_wgs84
from accessibility.sources.places import read_places
from accessibility.streetwork.paths import find_journey
from accessibility.studies.on_streets import StreetOptions, check_level, prepare
from accessibility.studies.progress import Progress, silent
from accessibility.travel import travel_times
from accessibility.units import UNREACHED


@dataclass(frozen=True, eq=False)
class Explanation:
    """
    A journey, or why there is none.

    Parameters
    ----------
    journey
        The journey; also where it exceeds the limits, ``None`` where there is no way at all.
    within_limits
        Whether `travel_times` counts it as reached.
    reason
        Reason code of `accessibility.model.reasons`, ``""`` where reached.
    notices
        What to know about the data.
    """

    journey: Journey | None
    within_limits: bool
    reason: str
    notices: tuple[Notice, ...] = ()


def explain(
    streets: Streets, pair: tuple[Places, Places], query: TravelQuery, *, level: str = "mid"
) -> Explanation:
    """
    Explain the journey between two places.

    Parameters
    ----------
    streets, query
        The network and the question.
    pair
        Origin and destination, one place each.
    level
        Level of the query.

    Returns
    -------
    explanation
        The journey whose duration `travel_times` reports. Where it reports none, the search is done again
        without a limit, to find the cause.
    """
    origin, destination = pair
    ids = (origin.ids, destination.ids)
    linkage = link(streets, origin, destination, query)
    times = travel_times(streets, linkage, query, ids)
    reached = times.level(level)[0, 0] != UNREACHED
    reason = int(times.reason[0, 0]) if not reached else 0
    if not reached and reason == 0:
        reason = BEYOND_LIMITS
    journey = None
    if reached or reason == BEYOND_LIMITS:
        journey = find_journey(streets, linkage, query, (ids[0][0], ids[1][0]), level=level)
        if journey is None:
            reason = NO_WAY
    return Explanation(journey, bool(reached), REASON_CODES[reason])


def explain_between(
    options: StreetOptions,
    points: Path | Places | None,
    ends: tuple[str, str],
    *,
    level: str = "mid",
    progress: Progress = silent,
) -> tuple[Explanation, Places, TravelQuery]:
    """
    Explain the journey between two ends, each a place id of a table or ``lon,lat``.

    Returns
    -------
    explanation, places, query
        The explanation, both places in this order, and the query.
    """
    check_level(options.query(), level)
    origin, destination = both_ends(points, ends, options.system)
    ready = prepare(options, origin, destination, progress)
    explanation = explain(ready.streets, (ready.origins, ready.destinations), ready.query, level=level)
    explanation = replace(explanation, notices=ready.notices)
    return explanation, Places.joined([origin, destination]), ready.query


def both_ends(points: Path | Places | None, ends: tuple[str, str], system: str) -> tuple[Places, Places]:
    """
    Find where a journey begins and ends.

    Parameters
    ----------
    points
        Table that holds the places named.
    ends
        Each the id of a place of the table, or ``lon,lat``.
    system
        Coordinate system of the points.

    Returns
    -------
    origin, destination
        One place each, under different ids.
    """
    table = read_places(points, system=system) if isinstance(points, Path) else points
    origin, destination = (_end(text, table, system) for text in ends)
    if origin.ids == destination.ids:
        destination = replace(destination, ids=(f"{destination.ids[0]}'",))
    return origin, destination


def place_at(text: str, system: str, option: str) -> Places:
    """
    Make a place from ``lon,lat``.

    Parameters
    ----------
    text, system
        The position and its coordinate system.
    option
        The option it was given with, named where it is wrong.

    Raises
    ------
    UsageError
        If `text` is nothing of that kind.
    """
    try:
        x, y = (np.array([float(part)]) for part in text.split(","))
        lon, lat = to_wgs84(x, y, system)
        one = np.ones(1)
        return Places((text,), (text,), ("point",), lon, lat, count=one, uncertainty_m=0 * one)
    except (ValueError, ModelError) as error:
        message = _("{text} is no position like 121.257,31.277", text=text)
        mend = _("Write longitude, comma, latitude, without blanks, in the system that --system names.")
        raise UsageError(message, where=f"{option} {text}", mend=mend, code="position") from error


def _end(text: str, table: Places | None, system: str) -> Places:
    """Take a place by its id, or make one from ``lon,lat``."""
    if table is not None and text in table.ids:
        return table.take([table.index(text)])
    try:
        return place_at(text, system, "--from / --to")
    except UsageError as error:
        known = ", ".join(table.ids[:5]) + " …" if table is not None else _("no table of places is given")
        raise UsageError(
            _("{text} is neither the id of a place nor lon,lat", text=text),
            where="--from / --to",
            mend=_("Known ids: {ids}", ids=known),
            code="unknown-place",
        ) from error
