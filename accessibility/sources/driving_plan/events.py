"""The day of every vehicle block: departures, pauses, duties; run times and layovers."""

from collections.abc import Iterable, Sequence

from accessibility.messages import _
from accessibility.model.driving_plan import BlockEvent, PlanDeparture, PlanNote
from accessibility.sources.driving_plan.blocks import RawEvent, Section, events_by_block
from accessibility.sources.driving_plan.departures import Board
from accessibility.sources.driving_plan.matching import Matched, RunTimes, terminus_names
from accessibility.sources.driving_plan.titles import LISTED, Title, full_name

_MINUTE_S = 60


def derived_boards(sections: Iterable[Section]) -> list[Board]:
    """Take the departures of a plan without a table of them from its blocks: the times that are not held."""
    boards = []
    for section in sections:
        title = Title(LISTED, section.title.line, section.title.variant, section.days, section.day_label)
        columns = dict.fromkeys(event.column for event in section.events if not event.duty)
        for column in columns:
            times = [
                PlanDeparture(event.time_s, event.sheet, event.cell)
                for event in section.events
                if event.column == column and not event.duty and not event.held
            ]
            if times:
                group = (section.row, section.column)
                board = Board(times[0].sheet, title, section.days, section.day_label, column, group)
                board.departures += sorted(times, key=lambda one: one.time_s)
                boards.append(board)
    return boards


def block_events(
    matched: Sequence[Matched], run_times: RunTimes
) -> tuple[tuple[BlockEvent, ...], dict[tuple[str, str], int], list[PlanNote]]:
    """
    Tell the day of every block.

    Returns
    -------
    events
        In the order of the day, block by block.
    run_of_departure
        Sheet and cell of a departure to the run time (s) stated for it.
    doubts
        Times of blocks that the table of departures does not hold, and the other way round.
    """
    events: list[BlockEvent] = []
    run_of_departure: dict[tuple[str, str], int] = {}
    doubts: list[PlanNote] = []
    names = terminus_names(matched)
    driven = {(board.sheet, cell) for one in matched for board, cell in one.of_event.values()}
    for one in matched:
        for raw in events_by_block(one.section):
            day = _day_of_block(one, sorted(raw, key=lambda event: event.time_s), run_times, names)
            events += day
            doubts += [_not_listed(event) for event in day if event.kind == "unlisted"]
            for event in day:
                if event.kind == "departure" and event.run_s is not None:
                    board, cell = one.of_event[event.cell]
                    run_of_departure[board.sheet, cell] = event.run_s
        doubts += [
            PlanNote(board.sheet, cell, board.origin, _("a departure that no block drives"))
            for board, cell in one.missing
            if (board.sheet, cell) not in driven
        ]
    return tuple(events), run_of_departure, doubts


def _terminus(board: Board | None, event: RawEvent, names: dict[str, str]) -> str:
    if board is None:
        return ""
    return board.origin or names.get(event.column, event.column)


def _day_of_block(
    one: Matched, raw: Sequence[RawEvent], run_times: RunTimes, names: dict[str, str]
) -> list[BlockEvent]:
    day = []
    for at, event in enumerate(raw):
        following = raw[at + 1] if at + 1 < len(raw) else None
        board = one.of_event.get(event.cell, (None, ""))[0]
        run, layover = None, None
        if board is not None:
            run, rest = run_times.of(one.section, event)
            layover = rest if rest is not None else _layover(event, run, following, one)
        title = board.title if board is not None else one.section.title
        day.append(
            BlockEvent(
                line=full_name(title.line, title.variant),
                days=one.section.days or "daily",
                block=event.block,
                order=at + 1,
                kind=_kind(event, one),
                column=event.column,
                terminus=_terminus(board, event, names),
                time_s=event.time_s,
                run_s=None if run is None else run * _MINUTE_S,
                layover_s=None if layover is None else layover * _MINUTE_S,
                sheet=event.sheet,
                cell=event.cell,
            )
        )
    return day


def _kind(event: RawEvent, one: Matched) -> str:
    if event.cell in one.of_event:
        return "departure"
    if event.duty:
        return "duty"
    return "pause" if event.held or not one.boards else "unlisted"


def _layover(event: RawEvent, run_min: int | None, following: RawEvent | None, one: Matched) -> int | None:
    """Reckon the rest before the next departure; None where the vehicle does not depart next."""
    if run_min is None or following is None or following.cell not in one.of_event:
        return None
    rest_min = (following.time_s - event.time_s) // _MINUTE_S - run_min
    return rest_min if rest_min >= 0 else None


def _not_listed(event: BlockEvent) -> PlanNote:
    why = _("stands among the departures of block {block} but not in 发车时刻表", block=event.block)
    return PlanNote(event.sheet, event.cell, event.column, why)
