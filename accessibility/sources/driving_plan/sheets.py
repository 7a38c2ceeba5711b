"""The sheets of a workbook, old format (.xls) or new (.xlsx), as cells with their place."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import xlrd
from openpyxl.utils import get_column_letter

from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.sources.cells import content_label, content_of
from accessibility.sources.driving_plan.clock import DAY_S, Clock, clock_of
from accessibility.sources.spreadsheets import check_archive, told_as_damage
from accessibility.units import clock_from_seconds

_XLS_DAMAGE = (
    xlrd.XLRDError,
    xlrd.compdoc.CompDocError,
    struct.error,
    UnicodeError,
    AssertionError,
    IndexError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    OverflowError,
    MemoryError,
)
"""What xlrd raises on a damaged workbook."""
_EPOCH = datetime(1899, 12, 31)  # openpyxl tells 0:20 of the day after (a number above 1) as 1900-01-01 00:20
_FIRST_REAL_YEAR = 1901


@dataclass(frozen=True)
class PlanCell:
    """
    A cell that holds something.

    Parameters
    ----------
    row, column
        From 1, as the workbook shows them.
    value
        Text or number.
    typed_s
        Seconds after midnight where the workbook says that it is a time.
    slanted
        Set in italics: operators mark with it what is no departure.
    formula
        The formula where it has no stored value.
    """

    row: int
    column: int
    value: str | float
    typed_s: int | None = None
    slanted: bool = False
    formula: bool = False

    @property
    def name(self) -> str:
        """Name of the cell, e.g. ``B12``."""
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def text(self) -> str:
        """Text without blanks around; numbers without ``.0``, times as ``06:05``."""
        if self.typed_s is not None and self.clock is not None:
            return clock_from_seconds(self.clock.time_s)
        if isinstance(self.value, str):
            return self.value.strip()
        return f"{self.value:g}"

    @property
    def squeezed(self) -> str:
        """Text without any blank, empty for a number or a time."""
        return "".join(self.value.split()) if isinstance(self.value, str) and self.clock is None else ""

    @property
    def clock(self) -> Clock | None:
        """The time of day it holds."""
        return None if self.formula else clock_of(self.value, typed_s=self.typed_s)


@dataclass(frozen=True)
class PlanSheet:
    """
    A sheet.

    Parameters
    ----------
    name
        Its name.
    visible
        Whether users see it.
    rows
        Row number to its cells from left to right; empty rows are left out.
    """

    name: str
    visible: bool
    rows: dict[int, tuple[PlanCell, ...]]

    def cells(self) -> Iterator[PlanCell]:
        """Go through all cells, row by row."""
        for row in sorted(self.rows):
            yield from self.rows[row]


def read_sheets(data: bytes, file: str) -> tuple[PlanSheet, ...]:
    """
    Read every sheet of a workbook; what the file is decides its content, not its name.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Its name, for messages.

    Returns
    -------
    sheets
        In the order of the workbook, hidden ones included.

    Raises
    ------
    SourceError
        If it is empty, no workbook, damaged, or protected by a password.
    """
    if not data:
        raise SourceError(_("the file is empty"), where=file, code="file-empty")
    content = content_of(data)
    if content == "zip":
        return _read_new(data, file)
    if content == "ole":
        return _read_old(data, file)
    if content == "encrypted":
        raise _protected(file)
    raise SourceError(
        _("the file is {what}, not a workbook", what=content_label(content)),
        where=file,
        mend=_("Open it in a spreadsheet program and save it as .xlsx."),
        code="not-what-it-says",
    )


def _read_new(data: bytes, file: str) -> tuple[PlanSheet, ...]:
    with told_as_damage(file):
        check_archive(data, file)
        values = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        return tuple(_new_sheet(sheet, formulas[sheet.title]) for sheet in values.worksheets)


def _new_sheet(sheet: Any, formulas: Any) -> PlanSheet:
    for one in (sheet, formulas):
        one.reset_dimensions()  # some programs write a wrong one, and cells beyond it would be lost
    rows = {}
    for r, pairs in enumerate(zip(sheet.iter_rows(), formulas.iter_rows(), strict=True), start=1):
        kept = tuple(
            made
            for c, (cell, formula) in enumerate(zip(*pairs, strict=True), start=1)
            if (made := _new_cell(r, c, cell, formula)) is not None
        )
        if kept:
            rows[r] = kept
    return PlanSheet(sheet.title, sheet.sheet_state == "visible", rows)


def _new_cell(row: int, column: int, cell: Any, formula: Any) -> PlanCell | None:
    value = cell.value
    if value is None:
        return PlanCell(row, column, str(formula.value), formula=True) if formula.data_type == "f" else None
    slanted = bool(cell.font and cell.font.italic)
    if isinstance(value, str):
        return PlanCell(row, column, value, slanted=slanted) if value.strip() else None
    typed_s = _typed_s(value)
    if typed_s is not None:
        return PlanCell(row, column, typed_s / DAY_S, typed_s, slanted)
    if isinstance(value, (date, datetime)):
        return PlanCell(row, column, value.isoformat(), slanted=slanted)
    return PlanCell(row, column, float(value), slanted=slanted)


def _typed_s(value: object) -> int | None:
    if isinstance(value, time):
        return round(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
    if isinstance(value, timedelta):
        return round(value.total_seconds())
    if isinstance(value, datetime) and value.year < _FIRST_REAL_YEAR:
        return round((value - _EPOCH).total_seconds())
    return None


def _read_old(data: bytes, file: str) -> tuple[PlanSheet, ...]:
    with _told_as_xls_damage(file):
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, logfile=io.StringIO(), ragged_rows=True
        )
        return tuple(_old_sheet(book, sheet) for sheet in book.sheets())


def _old_sheet(book: Any, sheet: Any) -> PlanSheet:
    rows = {}
    for r in range(sheet.nrows):
        kept = tuple(
            made for c in range(sheet.row_len(r)) if (made := _old_cell(book, sheet, r, c)) is not None
        )
        if kept:
            rows[r + 1] = kept
    return PlanSheet(sheet.name, sheet.visibility == 0, rows)


def _old_cell(book: Any, sheet: Any, r: int, c: int) -> PlanCell | None:
    cell = sheet.cell(r, c)
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return None
    slanted = bool(book.font_list[book.xf_list[cell.xf_index].font_index].italic)
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return PlanCell(r + 1, c + 1, cell.value, slanted=slanted) if cell.value.strip() else None
    if cell.ctype == xlrd.XL_CELL_DATE:
        if cell.value < 2:
            return PlanCell(r + 1, c + 1, cell.value, round(cell.value * DAY_S), slanted)
        told = xlrd.xldate_as_datetime(cell.value, book.datemode)
        return PlanCell(r + 1, c + 1, told.isoformat(), slanted=slanted)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return PlanCell(r + 1, c + 1, xlrd.error_text_from_code.get(cell.value, "#?"), slanted=slanted)
    return PlanCell(r + 1, c + 1, float(cell.value), slanted=slanted)


@contextmanager
def _told_as_xls_damage(file: str) -> Iterator[None]:
    try:
        yield
    except _XLS_DAMAGE as error:
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower():
            raise _protected(file) from error
        raise SourceError(
            _("the workbook is damaged: {reason}", reason=str(error) or type(error).__name__),
            where=file,
            mend=_("Open it in a spreadsheet program and save it again as .xlsx."),
            code="file-damaged",
        ) from error


def _protected(file: str) -> SourceError:
    return SourceError(
        _("the workbook is protected by a password"),
        where=file,
        mend=_("Open it in a spreadsheet program, remove the password and save it."),
        code="file-protected",
    )
