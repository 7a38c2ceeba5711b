"""Journeys in words: the one behind a travel time, and those before and after a scenario."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from accessibility.messages import _
from accessibility.model.comparison import MOVED, NEWLY_REACHED, NO_LONGER_REACHED, ChangeTable
from accessibility.model.places import Places
from accessibility.model.service_day import ServiceDay
from accessibility.model.timetable import Timetable
from accessibility.model.told_change import ToldChange
from accessibility.model.way import Way
from accessibility.outputs.journey_words import clock_duration
from accessibility.outputs.transit_words import clock_text, leg_text
from accessibility.outputs.wording import names_by_id, reason_text
from accessibility.studies.comparing.comparer import Compared
from accessibility.studies.comparing.comparison_side import Answer, ComparisonSide
from accessibility.transit_journeys import JourneySearch
from accessibility.transit_telling import tell_journey

N_TOLD = 10
"""Squares told of those that lose most, and of those that gain most."""


def way_lines(
    timetable: Timetable,
    day: ServiceDay,
    way: Way,
    ends: Places,
    *,
    level: str,
    modes: tuple[str, str] = ("walk", "walk"),
) -> list[str]:
    """Tell a way: a line per leg with its clock times, then the whole."""
    journey = tell_journey(timetable, day, way, ends, level=level, modes=modes)
    told = [
        f"{clock_text(leg.start_s)}–{clock_text(leg.end_s)} · {clock_duration(leg.duration_s)} · "
        + leg_text(leg)
        for leg in journey.legs
    ]
    return [*told, _("in all {minutes} min:s", minutes=clock_duration(journey.duration_s))]


def told_changes(compared: Compared, timetable: Timetable) -> tuple[ToldChange, ...]:
    """
    Tell the journeys that a scenario changes most.

    Parameters
    ----------
    compared
        A comparison.
    timetable
        Lines before the change.

    Returns
    -------
    told
        From every site to every target whose time changes; then from the squares that lose most, and from
        those that gain most, over all targets, each with the target to which it does. Durations are those
        of the tables.
    """
    teller = _Teller(compared, timetable)
    comparison, told = compared.comparison, []
    n_sites = len(comparison.site_tables[0]) if comparison.site_tables else 0
    for table in comparison.site_tables:
        for row in np.flatnonzero(np.isin(table.classes, MOVED)).tolist():
            told.append(teller.tell("site", table, row, row))
    for why in ("worst", "best"):
        for table, row in extremes(comparison.tables, why):
            told.append(teller.tell(why, table, row, n_sites + row))
    return tuple(told)


def extremes(tables: tuple[ChangeTable, ...], why: str) -> list[tuple[ChangeTable, int]]:
    """Choose the squares that change most over all targets, each once, and the target to which it does."""
    found = []
    for table in tables:
        jump = NO_LONGER_REACHED if why == "worst" else NEWLY_REACHED
        order = table.worst if why == "worst" else table.best
        size_s = np.where(table.classes == jump, np.inf, np.abs(table.change_s))
        found += [(-float(size_s[row]), table, row) for row in order.tolist()]
    found.sort(key=lambda one: one[0])
    chosen: dict[str, tuple[ChangeTable, int]] = {}
    for _size, table, row in found:
        chosen.setdefault(table.origin_ids[row], (table, row))
        if len(chosen) == N_TOLD:
            break
    return list(chosen.values())


@dataclass(frozen=True, eq=False)
class _Side:
    """One side, ready for single journeys."""

    asked: ComparisonSide
    timetable: Timetable
    access_mode: str
    search: JourneySearch
    names: Mapping[str, str]

    @classmethod
    def of(cls, asked: ComparisonSide, timetable: Timetable, access_mode: str) -> "_Side":
        search, names = JourneySearch(asked.days, asked.walks, asked.query), names_by_id(asked.places[1])
        return cls(asked, timetable, access_mode, search, names)

    def lines(self, origin: int, answer: Answer) -> tuple[str, ...]:
        """Tell the journey behind an answer, or why there is none."""
        if answer.to[origin] < 0:
            return (reason_text(int(answer.reason[origin])),)
        goal, duration_s = int(answer.to[origin]), int(answer.time_s[origin])
        draw, minute = divmod(int(answer.departure[origin]), self.asked.query.n_minutes)
        way = self.search.way_of(origin, goal, (draw, minute), duration_s)
        starts, goals = self.asked.places
        ends = Places.joined([starts.take([origin]), goals.take([goal])])
        day, level, modes = self.asked.days[draw], self.asked.query.levels[0], (self.access_mode, "walk")
        return tuple(way_lines(self.timetable, day, way, ends, level=level, modes=modes))


class _Teller:
    """Tells both journeys of an origin."""

    def __init__(self, compared: Compared, timetable: Timetable) -> None:
        self._compared = compared
        access_mode = compared.comparison.settings.access_mode
        self._sides = (
            _Side.of(compared.before, timetable, access_mode),
            _Side.of(compared.after, compared.network.timetable, access_mode),
        )

    def tell(self, why: str, table: ChangeTable, row: int, origin: int) -> ToldChange:
        """Tell both journeys; an answer that was not computed anew is told by the lines as they were."""
        target = table.target
        old, new = self._compared.answers[target]
        changed = self._sides[1] if self._compared.touched[target][origin] else self._sides[0]
        names = [
            side.names.get(goal, goal)
            for side, goal in ((self._sides[0], table.to_before[row]), (changed, table.to_after[row]))
        ]
        return ToldChange(
            why=why,
            origin_id=table.origin_ids[row],
            target=target,
            before_s=_whole(float(table.before_s[row])),
            after_s=_whole(float(table.after_s[row])),
            to_before=names[0],
            to_after=names[1],
            before=self._sides[0].lines(origin, old),
            after=changed.lines(origin, new),
        )


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None
