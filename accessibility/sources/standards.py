"""Planning standards from a table of data, every row with a mark and a source."""

import math
from pathlib import Path

from accessibility.messages import _
from accessibility.model.provenance import Provenance
from accessibility.model.standard import UNITS, USES, WAYS, Standard, Standards
from accessibility.sources.figures import FigureRows, figure, raise_if_bad
from accessibility.sources.tables import read_table

STANDARDS_FILE = "standards.csv"

_REQUIRED = ("id", "title_zh", "title_en", "use", "low", "high", "unit", "measured")
_TEXTS = ("title_zh", "title_en", "clause", "use", "kinds", "unit", "measured", "share_of", "scope", "mark",
          "source", "note")  # fmt: skip


def read_standards(path: str | Path) -> Standards:
    """
    Read planning standards.

    Parameters
    ----------
    path
        Table with ``id``, ``title_zh``, ``title_en``, ``use``, ``low``, ``high``, ``unit``, ``measured``,
        ``mark``, ``source`` and, if wanted, ``clause``, ``kinds`` (separated by blanks), ``share``,
        ``share_of``, ``scope``, ``note``; see `accessibility.model.standard.Standard`.

    Returns
    -------
    standards
        One per row.

    Raises
    ------
    DataError
        If columns are missing, a row lacks a source or mark, a figure or share is malformed, a word is not
        known, or an id stands twice; all of it is told at once, with file and row.
    """
    rows = FigureRows.of(read_table(path), _REQUIRED)
    ranges = rows.ranges(("id",), ("low", "high", "high"), above_zero=True)
    whole = bool(ranges)  # else a column is missing, and that is told
    if whole:
        for name, words in (("use", USES), ("unit", UNITS), ("measured", WAYS)):
            _check_words(rows, name, words)
    shares = tuple(_share(rows, row, text) for row, text in enumerate(rows.texts("share")))
    raise_if_bad((rows,), _("the table of standards is malformed"))
    texts = {name: rows.texts(name) for name in _TEXTS}
    found = []
    for row, ((standard_id,), (low, _mid, high)) in enumerate(ranges.items()):
        told = {name: column[row] for name, column in texts.items()}
        title, kinds = told.pop("title_zh"), tuple(told.pop("kinds").split())
        found.append(
            Standard(id=standard_id, title=title, kinds=kinds, low=low, high=high, share=shares[row], **told)
        )
    return Standards(tuple(found), Provenance((rows.table.source,), tuple(rows.notices)))


def _check_words(rows: FigureRows, name: str, words: tuple[str, ...]) -> None:
    for line, text in zip(rows.table.row_numbers, rows.texts(name), strict=True):
        if text not in words:
            message = _("the word is none of: {choices}", choices=", ".join(words))
            rows.tell(line, name, "word-unknown", message, text)


def _share(rows: FigureRows, row: int, text: str) -> float | None:
    value = figure(text)
    if not text:
        return None
    if math.isnan(value) or not 0 < value <= 1:
        message = _("a share lies above 0 and is 1 at most")
        rows.tell(rows.table.row_numbers[row], "share", "share-malformed", message, text)
    return value
