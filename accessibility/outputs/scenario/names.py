"""Names of lines and stops as readers know them, and words in a row."""

from collections.abc import Sequence

from accessibility.messages import _, listed
from accessibility.model.line_changes import AddLine, NewStop, Reroute, StopRef
from accessibility.model.scenario import Scenario
from accessibility.model.timetable import Timetable


class Names:
    """
    Names of lines and stops, as readers know them.

    Parameters
    ----------
    scenarios
        Scenarios whose own lines and stops may be named.
    timetable
        The baseline, where there is one; without it identifiers stand for themselves.
    """

    def __init__(self, scenarios: Sequence[Scenario], timetable: Timetable | None = None) -> None:
        self._timetable = timetable
        self._lines: dict[str, str] = {}
        self._stops: dict[str, str] = {}
        if timetable is not None:
            for route, short, long in zip(
                timetable.route_ids, timetable.route_short_names, timetable.route_long_names, strict=True
            ):
                self._lines[route] = self._lines[route.partition(":")[2] or route] = short or long or route
            for stop, name in zip(timetable.stop_ids, timetable.stop_names, strict=True):
                self._stops[stop] = self._stops[stop.partition(":")[2] or stop] = name or stop
        for change in (change for scenario in scenarios for change in scenario.modifications):
            if isinstance(change, AddLine):
                self._lines[change.id] = change.name or change.id
            for stop in getattr(change, "stops", ()):
                if isinstance(stop, NewStop) and stop.id:
                    self._stops[stop.id] = stop.name

    def line(self, route: str, direction: int | None = None) -> str:
        """Name a line, and its direction where one is meant."""
        name = self._lines.get(route, route)
        if direction is None:
            return name
        way = _("outbound") if direction == 0 else _("inbound")
        return _("{line} ({direction})", line=name, direction=way)

    def stop(self, stop: StopRef) -> str:
        """Name a stop; one that is new is said to be so."""
        if isinstance(stop, NewStop):
            return _("{name} (new)", name=stop.name)
        return self._stops.get(stop, stop)

    def stops(self, stops: Sequence[StopRef]) -> str:
        """Name stops in a row."""
        return listed([self.stop(stop) for stop in stops])

    def between(self, change: Reroute) -> int | None:
        """Count the stops that a rerouting replaces; ``None`` where that is not known."""
        table = self._timetable
        if table is None:
            return None
        for trip, route in enumerate(table.trip_route.tolist()):
            if change.route in (table.route_ids[route], table.route_short_names[route]):
                part = slice(*table.stop_time_offset[trip : trip + 2])
                calls = [
                    (table.stop_ids[i], table.stop_names[i]) for i in table.stop_time_stop[part].tolist()
                ]
                found = _between(calls, change.from_stop, change.to_stop)
                if found is not None and change.direction in (None, int(table.trip_direction[trip])):
                    return found
        return None


def _between(calls: Sequence[tuple[str, str]], start: str, goal: str) -> int | None:
    first = next((i for i, call in enumerate(calls) if start in call), None) if start else -1
    if first is None:
        return None
    last = len(calls)
    if goal:
        last = next((i for i in range(first + 1, len(calls)) if goal in calls[i]), -1)
    return last - first - 1 if last >= 0 else None


def clauses(parts: Sequence[str]) -> str:
    """Join parts of a sentence."""
    return _(", ").join(parts)
