"""What would the operator of changed lines be given: their departures on a date as a driving plan?"""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from accessibility.messages import _
from accessibility.model.day_types import KIND_OF_WEEKDAY, SATURDAY, WEEKDAY
from accessibility.model.driving_plan import DrivingPlan, PlanDeparture, PlanService
from accessibility.model.timetable import Timetable

_DAY_NAMES = {WEEKDAY: "weekday", SATURDAY: "saturday"}


def service_plan(timetable: Timetable, routes: Sequence[str], day: date, *, name: str) -> DrivingPlan:
    """
    Lay the departures of some lines on a date out as a driving plan.

    Parameters
    ----------
    timetable
        The lines.
    routes
        Identifiers of the lines that are wanted.
    day
        The date; it stands for all days of its type.
    name
        Name of the plan.

    Returns
    -------
    plan
        One service per line, direction and pair of termini. Of headway bands, whose minute is not known, the
        first departure is that at the beginning of the band; the service says so.
    """
    days = _DAY_NAMES.get(KIND_OF_WEEKDAY[day.weekday()], "sunday")
    found: dict[tuple[int, int, str, str], tuple[list[PlanDeparture], bool]] = {}
    for trip, starts_s, banded in _running(timetable, day):
        route, direction = int(timetable.trip_route[trip]), max(0, int(timetable.trip_direction[trip]))
        if timetable.route_ids[route] not in routes:
            continue
        first, last = timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1] - 1
        ends = tuple(timetable.stop_names[timetable.stop_time_stop[at]] for at in (first, last))
        run_s = int(timetable.arrival_s[last] - timetable.departure_s[first])
        departures, was_banded = found.get((route, direction, *ends), ([], False))
        departures += [PlanDeparture(time_s, run_s=run_s) for time_s in starts_s]
        found[route, direction, ends[0], ends[1]] = departures, was_banded or banded
    services = tuple(
        PlanService(
            line=timetable.route_short_names[route] or timetable.route_ids[route],
            direction=min(direction, 1),
            origin=origin,
            destination=destination,
            days=days,
            departures=tuple(sorted(departures, key=lambda one: one.time_s)),
            note=_("counted from the beginning of each headway band") if banded else "",
        )
        for (route, direction, origin, destination), (departures, banded) in sorted(found.items())
    )
    return DrivingPlan(name, services)


def _running(timetable: Timetable, day: date) -> Iterator[tuple[int, list[int], bool]]:
    """Give every trip of a date with its departures (s), and whether a headway repeats it."""
    running = timetable.operates(day)[timetable.trip_service]
    repeated = np.zeros(len(timetable.trip_ids), bool)
    repeated[timetable.frequency_trip] = True
    for trip in np.flatnonzero(running & ~repeated).tolist():
        yield trip, [int(timetable.departure_s[timetable.stop_time_offset[trip]])], False
    for band in np.flatnonzero(running[timetable.frequency_trip]).tolist():
        start_s, end_s = int(timetable.frequency_start_s[band]), int(timetable.frequency_end_s[band])
        starts_s = list(range(start_s, end_s, int(timetable.headway_s[band])))
        yield int(timetable.frequency_trip[band]), starts_s, not timetable.frequency_exact[band]
