"""Lines that come and go."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from accessibility.messages import _, listed
from accessibility.model.bus_ride import BusRide, Position
from accessibility.model.line_changes import AddLine, RemoveLine, called_at, passed_between, turned_round
from accessibility.model.projection import geodesic_m
from accessibility.model.timetable import NONE
from accessibility.scenarios.draft import TripDraft, with_trips
from accessibility.scenarios.services import add_band, add_trips, check_bands
from accessibility.scenarios.shapes import NewShapes
from accessibility.scenarios.work import Work
from accessibility.units import mps_from_kmh

ROUTE_TYPES = {"tram": 0, "metro": 1, "rail": 2, "bus": 3}
_FACTS = {"mark": "A", "source": "scenario"}
"""Facts of a line that a scenario adds: it is an assumption."""


def add_line(work: Work, change: AddLine) -> None:
    """Add a line with its trips or headway bands, both ways where wanted."""
    _check(work, change)
    stops = work.stops(called_at(change.stops))
    if work.problems or stops is None:
        return
    if any(a == b for a, b in pairwise(stops)):
        work.say("stops", _("two consecutive stops are the same"))
        return
    route = _named(work, change)
    for direction in (0, 1) if change.both_ways else (0,):
        _run(work, change, route, stops[::-1] if direction else stops, direction)


def _named(work: Work, change: AddLine) -> int:
    """Write down the line; one that was taken out of service before and is added again keeps its place."""
    table = work.timetable
    n_routes = len(table.route_ids)
    again = change.id in table.route_ids
    route = table.route_ids.index(change.id) if again else n_routes

    def put(values: Sequence[str], value: str) -> tuple[str, ...]:
        return (*values[:route], value, *values[route + 1 :])

    facts = {name: table.route_facts.get(name, ("",) * n_routes) for name in {**table.route_facts, **_FACTS}}
    kinds = table.route_type if again else np.append(table.route_type, np.int16(0))
    work.timetable = replace(
        table,
        route_ids=put(table.route_ids, change.id),
        route_short_names=put(table.route_short_names, change.name or change.id),
        route_long_names=put(table.route_long_names, ""),
        route_type=np.where(np.arange(len(kinds)) == route, ROUTE_TYPES[change.mode], kinds).astype(np.int16),
        route_facts={name: put(values, _FACTS.get(name, "")) for name, values in facts.items()},
    )
    return route


def _runs(work: Work, line: str) -> bool:
    """Say whether any trip runs on a line."""
    table = work.timetable
    return line in table.route_ids and bool((table.trip_route == table.route_ids.index(line)).any())


def _check(work: Work, change: AddLine) -> None:
    if not change.id:
        work.say("id", _("a line needs an identifier"))
    if _runs(work, change.id):
        work.say("id", _("there is a line of this id already"), change.id)
    if change.mode not in ROUTE_TYPES:
        choices = listed(ROUTE_TYPES)
        work.say("mode", _("there is no mode {mode}; there are {choices}", mode=change.mode, choices=choices),
                 change.mode)  # fmt: skip
    calls, passed = called_at(change.stops), passed_between(change.stops)
    if len(calls) < 2:
        work.say("stops", _("a line needs at least two stops"), len(calls))
    if passed[0] or passed[-1]:
        work.say("stops", _("a line begins and ends with a stop, not with a control point"))
    if not (change.headways or change.departures):
        work.say("headways", _("a line needs headways or departures"))
    check_bands(work, change.headways)
    n_hops = max(0, len(calls) - 1)
    work.check_count("hop_s", change.hop_s, n_hops)
    work.check_count("dwell_s", change.dwell_s, n_hops + 1)
    if change.hop_s and change.speed_kmh is not None:
        work.say("speed_kmh", _("state either hop_s or speed_kmh"), change.speed_kmh)
    if change.speed_kmh is not None and not change.speed_kmh > 0:
        work.say("speed_kmh", _("a speed is above 0 km/h"), change.speed_kmh)
    if not change.both_ways and any(one.direction for one in change.departures):
        work.say("departures", _("the line runs one way only: its direction is 0"), 1)


def _run(work: Work, change: AddLine, route: int, stops: Sequence[int], direction: int) -> None:
    """Add the trips of one direction."""
    passed = passed_between(change.stops)[1:-1]
    passed = turned_round(passed) if direction else passed
    shapes = NewShapes(work.timetable)
    back = slice(None, None, -1 if direction else 1)
    middle = (work.default_dwell_s,) * (len(stops) - 2)
    dwell_s = change.dwell_s[back] or (0, *middle, 0)
    blank = np.zeros(len(stops), np.int32)
    bare = TripDraft(
        id=f"{change.id}/{direction}",
        headsign=work.timetable.stop_names[stops[-1]],
        route=route,
        service=NONE,
        direction=direction,
        block=NONE,
        shape=NONE,
        stop=np.array(stops, np.int32),
        arrival_s=blank,
        departure_s=blank,
        pickup=blank.astype(np.int8),
        drop_off=blank.astype(np.int8),
    )

    def leaving(clock_s: int) -> TripDraft | None:
        stated_s = change.hop_s[back] or _straight_rides(work, change, stops, passed)
        rides = work.rides(stops, clock_s, stated_s, passed=passed, bus=change.mode == "bus")
        if rides is None:
            return None
        shaped = replace(bare, shape=_shape(shapes, stops, rides))
        return shaped.timed([ride.ride_s for ride in rides], dwell_s, leave_s=clock_s)

    bands = [(band, leaving(band.from_s)) for band in change.headways]
    plans = [
        (one.days, [leaving(time_s) for time_s in one.times_s])
        for one in change.departures
        if one.direction == direction
    ]
    if work.problems:
        return
    work.timetable = shapes.laid_down(work.timetable)
    for band, trip in bands:
        if trip is not None:
            add_band(work, trip, band)
    for day_type, trips in plans:
        add_trips(work, [trip for trip in trips if trip is not None], day_type)


def _shape(shapes: NewShapes, stops: Sequence[int], rides: Sequence[BusRide]) -> int:
    """Draw the line along its rides; without a single known course it has no shape."""
    return shapes.along(stops, rides) if any(ride.course for ride in rides) else NONE


def _straight_rides(
    work: Work, change: AddLine, stops: Sequence[int], passed: Sequence[tuple[Position, ...]]
) -> tuple[int, ...]:
    """Ride (s) straight from stop to stop, by the points passed, where a speed is stated."""
    if change.speed_kmh is None:
        return ()
    speed_mps = mps_from_kmh(change.speed_kmh)
    rides = []
    for (start, goal), points in zip(pairwise(stops), passed, strict=True):
        lon, lat = np.array([work.position(start), *points, work.position(goal)]).T
        length_m = float(geodesic_m((lon[:-1], lat[:-1]), (lon[1:], lat[1:])).sum())
        rides.append(max(1, round(length_m / speed_mps)))
    return tuple(rides)


def remove_line(work: Work, change: RemoveLine) -> None:
    """Take a line out of service; the route stays known, so that before and after can be compared."""
    route = work.route(change.route)
    trips = work.trips_of(route) if route is not None else None
    if trips is not None:
        work.timetable = with_trips(work.timetable, dict.fromkeys(trips))
