"""Block sheets (行车时刻表): vehicles (路牌) down, termini and duties across, second shifts stacked below."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from accessibility.messages import _
from accessibility.model.driving_plan import PlanNote
from accessibility.sources.driving_plan.clock import DAY_S, Clock
from accessibility.sources.driving_plan.departures import EVENING_S, MORNING_S
from accessibility.sources.driving_plan.sheets import PlanCell, PlanSheet
from accessibility.sources.driving_plan.titles import (
    BLOCKS,
    CREW,
    DateLine,
    Title,
    date_line_of,
    day_type_of,
    length_km_of,
    stated_count_of,
    title_of,
)

HEAD = "路牌"
_BEFORE = ("报到", "出场", "出车")
_AFTER = ("进场", "离场", "加油", "回场", "收车")
_END = "离场"
"""Columns of duties: from the first of these on, no column holds departures."""
_RUN, _REST = "行", "休"
_MAX_MINUTES = 240

ColumnKind = Literal["block", "duty", "terminus", "run", "rest"]


@dataclass(frozen=True)
class RawEvent:
    """
    A time in the row of a block.

    Parameters
    ----------
    block
        Number of the block.
    column
        Head of the column.
    duty
        Whether the column is one of duties, not of departures.
    time_s
        Clock (s), made to run on past midnight within the block.
    held
        Set in italics or marked with a star: the vehicle arrives or stands, it does not depart.
    run_min, rest_min
        Minutes typed beside the time.
    sheet, cell
        Where it stands.
    """

    block: str
    column: str
    duty: bool
    time_s: int
    held: bool
    run_min: int | None
    rest_min: int | None
    sheet: str
    cell: str


@dataclass
class Section:
    """
    The boards under one title: a day type of a line, both shifts.

    Parameters
    ----------
    title
        The title.
    row, column
        Where it stands.
    days, day_label, valid_from, run_low_min, run_high_min
        What the title and the line below it state.
    stated
        Branch to the number of departures that the notes state for it.
    lengths_km
        Branch to its length.
    events
        Times of all blocks.
    """

    title: Title
    row: int
    column: int
    days: str
    day_label: str
    valid_from: str = ""
    run_low_min: int | None = None
    run_high_min: int | None = None
    stated: dict[str, int] = field(default_factory=dict)
    lengths_km: dict[str, float] = field(default_factory=dict)
    events: list[RawEvent] = field(default_factory=list)

    def add(self, line: DateLine) -> None:
        """Take over what the line under the title states."""
        self.valid_from = line.valid_from or self.valid_from
        if line.run_low_min is not None:
            self.run_low_min, self.run_high_min = line.run_low_min, line.run_high_min
        if line.days:
            self.days, self.day_label = line.days, line.day_label


@dataclass
class BlockSheet:
    """
    A block sheet, read.

    Parameters
    ----------
    sections
        In the order of the sheet.
    notes
        Remarks of the operator.
    unread
        Cells that were not read, or with a correction.
    """

    sections: list[Section] = field(default_factory=list)
    notes: list[PlanNote] = field(default_factory=list)
    unread: list[PlanNote] = field(default_factory=list)

    @property
    def has_run_times(self) -> bool:
        """Whether minutes stand beside the times: such sheets repeat the plan for reckoning."""
        return any(event.run_min is not None for section in self.sections for event in section.events)


@dataclass(frozen=True)
class _Board:
    """The head of a board: what each of its columns holds."""

    section: Section
    columns: dict[int, tuple[ColumnKind, str]]
    first: int
    last: int


def is_block_sheet(sheet: PlanSheet) -> bool:
    """Tell whether a sheet holds blocks of vehicles."""
    return not is_crew_sheet(sheet) and any(cell.squeezed == HEAD for cell in sheet.cells())


def is_crew_sheet(sheet: PlanSheet) -> bool:
    """Tell whether a sheet is the duty roster of conductors, which repeats the departures they work on."""
    titles = (title_of(cell.squeezed) for cell in sheet.cells() if cell.squeezed)
    return "乘务员" in sheet.name or any(title is not None and title.kind == CREW for title in titles)


def read_blocks(sheet: PlanSheet) -> BlockSheet:
    """Read the boards of a block sheet, and the notes among them."""
    read = BlockSheet()
    boards: list[_Board] = []
    for row in sorted(sheet.rows):
        cells = sheet.rows[row]
        heads = [cell for cell in cells if cell.squeezed == HEAD]
        if heads:
            boards = [_board(read, cells, at, heads) for at in range(len(heads))]
        elif boards and _is_block_row(cells, boards):
            for board in boards:
                _add_block(sheet, read, board, [c for c in cells if board.first <= c.column <= board.last])
            outside = [c for c in cells if all(not b.first <= c.column <= b.last for b in boards)]
            read.unread += [_unheaded(sheet, cell) for cell in outside]
        else:
            for cell in cells:
                _add_text(sheet, read, cell)
    return read


def _board(read: BlockSheet, cells: tuple[PlanCell, ...], at: int, heads: list[PlanCell]) -> _Board:
    first = heads[at].column
    end = heads[at + 1].column if at + 1 < len(heads) else None
    section = _section_over(read, heads[at])
    columns: dict[int, tuple[ColumnKind, str]] = {first: ("block", HEAD)}
    over = False
    for cell in cells:
        if cell.column <= first or (end is not None and cell.column >= end):
            continue
        name = cell.squeezed or cell.text
        if any(_END in known for _what, known in columns.values()):
            break  # the vehicle has left: what stands behind it are hours worked, no times of day
        over = over or any(word in name for word in _AFTER)
        columns[cell.column] = (_kind(name, over), name)
    last = max(columns)
    if columns[last][0] == "terminus":  # the minutes beside the last terminus may have no head of their own
        last = last + _width(columns) - 1
    return _Board(section, columns, first, last)


def _kind(name: str, over: bool) -> ColumnKind:
    if name == _RUN:
        return "run"
    if name == _REST:
        return "rest"
    return "duty" if over or any(word in name for word in _BEFORE) else "terminus"


def _width(columns: dict[int, tuple[ColumnKind, str]]) -> int:
    """Tell how many columns a terminus takes: 1, or 2 and 3 where minutes stand beside the times."""
    termini = sorted(at for at, (kind, _name) in columns.items() if kind == "terminus")
    return min((b - a for a, b in zip(termini, termini[1:], strict=False)), default=1)


def _section_over(read: BlockSheet, head: PlanCell) -> Section:
    above = [one for one in read.sections if one.row < head.row and one.column <= head.column]
    above = above or [one for one in read.sections if one.row < head.row]
    if not above:
        read.sections.append(Section(Title(BLOCKS, "", "", "", ""), head.row, head.column, "", ""))
        return read.sections[-1]
    return max(above, key=lambda one: (one.row, one.column))


def _is_block_row(cells: tuple[PlanCell, ...], boards: list[_Board]) -> bool:
    firsts = {board.first for board in boards}
    label = any(cell.column in firsts and len(cell.text) <= 4 for cell in cells)
    return label and any(cell.clock is not None and cell.column not in firsts for cell in cells)


def _add_block(sheet: PlanSheet, read: BlockSheet, board: _Board, cells: list[PlanCell]) -> None:
    label = next((cell.text for cell in cells if cell.column == board.first), "")
    block = label.removesuffix(".0")
    if not block:
        read.unread += [PlanNote(sheet.name, c.name, c.text, _("has no 路牌 in its row")) for c in cells]
        return
    minutes: dict[int, int] = {}
    timed: list[tuple[PlanCell, Clock, str, str]] = []
    for cell in cells:
        if cell.column == board.first:
            continue
        kind, name = board.columns.get(cell.column, ("", ""))
        amount = _minutes(cell)
        if kind in ("run", "rest", "") and amount is not None:
            minutes[cell.column] = amount
        elif kind in ("terminus", "duty") and (clock := cell.clock) is not None:
            timed.append((cell, clock, kind, name))
        elif kind:
            read.unread.append(PlanNote(sheet.name, cell.name, cell.text, _("is neither time nor minutes")))
        else:
            read.unread.append(_unheaded(sheet, cell))
    last_s = max((event.time_s for event in board.section.events if event.block == block), default=0)
    for cell, clock, kind, name in timed:
        event = _event(sheet, block, cell, clock, (kind, name), minutes, last_s)
        last_s = event.time_s
        board.section.events.append(event)


def _event(
    sheet: PlanSheet,
    block: str,
    cell: PlanCell,
    clock: Clock,
    head: tuple[str, str],
    minutes: dict[int, int],
    last_s: int,
) -> RawEvent:
    night = clock.time_s < MORNING_S and last_s >= EVENING_S
    run, rest = minutes.get(cell.column + 1), minutes.get(cell.column + 2)
    held = cell.slanted or "*" in clock.mark
    return RawEvent(
        *(block, head[1], head[0] == "duty", clock.time_s + DAY_S * night, held),
        *(run, rest if run is not None else None, sheet.name, cell.name),
    )


def _minutes(cell: PlanCell) -> int | None:
    whole = isinstance(cell.value, float) and cell.typed_s is None and cell.value == int(cell.value)
    return int(cell.value) if whole and 0 <= float(cell.value) <= _MAX_MINUTES else None


def _add_text(sheet: PlanSheet, read: BlockSheet, cell: PlanCell) -> None:
    """Take a cell outside the boards for a title, a date line, a note, or nothing."""
    if not cell.squeezed:
        read.unread.append(_unheaded(sheet, cell))
        return
    title, line = title_of(cell.squeezed), date_line_of(cell.squeezed)
    section = _last_section(read, cell)
    if title is not None and (line is None or "时刻表" in cell.squeezed):
        read.sections.append(_opened(title, cell, section))
    elif line is not None and section is not None:
        if section.events and "实施日期" in cell.squeezed:  # a second date line without a title of its own
            section = Section(section.title, cell.row, section.column, "", "")
            read.sections.append(section)
        section.add(line)
        read.notes.append(PlanNote(sheet.name, cell.name, cell.text))
    else:
        read.notes.append(PlanNote(sheet.name, cell.name, cell.text))
        if section is not None:
            _add_figures(section, cell.squeezed)


def _opened(title: Title, cell: PlanCell, before: Section | None) -> Section:
    inherited = before if before is not None and not title.line else None
    if inherited is not None:
        title = Title(title.kind, inherited.title.line, title.variant, title.days, title.day_label)
    days, label = day_type_of(cell.squeezed)
    return Section(title, cell.row, cell.column, days, label, inherited.valid_from if inherited else "")


def _last_section(read: BlockSheet, cell: PlanCell) -> Section | None:
    above = [one for one in read.sections if one.column <= cell.column] or read.sections
    return max(above, key=lambda one: (one.row, one.column)) if above else None


def _add_figures(section: Section, text: str) -> None:
    stated, length_km = stated_count_of(text), length_km_of(text)
    if stated is not None:
        section.stated.setdefault(*stated)
        if length_km is not None:
            section.lengths_km.setdefault(stated[0], length_km)


def _unheaded(sheet: PlanSheet, cell: PlanCell) -> PlanNote:
    return PlanNote(
        sheet.name, cell.name, cell.text, _("has no heading: working hours or sums, no departure")
    )


def events_by_block(section: Section) -> Iterator[list[RawEvent]]:
    """Give the events of every block in the order of its day, blocks in the order of the sheet."""
    blocks: dict[str, list[RawEvent]] = {}
    for event in section.events:
        blocks.setdefault(event.block, []).append(event)
    yield from blocks.values()
