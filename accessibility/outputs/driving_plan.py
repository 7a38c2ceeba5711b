"""A line's service as a driving plan (行车时刻表), laid out as operators know it."""

import itertools
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from accessibility.errors import ModelError, OutputError
from accessibility.messages import _
from accessibility.model.driving_plan import BlockEvent, DrivingPlan, PlanFacts, PlanService
from accessibility.outputs.writing import staged_file

DEPARTURES_SHEET, BLOCKS_SHEET, HOURS_SHEET = "发车时刻表", "行车时刻表", "每小时班次"

_DAY_WORDS = {"weekday": "工作日", "weekend": "节假日", "saturday": "周六", "sunday": "周日", "daily": "每日"}
_COLUMNS = 4
"""Columns of times under a terminus, as in operators' plans."""
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60


def write_driving_plan(path: str | Path, plan: DrivingPlan, *, as_of: date | str) -> Path:
    """
    Write the services of a line as a driving plan that operators and `read_driving_plan` read.

    Parameters
    ----------
    path
        Workbook to write (``.xlsx``).
    plan
        Services, and the departures of its blocks where it has any.
    as_of
        Date (or its ISO text) in the properties of the file, so that the bytes do not depend on the clock.

    Returns
    -------
    path
        The file: 发车时刻表 (termini and day types side by side, totals below), 行车时刻表 where there are
        blocks, and 每小时班次 (departures by hour).

    Raises
    ------
    ModelError
        If the plan has no departures.
    OutputError
        If the file cannot be written.

    Notes
    -----
    The words of the plan are Chinese in any language: they are its format.
    """
    services = [service for service in plan.services if service.departures]
    if not services:
        raise ModelError(_("the plan has no departures"), code="plan-empty")
    path = Path(path)
    with staged_file(path) as temporary:
        try:
            book = xlsxwriter.Workbook(str(temporary), {"in_memory": True})
            book.set_properties({"title": plan.line, "created": datetime.fromisoformat(str(as_of))})
            writer = _Writer(book)
            writer.departures(services)
            departing = [event for event in plan.events if event.kind == "departure"]
            if departing:
                writer.blocks(services, departing, plan.facts)
            writer.hours(services)
            book.close()
        except XlsxWriterException as error:
            raise OutputError(
                _("the file cannot be written: {why}", why=error), where=str(path), code="output-write"
            ) from error
    return path


class _Writer:
    """Writes the sheets of a plan into a workbook."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format({"bold": True, "align": "center", "border": 1})
        self._time = book.add_format({"num_format": "hh:mm", "align": "center", "border": 1})
        self._night = book.add_format({"num_format": "[hh]:mm", "align": "center", "border": 1})

    def departures(self, services: Sequence[PlanService]) -> None:
        """Write 发车时刻表: a table per line, its day types and termini side by side."""
        sheet = self._book.add_worksheet(DEPARTURES_SHEET)
        row = 0
        for line, of_line in _by_line(services):
            depth = max(_depth(service) for service in of_line)
            sheet.write_string(row, 0, f"{line}{DEPARTURES_SHEET}", self._title)
            at = 0
            for day, of_day in itertools.groupby(sorted(of_line, key=_day_order), key=_day_word):
                sheet.write_string(row + 1, at, day, self._head)
                for service in of_day:
                    sheet.write_string(row + 2, at, service.origin, self._head)
                    for k, time_s in enumerate(service.times_s):
                        self._put(sheet, row + 3 + k % depth, at + k // depth, time_s)
                    at += _COLUMNS + 1
            row += depth + 4
        for text in _totals(services):
            sheet.write_string(row, 0, text)
            row += 1
        sheet.set_column(0, 60, 7)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def blocks(
        self, services: Sequence[PlanService], events: Sequence[BlockEvent], facts: Sequence[PlanFacts]
    ) -> None:
        """Write 行车时刻表: vehicles down, termini across; a table per line and day type."""
        sheet = self._book.add_worksheet(BLOCKS_SHEET)
        stated = {(one.line, one.days): one for one in facts}
        row = 0
        for line, of_line in _by_line(services):
            for day, of_day in itertools.groupby(sorted(of_line, key=_day_order), key=_day_word):
                ends = list(of_day)
                own = [one for one in events if one.line == line and one.days == ends[0].days]
                if not own:
                    continue
                sheet.write_string(row, 0, f"{line}{BLOCKS_SHEET}({day})", self._title)
                sheet.write_string(row + 1, 0, _date_line(stated.get((line, ends[0].days)), day))
                row = self._block_rows(sheet, row + 2, own, [service.origin for service in ends])
        sheet.set_column(0, 60, 7)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _block_rows(self, sheet: Any, row: int, events: Sequence[BlockEvent], termini: list[str]) -> int:
        heads = list(dict.fromkeys([*termini, *(event.terminus for event in events)]))
        placed = {
            block: list(_columns_of(list(those), heads))
            for block, those in itertools.groupby(
                sorted(events, key=lambda one: (_natural(one.block), one.time_s)), key=lambda one: one.block
            )
        }
        width = 1 + max(column for those in placed.values() for column, _event in those)
        sheet.write_string(row, 0, "路牌", self._head)
        for column in range(width):
            sheet.write_string(row, column + 1, heads[column % len(heads)], self._head)
        for at, (block, those) in enumerate(placed.items(), start=1):
            sheet.write_string(row + at, 0, block, self._head)
            for column, event in those:
                self._put(sheet, row + at, column + 1, event.time_s)
        return row + len(placed) + 2

    def hours(self, services: Sequence[PlanService]) -> None:
        """Write how many vehicles depart in every hour, and in all."""
        sheet = self._book.add_worksheet(HOURS_SHEET)
        first = min(service.times_s[0] for service in services) // _HOUR_S
        last = max(service.times_s[-1] for service in services) // _HOUR_S
        for k, head in enumerate(("线路", "日期类型", "起点站")):
            sheet.write_string(0, k, head, self._head)
        for hour in range(first, last + 1):
            sheet.write_string(0, 3 + hour - first, f"{hour}时", self._head)
        sheet.write_string(0, 4 + last - first, "合计", self._head)
        for row, service in enumerate(services, start=1):
            for k, text in enumerate((service.line, _day_word(service), service.origin)):
                sheet.write_string(row, k, text)
            for hour in range(first, last + 1):
                n = sum(time_s // _HOUR_S == hour for time_s in service.times_s)
                sheet.write_number(row, 3 + hour - first, n)
            sheet.write_number(row, 4 + last - first, len(service.departures))

    def _put(self, sheet: Any, row: int, column: int, time_s: int) -> None:
        sheet.write_number(row, column, time_s / _DAY_S, self._night if time_s >= _DAY_S else self._time)


def _by_line(services: Iterable[PlanService]) -> list[tuple[str, list[PlanService]]]:
    lines: dict[str, list[PlanService]] = {}
    for service in services:
        lines.setdefault(service.line, []).append(service)
    return list(lines.items())


def _depth(service: PlanService) -> int:
    return -(-len(service.departures) // _COLUMNS)


def _day_word(service: PlanService) -> str:
    return service.day_label or _DAY_WORDS.get(service.days, service.days)


def _day_order(service: PlanService) -> tuple[int, str, int]:
    known = list(_DAY_WORDS)
    place = known.index(service.days) if service.days in known else len(known)
    return place, _day_word(service), service.direction


def _totals(services: Iterable[PlanService]) -> list[str]:
    """Sum the departures up by day type, branches apart; those of single days are in the table only."""
    totals: dict[tuple[str, str], int] = {}
    for service in services:
        if service.days in _DAY_WORDS:
            key = (_day_word(service), service.variant)
            totals[key] = totals.get(key, 0) + len(service.departures)
    return [
        f"{day}{f'({variant})' if variant.endswith('线') else variant}总班次:{count}只"
        for (day, variant), count in totals.items()
    ]


def _date_line(facts: PlanFacts | None, day: str) -> str:
    parts = [day]
    if facts is not None and facts.valid_from:
        year, month, on = facts.valid_from.split("-")
        parts.insert(0, f"实施日期:{year}年{int(month)}月{int(on)}日")
    if facts is not None and facts.run_low_s is not None and facts.run_high_s is not None:
        parts.append(f"单程行驶:{facts.run_low_s // _MINUTE_S}-{facts.run_high_s // _MINUTE_S}分钟")
    return f"({'  '.join(parts)})"


def _columns_of(events: Sequence[BlockEvent], heads: Sequence[str]) -> Iterable[tuple[int, BlockEvent]]:
    """Give each departure of a block the next column that stands for its terminus."""
    column = 0
    for event in events:
        while heads[column % len(heads)] != event.terminus:
            column += 1
        yield column, event
        column += 1


def _natural(block: str) -> tuple[int, str]:
    return (int(block), "") if block.isdigit() else (1_000_000, block)
