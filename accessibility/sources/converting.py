"""A table of points from one coordinate system to another, every original column kept."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError, OutputError, UsageError
from accessibility.messages import _
from accessibility.model.csv_text import harmless
from accessibility.model.provenance import Notice
from accessibility.sources.coordinates import from_wgs84, is_projected, moved_m, parse_system
from accessibility.sources.positions import Positions, position_columns, read_positions
from accessibility.sources.tables import Table, plain_name, read_table

_DECIMALS = {False: 8, True: 3}
"""Decimals of degrees (about 1 mm) and, if projected, of metres."""


def convert_table(
    path: str | Path,
    target: str | Path,
    *,
    source_system: str,
    target_system: str = "wgs84",
    sheet: str | None = None,
) -> tuple[int, float, tuple[Notice, ...]]:
    """
    Convert the points of a table and write it as CSV.

    Parameters
    ----------
    path
        Anything `accessibility.sources.tables.read_table` reads, with columns of positions.
    target
        CSV to write, UTF-8 with a mark so that spreadsheet programs read Chinese.
    source_system, target_system
        Coordinate systems, see `accessibility.sources.coordinates.parse_system`.
    sheet
        Sheet of a workbook or layer of a GeoPackage.

    Returns
    -------
    n_converted
        How many rows have a position.
    mean_shift_m
        How far (m) apart, on average, the same numbers would lie in the two systems; 0 where there is none.
    notices
        Rows without a usable position keep empty cells and are told.

    Raises
    ------
    UsageError
        If a system is not known, or the result would overwrite the table.
    DataError
        If the table has no columns of positions or no usable position at all, or rows are malformed.
    OutputError
        If the result cannot be written.

    Notes
    -----
    The result holds every column as it was, then ``lon`` and ``lat`` (``x``, ``y`` if projected) and
    ``shift_m``, rounded to about 1 mm. The columns that held the position before bear the former system in
    their names (``lon_gcj02``), so that whoever reads the result takes the converted pair.
    """
    path, target = Path(path), Path(target)
    stated, wanted = parse_system(source_system), parse_system(target_system)
    if path.resolve() == target.resolve() or (target.exists() and path.exists() and target.samefile(path)):
        what, mend = _("the result would overwrite the table it is made from"), _("Name another file.")
        raise UsageError(what, where=str(target), mend=mend, code="overwrites-input")
    table = read_table(path, sheet=sheet)
    columns, positions = _positions(table, stated)
    x, y = from_wgs84(positions.lon, positions.lat, wanted)
    shifts_m = moved_m(positions.lon, positions.lat, stated, wanted)
    header = _header(table, columns, stated, wanted)
    _write(target, table, header, (x, y, shifts_m), projected=is_projected(wanted))
    known = np.isfinite(shifts_m)
    mean_m = float(shifts_m[known].mean()) if known.any() else 0.0
    told = (notice for notice in positions.notices if notice.code != "coordinates-shifted")
    return int(known.sum()), mean_m, (*table.notices, *told)


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


def _write(
    target: Path,
    table: Table,
    header: Sequence[str],
    columns: Sequence[NDArray[np.float64]],
    *,
    projected: bool,
) -> None:
    """Write beside the target, then put it in place: what stood there is untouched until all is well."""
    decimals = (_DECIMALS[projected], _DECIMALS[projected], 2)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    for row, numbers in zip(table.rows, zip(*columns, strict=True), strict=True):
        cells = ["" if np.isnan(n) else f"{n:.{d}f}" for n, d in zip(numbers, decimals, strict=True)]
        writer.writerow([*map(harmless, row), *cells])
    partial = target.with_name(target.name + ".part")
    try:
        partial.write_bytes(text.getvalue().encode("utf-8-sig"))
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(
            _("the result cannot be written: {reason}", reason=error.strerror or str(error)),
            where=str(target),
            mend=_("Check the folder and the permission to write, and close the file in other programs."),
            code="not-written",
        ) from error


def _free(name: str, taken: set[str]) -> str:
    """Take a name that no column of the table bears."""
    chosen, n = name, 2
    while plain_name(chosen) in taken:
        chosen, n = f"{name}_{n}", n + 1
    return chosen
