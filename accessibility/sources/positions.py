"""Positions from two columns of a table: numbers, their system, and what speaks against them."""

import unicodedata
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.coordinates import (
    is_plausible,
    is_projected,
    parse_system,
    shift_m,
    system_label,
    to_wgs84,
)
from accessibility.sources.tables import Table, find_column

X_NAMES = ("lon", "lng", "longitude", "经度", "x")
Y_NAMES = ("lat", "latitude", "纬度", "y")
_EASTING_NAMES = ("x", "easting", "东坐标")
_NORTHING_NAMES = ("y", "northing", "北坐标")
_METRES_FROM = 1000.0
"""No longitude or latitude is this large; eastings and northings are."""


@dataclass(frozen=True, eq=False)
class Positions:
    """
    Where the rows of a table lie.

    Parameters
    ----------
    x, y
        Numbers as the table gives them, shape ``[n_rows]``; both NaN where either is missing.
    lon, lat
        Degrees, WGS-84; both NaN where there is no usable position.
    shift_m
        How far (m) the position would be off if its system were taken for WGS-84; NaN without position.
    swapped
        Whether every position is impossible as given and possible with its two numbers swapped.
    notices
        ``coordinate-not-a-number`` (error), ``place-no-position``, ``place-out-of-range``,
        ``outside-gcj02`` (warnings), ``coordinates-shifted`` (info).
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    shift_m: NDArray[np.float64]
    swapped: bool
    notices: tuple[Notice, ...]


def position_columns(table: Table, system: str) -> tuple[int | None, int | None]:
    """
    Find the two columns of a position: longitude and latitude, or easting and northing if projected.

    Returns
    -------
    x, y
        Indices of the columns, ``None`` where there is none.
    """
    if table.has_geometry:
        return 0, 1
    projected = is_projected(system)
    x_names = (*_EASTING_NAMES, *X_NAMES) if projected else X_NAMES
    y_names = (*_NORTHING_NAMES, *Y_NAMES) if projected else Y_NAMES
    return find_column(table, x_names), find_column(table, y_names)


def number(text: str) -> float | None:
    """Read a decimal number, full-width digits too; NaN for an empty text, ``None`` for anything else."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return float("nan")
    try:
        return None if "_" in plain else float(plain)
    except ValueError:
        return None


def read_positions(table: Table, x_column: int, y_column: int, system: str) -> Positions:
    """
    Read positions and convert them to WGS-84.

    Parameters
    ----------
    table
        The table.
    x_column, y_column
        Where longitude and latitude, or easting and northing, stand.
    system
        Coordinate system as stated, see `accessibility.sources.coordinates.parse_system`.

    Returns
    -------
    positions
        One per row, with notices.
    """
    stated = parse_system(system)
    notices: list[Notice] = []
    columns = [_numbers(table, column, notices) for column in (x_column, y_column)]
    unreadable = np.isin(table.row_numbers, [notice.row for notice in notices])
    known = np.isfinite(columns[0]) & np.isfinite(columns[1])
    x, y = (np.where(known, column, np.nan) for column in columns)
    plausible, mirrored = is_plausible(x, y, stated), known & is_plausible(y, x, stated)
    for row in np.flatnonzero(~known & ~unreadable):
        empty = x_column if not np.isfinite(columns[0][row]) else y_column
        notices.append(_no_position(table, int(row), empty))
    for row in np.flatnonzero(known & ~plausible):
        notices.append(
            _out_of_range(table, int(row), (x_column, y_column), stated, mirrored=bool(mirrored[row]))
        )
    notices.sort(key=lambda notice: notice.row)
    lon, lat = to_wgs84(np.where(plausible, x, np.nan), y, stated)
    shifts_m = shift_m(np.where(plausible, x, np.nan), y, stated)
    if stated != "wgs84" and plausible.any():
        notices.append(_shifted(table, shifts_m, stated))
    if stated == "gcj02" and (unshifted := np.flatnonzero(shifts_m == 0)).size:
        notices.append(_outside_china(table, int(unshifted[0]), x_column, len(unshifted)))
    swapped = bool(known.any()) and not plausible.any() and bool(np.all(mirrored[known]))
    return Positions(x, y, lon, lat, shifts_m, swapped, tuple(notices))


def _numbers(table: Table, column: int, notices: list[Notice]) -> NDArray[np.float64]:
    values = np.full(len(table), np.nan)
    for row, text in enumerate(table.column(column)):
        value = number(text)
        if value is None:
            message = _("the coordinate is not a number")
            mend = _("Write decimal degrees or metres with a point, like 121.29254.")
            notices.append(_at(table, row, column, "coordinate-not-a-number", message, mend, grave=True))
        else:
            values[row] = value
    return values


def _no_position(table: Table, row: int, column: int) -> Notice:
    message = _("the place has no position; it is kept and its reason told")
    return _at(table, row, column, "place-no-position", message, _("Add its coordinates, or remove the row."))


def _out_of_range(table: Table, row: int, columns: tuple[int, int], system: str, *, mirrored: bool) -> Notice:
    x, y = (table.rows[row][column].strip() for column in columns)
    size = max(abs(number(x) or 0.0), abs(number(y) or 0.0))
    label = system_label(system)
    message = _(
        "({x}, {y}) is no position in {system}; the place is kept without one", x=x, y=y, system=label
    )
    mend = _("Check the coordinates and the stated system.")
    if mirrored:
        mend = _("Longitude and latitude (or easting and northing) look swapped.")
    elif size >= _METRES_FROM and not is_projected(system):
        mend = _("They look like projected metres; state their system, e.g. EPSG:4549.")
    elif size <= 180.0 and is_projected(system):
        mend = _("They look like degrees; state their system, e.g. wgs84.")
    wrong = columns[1] if abs(number(x) or 0.0) <= 180.0 else columns[0]
    return _at(table, row, wrong, "place-out-of-range", message, mend)


def _shifted(table: Table, shifts_m: NDArray[np.float64], system: str) -> Notice:
    middle_m = round(float(np.nanmedian(shifts_m)))
    message = _(
        "coordinates shifted by {n} m from {system} to WGS-84", n=middle_m, system=system_label(system)
    )
    count = int(np.isfinite(shifts_m).sum())
    return Notice(
        "coordinates-shifted", "info", message, table.source.file, value=f"{middle_m} m", count=count
    )


def _outside_china(table: Table, row: int, column: int, count: int) -> Notice:
    message = _("GCJ-02 shifts nothing outside China; the coordinates there were taken as WGS-84")
    told = _at(table, row, column, "outside-gcj02", message, _("Check the stated system."))
    return replace(told, count=count)


def _at(
    table: Table, row: int, column: int, code: str, message: str, mend: str, *, grave: bool = False
) -> Notice:
    return Notice(
        code,
        "error" if grave else "warning",
        message,
        table.source.file,
        table.row_numbers[row],
        table.columns[column],
        table.rows[row][column].strip(),
        mend,
    )
