"""Scenarios in words: what each modification does, and how two scenarios differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import SequenceMatcher
from typing import Any

from accessibility.messages import _, listed
from accessibility.model.line_changes import (
    AddLine,
    Departures,
    Headway,
    RemoveLine,
    RemoveStops,
    RemoveTrips,
    Reroute,
    ScaleSpeed,
    SetDwell,
    SetFrequency,
    SetTimetable,
    ShiftTimes,
    called_at,
)
from accessibility.model.modes import mode_text
from accessibility.model.range_values import subject
from accessibility.model.scenario import FILE_KEYS, Modification, Scenario, type_name
from accessibility.model.street_changes import (
    AddEntrance,
    AddPlace,
    AddStreet,
    ChangeStreet,
    CloseStreet,
    MovePlace,
)
from accessibility.outputs.ranges.words import range_differences
from accessibility.outputs.scenario.names import Names, clauses
from accessibility.units import clock_from_seconds

SHOWN_TIMES = 6
"""Departures that a sentence lists before it counts the rest."""
ALL_DAY_S = 48 * 3600


def scenario_sentences(scenario: Scenario, names: Names | None = None) -> list[str]:
    """
    Tell what a scenario changes.

    Parameters
    ----------
    scenario
        The scenario.
    names
        Names of lines and stops.

    Returns
    -------
    sentences
        One per modification, in order; one that nothing is changed where there is none.
    """
    named = names or Names([scenario])
    if not scenario.modifications:
        return [_("nothing is changed: this is the baseline")]
    return [modification_sentence(change, named) for change in scenario.modifications]


def difference_sentences(one: Scenario, other: Scenario, names: Names | None = None) -> list[str]:
    """
    Tell how the second scenario differs from the first.

    Returns
    -------
    sentences
        None where they are the same.
    """
    named = names or Names([one, other])
    sentences = [
        _("{what}: {before} → {after}", what=what, before=before or _("none"), after=after or _("none"))
        for what, before, after in (
            (_("name"), one.name, other.name),
            (_("note"), one.note, other.note),
            (_("mark"), one.mark, other.mark),
            (_("as of"), str(one.as_of or ""), str(other.as_of or "")),
        )
        if before != after
    ]
    before, after = one.modifications, other.modifications
    kinds = SequenceMatcher(None, [_subject(c) for c in before], [_subject(c) for c in after], autojunk=False)
    for tag, i, until_i, j, until_j in kinds.get_opcodes():
        if tag == "equal":
            pairs = zip(before[i:until_i], after[j:until_j], strict=True)
            sentences += [_changed(old, new, named) for old, new in pairs if old != new]
        else:
            sentences += [_gone(change, after, named) for change in before[i:until_i]]
            sentences += [_come(change, before, named) for change in after[j:until_j]]
    return [*sentences, *range_differences(one, other, named)]


def _subject(change: Modification) -> tuple[str, str]:
    """Say what a modification is about: changes of one kind to one thing are compared with each other."""
    return type_name(change), subject(change)


def _gone(change: Modification, others: Sequence[Modification], names: Names) -> str:
    sentence = modification_sentence(change, names)
    return (
        _("elsewhere in the order: {what}", what=sentence)
        if change in others
        else _("only in the first: {what}", what=sentence)
    )


def _come(change: Modification, others: Sequence[Modification], names: Names) -> str:
    sentence = modification_sentence(change, names)
    return (
        _("here in the order of the second: {what}", what=sentence)
        if change in others
        else _("only in the second: {what}", what=sentence)
    )


def _changed(old: Modification, new: Modification, names: Names) -> str:
    settings = [
        FILE_KEYS.get(field.name, field.name)
        for field in fields(old)
        if getattr(old, field.name) != getattr(new, field.name)
    ]
    return _(
        "changed ({settings}): {before} → {after}",
        settings=listed(settings),
        before=modification_sentence(old, names),
        after=modification_sentence(new, names),
    )


def modification_sentence(change: Modification, names: Names) -> str:
    """Tell what one modification does."""
    return _SENTENCES[type_name(change)](change, names)


def _add_line(change: AddLine, names: Names) -> str:
    calls = called_at(change.stops)
    parts = [
        _("new line {line} ({mode}): {stops}", line=change.name or change.id, mode=_mode(change.mode),
          stops=_(" – ").join(names.stop(stop) for stop in calls)),
        *_control_points(len(change.stops) - len(calls)),
        _("both ways") if change.both_ways else _("one way"),
        *_rides(change.hop_s, change.speed_kmh),
        *_dwells(change.dwell_s),
        *_services(change.headways, change.departures, names),
    ]  # fmt: skip
    return clauses(parts)


def _reroute(change: Reroute, names: Names) -> str:
    line = names.line(change.route, change.direction)
    start, goal = names.stop(change.from_stop), names.stop(change.to_stop)
    calls = called_at(change.stops)
    stops, points = names.stops(calls), len(change.stops) - len(calls)
    if change.from_stop and change.to_stop:
        what = _("{line} runs between {start} and {goal} by {stops} instead",
                 line=line, start=start, goal=goal, stops=stops)  # fmt: skip
        if not calls and not points:
            what = _("{line} runs straight from {start} to {goal}", line=line, start=start, goal=goal)
        elif not calls:
            what = _("{line} runs another way from {start} to {goal}", line=line, start=start, goal=goal)
    elif calls:
        what = (
            _("{line} runs on from {start} to {stops}", line=line, start=start, stops=stops)
            if change.from_stop
            else _("{line} begins with {stops} before {goal}", line=line, goal=goal, stops=stops)
        )
    else:
        what = (
            _("{line} ends at {start}", line=line, start=start)
            if change.from_stop
            else _("{line} begins at {goal}", line=line, goal=goal)
        )
    between = names.between(change)
    counts = [] if between is None else [_stop_count(len(calls) - between)]
    return clauses(
        [what, *_control_points(points), *counts, *_rides(change.hop_s, None), *_dwells(change.dwell_s)]
    )


def _control_points(n: int) -> list[str]:
    return [_("control points passed without stopping: {n}", n=n)] if n else []


def _stop_count(more: int) -> str:
    if more == 0:
        return _("as many stops as before")
    return _("{n} stops more", n=more) if more > 0 else _("{n} stops fewer", n=-more)


def _remove_stops(change: RemoveStops, names: Names) -> str:
    line, stops = names.line(change.route, change.direction), names.stops(change.stops)
    what = _("{line} no longer calls at {stops}", line=line, stops=stops)
    if not change.saved_s_per_stop:
        return what
    return clauses([what, _("{n} s saved per stop", n=change.saved_s_per_stop)])


def _remove_line(change: RemoveLine, names: Names) -> str:
    return _("{line} is taken out of service", line=names.line(change.route))


def _remove_trips(change: RemoveTrips, names: Names) -> str:
    line = names.line(change.route, change.direction)
    if change.trips:
        what = _("{line} loses the trips {trips}", line=line, trips=listed(change.trips))
    else:
        what = _("{line} loses its trips", line=line)
    when = [] if change.days == "daily" else [day_text(change.days)]
    if (change.from_s, change.to_s) != (0, ALL_DAY_S):
        when.append(_("those from {start} to {end}", start=clock_from_seconds(change.from_s),
                      end=clock_from_seconds(change.to_s)))  # fmt: skip
    return _("{what} ({when})", what=what, when=clauses(when)) if when else what


def _set_frequency(change: SetFrequency, names: Names) -> str:
    line = names.line(change.route, change.direction)
    rest = _("trips outside the bands stay") if change.keep_outside else _("no other trips on these days")
    bands = [_band(band, names) for band in change.headways]
    parts = [_("{line} runs at headways: {bands}", line=line, bands=clauses(bands)), rest]
    return clauses([*parts, *_template(change.template_trip)])


def _set_timetable(change: SetTimetable, names: Names) -> str:
    plans = list(_services((), change.departures, names, directed=True))
    what = _("{line} runs by a new timetable: {plans}", line=names.line(change.route), plans=clauses(plans))
    return clauses([what, *_template(change.template_trip)])


def _template(trip: str) -> list[str]:
    return [_("running times of trip {trip}", trip=trip)] if trip else []


def _scale_speed(change: ScaleSpeed, names: Names) -> str:
    line = names.line(change.route, change.direction)
    what = _("{line} runs at {factor} times its speed", line=line, factor=f"{change.factor:g}")
    hops = [_("{start} – {goal}", start=names.stop(a), goal=names.stop(b)) for a, b in change.hops]
    where = [_("only {hops}", hops=listed(hops))] if hops else []
    return clauses([what, *where, *([_("dwells alike")] if change.scale_dwells else [])])


def _set_dwell(change: SetDwell, names: Names) -> str:
    line = names.line(change.route, change.direction)
    where = names.stops(change.stops) if change.stops else _("every stop")
    if change.dwell_s is not None:
        return _("{line} stands {n} s at {stops}", line=line, n=change.dwell_s, stops=where)
    factor = f"{change.factor or 0:g}"
    return _("{line} stands {factor} times as long at {stops}", line=line, factor=factor, stops=where)


def _shift_times(change: ShiftTimes, names: Names) -> str:
    line = names.line(change.route, change.direction)
    if change.trips:
        line = _("{line}, trips {trips}", line=line, trips=listed(change.trips))
    if change.by_s < 0:
        return _("{line} runs {n} s earlier", line=line, n=-change.by_s)
    return _("{line} runs {n} s later", line=line, n=change.by_s)


def _add_street(change: AddStreet, names: Names) -> str:  # noqa: ARG001
    name = change.name or _("without a name")
    parts = [_("new street {name} ({road_class}) with {n} points", name=name, road_class=change.road_class,
               n=len(change.course))]  # fmt: skip
    if change.modes is not None:
        parts.append(_("for {modes}", modes=_modes(change.modes)))
    if change.one_way:
        parts.append(_("one way"))
    if change.speed_kmh is not None:
        parts.append(_("limit {speed} km/h", speed=f"{change.speed_kmh:g}"))
    if change.junctions:
        parts.append(_("{n} crossings joined", n=len(change.junctions)))
    return clauses(parts)


def _close_street(change: CloseStreet, names: Names) -> str:  # noqa: ARG001
    return _("{street} is closed to {modes}", street=_street(change), modes=_modes(change.modes))


def _change_street(change: ChangeStreet, names: Names) -> str:  # noqa: ARG001
    parts = []
    if change.speed_kmh is not None:
        parts.append(_("limit {speed} km/h", speed=f"{change.speed_kmh:g}"))
    if change.modes is not None:
        parts.append(_("for {modes}", modes=_modes(change.modes)))
    if change.one_way is not None:
        parts.append(_("one way") if change.one_way else _("both ways"))
    return _("{street} is changed: {what}", street=_street(change), what=clauses(parts))


def _street(change: CloseStreet | ChangeStreet) -> str:
    ways = listed([str(way) for way in change.ways])
    if change.name and ways:
        return _("{name} (ways {ways})", name=change.name, ways=ways)
    return change.name or _("the street of way {ways}", ways=ways)


def _add_entrance(change: AddEntrance, names: Names) -> str:
    where = change.name or _at(change.lon, change.lat)
    return _("{stop} gets another entrance, {where}, {n} s from the platform",
             stop=names.stop(change.stop), where=where, n=change.walk_s)  # fmt: skip


def _add_place(change: AddPlace, names: Names) -> str:  # noqa: ARG001
    return _("new place {name} ({kind}) at {where}", name=change.name, kind=change.kind,
             where=_at(change.lon, change.lat))  # fmt: skip


def _move_place(change: MovePlace, names: Names) -> str:  # noqa: ARG001
    return _("the place {id} moves to {where}", id=change.id, where=_at(change.lon, change.lat))


def _at(lon: float, lat: float) -> str:
    return f"{lon:.5f}, {lat:.5f}"


def _rides(hop_s: Sequence[int], speed_kmh: float | None) -> list[str]:
    if hop_s:
        return [_("riding times {times} s", times=_("/").join(map(str, hop_s)))]
    return [] if speed_kmh is None else [_("at {speed} km/h", speed=f"{speed_kmh:g}")]


def _dwells(dwell_s: Sequence[int]) -> list[str]:
    return [_("dwells {times} s", times=_("/").join(map(str, dwell_s)))] if dwell_s else []


def _services(
    headways: Sequence[Headway], departures: Sequence[Departures], names: Names, *, directed: bool = False
) -> Iterator[str]:
    yield from (_band(band, names) for band in headways)
    for one in departures:
        times = [clock_from_seconds(time_s) for time_s in one.times_s]
        shown = listed(times[:SHOWN_TIMES]) + (_(" …") if len(times) > SHOWN_TIMES else "")
        days = day_text(one.days)
        if directed or one.direction:
            way = _("outbound") if one.direction == 0 else _("inbound")
            days = _("{days}, {direction}", days=days, direction=way)
        yield _("{days}: {n} departures ({times})", days=days, n=len(times), times=shown)


def _band(band: Headway, names: Names) -> str:
    start, end = clock_from_seconds(band.from_s), clock_from_seconds(band.to_s)
    every = _("{n} min", n=f"{band.every_s / 60:g}")
    what = _(
        "{days} {start}-{end} every {every}", days=day_text(band.days), start=start, end=end, every=every
    )
    if band.phase_s is None:
        return what
    stop = names.stop(band.phase_stop) if band.phase_stop else _("the first stop")
    first = clock_from_seconds(band.from_s + band.phase_s)
    return _("{what} (by timetable, {first} at {stop})", what=what, first=first, stop=stop)


def day_text(day_type: str) -> str:
    """Name a day type in the present language."""
    texts = {
        "daily": _("daily"),
        "weekday": _("workdays"),
        "weekend": _("weekends"),
        "saturday": _("Saturdays"),
        "sunday": _("Sundays"),
    }
    return texts.get(day_type, day_type)


def _modes(modes: Sequence[str]) -> str:
    return listed([mode_text(mode) for mode in modes]) or _("nobody")


def _mode(mode: str) -> str:
    texts = {"bus": _("bus"), "metro": _("metro"), "rail": _("rail"), "tram": _("tram")}
    return texts.get(mode, mode)


_SENTENCES: Mapping[str, Callable[[Any, Names], str]] = {
    "add_line": _add_line,
    "reroute": _reroute,
    "remove_stops": _remove_stops,
    "remove_line": _remove_line,
    "remove_trips": _remove_trips,
    "set_frequency": _set_frequency,
    "set_timetable": _set_timetable,
    "scale_speed": _scale_speed,
    "set_dwell": _set_dwell,
    "shift_times": _shift_times,
    "add_street": _add_street,
    "close_street": _close_street,
    "change_street": _change_street,
    "add_entrance": _add_entrance,
    "add_place": _add_place,
    "move_place": _move_place,
}
