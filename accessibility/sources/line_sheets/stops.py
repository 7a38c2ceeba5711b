"""Stops and courses: which rows of the sheet are one stop, and the stops of every line in order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.projection import geodesic_m
from accessibility.sources.line_sheets.schema import DIRECTIONS
from accessibility.sources.line_sheets.sheet import Sheet
from accessibility.sources.positions import number, position_columns, read_positions

SAME_STOP_M = 30.0
"""Rows of one name are one stop where they lie no further apart than this (m)."""


@dataclass(frozen=True, eq=False)
class Stops:
    """
    Stops in the order of their first row.

    Parameters
    ----------
    ids, names
        The id is the stated one, else the name, ``name@2`` for the next stop of that name.
    lon, lat
        Degrees, WGS-84; NaN where no row states a position.
    of_row
        Stop of every row of the sheet, -1 where that is not clear.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    of_row: tuple[int, ...]

    def hop_m(self, stops: Sequence[int]) -> NDArray[np.float64]:
        """Measure the straight hops (m) along some stops, 0 before the first."""
        at = np.array(stops)
        lon, lat = self.lon[at], self.lat[at]
        return np.append(0.0, geodesic_m((lon[:-1], lat[:-1]), (lon[1:], lat[1:])))

    def named(self, text: str) -> list[int]:
        """Find the stop of an id, else all stops of a name."""
        if text in self.ids:
            return [self.ids.index(text)]
        return [stop for stop, name in enumerate(self.names) if name == text]


@dataclass(frozen=True, eq=False)
class Course:
    """
    One direction of a line.

    Parameters
    ----------
    line, direction
        Which.
    rows, stops
        Rows of the sheet in order, and their stops.
    minutes
        From the stop before (min), dwell included; 0 at the first, NaN where not stated.
    """

    line: str
    direction: int
    rows: tuple[int, ...]
    stops: tuple[int, ...]
    minutes: NDArray[np.float64]


@dataclass
class _Place:
    stop_id: str
    name: str
    lon: float
    lat: float
    row: int
    used: bool = True


def read_stops(sheet: Sheet, system: str) -> Stops:
    """
    Find the stops.

    Parameters
    ----------
    sheet
        The sheet of stops; wrong coordinates, names that are not clear and stops without position are told.
    system
        Coordinate system of the positions.

    Returns
    -------
    stops
        Every stop.

    Notes
    -----
    Rows with one ``stop_id`` are one stop. Without it, rows are one stop where name and position agree within
    30 m; a row without position takes the only stop of its name.
    """
    lon, lat = _positions(sheet, system)
    places: list[_Place] = []
    of_row = [-1] * len(sheet)
    by_id: dict[str, int] = {}
    named: dict[str, list[int]] = {}
    rows = range(len(sheet))
    for row in rows:
        if sheet.text(row, "stop_id"):
            of_row[row] = _by_id(sheet, row, (lon[row], lat[row]), places, by_id)
    for name, stop in ((places[stop].name, stop) for stop in by_id.values()):
        named.setdefault(name, []).append(stop)
    unnamed = [row for row in rows if of_row[row] < 0]
    for row in sorted(unnamed, key=lambda one: bool(np.isnan(lon[one]))):
        if not sheet.text(row, "name"):
            message, mend = _("the stop has neither a name nor a stop_id"), _("Name the stop.")
            sheet.tell(row, "name", "stop-nameless", message, mend)
            continue
        of_row[row] = _by_name(sheet, row, (lon[row], lat[row]), places, named)
    _tell_unlocated(sheet, places, of_row)
    return _stops(places, of_row)


def _positions(sheet: Sheet, system: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x, y = position_columns(sheet.table, system)
    if x is None or y is None:
        x, y = sheet.where["lon"], sheet.where["lat"]
    found = read_positions(sheet.table, x, y, system)
    lines = {sheet.line_number(row): sheet.text(row, "line") for row in range(len(sheet))}
    for notice in found.notices:
        if notice.code != "place-no-position":  # the position may stand in another row of the stop
            sheet.log.tell(notice, lines.get(notice.row, ""))
    return found.lon, found.lat


def _by_id(
    sheet: Sheet, row: int, position: tuple[float, float], places: list[_Place], by_id: dict[str, int]
) -> int:
    stop_id, name = sheet.text(row, "stop_id"), sheet.text(row, "name")
    if stop_id not in by_id:
        by_id[stop_id] = len(places)
        places.append(_Place(stop_id, name or stop_id, *position, row))
        return by_id[stop_id]
    place = places[by_id[stop_id]]
    if np.isnan(place.lon):
        place.lon, place.lat = position
    elif (apart_m := _apart_m(place, position)) > SAME_STOP_M:
        message = _(
            "the stop lies {n} m away from its position in row {row}",
            n=round(apart_m),
            row=sheet.line_number(place.row),
        )
        sheet.tell(row, "stop_id", "stop-in-two-places", message, _("Give two stops different ids."))
    return by_id[stop_id]


def _by_name(
    sheet: Sheet,
    row: int,
    position: tuple[float, float],
    places: list[_Place],
    named: dict[str, list[int]],
) -> int:
    name = sheet.text(row, "name")
    known = named.setdefault(name, [])
    if np.isnan(position[0]):
        if len(known) > 1:
            message = _("{n} stops bear this name, and the row states no position", n=len(known))
            mend = _("State coordinates or the stop_id here.")
            sheet.tell(row, "name", "stop-ambiguous", message, mend)
            return -1
        if known:
            return known[0]
    for stop in known:
        if np.isnan(places[stop].lon):
            places[stop].lon, places[stop].lat = position
        if _apart_m(places[stop], position) <= SAME_STOP_M:
            return stop
    taken = {place.stop_id for place in places}
    candidates = (name if n == 1 else f"{name}@{n}" for n in range(1, len(places) + 2))
    stop_id = next(one for one in candidates if one not in taken)
    known.append(len(places))
    places.append(_Place(stop_id, name, *position, row))
    return known[-1]


def _apart_m(place: _Place, position: tuple[float, float]) -> float:
    """Measure how far (m) a position lies from a stop; 0 where either is unknown."""
    start, end = np.array([[place.lon], [place.lat]]), np.array([[position[0]], [position[1]]])
    if np.isnan(start).any() or np.isnan(end).any():
        return 0.0
    return float(geodesic_m((start[0], start[1]), (end[0], end[1]))[0])


def _tell_unlocated(sheet: Sheet, places: Sequence[_Place], of_row: Sequence[int]) -> None:
    """Tell, for every line that calls there, that a stop has no position."""
    told: set[tuple[int, str]] = set()
    for row, stop in enumerate(of_row):
        key = (stop, sheet.text(row, "line"))
        if stop < 0 or not np.isnan(places[stop].lon) or key in told:
            continue
        told.add(key)
        message = _("the stop {name} has no position in any row", name=places[stop].name)
        mend = _("State its coordinates in one row, or mark the line as open (待定) in the sheet lines.")
        sheet.tell(row, "name", "stop-no-position", message, mend)


def _stops(places: Sequence[_Place], of_row: Sequence[int]) -> Stops:
    """Number the stops by their first row, whatever the order they were found in."""
    order = sorted(range(len(places)), key=lambda stop: places[stop].row)
    number_of = {stop: position for position, stop in enumerate(order)}
    kept = [places[stop] for stop in order]
    return Stops(
        ids=tuple(one.stop_id for one in kept),
        names=tuple(one.name for one in kept),
        lon=np.array([one.lon for one in kept], float),
        lat=np.array([one.lat for one in kept], float),
        of_row=tuple(number_of.get(stop, -1) for stop in of_row),
    )


def read_courses(sheet: Sheet, stops: Stops) -> list[Course]:
    """
    Put the stops of every line and direction in order.

    Parameters
    ----------
    sheet
        The sheet of stops; orders that are no whole numbers or stand twice, courses of a single stop, and one
        stop twice in a row are told.
    stops
        What `read_stops` found.

    Returns
    -------
    courses
        Lines in the order of their first row, direction 0 before 1.
    """
    groups: dict[str, dict[int, list[tuple[int, int]]]] = {}
    for row in range(len(sheet)):
        line = sheet.text(row, "line")
        if not line:
            sheet.tell(row, "line", "line-empty", _("the line is empty"), _("Name the line in every row."))
            continue
        direction = direction_of(sheet, row)
        order = _order(sheet, row)
        if order is not None and direction is not None:
            groups.setdefault(line, {}).setdefault(direction, []).append((order, row))
    return [
        _course(sheet, stops, (line, direction), sorted(groups[line][direction]))
        for line in groups
        for direction in sorted(groups[line])
    ]


def direction_of(sheet: Sheet, row: int) -> int | None:
    """Take a direction; an empty one is 0, ``None`` where it is told as wrong."""
    listed = _("Write 0 or 1, or 上行 or 下行.")
    found = sheet.word(row, "direction", DIRECTIONS, listed)
    return 0 if found is None and not sheet.text(row, "direction") else found


def _order(sheet: Sheet, row: int) -> int | None:
    value = number(sheet.text(row, "order"))
    if value is not None and value.is_integer() and value >= 0:
        return int(value)
    message, mend = _("the order is not a whole number"), _("Number the stops of a direction 1, 2, 3 …")
    sheet.tell(row, "order", "order-malformed", message, mend)
    return None


def _course(sheet: Sheet, stops: Stops, key: tuple[str, int], ordered: Sequence[tuple[int, int]]) -> Course:
    line, direction = key
    rows = tuple(row for _order, row in ordered)
    for (order, row), (next_order, next_row) in pairwise(ordered):
        if order == next_order:
            message = _("the order stands in row {row} too", row=sheet.line_number(row))
            sheet.tell(next_row, "order", "order-twice", message, _("Number every stop of a direction once."))
        if stops.of_row[row] == stops.of_row[next_row] >= 0:
            message, mend = _("the line calls twice in a row at this stop"), _("Remove one of the rows.")
            sheet.tell(next_row, "name", "stop-repeated", message, mend)
    if len(rows) == 1:
        message, mend = _("the line has a single stop in this direction"), _("Add the other stops.")
        sheet.tell(rows[0], "line", "line-one-stop", message, mend)
    minutes = np.array([_minutes(sheet, row) for row in rows])
    if minutes[0] > 0:
        message = _("minutes before the first stop count for nothing")
        sheet.tell(
            rows[0], "minutes", "minutes-first", message, _("Leave the cell empty."), severity="warning"
        )
    minutes[0] = 0.0
    return Course(line, direction, rows, tuple(stops.of_row[row] for row in rows), minutes)


def _minutes(sheet: Sheet, row: int) -> float:
    value = sheet.amount(row, "minutes")
    return float("nan") if value is None else value


def tell_fast_hops(
    sheet: Sheet, stops: Stops, courses: Iterable[Course], fastest_kmh: dict[str, float]
) -> None:
    """Tell stated minutes in which no vehicle of the line covers the straight distance."""
    for course in courses:
        if min(course.stops) < 0:
            continue
        hop_m = stops.hop_m(course.stops)
        limit_kmh = fastest_kmh[course.line]
        for position in range(1, len(course.rows)):
            minutes, row = course.minutes[position], course.rows[position]
            if not hop_m[position] > limit_kmh / 0.06 * minutes:
                continue
            speed = _("no time") if minutes == 0 else f"{hop_m[position] / minutes * 0.06:.0f} km/h"
            message = _(
                "{metres} m from the stop before in {minutes} min ({speed}); over {limit} km/h cannot be",
                metres=round(hop_m[position]),
                minutes=f"{minutes:g}",
                speed=speed,
                limit=round(limit_kmh),
            )
            mend = _("Check the minutes and the positions of both stops.")
            sheet.tell(row, "minutes", "line-too-fast", message, mend, severity="warning")
