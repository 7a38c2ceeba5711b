"""A driving plan as line sheets: stops left open, services, blocks, counts, and what was not read."""

import statistics
from collections.abc import Iterable, Sequence

from accessibility.messages import _, language, listed
from accessibility.model.driving_plan import (
    DAY_TYPES,
    DrivingPlan,
    PlanDeparture,
    PlanFacts,
    PlanService,
)
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.units import clock_from_seconds, minutes_from_seconds

FIRST_STOP, LAST_STOP = 1, 100
"""Order of the termini: the stops between them, which no plan names, find room."""

_CHINESE = {
    "line": "线路",
    "name": "线名",
    "mode": "方式",
    "operator": "营运单位",
    "direction": "方向",
    "order": "序号",
    "stop_id": "站点编号",
    "stop_name": "站名",
    "lon": "经度",
    "lat": "纬度",
    "minutes": "分钟",
    "days": "日期类型",
    "day_label": "原文日期类型",
    "from": "起",
    "to": "止",
    "departures": "发车时刻",
    "n_departures": "班次",
    "run_min": "全程分钟",
    "run_min_low": "全程分钟下限",
    "run_min_high": "全程分钟上限",
    "mark": "确定性",
    "source": "来源",
    "note": "备注",
    "valid_from": "有效起",
    "valid_to": "有效止",
    "length_km": "线路长度公里",
    "origin": "起点站",
    "destination": "终点站",
    "block": "路牌",
    "vehicle": "车辆",
    "place": "顺序",
    "what": "事项",
    "column": "原列名",
    "terminus": "站点",
    "time": "时刻",
    "layover_min": "停站分钟",
    "sheet": "工作表",
    "cell": "单元格",
    "stated": "计划总班次",
    "stated_beside": "另计班次",
    "listed": "读出班次",
    "parts": "构成",
    "agrees": "是否一致",
    "doubt": "存疑单元格",
    "text": "原文",
    "why": "原因",
    "read_as": "读作",
    "vehicles": "车辆数",
}


def plan_sheets(plan: DrivingPlan, *, by_run_time: bool = False) -> tuple[Sheet, ...]:
    """
    Lay a driving plan out as line sheets.

    Parameters
    ----------
    plan
        The plan.
    by_run_time
        Make one service per run time, so that departures of the peak keep their longer run; else one per
        direction and day type, with the median.

    Returns
    -------
    sheets
        ``lines``, ``stops``, ``services``; ``other_services`` where line sheets cannot express some;
        ``blocks``, ``departures``, ``counts``, ``unread``, ``notes``. Columns carry the names of the
        format, Chinese ones unless the language is English.
    """
    facts = {(one.line, one.days): one for one in plan.facts}
    source = plan.provenance.sources[0].file if plan.provenance.sources else ""
    usable = [one for one in plan.services if one.days in DAY_TYPES and one.destination]
    others = [one for one in plan.services if one not in usable]
    sheets = [
        _lines(usable, plan.facts, source),
        _stops(usable, source),
        _services("services", usable, facts, source, by_run_time=by_run_time),
    ]
    if others:
        sheets.append(_services("other_services", others, facts, source, by_run_time=by_run_time))
    return (*sheets, _blocks(plan), _departures(plan), _counts(plan), _unread(plan), _notes(plan))


def _sheet(name: str, columns: Sequence[str], rows: Iterable[tuple[Cell, ...]]) -> Sheet:
    """Make a sheet; a stop's name is headed ``name`` in English, as a line's name is on its own sheet."""
    if language() == "zh":
        heads = [_CHINESE[column] for column in columns]
    else:
        heads = ["name" if column == "stop_name" else column for column in columns]
    return Sheet(name, name, tuple(heads), tuple(rows))


def _lines(services: Sequence[PlanService], facts: Sequence[PlanFacts], source: str) -> Sheet:
    columns = (
        "line",
        "name",
        "mode",
        "operator",
        "valid_from",
        "valid_to",
        "length_km",
        "mark",
        "source",
        "note",
    )
    rows = []
    for line in dict.fromkeys(service.line for service in services):
        own = [one for one in facts if one.line == line]
        lengths_km = {one.length_m / 1000 for one in own if one.length_m is not None}
        vehicles = listed(f"{_day_word(one.days)} {one.n_vehicles}" for one in own)
        rows.append((
            *(line, line, "bus", None, None, None, lengths_km.pop() if len(lengths_km) == 1 else None),
            *("S", source, _("vehicles: {n}", n=vehicles)),
        ))  # fmt: skip
    return _sheet("lines", columns, rows)


def _stops(services: Sequence[PlanService], source: str) -> Sheet:
    columns = (
        "line",
        "direction",
        "order",
        "stop_id",
        "stop_name",
        "lon",
        "lat",
        "minutes",
        "mark",
        "source",
        "note",
    )
    note = _("position and the stops between the termini are to be filled in")
    ends = dict.fromkeys((one.line, one.direction, one.origin, one.destination) for one in services)
    rows: list[tuple[Cell, ...]] = []
    for line, direction, origin, destination in ends:
        for order, name in ((FIRST_STOP, origin), (LAST_STOP, destination)):
            rows.append((line, direction, order, None, name, None, None, None, "S", source, note))
    return _sheet("stops", columns, rows)


def _services(
    name: str,
    services: Sequence[PlanService],
    facts: dict[tuple[str, str], PlanFacts],
    source: str,
    *,
    by_run_time: bool,
) -> Sheet:
    columns = (
        *("line", "direction", "origin", "destination", "days", "day_label", "from", "to", "departures"),
        *("n_departures", "run_min", "run_min_low", "run_min_high", "mark", "source", "note"),
        *("valid_from", "valid_to"),
    )
    rows: list[tuple[Cell, ...]] = []
    for service in services:
        fact = facts.get((service.line, service.days), PlanFacts(service.line, service.days))
        for departures in _bands(service, by_run_time=by_run_time):
            times = [clock_from_seconds(one.time_s) for one in departures]
            run_min, note = _run_min(departures, service)
            rows.append((
                *(service.line, service.direction, service.origin, service.destination),
                *(service.days, service.day_label, times[0], times[-1], " ".join(times), len(times)),
                *(run_min, _minutes(fact.run_low_s), _minutes(fact.run_high_s), "S", source, note),
                *(fact.valid_from or None, None),
            ))  # fmt: skip
    return _sheet(name, columns, rows)


def _bands(service: PlanService, *, by_run_time: bool) -> list[list[PlanDeparture]]:
    if not by_run_time:
        return [list(service.departures)] if service.departures else []
    bands: dict[int | None, list[PlanDeparture]] = {}
    for departure in service.departures:
        bands.setdefault(departure.run_s, []).append(departure)
    return list(bands.values())


def _run_min(departures: Sequence[PlanDeparture], service: PlanService) -> tuple[Cell, str]:
    known = [one.run_s for one in departures if one.run_s is not None]
    notes = [service.note] if service.note else []
    if service.days == "weekend":
        notes.append(_("public holidays on working days: list them in a sheet days"))
    if not known:
        return None, _("; ").join(notes)
    if len(set(known)) > 1:
        notes.append(
            _(
                "run time: median of {low}-{high} minutes over {n} departures",
                low=_minutes(min(known)),
                high=_minutes(max(known)),
                n=len(known),
            )
        )
    return _minutes(statistics.median(known)), _("; ").join(notes)


def _blocks(plan: DrivingPlan) -> Sheet:
    columns = (
        *("line", "days", "block", "vehicle", "place", "what", "terminus", "column", "time", "run_min"),
        *("layover_min", "sheet", "cell"),
    )
    words = {
        "departure": _("departure"),
        "pause": _("stands or arrives"),
        "duty": _("duty"),
        "unlisted": _("not among the departures"),
    }
    rows = (
        (
            *(one.line, one.days, one.block, one.block, one.order, words[one.kind], one.terminus, one.column),
            *(
                clock_from_seconds(one.time_s),
                _minutes(one.run_s),
                _minutes(one.layover_s),
                one.sheet,
                one.cell,
            ),
        )
        for one in plan.events
    )
    return _sheet("blocks", columns, rows)


def _departures(plan: DrivingPlan) -> Sheet:
    columns = ("line", "direction", "origin", "destination", "days", "time", "run_min", "sheet", "cell")
    rows = (
        (
            *(service.line, service.direction, service.origin, service.destination, service.days),
            *(clock_from_seconds(one.time_s), _minutes(one.run_s), one.sheet, one.cell),
        )
        for service in plan.services
        for one in service.departures
    )
    return _sheet("departures", columns, rows)


def _counts(plan: DrivingPlan) -> Sheet:
    columns = ("line", "days", "day_label", "stated", "stated_beside", "listed", "parts", "agrees", "doubt")
    rows = (
        (
            *(
                one.line,
                one.days,
                one.day_label,
                one.stated,
                one.stated_beside or None,
                one.listed,
                one.parts,
            ),
            *(agreement_word(one.stated, agrees=one.agrees), one.doubt),
        )
        for one in plan.checks
    )
    return _sheet("counts", columns, rows)


def agreement_word(stated: int | None, *, agrees: bool) -> str:
    """Say whether the departures read are as many as stated."""
    if stated is None:
        return _("nothing stated")
    return _("equal") if agrees else _("differs")


def _unread(plan: DrivingPlan) -> Sheet:
    rows = ((one.sheet, one.cell, one.text, one.why, one.read_as) for one in plan.unread)
    return _sheet("unread", ("sheet", "cell", "text", "why", "read_as"), rows)


def _notes(plan: DrivingPlan) -> Sheet:
    return _sheet("notes", ("sheet", "cell", "text"), ((one.sheet, one.cell, one.text) for one in plan.notes))


def _minutes(duration_s: float | None) -> Cell:
    if duration_s is None:
        return None
    minutes = minutes_from_seconds(duration_s)
    return int(minutes) if minutes == int(minutes) else minutes


def _day_word(days: str) -> str:
    words = {
        "weekday": _("weekday"),
        "saturday": _("Saturday"),
        "sunday": _("Sunday"),
        "weekend": _("weekend"),
        "daily": _("daily"),
    }
    return words.get(days, days)
