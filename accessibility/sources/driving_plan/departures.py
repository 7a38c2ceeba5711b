"""Tables of departures (发车时刻表): termini side by side, day types side by side, branches below."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from openpyxl.utils import coordinate_to_tuple, get_column_letter

from accessibility.messages import _
from accessibility.model.driving_plan import PlanDeparture, PlanNote
from accessibility.sources.driving_plan.clock import DAY_S
from accessibility.sources.driving_plan.sheets import PlanCell, PlanSheet
from accessibility.sources.driving_plan.titles import LISTED, Title, day_type_of, stated_count_of, title_of
from accessibility.units import clock_from_seconds

EVENING_S, MORNING_S = 20 * 3600, 4 * 3600
"""A time before the second that follows one after the first belongs to the night after the service day."""
_NO_DEPARTURE = ("报到", "出场", "进场", "离场", "加油")


@dataclass
class Board:
    """
    The departures from one terminus on one day type.

    Parameters
    ----------
    sheet
        Sheet it stands in.
    title
        Title over it.
    days, day_label
        Day type; empty where none is stated.
    origin
        Terminus over it; empty where there is none.
    group
        Number of the title it stands under: boards of one group and day type are the ends of one line.
    departures
        In the order of the sheet.
    """

    sheet: str
    title: Title
    days: str
    day_label: str
    origin: str
    group: tuple[int, int]
    departures: list[PlanDeparture] = field(default_factory=list)

    def place(self) -> str:
        """Name the cells it covers."""
        return f"{self.sheet}!{cell_range(departure.cell for departure in self.departures)}"


def cell_range(names: Iterable[str]) -> str:
    """Name the smallest range that holds some cells, e.g. ``B39:G40``."""
    places = [coordinate_to_tuple(name) for name in names]
    rows, columns = [row for row, _column in places], [column for _row, column in places]
    first = f"{get_column_letter(min(columns))}{min(rows)}"
    last = f"{get_column_letter(max(columns))}{max(rows)}"
    return first if first == last else f"{first}:{last}"


@dataclass
class _Heads:
    """What stands over the columns of a region: titles, day types, termini, each valid to the next one."""

    row: int
    texts: list[PlanCell] = field(default_factory=list)
    titles: dict[int, Title] = field(default_factory=dict)
    days: dict[int, tuple[str, str]] = field(default_factory=dict)
    termini: dict[int, str] = field(default_factory=dict)


def is_departure_sheet(sheet: PlanSheet) -> bool:
    """Tell whether a sheet holds tables of departures."""
    titles = (title_of(cell.squeezed) for cell in sheet.cells() if cell.squeezed)
    return any(title is not None and title.kind == LISTED for title in titles)


@dataclass
class DepartureSheet:
    """
    The tables of departures of a sheet.

    Parameters
    ----------
    boards
        In the order of the sheet, those without departures left out.
    notes
        Texts that stand over no departures.
    unread
        Cells that were not read, or with a correction.
    """

    boards: list[Board] = field(default_factory=list)
    notes: list[PlanNote] = field(default_factory=list)
    unread: list[PlanNote] = field(default_factory=list)


def read_boards(sheet: PlanSheet) -> DepartureSheet:
    """Read every table of departures of a sheet."""
    boards: dict[tuple[int, int], Board] = {}
    read = DepartureSheet()
    last_title = Title(LISTED, "", "", "", "")
    region: list[PlanCell] = []
    heads: _Heads | None = None
    loose: list[PlanCell] = []
    in_heads = False
    for row in sorted(sheet.rows):
        cells = sheet.rows[row]
        words = _is_head_row(cells)
        if words and region and not in_heads and not _opens(cells):
            loose += cells
        elif words:
            if not in_heads or heads is None:
                _close(sheet, heads, region, boards, read)
                read.notes += [PlanNote(sheet.name, cell.name, cell.text) for cell in loose]
                loose = []
                heads, region, in_heads = _Heads(row), [], True
            last_title = _add_heads(heads, cells, last_title)
        elif heads is None:
            read.unread += [_unread(sheet, cell, _("stands above the first heading")) for cell in cells]
        else:
            in_heads = False
            region += [*loose, *cells]  # words amid the times: no heading, and told as no time
            loose = []
    _close(sheet, heads, region, boards, read)
    read.notes += [PlanNote(sheet.name, cell.name, cell.text) for cell in loose]
    read.boards = list(boards.values())
    for board in read.boards:
        read.unread += _out_of_order(board)
    return read


def _is_head_row(cells: Sequence[PlanCell]) -> bool:
    texts = [cell for cell in cells if cell.squeezed and not cell.formula]
    return 2 * len(texts) > len(cells) or any(title_of(cell.squeezed) is not None for cell in texts)


def _opens(cells: Sequence[PlanCell]) -> bool:
    """Tell whether a row of words below a table opens another: a title or a day type, and no count."""
    texts = [cell.squeezed for cell in cells if cell.squeezed]
    named = any(title_of(text) is not None or day_type_of(text)[0] for text in texts)
    return named and all(stated_count_of(text) is None for text in texts)


def _add_heads(heads: _Heads, cells: Iterable[PlanCell], last_title: Title) -> Title:
    for cell in cells:
        if not cell.squeezed:
            continue
        heads.texts.append(cell)
        title = title_of(cell.squeezed)
        days = day_type_of(cell.squeezed)
        if title is not None:
            line = title.line or last_title.line
            last_title = Title(LISTED, line, title.variant, title.days, title.day_label)
            heads.titles[cell.column] = last_title
        elif days[0]:
            heads.days[cell.column] = days
        else:
            heads.termini[cell.column] = cell.text
    return last_title


def _close(
    sheet: PlanSheet,
    heads: _Heads | None,
    region: list[PlanCell],
    boards: dict[tuple[int, int], Board],
    read: DepartureSheet,
) -> None:
    """Share the times of a region out to the termini over them, column by column."""
    if heads is None:
        return
    if not region:
        read.notes += [PlanNote(sheet.name, cell.name, cell.text) for cell in heads.texts]
    for cell in sorted(region, key=lambda one: (one.column, one.row)):
        clock = cell.clock
        if clock is None:
            read.unread.append(_unread(sheet, cell, _("is no time")))
            continue
        if any(word in clock.mark for word in _NO_DEPARTURE):
            read.unread.append(_unread(sheet, cell, _("is marked as no departure")))
            continue
        board = _board_over(sheet, heads, cell.column, boards)
        time_s = clock.time_s
        if board.departures and time_s < MORNING_S and board.departures[-1].time_s >= EVENING_S:
            time_s += DAY_S
        board.departures.append(PlanDeparture(time_s, sheet.name, cell.name))
        if clock.mended or clock.mark:
            why = _("read as a departure although typed in another way than 6:05")
            read.unread.append(PlanNote(sheet.name, cell.name, cell.text, why, clock_from_seconds(time_s)))


def _board_over(sheet: PlanSheet, heads: _Heads, column: int, boards: dict[tuple[int, int], Board]) -> Board:
    title_at = _over(heads.titles, column)
    title = heads.titles.get(title_at, Title(LISTED, "", "", "", ""))
    day_at = _over(heads.days, column)
    days, label = heads.days.get(day_at, (title.days, title.day_label))
    terminus_at = _over(heads.termini, column)
    key = (heads.row, max(title_at, day_at, terminus_at))
    if key not in boards:
        if not days:
            days, label = _day_above(boards, key)
        origin = heads.termini.get(terminus_at, "")
        boards[key] = Board(sheet.name, title, days, label, origin, (heads.row, max(title_at, day_at)))
    return boards[key]


def _out_of_order(board: Board) -> list[PlanNote]:
    """Name departures that stand before the one above them, or twice: they are read, and may be mistyped."""
    doubts = []
    for before, after in zip(board.departures, board.departures[1:], strict=False):
        if after.time_s <= before.time_s:
            why = _("is no later than the departure above it; read as it stands")
            text = clock_from_seconds(after.time_s)
            doubts.append(PlanNote(board.sheet, after.cell, text, why, text))
    return doubts


def _over(heads: Iterable[int] | dict[int, object], column: int) -> int:
    """Find the column of the head that is valid for a column: the last one at or left of it, 0 for none."""
    return max((at for at in heads if at <= column), default=0)


def _day_above(boards: dict[tuple[int, int], Board], key: tuple[int, int]) -> tuple[str, str]:
    """Take the day type of the board above where a branch states none of its own."""
    above = [at for at in boards if at[0] < key[0] and at[1] <= key[1]]
    board = boards[max(above, key=lambda at: (at[0], at[1]))] if above else None
    return (board.days, board.day_label) if board else ("", "")


def _unread(sheet: PlanSheet, cell: PlanCell, why: str) -> PlanNote:
    why = _("a formula without a stored value") if cell.formula else why
    return PlanNote(sheet.name, cell.name, cell.text, why)
