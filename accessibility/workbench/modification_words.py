"""Modifications in words, one sentence each."""

from collections.abc import Sequence

from accessibility.messages import _
from accessibility.model import scenario as nouns
from accessibility.model.timetable import Timetable


def modification_text(change: nouns.Modification, timetable: Timetable) -> str:
    """Say what a modification does; lines and stops by the names that riders know."""
    line = _line(str(getattr(change, "route", "")), timetable)
    match change:
        case nouns.AddLine():
            return _(
                "New line {name}: {stops}", name=change.name or change.id, stops=_way(change.stops, timetable)
            ) + _bands(change.headways)
        case nouns.Reroute():
            ends = [one for one in (change.from_stop, *change.stops, change.to_stop) if one]
            return _("{line} runs another way: {stops}", line=line, stops=_way(ends, timetable))
        case nouns.SetFrequency():
            return _("{line} runs at other headways", line=line) + _bands(change.headways)
        case nouns.RemoveLine():
            return _("{line} is taken out of service", line=line)
        case nouns.RemoveStops():
            return _("{line} passes {stops} without calling", line=line,
                     stops=_way(change.stops, timetable, joint=_(", ")))  # fmt: skip
    return _("{kind}: {line}", kind=nouns.type_name(change), line=line or getattr(change, "name", ""))


def _line(route: str, timetable: Timetable) -> str:
    if route in timetable.route_ids:
        return timetable.route_short_names[timetable.route_ids.index(route)] or route
    return route


def _way(stops: Sequence[nouns.StopRef], timetable: Timetable, joint: str = " – ") -> str:
    names = []
    for stop in stops:
        if isinstance(stop, nouns.NewStop):
            names.append(stop.name)
        elif stop in timetable.stop_ids:
            names.append(timetable.stop_names[timetable.stop_ids.index(stop)])
        else:
            names.append(stop)
    return joint.join(names)


def _bands(bands: Sequence[nouns.Headway]) -> str:
    told = [
        _("{start}–{end} every {minutes} min", start=_clock(band.from_s), end=_clock(band.to_s),
          minutes=f"{band.every_s / 60:g}")
        for band in bands
    ]  # fmt: skip
    return _(" ({bands})", bands=_(", ").join(told)) if told else ""


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"
