"""What is said about lines as such, about days of the calendar, and about walks between stops."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from accessibility.messages import _
from accessibility.sources.line_sheets.schema import DAY_KINDS, ROUTE_TYPES, YES
from accessibility.sources.line_sheets.sheet import Sheet
from accessibility.sources.line_sheets.stops import Stops

_BUS = 3


@dataclass(frozen=True)
class Line:
    """
    What is said about a line; the defaults hold where nothing is.

    Parameters
    ----------
    row
        Row of the sheet of lines, -1 where the line does not stand there.
    name, route_type
        Name and GTFS type.
    valid_from, valid_to
        Both inclusive, ``None`` where open.
    run_min
        Minutes from end to end, ``None`` where not stated.
    is_open
        Whether the line may be incomplete, and is then left out.
    facts
        Operator, mark, source, note and further columns as text.
    """

    row: int = -1
    name: str = ""
    route_type: int = _BUS
    valid_from: date | None = None
    valid_to: date | None = None
    run_min: float | None = None
    is_open: bool = False
    facts: Mapping[str, str] = field(default_factory=dict)


def read_lines(sheet: Sheet) -> dict[str, Line]:
    """
    Read the sheet of lines.

    Parameters
    ----------
    sheet
        The sheet, without rows where it is not there; what is wrong is told.

    Returns
    -------
    lines
        By their names.
    """
    lines: dict[str, Line] = {}
    for row in range(len(sheet)):
        name = sheet.text(row, "line")
        if not name:
            sheet.tell(row, "line", "line-empty", _("the line is empty"), _("Name the line in every row."))
        elif name in lines:
            first = sheet.line_number(lines[name].row)
            message = _("the line stands in row {row} too", row=first)
            sheet.tell(row, "line", "line-twice", message, _("Keep one of the rows."))
        else:
            lines[name] = _line(sheet, row)
    return lines


def _line(sheet: Sheet, row: int) -> Line:
    modes = _("Write bus, metro, rail or tram (公交、地铁、铁路、有轨电车).")
    route_type = sheet.word(row, "mode", ROUTE_TYPES, modes)
    valid_from, valid_to = sheet.dates(row)
    sheet.check_mark(row)
    facts = {name: sheet.text(row, name) for name in ("operator", "mark", "source", "note")}
    columns = sheet.table.columns
    for name in sheet.further():
        facts.setdefault(name, sheet.table.rows[row][columns.index(name)].strip())
    return Line(
        row=row,
        name=sheet.text(row, "name"),
        route_type=_BUS if route_type is None else route_type,
        valid_from=valid_from,
        valid_to=valid_to,
        run_min=sheet.amount(row, "run_min", above_zero=True),
        is_open=bool(sheet.word(row, "open", YES, _("Write yes or no (是、否)."))),
        facts=facts,
    )


def read_days(sheet: Sheet) -> dict[date, int]:
    """
    Read the exceptions of the calendar.

    Parameters
    ----------
    sheet
        The sheet of days, without rows where it is not there; what is wrong is told.

    Returns
    -------
    kinds
        By date the kind of day it counts as, 0 where nothing runs.
    """
    listed = _("Write weekday, saturday, sunday or none (工作日、周六、周日、停运).")
    kinds: dict[date, int] = {}
    for row in range(len(sheet)):
        day, kind = sheet.day(row, "date"), sheet.word(row, "counts_as", DAY_KINDS, listed)
        for name in ("date", "counts_as"):
            if not sheet.text(row, name):
                message, mend = _("the cell is empty"), _("State the date and what it counts as.")
                sheet.tell(row, name, "day-incomplete", message, mend)
        if day in kinds:
            message, mend = _("the date stands in an earlier row already"), _("Keep one of the rows.")
            sheet.tell(row, "date", "day-twice", message, mend)
        if day is not None and kind is not None:
            kinds.setdefault(day, kind)
    return kinds


def read_changes(sheet: Sheet, stops: Stops) -> list[tuple[int, int, int]]:
    """
    Read the changes between stops.

    Parameters
    ----------
    sheet
        The sheet of transfers, without rows where it is not there; what is wrong is told.
    stops
        Stops by id, or by a name that only one of them bears.

    Returns
    -------
    changes
        From stop, to stop, least time (s); one entry each way.
    """
    changes = []
    for row in range(len(sheet)):
        ends = [_end(sheet, row, name, stops) for name in ("from_stop", "to_stop")]
        minutes = sheet.amount(row, "minutes")
        if not sheet.text(row, "minutes"):
            message, mend = _("the cell is empty"), _("Write how many minutes the change takes at least.")
            sheet.tell(row, "minutes", "transfer-incomplete", message, mend)
        start, goal = ends
        if start is not None and goal is not None and minutes is not None:
            least_s = round(60 * minutes)
            changes += [(start, goal, least_s)] + ([(goal, start, least_s)] if start != goal else [])
    return changes


def _end(sheet: Sheet, row: int, name: str, stops: Stops) -> int | None:
    found = stops.named(sheet.text(row, name))
    if len(found) == 1:
        return found[0]
    message = _("no stop bears this id or name")
    if found:
        message = _("{n} stops bear this name", n=len(found))
    sheet.tell(row, name, "transfer-stop", message, _("Write the id of a stop of the sheet stops."))
    return None
