"""Departures counted against what the plan states, day type by day type."""

import re
from collections.abc import Iterable, Sequence

from accessibility.model.driving_plan import PlanCheck
from accessibility.sources.driving_plan.blocks import Section
from accessibility.sources.driving_plan.departures import Board
from accessibility.sources.driving_plan.titles import day_type_of, stated_count_of

_ONE_LETTER, _LETTERED = re.compile("[A-Z]线"), re.compile("[A-Z]{2,}线")
_WORKDAYS = tuple(f"{week}{day}" for week in ("周", "星期") for day in "一二三四五")


def counted(
    boards: Sequence[Board], sections: Sequence[Section], texts: Sequence[str] = ()
) -> tuple[PlanCheck, ...]:
    """
    Count the departures of every day type.

    Parameters
    ----------
    boards
        Tables of departures.
    sections
        Sections of the block sheet, whose notes state the numbers.
    texts
        Notes below the tables of departures, which may state them with their day type.

    Returns
    -------
    checks
        One for every day type of the tables. The number of the line is that of the line itself, or the one
        stated for all its lettered branches together; what is stated for 大站 and 区间 stands beside it.
    """
    groups: dict[str, list[Board]] = {}
    for board in boards:
        groups.setdefault(_group(board.days), []).append(board)
    return tuple(_check(days, those, _stated(days, sections, texts)) for days, those in groups.items())


def _stated(days: str, sections: Sequence[Section], texts: Sequence[str]) -> dict[str, int]:
    stated: dict[str, int] = {}
    for section in sections:
        if _group(section.days) == days:
            for variant, count in section.stated.items():
                stated.setdefault(variant or section.title.variant, count)
    for text in texts:
        found = stated_count_of(text)
        if found is not None and _group(day_type_of(text)[0]) == days:
            stated.setdefault(*found)
    return stated


def _group(days: str) -> str:
    """Count single working days (周五下午) among the working days."""
    return "weekday" if days.startswith(_WORKDAYS) else days or "daily"


def _check(days: str, boards: list[Board], stated: dict[str, int]) -> PlanCheck:
    main, beside = _main_and_beside(stated)
    read: dict[str, int] = {}
    for board in boards:
        name = board.title.variant + (
            "" if _group(board.days) == board.days or not board.days else board.days
        )
        read[name] = read.get(name, 0) + len(board.departures)
    listed = sum(read.values())
    parts = " + ".join(f"{name} {count}".strip() for name, count in read.items())
    check = PlanCheck(
        boards[0].title.line, days, boards[0].day_label, main, beside, listed, parts if len(read) > 1 else ""
    )
    if check.agrees or main is None:
        return check
    doubt = _doubtful(boards, stated)
    return PlanCheck(check.line, days, check.day_label, main, beside, listed, check.parts, doubt)


def _main_and_beside(stated: dict[str, int]) -> tuple[int | None, int]:
    """Tell the number of the line (or of its lettered branches, AB线) and the sum stated beside it."""
    joint = [count for variant, count in stated.items() if _LETTERED.fullmatch(variant)]
    single = sum(count for variant, count in stated.items() if _ONE_LETTER.fullmatch(variant))
    beside = sum(count for variant, count in stated.items() if variant and not variant.endswith("线"))
    if "" in stated:
        return stated[""], beside + single
    return (joint[0] if joint else single or None), beside


def _doubtful(boards: Iterable[Board], stated: dict[str, int]) -> str:
    """Name the tables that make the difference: without a stated number, else with another one."""
    by_name: dict[tuple[str, str], list[Board]] = {}
    for board in boards:
        by_name.setdefault((board.title.variant, board.days), []).append(board)
    without = [those for (variant, _days), those in by_name.items() if variant not in stated]
    beside = [
        those for (variant, days), those in by_name.items() if variant in stated and _group(days) != days
    ]
    wrong = [
        those
        for (variant, _days), those in by_name.items()
        if variant in stated and sum(len(board.departures) for board in those) != stated[variant]
    ]
    chosen = (without + beside) or wrong or list(by_name.values())
    places = [f"{board.place()} ({len(board.departures)})" for those in chosen for board in those]
    return "; ".join(places)
