"""One sheet with its columns found: values taken out one by one, and what is wrong with them told."""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from accessibility.messages import _
from accessibility.model.provenance import Notice, Severity
from accessibility.sources.line_sheets.schema import MARKS, SheetSpec
from accessibility.sources.positions import number
from accessibility.sources.tables import Table, find_column
from accessibility.units import seconds_from_clock

_Value = TypeVar("_Value")

LATEST_S = 48 * 3600
"""Clock times end here (s): the night after a service day belongs to it, the day after that does not."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MARKS_APART = re.compile(r"[/,、 ]+")


@dataclass
class Log:
    """Notices of all sheets, each with the line it concerns (``""`` where it concerns none)."""

    entries: dict[tuple[str, Notice], None] = field(default_factory=dict)

    def tell(self, notice: Notice, line: str = "") -> None:
        """Add a notice; what was told of both directions of a line stands once."""
        self.entries[line, notice] = None

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Every notice, in the order of telling."""
        return tuple(notice for _line, notice in self.entries)

    def wrong_lines(self) -> dict[str, int]:
        """Count the errors by the line they concern."""
        counts: dict[str, int] = {}
        for line, notice in self.entries:
            if notice.severity == "error":
                counts[line] = counts.get(line, 0) + notice.count
        return counts


class Sheet:
    """
    One sheet.

    Parameters
    ----------
    spec
        Which sheet it is.
    table
        Its cells; a table without rows stands for a sheet that is not there.
    log
        Takes what is wrong.
    """

    def __init__(self, spec: SheetSpec, table: Table, log: Log) -> None:
        self.spec, self.table, self.log = spec, table, log
        self.file = table.source.file
        self.bad: set[int] = set()
        found = {column.name: find_column(table, column.names) for column in spec.columns}
        self.where = {name: column for name, column in found.items() if column is not None}

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.table)

    def missing(self) -> tuple[str, ...]:
        """Name the required columns that are not there, in both languages."""
        return tuple(
            f"{column.name} ({column.others[0]})"
            for column in self.spec.columns
            if column.required and column.name not in self.where
        )

    def further(self) -> tuple[str, ...]:
        """Name the columns that have no meaning here."""
        known = set(self.where.values())
        return tuple(name for i, name in enumerate(self.table.columns) if name and i not in known)

    def text(self, row: int, name: str) -> str:
        """Take a cell as it stands, blanks around removed; ``""`` where there is no such column."""
        column = self.where.get(name)
        return "" if column is None else self.table.rows[row][column].strip()

    def line_number(self, row: int) -> int:
        """Say where a row stands in its file."""
        return self.table.row_numbers[row]

    def tell(
        self, row: int, name: str, code: str, message: str, mend: str, *, severity: Severity = "error"
    ) -> None:
        """Tell what is wrong with a cell; with an error its row is `bad`."""
        if severity == "error":
            self.bad.add(row)
        column = self.where.get(name)
        header = name if column is None else self.table.columns[column]
        notice = Notice(
            code,
            severity,
            message,
            self.file,
            self.line_number(row),
            header,
            self.text(row, name),
            mend,
        )
        self.log.tell(notice, self.text(row, "line"))

    def amount(self, row: int, name: str, *, above_zero: bool = False) -> float | None:
        """Take a number of 0 or more, ``None`` where the cell is empty or told as wrong."""
        value = number(self.text(row, name))
        if value is not None and math.isnan(value):
            return None
        if value is None or not math.isfinite(value) or value < 0 or (above_zero and value == 0):
            message = (
                _("this is not a number above 0") if above_zero else _("this is not a number of 0 or more")
            )
            self.tell(row, name, "number-malformed", message, _("Write a plain number of minutes, like 12."))
            return None
        return value

    def clock(self, row: int, name: str) -> int | None:
        """Take a clock time (s), ``None`` where the cell is empty or told as wrong."""
        text = self.text(row, name)
        if not text:
            return None
        seconds = clock_s(text)
        if seconds is None:
            self.tell_clock(row, name)
        return seconds

    def tell_clock(self, row: int, name: str) -> None:
        """Tell that a cell holds no clock time."""
        message = _("this is not a clock time")
        self.tell(row, name, "clock-malformed", message, _("Write it like 06:30; after midnight like 25:10."))

    def day(self, row: int, name: str) -> date | None:
        """Take a date, ``None`` where the cell is empty or told as wrong."""
        text = unicodedata.normalize("NFKC", self.text(row, name))
        if not text:
            return None
        try:
            if _ISO_DATE.fullmatch(text):
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.tell(row, name, "date-malformed", _("this is not a date"), _("Write it like 2021-12-30."))
        return None

    def dates(self, row: int) -> tuple[date | None, date | None]:
        """Take first and last day of validity, both inclusive, ``None`` where open."""
        start, end = self.day(row, "valid_from"), self.day(row, "valid_to")
        if start and end and end < start:
            message = _("valid_to lies before valid_from")
            self.tell(row, "valid_to", "dates-reversed", message, _("Mend one of the two dates."))
        return start, end

    def word(self, row: int, name: str, words: Mapping[str, _Value], listed: str) -> _Value | None:
        """Take one of some words, ``None`` where the cell is empty or told as wrong."""
        text = unicodedata.normalize("NFKC", self.text(row, name)).casefold()
        if text and text not in words:
            message = _("{name} is not a word that is understood here", name=repr(text))
            self.tell(row, name, f"{name.replace('_', '-')}-unknown", message, listed)
        return words.get(text)

    def check_mark(self, row: int) -> None:
        """Tell a mark that nobody will understand."""
        if not set(marks_of(self.text(row, "mark"))) <= MARKS:
            message, mend = (
                _("the mark is none of S, W, U, I, A"),
                _("Use S, W, U, I or A, or join them: S/I."),
            )
            self.tell(row, "mark", "mark-unknown", message, mend, severity="warning")


def clock_s(text: str) -> int | None:
    """Read a clock time (s) below `LATEST_S`, also with full-width digits; ``None`` for anything else."""
    try:
        seconds = seconds_from_clock(unicodedata.normalize("NFKC", text))
    except ValueError:
        return None
    return seconds if seconds < LATEST_S else None


def marks_of(text: str) -> Sequence[str]:
    """Take a mark like ``S/I`` apart."""
    return [part for part in _MARKS_APART.split(text.strip().upper()) if part]
