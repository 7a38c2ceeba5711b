"""Tables in workbooks (.xlsx), through openpyxl."""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import openpyxl
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

from accessibility.errors import AccessibilityError, SourceError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.cells import cell_text
from accessibility.sources.delimited import NumberedRow

MAX_UNPACKED_BYTES = 400_000_000
"""A workbook that unpacks to more than this is refused: no table of places needs it, a zip bomb does."""

_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)
"""What zipfile, the XML parser and openpyxl raise on a damaged or foreign workbook."""


def read_sheet(data: bytes, file: str, sheet: str | None) -> tuple[list[NumberedRow], list[Notice]]:
    """
    Read the rows of a sheet.

    Parameters
    ----------
    data
        Bytes of the workbook.
    file
        Its name, for notices.
    sheet
        Name of the sheet; the first visible one where not given.

    Returns
    -------
    rows
        Row number as the workbook shows it and the cells as text, all of one length; the first row is the
        header: a title merged over it is left out. A merged cell gives its value to all it covers.
    notices
        Merged cells, formulas without a stored value, further sheets.

    Raises
    ------
    SourceError
        If it is damaged, too large, or another office document.
    UsageError
        If there is no such sheet.
    """
    with told_as_damage(file):
        check_archive(data, file)
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        worksheet, notices = _choose(workbook, file, sheet)
        xml = zipfile.ZipFile(io.BytesIO(data)).read(worksheet._worksheet_path.lstrip("/"))
        grid = _grid(worksheet)
        if _FORMULA.search(xml):
            notices += _formulas_without_value(data, worksheet.title, grid, file)
        merged = [range_boundaries(ref.decode()) for ref in _MERGED.findall(xml)]
        first = _header_row(grid, merged, file, notices)
        _fill_merged(grid, merged, first, file, notices)
    return [(number, grid[number - 1]) for number in range(first + 1, len(grid) + 1)], notices


def sheet_names(data: bytes, file: str) -> tuple[str, ...]:
    """
    List the sheets of a workbook, hidden ones too.

    Parameters
    ----------
    data
        Bytes of the workbook.
    file
        Its name, for errors.

    Raises
    ------
    SourceError
        If it is damaged, too large, or another office document.
    """
    with told_as_damage(file):
        check_archive(data, file)
        workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
        return tuple(one.title for one in workbook.worksheets)


@contextmanager
def told_as_damage(file: str) -> Iterator[None]:
    """Tell whatever zipfile, the XML parser and openpyxl raise on a damaged workbook as a `SourceError`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns about styles and extensions that no table needs
            yield
    except AccessibilityError:
        raise
    except _DAMAGE as error:
        raise SourceError(
            _("the workbook is damaged: {reason}", reason=str(error) or type(error).__name__),
            where=file,
            mend=_("Open it in a spreadsheet program and save it again as .xlsx."),
            code="file-damaged",
        ) from error


def check_archive(data: bytes, file: str) -> None:
    """Refuse another office document, and a workbook that unpacks to more than `MAX_UNPACKED_BYTES`."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = set(archive.namelist())
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise SourceError(
            _("the workbook would unpack to {n} MB", n=unpacked // 1_000_000),
            where=file,
            mend=_("Save the one sheet that is needed as CSV UTF-8."),
            code="file-too-large",
        )
    if "xl/workbook.xml" not in names:
        kinds = {
            "xl/workbook.bin": _("a binary workbook (.xlsb)"),
            "word/document.xml": _("a Word document"),
            "ppt/presentation.xml": _("a presentation"),
            "mimetype": _("an OpenDocument file"),
        }
        what = next((label for name, label in kinds.items() if name in names), _("a ZIP archive"))
        raise SourceError(
            _("the file is {what}, not an .xlsx workbook", what=what),
            where=file,
            mend=_("Save the table as .xlsx or CSV UTF-8."),
            code="not-what-it-says",
        )


def _choose(workbook: Any, file: str, sheet: str | None) -> tuple[Any, list[Notice]]:
    sheets = {one.title: one for one in workbook.worksheets}
    listed = ", ".join(sheets)
    if sheet is not None:
        if sheet not in sheets:
            raise UsageError(
                _("there is no sheet {sheet}; there are: {sheets}", sheet=repr(sheet), sheets=listed),
                where=file,
                mend=_("Name one of these."),
                code="unknown-sheet",
            )
        return sheets[sheet], []
    visible = [one for one in sheets.values() if one.sheet_state == "visible"]
    if not visible:
        mend = _("Show the sheet with the table and save the workbook again.")
        raise SourceError(_("the workbook has no visible sheet"), where=file, mend=mend, code="no-sheet")
    chosen = visible[0]
    if len(visible) == 1:
        return chosen, []
    message = _("the workbook has several sheets; {sheet} was read", sheet=chosen.title)
    return chosen, [Notice("further-sheets", "info", message, file, value=listed)]


def _grid(worksheet: Any) -> list[list[str]]:
    worksheet.reset_dimensions()  # some programs write a wrong one, and cells beyond it would be lost
    grid = []
    for cells in worksheet.iter_rows():
        texts = [
            "" if cell.value is None else cell_text(cell.value, getattr(cell, "number_format", "") or "")
            for cell in cells
        ]
        grid.append(texts)
    while grid and not any(text.strip() for text in grid[-1]):
        grid.pop()
    width = max(map(len, grid), default=0)
    return [texts + [""] * (width - len(texts)) for texts in grid]


def _formulas_without_value(data: bytes, title: str, grid: list[list[str]], file: str) -> list[Notice]:
    workbook = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    worksheet = workbook[title]
    worksheet.reset_dimensions()
    notices = []
    for number, cells in enumerate(worksheet.iter_rows(), start=1):
        for column, cell in enumerate(cells):
            formula = cell.value is not None and cell.data_type == "f"
            known = number <= len(grid) and column < len(grid[number - 1]) and grid[number - 1][column]
            if formula and not known:
                message = _(
                    "the formula in column {column} has no stored value and counts as empty",
                    column=column + 1,
                )
                mend = _("Open the workbook in a spreadsheet program and save it, or paste values.")
                text = str(getattr(cell.value, "text", cell.value))
                notices.append(
                    Notice("formula-no-value", "warning", message, file, number, value=text, mend=mend)
                )
    return notices


def _header_row(
    grid: list[list[str]], merged: list[tuple[int, int, int, int]], file: str, notices: list[Notice]
) -> int:
    """Find the header (index into the grid): the first row that is neither empty nor a merged title."""
    wide = {(row, column) for column, row, last_column, _last_row in merged if last_column > column}
    for index, texts in enumerate(grid):
        filled = [column for column, text in enumerate(texts) if text.strip()]
        if len(filled) == 1 and (index + 1, filled[0] + 1) in wide:
            message = _("the merged title above the table was left out")
            notices.append(Notice("title-row", "info", message, file, index + 1, value=texts[filled[0]]))
        elif filled:
            return index
    return 0


def _fill_merged(
    grid: list[list[str]],
    merged: list[tuple[int, int, int, int]],
    header: int,
    file: str,
    notices: list[Notice],
) -> None:
    for left, top, right, bottom in merged:
        if top - 1 <= header or top > len(grid) or left > len(grid[0]) or not grid[top - 1][left - 1].strip():
            continue
        value = grid[top - 1][left - 1]
        for row in range(top - 1, min(bottom, len(grid))):
            for column in range(left - 1, min(right, len(grid[0]))):
                grid[row][column] = value
        message = _("merged cells: the value counts for every row and column they cover")
        field = grid[header][left - 1]
        notices.append(Notice("merged-cells", "info", message, file, top, field, value))
