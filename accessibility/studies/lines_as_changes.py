"""What changes to a scenario do the lines of a sheet make, or the departures of a driving plan?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.day_types import DAY_TYPES
from accessibility.model.driving_plan import DrivingPlan, PlanService
from accessibility.model.line_changes import AddLine, Departures, Headway, NewStop, SetTimetable, StopRef
from accessibility.model.projection import geodesic_m
from accessibility.model.provenance import Notice
from accessibility.model.scenario import Modification
from accessibility.model.timetable import Timetable

SAME_STOP_M = 30.0
"""A stop of a sheet that lies no further (m) from one of the network is that one."""
CODE = "import"
_MODES = {0: "tram", 1: "metro", 2: "rail", 3: "bus"}


@dataclass(frozen=True)
class ImportedChanges:
    """
    Changes to a scenario that a file makes.

    Parameters
    ----------
    modifications
        In the order of the file.
    notices
        What a reader should know: what was left out, what was taken for what.
    """

    modifications: tuple[Modification, ...]
    notices: tuple[Notice, ...] = ()


def line_changes(lines: Timetable, network: Timetable) -> ImportedChanges:
    """
    Make a new line of every line of a sheet.

    Parameters
    ----------
    lines
        The sheet, laid out over the week of the date that is looked at: service bands that do not run in that
        week are left out.
    network
        The lines as they are: their stops are used where one lies near, and their identifiers are taken.

    Returns
    -------
    changes
        One line both ways where the way back is the way there turned round, else one per direction.
    """
    made: list[Modification] = []
    notices: list[Notice] = []
    taken = set(network.route_ids)
    stops = tuple(_stop_ref(lines, stop, network) for stop in range(len(lines.stop_ids)))
    for route, route_id in enumerate(lines.route_ids):
        ways = [_one_way(lines, route, direction, stops) for direction in (0, 1)]
        there, back = (None if way is None else replace(way, id=_free_id(route_id, taken)) for way in ways)
        if there is not None and back is not None and _is_way_back(there, back):
            found: list[AddLine] = [replace(there, both_ways=True)]
        else:
            found = [way for way in (there, back) if way is not None]
            if there is not None and back is not None:
                found[1] = replace(found[1], id=_free_id(f"{there.id}-back", taken | {there.id}))
        taken |= {one.id for one in found}
        made += found
        name = lines.route_short_names[route]
        if not found:
            notices.append(_notice("warning", _("nothing of the line runs in the week looked at"), name))
        elif route_id in network.route_ids or name in network.route_short_names:
            what = _("the network has a line of this name; the new one is added beside it")
            mend = _("Withdraw the old one if the new one takes its place.")
            notices.append(_notice("warning", what, name, mend))
    return ImportedChanges(tuple(made), tuple(notices))


def _one_way(lines: Timetable, route: int, direction: int, stops: Sequence[StopRef]) -> AddLine | None:
    """Make a line of the trips and bands of one direction; ``None`` where nothing runs."""
    runs = [service for service in range(len(lines.service_ids)) if len(_days_of(lines, service))]
    chosen = (lines.trip_route == route) & (lines.trip_direction == direction)
    trips = [trip for trip in np.flatnonzero(chosen).tolist() if lines.trip_service[trip] in runs]
    if not trips:
        return None
    part = slice(*lines.stop_time_offset[trips[0] : trips[0] + 2])
    hop_s = (lines.arrival_s[part][1:] - lines.departure_s[part][:-1]).tolist()
    banded = set(lines.frequency_trip.tolist())
    times_s: dict[str, set[int]] = {}
    for trip in trips:
        if trip not in banded:
            start_s = int(lines.departure_s[lines.stop_time_offset[trip]])
            times_s.setdefault(_day_type(lines, trip), set()).add(start_s)
    bands = [
        Headway(
            _day_type(lines, int(lines.frequency_trip[band])),
            int(lines.frequency_start_s[band]),
            int(lines.frequency_end_s[band]),
            int(lines.headway_s[band]),
        )
        for band in range(len(lines.frequency_trip))
        if int(lines.frequency_trip[band]) in trips
    ]
    return AddLine(
        id=lines.route_ids[route],
        name=lines.route_short_names[route],
        mode=_MODES.get(int(lines.route_type[route]), "bus"),
        stops=tuple(stops[stop] for stop in lines.stop_time_stop[part].tolist()),
        hop_s=tuple(hop_s),
        dwell_s=(0,) * (len(hop_s) + 1),  # the minutes of a sheet hold the dwells
        headways=tuple(bands),
        departures=tuple(Departures(days, tuple(sorted(some))) for days, some in times_s.items()),
    )


def _days_of(lines: Timetable, service: int) -> list[int]:
    part = slice(*lines.service_offset[service : service + 2])
    return [int(day) for day in lines.service_day[part]]


def _day_type(lines: Timetable, trip: int) -> str:
    """Name the day type of a trip: line sheets call a service by it, with dates of validity behind."""
    days = lines.service_ids[lines.trip_service[trip]].partition("/")[0]
    return days if days in DAY_TYPES else "daily"


def _is_way_back(there: AddLine, back: AddLine) -> bool:
    turned = (back.stops[::-1], back.hop_s[::-1], back.headways) == (there.stops, there.hop_s, there.headways)
    return turned and not there.departures and not back.departures


def _stop_ref(lines: Timetable, stop: int, network: Timetable) -> StopRef:
    """Take the stop of the network that lies near, else a new one."""
    lon, lat = float(lines.stop_lon[stop]), float(lines.stop_lat[stop])
    boarded = np.unique(network.stop_time_stop)
    here = (np.full(len(boarded), lon), np.full(len(boarded), lat))
    away_m = geodesic_m(here, (network.stop_lon[boarded], network.stop_lat[boarded]))
    if len(boarded) and np.nanmin(away_m) <= SAME_STOP_M:
        return network.stop_ids[int(boarded[np.nanargmin(away_m)])]
    return NewStop(lines.stop_names[stop], round(lon, 6), round(lat, 6))


def _free_id(wanted: str, taken: Iterable[str]) -> str:
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def plan_changes(plan: DrivingPlan, network: Timetable, route: str = "") -> ImportedChanges:
    """
    Let a line run at the departures of a driving plan.

    Parameters
    ----------
    plan
        The plan.
    network
        The lines as they are.
    route
        Identifier of the line that is meant; the one that bears the name of the plan where empty.

    Returns
    -------
    changes
        One new timetable. Branches (区间, 大站车), which stop elsewhere, and days that scenarios do not know
        are left out, which is told.

    Raises
    ------
    DataError
        If the network has no such line, or the plan no departure that can be used.
    """
    number = _planned_route(plan, network, route)
    usable = [one for one in plan.services if one.days in DAY_TYPES and not one.variant and one.departures]
    left_out = [one for one in plan.services if one not in usable and one.departures]
    notices = [
        _notice("warning", _("{n} departures are left out: a branch, or days that scenarios do not know",
                             n=len(one.departures)), f"{one.line} {one.day_label or one.days}")
        for one in left_out
    ]  # fmt: skip
    if not usable:
        what = _("the plan has no departures that a scenario can take over")
        raise DataError(what, where=plan.line, notices=notices, code="import-nothing")
    turned, told = _turned(usable, network, number)
    times_s: dict[tuple[str, int], set[int]] = {}
    for one in usable:
        key = (one.days, 1 - one.direction if turned else one.direction)
        times_s.setdefault(key, set()).update(one.times_s)
    departures = tuple(
        Departures(days, tuple(sorted(some)), direction) for (days, direction), some in times_s.items()
    )
    change = SetTimetable(network.route_ids[number], departures)
    return ImportedChanges((change,), (*notices, *told))


def _planned_route(plan: DrivingPlan, network: Timetable, route: str) -> int:
    if route in network.route_ids:
        return network.route_ids.index(route)
    names = (network.route_ids, network.route_short_names, network.route_long_names)
    found = {i for column in names for i, name in enumerate(column) if name == plan.line}
    if len(found) == 1:
        return found.pop()
    what = _("the study has no line called {name}", name=plan.line)
    mend = _("Choose the line that is meant under “Existing line and direction” and take the plan for it.")
    raise DataError(what, where=plan.line, mend=mend, code="import-line")


def _turned(
    services: Sequence[PlanService], network: Timetable, route: int
) -> tuple[bool, tuple[Notice, ...]]:
    """Say whether the directions of a plan are those of the line the other way round, by the termini."""
    first_of: dict[int, set[str]] = {0: set(), 1: set()}
    for trip in np.flatnonzero(network.trip_route == route).tolist():
        first = int(network.stop_time_stop[network.stop_time_offset[trip]])
        first_of.setdefault(int(network.trip_direction[trip]), set()).add(network.stop_names[first])

    def fits(turned: bool) -> int:
        return sum(
            any(_alike(one.origin, name) for name in first_of[1 - one.direction if turned else one.direction])
            for one in services
        )

    if fits(True) != fits(False):
        return fits(True) > fits(False), ()
    termini = " / ".join(dict.fromkeys(one.origin for one in services))
    what = _("the termini of the plan are not those of the line: its first direction is taken as outbound")
    return False, (_notice("warning", what, termini, _("Check the directions.")),)


def _alike(one: str, other: str) -> bool:
    """Compare names of termini: 公交安亭站 and 安亭 are one."""
    bare = [name.removeprefix("公交").removesuffix("车站").removesuffix("站") for name in (one, other)]
    return bool(bare[0]) and bool(bare[1]) and (bare[0] in bare[1] or bare[1] in bare[0])


def _notice(severity: str, what: str, value: str, mend: str = "") -> Notice:
    return Notice(CODE, "warning" if severity == "warning" else "info", what, value=value, mend=mend)
