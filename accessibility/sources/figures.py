"""Tables of figures: every row says how certain it is and where it comes from; faults are told at once."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.defaults import Assumption, Range
from accessibility.model.provenance import Notice
from accessibility.sources.positions import number
from accessibility.sources.tables import Table, find_column

WORDS = ("note", "source_zh", "note_zh")
"""Columns of words about a figure."""


@dataclass
class FigureRows:
    """A table of figures, and what is wrong in it."""

    table: Table
    notices: list[Notice] = field(default_factory=list)

    @classmethod
    def of(cls, table: Table, required: Sequence[str]) -> "FigureRows":
        """Take a table; tell the columns it lacks and the rows without mark or source."""
        rows = cls(table, list(table.notices))
        for name in (*required, "mark", "source"):
            if find_column(table, (name,)) is None:
                message = _("the column is missing; found: {columns}", columns=", ".join(table.columns))
                rows.tell(0, name, "missing-column", message)
        if not len(table):
            rows.tell(0, "", "no-rows", _("the table has a header but no rows"))
        for name in ("mark", "source"):
            if find_column(table, (name,)) is not None:
                for row, text in enumerate(rows.texts(name)):
                    if not text:
                        message = _("a figure without mark or source is not taken")
                        rows.tell(table.row_numbers[row], name, "figure-unsourced", message)
        return rows

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a column as text; empty texts where there is none."""
        column = find_column(self.table, (name,))
        if column is None:
            return ("",) * len(self.table)
        return tuple(text.strip() for text in self.table.column(column))

    def ranges(
        self, keys: Sequence[str], values: Sequence[str], *, above_zero: bool
    ) -> dict[tuple[str, ...], Range]:
        """Take key -> low, mid, high; tell keys that are empty or stand twice and ranges out of order."""
        found: dict[tuple[str, ...], Range] = {}
        if any(notice.code == "missing-column" for notice in self.notices):
            return found
        labels = zip(*(self.texts(name) for name in keys), strict=True)
        figures = zip(*(self.texts(name) for name in values), strict=True)
        for line, key, texts in zip(self.table.row_numbers, labels, figures, strict=True):
            for name, text in zip(keys, key, strict=True):
                if not text and name != "name_contains":
                    self.tell(line, name, "id-empty", _("the row does not say what it is about"))
            if key in found:
                self.tell(line, keys[0], "id-twice", _("the row stands twice"), ", ".join(key))
            low, mid, high = (figure(text) for text in texts)
            for name, text in dict(zip(values, texts, strict=True)).items():
                if math.isnan(figure(text)):
                    self.tell(line, name, "number-malformed", _("this is not a number"), text)
            if not 0 <= low <= mid <= high or (above_zero and low == 0):
                message = _("the figures are not ordered: 0 <= low <= mid <= high, speeds above 0")
                if not math.isnan(low + mid + high):
                    self.tell(line, values[0], "figures-order", message, ", ".join(dict.fromkeys(texts)))
            found[key] = (low, mid, high)
        return found

    def assumptions(
        self, group: str, ranges: dict[tuple[str, ...], Range], units: Sequence[str]
    ) -> list[Assumption]:
        """Write the rows for the register of assumptions."""
        words = zip(*map(self.texts, ("mark", "source", *WORDS)), strict=True)
        return [
            Assumption(f"{group}: {key[0]}", *figures, unit, *told)
            for (key, figures), unit, told in zip(ranges.items(), units, words, strict=True)
        ]

    def tell(self, line: int, name: str, code: str, message: str, value: str = "") -> None:
        """Tell what makes the table useless, and where it stands."""
        mend = _("Mend the table of figures.")
        self.notices.append(Notice(code, "error", message, self.table.source.file, line, name, value, mend))


def figure(text: str) -> float:
    """Read a finite number, NaN for anything else."""
    value = number(text)
    return value if value is not None and math.isfinite(value) else math.nan


def raise_if_bad(tables: Sequence[FigureRows], what: str) -> None:
    """
    Refuse tables in which something was told that makes a result impossible.

    Raises
    ------
    DataError
        With everything that was told about all of them.
    """
    bad = [rows for rows in tables if any(notice.severity == "error" for notice in rows.notices)]
    if bad:
        raise DataError(
            what,
            notices=[notice for rows in bad for notice in rows.notices],
            where=", ".join(rows.table.source.file for rows in bad),
            mend=_("Mend the rows named."),
            code="malformed-rows",
        )
