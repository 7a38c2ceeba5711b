"""Tables as text: comma, semicolon or tab between cells, quotes as RFC 4180 has them."""

import csv
import io

from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.cells import decode_text

DELIMITERS = ",;\t"

NumberedRow = tuple[int, list[str]]


def read_delimited(data: bytes, file: str) -> tuple[list[NumberedRow], list[Notice]]:
    """
    Split the text of a table into rows of cells.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Its name, for notices.

    Returns
    -------
    rows
        Line (from 1) at which the row begins, and its cells; rows that cannot be read are left out.
    notices
        What was wrong: NUL bytes, quotation marks without a partner.

    Raises
    ------
    SourceError
        If the encoding is unknown or the first line holds NUL bytes.
    """
    text, told = decode_text(data, file)
    header = next((line for line in text.splitlines() if line.strip()), "")
    if "\0" in header:
        raise SourceError(
            _("the first line holds NUL bytes: UTF-16 or UTF-32 text without a mark, or no text at all"),
            where=file,
            mend=_("Save it as CSV UTF-8."),
            code="encoding",
        )
    rows, notices = _records(text, _delimiter(header), file)
    readable = []
    for row, cells in rows:
        if any("\0" in cell for cell in cells):
            message = _("the row holds NUL bytes; the file is damaged here")
            notices.append(Notice("nul-byte", "error", message, file, row, mend=_("Type the row anew.")))
        else:
            readable.append((row, cells))
    return readable, [*told, *notices]


def _delimiter(header: str) -> str:
    """Take the one of `DELIMITERS` that stands most often outside quotes in the header line."""
    outside = "".join(header.split('"')[::2])
    return max(DELIMITERS, key=outside.count)


def _records(text: str, delimiter: str, file: str) -> tuple[list[NumberedRow], list[Notice]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[NumberedRow] = []
    notices: list[Notice] = []
    while True:
        start = reader.line_num + 1
        try:
            rows.append((start, next(reader)))
        except StopIteration:
            return rows, notices
        except csv.Error as error:
            to_the_end = "unexpected end" in str(error)
            notices.append(_bad_quote(file, start, reader.line_num, to_the_end=to_the_end))
            if to_the_end or not rows or "field larger" in str(error):
                return rows, notices


def _bad_quote(file: str, start: int, end: int, *, to_the_end: bool) -> Notice:
    code = "quote-unterminated" if to_the_end else "quote-misplaced"
    if end > start:
        message = _(
            "a quotation mark has no partner: lines {start} to {end} cannot be told apart",
            start=start,
            end=end,
        )
    else:
        message = _("a quotation mark stands inside a cell or has no partner")
    mend = _('Close the quotation mark, or double it ("") where it belongs to the text.')
    return Notice(code, "error", message, file, start, mend=mend)
