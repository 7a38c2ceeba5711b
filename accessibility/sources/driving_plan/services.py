"""Services out of tables of departures: direction, destination, run times, what the titles say."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from accessibility.messages import _
from accessibility.model.driving_plan import BlockEvent, PlanFacts, PlanService
from accessibility.sources.driving_plan.blocks import Section
from accessibility.sources.driving_plan.departures import Board
from accessibility.sources.driving_plan.matching import Matched, terminus_names
from accessibility.sources.driving_plan.titles import full_name


def made_services(
    boards: Sequence[Board],
    matched: Sequence[Matched],
    run_of_departure: dict[tuple[str, str], int],
    *,
    derived: bool,
) -> tuple[PlanService, ...]:
    """
    Make the services of a plan.

    Parameters
    ----------
    boards
        Tables of departures.
    matched
        Blocks and the departures they drive.
    run_of_departure
        Sheet and cell of a departure to its run time (s).
    derived
        Whether the departures come from the blocks, for want of a table.

    Returns
    -------
    services
        One per table, in the order of the plan.
    """
    names = terminus_names(matched)
    services = []
    for board in boards:
        service = _service(board, boards, matched, names)
        notes = [service.note] if service.note else []
        if not board.days:
            notes.append(_("the plan states no day type: taken for every day"))
        if derived:
            notes.append(_("no 发车时刻表: departures taken from the blocks, termini as abbreviated there"))
        departures = sorted(board.departures, key=lambda one: one.time_s)
        timed = (replace(one, run_s=run_of_departure.get((one.sheet, one.cell))) for one in departures)
        services.append(replace(service, departures=tuple(timed), note=_("; ").join(notes)))
    return tuple(services)


def _service(
    board: Board, boards: Sequence[Board], matched: Sequence[Matched], names: dict[str, str]
) -> PlanService:
    """Make the service of a table, still without departures: its line, its ends, its day type."""
    ends = [one for one in boards if one.group == board.group]
    others = [one.origin for one in ends if one is not board and one.origin]
    origin, notes = _origin(board, matched, names)
    destination = others[0] if len(others) == 1 else ""
    direction = min(next(k for k, one in enumerate(ends) if one is board), 1)
    if not others and origin:
        direction = _direction_of(board, origin, boards)
        destination, told = _next_terminus(board, origin, matched)
        notes += told
    return PlanService(
        line=full_name(board.title.line, board.title.variant),
        variant=board.title.variant,
        direction=direction,
        origin=origin,
        destination=destination,
        days=board.days or "daily",
        day_label=board.day_label,
        departures=(),
        note=_("; ").join(notes),
    )


def _origin(board: Board, matched: Iterable[Matched], names: dict[str, str]) -> tuple[str, list[str]]:
    """Give the terminus over a table, or the one the block sheet has for its departures."""
    if board.origin:
        return board.origin, []
    for one in matched:
        for column, boards in one.columns.items():
            if any(those is board for those in boards):
                return names.get(column, column), [
                    _("no terminus over the table: taken from the block sheet")
                ]
    return "", [_("no terminus over the table")]


def _direction_of(board: Board, origin: str, boards: Sequence[Board]) -> int:
    """Give a branch without a table of the way back the direction of the line from the same terminus."""
    for other in boards:
        if other is not board and other.origin == origin:
            ends = [one for one in boards if one.group == other.group]
            return min(ends.index(other), 1)
    return 0


def _next_terminus(board: Board, origin: str, matched: Iterable[Matched]) -> tuple[str, list[str]]:
    """Find where the vehicles of a table without a way back depart next: its destination, if one place."""
    places = set()
    for one in matched:
        departing = {event.cell: event for event in one.section.events}
        for cell, (own, _departure) in one.of_event.items():
            if own is board:
                event = departing[cell]
                later = [e for e in one.section.events if e.block == event.block and e.time_s > event.time_s]
                following = min(later, key=lambda e: e.time_s, default=None)
                next_board = one.of_event.get(following.cell) if following is not None else None
                places.add(next_board[0].origin if next_board else "")
    only = places.pop() if len(places) == 1 else ""
    if only in ("", origin):
        return "", [_("the plan names no destination")]
    return only, [_("destination read from where the vehicles depart next")]


def made_facts(
    services: Iterable[PlanService], sections: Sequence[Section], events: Iterable[BlockEvent]
) -> tuple[PlanFacts, ...]:
    """Gather what titles and notes say, for every line and day type of the services."""
    blocks: dict[tuple[str, str], set[str]] = {}
    for event in events:
        if event.kind == "departure":
            blocks.setdefault((event.line, event.days), set()).add(event.block)
    facts = {}
    for service in services:
        key = (service.line, service.days)
        if key not in facts:
            facts[key] = _facts_of(service, sections, len(blocks.get(key, ())))
    return tuple(facts.values())


def _facts_of(service: PlanService, sections: Sequence[Section], n_vehicles: int) -> PlanFacts:
    of_day = [one for one in sections if (one.days or "daily") == service.days]
    own = next((one for one in of_day if one.title.variant == service.variant), None)
    joint = next((one for one in of_day if one.title.variant.endswith("线")), None)
    section = own or joint
    lengths = {variant: km for one in of_day for variant, km in _lengths(one)}
    return PlanFacts(
        line=service.line,
        days=service.days,
        valid_from=section.valid_from if section else of_day[0].valid_from if of_day else "",
        run_low_s=_seconds(section.run_low_min if section else None),
        run_high_s=_seconds(section.run_high_min if section else None),
        length_m=_metres(lengths.get(service.variant or "A线", lengths.get(service.variant))),
        n_vehicles=n_vehicles,
    )


def _seconds(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * 60


def _metres(length_km: float | None) -> float | None:
    return None if length_km is None else round(length_km * 1000, 1)


def _lengths(section: Section) -> list[tuple[str, float]]:
    return [(variant or section.title.variant, km) for variant, km in section.lengths_km.items()]
