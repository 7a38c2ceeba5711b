"""Which time of which block is which departure: the table of departures held against the block sheet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from accessibility.sources.driving_plan.blocks import RawEvent, Section
from accessibility.sources.driving_plan.departures import Board

_LEAST_SHARE = 0.5
"""A column belongs to a terminus if it holds at least this share of the terminus' departures."""


@dataclass(frozen=True)
class Matched:
    """
    A section of a block sheet with the departures of its blocks found.

    Parameters
    ----------
    section
        The section.
    boards
        Tables of departures that it serves.
    of_event
        Cell of an event to the board and the cell of the departure that it is.
    missing
        Departures (board, cell) that no block drives.
    columns
        Head of a column to the boards whose departures it holds.
    """

    section: Section
    boards: tuple[Board, ...]
    of_event: dict[str, tuple[Board, str]]
    missing: tuple[tuple[Board, str], ...]
    columns: dict[str, tuple[Board, ...]]


def match_sections(sections: Sequence[Section], boards: Sequence[Board]) -> list[Matched]:
    """Find the departures of every block; each departure is driven by one block at most."""
    own = {
        id(board): section
        for section in sections
        for board in boards
        if section.title.variant
        and _same_days(section, board)
        and board.title.variant == section.title.variant
    }
    matched = []
    for section in sections:
        mine = [board for board in boards if own.get(id(board)) is section]
        if not mine:
            mine = [board for board in boards if id(board) not in own and _same_days(section, board)]
        matched.append(_match(section, mine))
    return matched


def _same_days(section: Section, board: Board) -> bool:
    return section.days == board.days or not section.days or not board.days


def _match(section: Section, boards: Sequence[Board]) -> Matched:
    columns: dict[str, list[Board]] = {}
    of_event: dict[str, tuple[Board, str]] = {}
    missing: list[tuple[Board, str]] = []
    for board in boards:
        column = _column_of(board, section)
        if column is None:
            missing += [(board, departure.cell) for departure in board.departures]
            continue
        columns.setdefault(column, []).append(board)
        free: dict[int, list[RawEvent]] = {}
        for event in sorted(_standing(section, column), key=lambda one: one.held):
            if event.cell not in of_event:
                free.setdefault(event.time_s, []).append(event)
        for departure in board.departures:
            events = free.get(departure.time_s)
            if events:
                of_event[events.pop(0).cell] = (board, departure.cell)
            else:
                missing.append((board, departure.cell))
    held = {column: tuple(those) for column, those in columns.items()}
    return Matched(section, tuple(boards), of_event, tuple(missing), held)


def _standing(section: Section, column: str) -> Iterable[RawEvent]:
    return (event for event in section.events if not event.duty and event.column == column)


def _column_of(board: Board, section: Section) -> str | None:
    """Find the column whose times hold most of the departures of a terminus."""
    wanted = {departure.time_s for departure in board.departures}
    names = dict.fromkeys(event.column for event in section.events if not event.duty)
    found = {
        name: len(wanted & {event.time_s for event in _standing(section, name)}) / len(wanted)
        for name in names
    }
    best = max(found, key=lambda name: found[name], default=None)
    return best if best is not None and found[best] >= _LEAST_SHARE else None


def terminus_names(matched: Iterable[Matched]) -> dict[str, str]:
    """Find the full name of every abbreviated terminus: the one its column stands for most often."""
    seen: dict[str, Counter[str]] = {}
    for one in matched:
        for column, boards in one.columns.items():
            names = Counter({board.origin: len(board.departures) for board in boards if board.origin})
            seen.setdefault(column, Counter()).update(names)
    return {column: names.most_common(1)[0][0] for column, names in seen.items() if names}


class RunTimes:
    """
    Minutes that stand beside the times on sheets for reckoning.

    Parameters
    ----------
    sections
        Sections of those sheets.
    """

    def __init__(self, sections: Iterable[Section]) -> None:
        self._stated: dict[tuple[str, ...], tuple[int | None, int | None]] = {}
        for section in sections:
            for event in section.events:
                for days in dict.fromkeys((section.days, "")):
                    key = _key(days, section, event)
                    run, rest = self._stated.get(key, (None, None))
                    self._stated[key] = (
                        run if run is not None else event.run_min,
                        rest if rest is not None else event.rest_min,
                    )

    def of(self, section: Section, event: RawEvent) -> tuple[int | None, int | None]:
        """Give the run time and the rest after it (minutes), None where none is stated."""
        run, rest = self._stated.get(_key(section.days, section, event), (None, None))
        return event.run_min if run is None else run, event.rest_min if rest is None else rest


def settle_days(sections: Sequence[Section], plan: Sequence[Section]) -> None:
    """State the day type of a section that names none, where the plan leaves only one it can be."""
    open_days = [section for section in sections if not section.days]
    known = {section.days for section in sections if section.days}
    left = [days for days in dict.fromkeys(section.days for section in plan) if days and days not in known]
    if len(open_days) == 1 and len(left) == 1:
        open_days[0].days = left[0]


def _key(days: str, section: Section, event: RawEvent) -> tuple[str, ...]:
    return days, section.title.variant, event.block, event.column, str(event.time_s)
