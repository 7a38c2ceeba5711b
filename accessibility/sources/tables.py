"""Tables as offices have them: CSV, XLSX, GeoJSON and GeoPackage, every cell as text."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from accessibility.errors import AccessibilityError, DataError, SourceError
from accessibility.messages import _, system_reason
from accessibility.model.csv_text import restored
from accessibility.model.provenance import Notice, SourceRecord
from accessibility.sources.cells import ERROR_VALUES, content_label, content_of
from accessibility.sources.delimited import NumberedRow, read_delimited
from accessibility.sources.geofiles import read_geojson, read_geopackage
from accessibility.sources.spreadsheets import read_sheet, sheet_names

MAX_FILE_BYTES = 600_000_000
"""A table above this size is refused: it is read as a whole."""

SUFFIXES = {
    ".csv": "text",
    ".tsv": "text",
    ".txt": "text",
    ".xlsx": "zip",
    ".xlsm": "zip",
    ".geojson": "json",
    ".json": "json",
    ".gpkg": "sqlite",
}
"""End of a file name -> what the file then must be, as `content_of` calls it."""


@dataclass(frozen=True)
class Table:
    """
    A table as text, not yet understood.

    Parameters
    ----------
    columns
        Header, blanks around the names removed.
    rows
        Cells, one per column.
    row_numbers
        Where each row stands: line of a text file, row of a sheet, number of a feature (from 1), ``fid``.
    source
        The file and its hash.
    notices
        What was found while reading; rows that could not be read are left out and told as ``error``.
    system
        Coordinate system that the file itself states, ``""`` where it states none.
    has_geometry
        Whether the first two columns are the point of a geometry.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    row_numbers: tuple[int, ...]
    source: SourceRecord
    notices: tuple[Notice, ...] = ()
    system: str = ""
    has_geometry: bool = False

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.rows)

    def column(self, index: int) -> tuple[str, ...]:
        """Return the cells of a column."""
        return tuple(row[index] for row in self.rows)


def read_table(path: str | Path, *, sheet: str | None = None, label: str = "") -> Table:
    """
    Read a table whatever office program wrote it.

    Parameters
    ----------
    path
        ``.csv``, ``.tsv``, ``.txt`` (comma, semicolon or tab; UTF-8, GB18030 or marked UTF-16), ``.xlsx``,
        ``.geojson``, ``.json`` or ``.gpkg``.
    sheet
        Sheet of a workbook or layer of a GeoPackage; the first where not given.
    label
        What notices and sources call the file, e.g. its path in a study; its bare name where not given.

    Returns
    -------
    table
        Every cell as text; of a text file without the apostrophe that results have before what a spreadsheet
        would compute (`accessibility.model.csv_text`); error values of spreadsheets (``#N/A``) are told and
        count as empty.

    Raises
    ------
    SourceError
        If the file is missing, damaged, too large, or not what its name says.
    DataError
        If it is empty or its header cannot be read.
    """
    path = Path(path)
    file = label or path.name
    data = read_bytes(path, file)
    source = SourceRecord(file, hashlib.sha256(data).hexdigest())
    _check_content(path, data, file)
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        raise _empty(file, ())
    suffix = path.suffix.lower()
    if SUFFIXES[suffix] in ("json", "sqlite"):
        found = read_geojson(data, file) if SUFFIXES[suffix] == "json" else read_geopackage(path, file, sheet)
        numbered: list[NumberedRow] = [(0, list(found.columns)), *found.rows]
        return _table(numbered, source, found.notices, system=found.system, has_geometry=True)
    if SUFFIXES[suffix] == "zip":
        numbered, notices = read_sheet(data, file, sheet)
        return _table(numbered, source, notices)
    numbered, notices = read_delimited(data, file)
    return _table(numbered, source, notices, delimited=True)


def workbook_sheets(path: str | Path, *, label: str = "") -> tuple[str, ...]:
    """
    List the sheets of a workbook (``.xlsx``).

    Parameters
    ----------
    path
        The workbook.
    label
        What errors call it; its bare name where not given.

    Raises
    ------
    SourceError
        If it is missing, damaged, too large, or not what its name says.
    """
    path = Path(path)
    file = label or path.name
    data = read_bytes(path, file)
    _check_content(path, data, file)
    return sheet_names(data, file)


def find_column(table: Table, names: Sequence[str]) -> int | None:
    """
    Find a column by any of its names.

    Parameters
    ----------
    table
        The table.
    names
        Names in the order of preference; case, width and blanks do not matter.

    Returns
    -------
    index
        Which column, ``None`` where there is none.
    """
    return find_name(table.columns, names)


def find_name(columns: Sequence[str], names: Sequence[str]) -> int | None:
    """Find which of some columns bears any of some names, the first name first; see `find_column`."""
    plain = [plain_name(column) for column in columns]
    for name in names:
        if plain_name(name) in plain:
            return plain.index(plain_name(name))
    return None


def plain_name(name: str) -> str:
    """Reduce a column name to what its spellings share: no case, no full-width letters, no blanks around."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def read_bytes(path: Path, file: str) -> bytes:
    """
    Read a whole file.

    Raises
    ------
    SourceError
        If it is missing, no file, not readable, or larger than a table can be.
    """
    try:
        if path.is_dir():
            mend = _("Name the file in it.")
            raise SourceError(
                _("this is a folder, not a file"), where=file, mend=mend, code="file-unreadable"
            )
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            mend = _("Split it; a table may have {n} MB.", n=MAX_FILE_BYTES // 1_000_000)
            what = _("the file has {n} MB", n=size // 1_000_000)
            raise SourceError(what, where=file, mend=mend, code="file-too-large")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        what, code = _("the file does not exist"), "file-missing"
        raise SourceError(
            what, where=str(path), mend=_("Check the name and the folder."), code=code
        ) from error
    except (OSError, ValueError) as error:
        raise SourceError(
            _("the file cannot be read: {reason}", reason=system_reason(error)),
            where=file,
            mend=_("Close it in other programs and check the permission to read it."),
            code="file-unreadable",
        ) from error


def _check_content(path: Path, data: bytes, file: str) -> None:
    """Refuse a file that is not what its name says, and say what it is."""
    suffix, content = path.suffix.lower(), content_of(data)
    encrypted = _("the workbook is protected by a password"), _("Save it without password.")
    old = _("the file is an Excel file of the old format (.xls)"), _("Save it as .xlsx or CSV UTF-8.")
    office = {"encrypted": ("password-protected", *encrypted), "ole": ("old-excel", *old)}
    if content in office and suffix in (".xls", ".et", *SUFFIXES):
        code, what, mend = office[content]
        raise SourceError(what, where=file, mend=mend, code=code)
    listed = ", ".join(SUFFIXES)
    if suffix not in (".xls", *SUFFIXES):
        what = _("files called {suffix} are not read as tables", suffix=suffix or repr(path.name))
        raise SourceError(
            what, where=file, mend=_("Use one of: {suffixes}.", suffixes=listed), code="unknown-file"
        )
    if SUFFIXES.get(suffix) != content and data.strip():
        named = {kind: name for name, kind in reversed(SUFFIXES.items())}
        mend = _("Save the table as .xlsx or CSV UTF-8.")
        if content in named:
            mend = _("If that is meant, rename it to {suffix}.", suffix=named[content])
        what = _("the file is called {suffix} but is {what}", suffix=suffix, what=content_label(content))
        raise SourceError(what, where=file, mend=mend, code="not-what-it-says")


def _empty(file: str, notices: Sequence[Notice]) -> AccessibilityError:
    return DataError(
        _("the file is empty, or its header cannot be read"),
        notices=notices,
        where=file,
        mend=_("The first row must name the columns, e.g. id,name,lon,lat."),
        code="empty-file",
    )


def _table(
    numbered: Sequence[NumberedRow],
    source: SourceRecord,
    notices: Sequence[Notice],
    *,
    system: str = "",
    has_geometry: bool = False,
    delimited: bool = False,
) -> Table:
    file, told = source.file, list(notices)
    filled = [(number, cells) for number, cells in numbered if any(cell.strip() for cell in cells)]
    if not filled:
        raise _empty(file, told)
    header_row, header = filled[0]
    names = [name.replace("\ufeff", "").strip() for name in header]
    while not names[-1]:
        names.pop()
    told.extend(_header_notices(names, header_row, file))
    kept: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in filled[1:]:
        beyond = [cell for cell in cells[len(names) :] if cell.strip()]
        if (beyond and delimited) or len(cells) < len(names):
            told.append(_ragged(file, number, len(cells), len(names)))
            continue
        if beyond:
            message = _("cells beside the table have no header and are not read")
            told.append(Notice("cell-beside-table", "warning", message, file, number, value=beyond[0]))
        if delimited:
            cells = [restored(cell) for cell in cells]
        kept.append((number, tuple(_without_errors(cells[: len(names)], names, number, file, told))))
    return Table(
        columns=tuple(names),
        rows=tuple(cells for _number, cells in kept),
        row_numbers=tuple(number for number, _cells in kept),
        source=source,
        notices=tuple(told),
        system=system,
        has_geometry=has_geometry,
    )


def _header_notices(names: Sequence[str], row: int, file: str) -> Iterable[Notice]:
    seen: set[str] = set()
    for position, name in enumerate(names, start=1):
        if not name:
            message = _("column {n} has no name and is not read", n=position)
            yield Notice("column-nameless", "info", message, file, row, value=str(position))
        elif plain_name(name) in seen:
            message, mend = _("the column stands twice"), _("Rename or remove one of them.")
            yield Notice("column-twice", "error", message, file, row, name, mend=mend)
        seen.add(plain_name(name))


def _ragged(file: str, row: int, n_cells: int, n_columns: int) -> Notice:
    message = _("the row has {n} cells, the header has {columns}", n=n_cells, columns=n_columns)
    mend = _('Put text that holds the separator in quotation marks ("…").')
    return Notice("row-ragged", "error", message, file, row, value=str(n_cells), mend=mend)


def _without_errors(
    cells: Sequence[str], names: Sequence[str], row: int, file: str, told: list[Notice]
) -> Iterable[str]:
    for name, cell in zip(names, cells, strict=True):
        if cell.strip().upper() not in ERROR_VALUES:
            yield cell
            continue
        message = _("the cell holds an error value of a spreadsheet and counts as empty")
        mend = _("Mend the formula, or type the value.")
        told.append(Notice("cell-error", "warning", message, file, row, name, cell.strip(), mend=mend))
        yield ""
