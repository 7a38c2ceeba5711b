"""The small tables in the cards of sites and places: minutes by site and mode, short enough for a pop-up."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.modes import mode_text
from accessibility.model.reasons import REACHED
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.outputs.wording import (
    by_language,
    kilometres_text,
    minutes_text,
    names_by_id,
    period_text,
    reason_text,
)
from accessibility.units import UNREACHED

MAX_ORIGINS = 5
"""Columns of starting places that fit into a card; further ones are told in the tables."""


def times_tables(
    times: Sequence[TravelTimes], place_id: str, periods: Mapping[str, str]
) -> list[dict[str, Any]]:
    """
    Tell the way to a place: a row per mode and period, a column per starting place, the range last.

    Parameters
    ----------
    times
        Travel times from the starting places.
    place_id
        The place.
    periods
        Identifier -> name of the periods.

    Returns
    -------
    tables
        One table, or none where nothing was computed for the place.
    """
    known = [one for one in times if place_id in one.destination_ids]
    if not known:
        return []
    origins = known[0].origin_ids[:MAX_ORIGINS]
    rows = [_times_row(one, place_id, len(origins), periods) for one in known]
    for one in reversed(known):
        column, middle = one.destination_ids.index(place_id), len(one.query.levels) // 2
        metres = one.distance_m[: len(origins), column, middle]
        if np.isfinite(metres).any():
            how = _("km, {mode}", mode=mode_text(one.query.mode))
            rows.append([how, *(kilometres_text(float(value)) for value in metres), ""])
            break
    head = [_("min from"), *origins, _("range")]
    return [{"title": "", "head": head, "rows": rows, "numbers": [0, *[1] * len(origins), 1]}]


def _times_row(times: TravelTimes, place_id: str, n_origins: int, periods: Mapping[str, str]) -> list[str]:
    column = times.destination_ids.index(place_id)
    seconds = times.duration_s[:n_origins, column].astype(float)
    seconds[seconds == UNREACHED] = np.nan
    query = times.query
    parts = (mode_text(query.mode), _short_period(query.period, periods), query.as_of)
    how = " ".join(part for part in parts if part)
    middle = [minutes_text(value) for value in seconds[:, len(query.levels) // 2]]
    reasons = times.reason[:n_origins, column]
    if (reasons != REACHED).all():
        return [how, *middle, reason_text(int(reasons[0]))]
    return [how, *middle, _span(seconds)]


def nearest_tables(frame: MapFrame, origin_id: str, tables: Sequence[AccessTable]) -> list[dict[str, Any]]:
    """
    Tell the nearest of every target on the last date: a row per target, a column per mode and period.

    Parameters
    ----------
    frame
        Names of targets, periods and places.
    origin_id
        The starting place.
    tables
        Nearest tables from the starting places; others are skipped.

    Returns
    -------
    tables
        One table, or none where nothing was computed for the place.
    """
    own = [table for table in tables if table.measure == "nearest" and origin_id in table.origin_ids]
    last = max(frame.study.as_of).isoformat()
    own = [table for table in own if table.as_of in ("", last)]
    hows = list(dict.fromkeys((table.mode, table.period) for table in own))
    targets = {target.id: by_language(target.name, target.name_en) for target in frame.study.targets}
    names = names_by_id(frame.places)
    rows = []
    for target in dict.fromkeys(table.target for table in own):
        by_how = {(table.mode, table.period): table for table in own if table.target == target}
        found = [_nearest(by_how[how], origin_id) if how in by_how else ("–", "") for how in hows]
        which = list(dict.fromkeys(names.get(i, i) for _text, i in found if i))
        label = targets.get(target, target) + (f" → {' / '.join(which[:2])}" if which else "")
        rows.append([label, *(text for text, _i in found)])
    if not rows:
        return []
    heads = [_how_head(mode, period, frame.period_names()) for mode, period in hows]
    title = _("minutes to the nearest, {date}", date=last)
    return [{"title": title, "head": [_("target"), *heads], "rows": rows, "numbers": [0, *[1] * len(hows)]}]


def _nearest(table: AccessTable, origin_id: str) -> tuple[str, str]:
    row, middle = table.origin_ids.index(origin_id), len(table.columns) // 2
    nearest = table.nearest_ids[row][middle] if table.nearest_ids else ""
    return minutes_text(table.values[row, middle]), nearest


def _how_head(mode: str, period: str, periods: Mapping[str, str]) -> str:
    return " ".join(part for part in (mode_text(mode), _short_period(period, periods)) if part)


def _short_period(period: str, periods: Mapping[str, str]) -> str:
    """Name a period without its clock times, which do not fit into a card."""
    return period_text(period, dict(periods)).split(" ")[0] if period else ""


def _span(seconds: NDArray[np.float64]) -> str:
    known = seconds[np.isfinite(seconds)]
    low, high = minutes_text(known.min()), minutes_text(known.max())
    if not np.isfinite(seconds).all():
        return _("from {low}", low=low)
    return low if low == high else f"{low}–{high}"
