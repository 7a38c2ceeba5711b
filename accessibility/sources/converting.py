"""A table of points from one coordinate system to another, every original column kept."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.coordinates import from_wgs84, is_projected, moved_m, parse_system
from accessibility.sources.positions import Positions, position_columns, read_positions
from accessibility.sources.tables import Table, plain_name, read_table

_DECIMALS = {False: 8, True: 3}
"""Decimals of degrees (about 1 mm) and, if projected, of metres."""


@dataclass(frozen=True)
class Converted:
    """
    A converted table.

    Parameters
    ----------
    columns, rows
        Every column as it was, then ``lon`` and ``lat`` (``x``, ``y`` if projected), rounded to about 1 mm,
        and ``shift_m``. The columns that held the position before bear the former system in their names
        (``lon_gcj02``), so that whoever reads the result takes the converted pair.
    n_converted
        How many rows have a position.
    mean_shift_m
        How far (m) apart, on average, the same numbers would lie in the two systems; 0 where there is none.
    notices
        Rows without a usable position keep empty cells and are told.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_converted: int
    mean_shift_m: float
    notices: tuple[Notice, ...]


def converted_table(path: str | Path, *, source_system: str, target_system: str = "wgs84") -> Converted:
    """
    Convert the points of a table.

    Parameters
    ----------
    path
        Anything `accessibility.sources.tables.read_table` reads, with columns of positions.
    source_system, target_system
        Coordinate systems, see `accessibility.sources.coordinates.parse_system`.

    Returns
    -------
    converted
        Every row of the table, in its order.

    Raises
    ------
    UsageError
        If a system is not known.
    DataError
        If the table has no columns of positions or no usable position at all, or rows are malformed.
    """
    stated, wanted = parse_system(source_system), parse_system(target_system)
    table = read_table(Path(path))
    columns, positions = _positions(table, stated)
    x, y = from_wgs84(positions.lon, positions.lat, wanted)
    shifts_m = moved_m(positions.lon, positions.lat, stated, wanted)
    decimals = (*2 * [_DECIMALS[is_projected(wanted)]], 2)
    rows = [
        (*row, *("" if np.isnan(n) else f"{n:.{d}f}" for n, d in zip(numbers, decimals, strict=True)))
        for row, numbers in zip(table.rows, zip(x, y, shifts_m, strict=True), strict=True)
    ]
    known = np.isfinite(shifts_m)
    mean_m = float(shifts_m[known].mean()) if known.any() else 0.0
    told = (notice for notice in positions.notices if notice.code != "coordinates-shifted")
    header = _header(table, columns, stated, wanted)
    return Converted(tuple(header), tuple(rows), int(known.sum()), mean_m, (*table.notices, *told))


def _positions(table: Table, system: str) -> tuple[tuple[int, int], Positions]:
    """Find and read the positions; raise where the table cannot be converted as a whole."""
    x, y = position_columns(table, system)
    file = table.source.file
    if x is None or y is None:
        what = _("required columns are missing: {missing}", missing="lon, lat")
        mend = _("Found: {columns}.", columns=", ".join(name for name in table.columns if name))
        raise DataError(what, notices=table.notices, where=file, mend=mend, code="missing-column")
    positions = read_positions(table, x, y, system)
    notices = (*table.notices, *positions.notices)
    malformed = sum(notice.severity == "error" for notice in notices)
    if malformed:
        what, mend = (
            _("{n} entries are malformed; nothing was converted", n=malformed),
            _("Mend the rows named."),
        )
        raise DataError(what, notices=notices, where=file, mend=mend, code="malformed-rows")
    if positions.swapped:
        what = _("longitude and latitude (or easting and northing) are swapped in every row")
        mend = _("Swap the names of the two columns.")
        raise DataError(what, notices=notices, where=file, mend=mend, code="coordinates-swapped")
    if not len(table):
        what, mend = _("the table has a header but no rows"), _("Add a row for each place.")
        raise DataError(what, notices=notices, where=file, mend=mend, code="no-rows")
    if not np.isfinite(positions.lon).any():
        what = _("none of the {n} places has a usable position", n=len(table))
        mend = _("Check the coordinates and the stated system.")
        raise DataError(what, notices=notices, where=file, mend=mend, code="no-usable-places")
    return (x, y), positions


def _header(table: Table, columns: tuple[int, int], stated: str, wanted: str) -> list[str]:
    """Name all columns: the plain names of a position go to the converted pair, the former give way."""
    pair = ("x", "y") if is_projected(wanted) else ("lon", "lat")
    taken = {plain_name(name) for name in table.columns} | set(pair)
    names = list(table.columns)
    for index, name in enumerate(names):
        if index in columns:
            names[index] = _free(f"{name}_{stated.replace(':', '')}", taken)
        elif plain_name(name) in pair:
            names[index] = _free(f"{name}_2", taken)
        taken.add(plain_name(names[index]))
    return [*names, *pair, _free("shift_m", taken)]


def _free(name: str, taken: set[str]) -> str:
    """Take a name that no column of the table bears."""
    chosen, n = name, 2
    while plain_name(chosen) in taken:
        chosen, n = f"{name}_{n}", n + 1
    return chosen
