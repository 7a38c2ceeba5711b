"""Tell a way by public transport in the words of the timetable, with its course."""

from collections.abc import Iterator

import numpy as np

from accessibility.model.course_measure import Course, along_shape, cut_course
from accessibility.model.places import Places
from accessibility.model.projection import step_lengths_m
from accessibility.model.service_day import ServiceDay
from accessibility.model.timetable import NONE, Timetable
from accessibility.model.transit_journey import Leg, Service, StopCall, TransitJourney
from accessibility.model.way import Ride, Way


def tell_journey(
    timetable: Timetable,
    day: ServiceDay,
    way: Way,
    ends: Places,
    *,
    level: str,
    modes: tuple[str, str] = ("walk", "walk"),
) -> TransitJourney:
    """
    Tell a way leg by leg.

    Parameters
    ----------
    timetable
        Names, trips, shapes.
    day
        The service day of the way's draw.
    way
        The way.
    ends
        Origin and destination, in this order.
    level
        Label of the percentile.
    modes
        How people get to the first stop and on from the last one; who rides nothing walks.

    Returns
    -------
    journey
        Rides with their course along the trip's shape where it has one, else straight from stop to stop;
        walks with a straight line, which whoever knows the streets replaces.
    """
    legs = list(_legs(timetable, day, way, modes)) if way.rides else [_direct(way)]
    doors = [(float(ends.lon[i]), float(ends.lat[i])) for i in (0, 1)]
    return TransitJourney(
        origin_id=ends.ids[0],
        destination_id=ends.ids[1],
        day=day.day,
        level=level,
        depart_s=way.leave_s,
        draw=way.draw,
        duration_s=way.duration_s,
        legs=tuple(with_course(leg, _straight(leg, doors)) if leg.mode else leg for leg in legs),
    )


def with_course(leg: Leg, course: Course, *, distance_m: float | None = None) -> Leg:
    """Give a leg a course (degrees, WGS-84) and its length (m), measured on it where not given."""
    lon, lat = course
    known = np.isfinite(lon) & np.isfinite(lat)
    lon, lat = lon[known], lat[known]
    if distance_m is None:
        distance_m = float(step_lengths_m(lon, lat).sum()) if len(lon) else np.nan
    return Leg(
        leg.kind, leg.start_s, leg.end_s, leg.start, leg.end, leg.mode, leg.services, leg.n_stops,
        distance_m, lon, lat,
    )  # fmt: skip


def line_name(timetable: Timetable, trip: int) -> str:
    """Return what riders call the line of a trip: its short name, else the long one, else its id."""
    route = int(timetable.trip_route[trip])
    return (
        timetable.route_short_names[route] or timetable.route_long_names[route] or timetable.route_ids[route]
    )


def lines_of(timetable: Timetable, day: ServiceDay, way: Way) -> str:
    """Name the lines of a way in order: ``112 > L14``; ``112=113`` where one stays seated; ``""`` on foot."""
    rides = []
    for ride in way.rides:
        trips = day.trips_between(ride.pattern, ride.run, ride.board, ride.alight)
        names = [line_name(timetable, trip) for _position, trip in trips]
        rides.append("=".join(name for i, name in enumerate(names) if i == 0 or name != names[i - 1]))
    return " > ".join(rides)


def first_and_last_stop(day: ServiceDay, way: Way) -> tuple[int, int]:
    """Return the stops (of the timetable) where a way with rides first boards and last alights."""
    first, last = way.rides[0], way.rides[-1]
    board = _at(day, int(day.pattern_offset[first.pattern]) + first.board)
    return board, _at(day, int(day.pattern_offset[last.pattern]) + last.alight)


def _direct(way: Way) -> Leg:
    return Leg("direct", way.leave_s, way.leave_s + way.duration_s, mode="walk")


def _legs(timetable: Timetable, day: ServiceDay, way: Way, modes: tuple[str, str]) -> Iterator[Leg]:
    clock_s, stop = way.leave_s, None
    for ride in way.rides:
        begin = int(day.pattern_offset[ride.pattern])
        board = _stop(timetable, _at(day, begin + ride.board))
        alight = _stop(timetable, _at(day, begin + ride.alight))
        there_s = clock_s + ride.walk_s
        if stop is None or stop.id != board.id or ride.walk_s:
            yield Leg(
                "access" if stop is None else "transfer",
                clock_s,
                there_s,
                stop,
                board,
                mode=modes[0] if stop is None else "walk",
            )
        yield Leg("wait", there_s, ride.departure_s, board, board)
        yield _ride(timetable, day, ride, (board, alight))
        clock_s, stop = ride.arrival_s, alight
    yield Leg("egress", clock_s, clock_s + way.egress_s, stop, None, mode=modes[1])


def _ride(timetable: Timetable, day: ServiceDay, ride: Ride, ends: tuple[StopCall, StopCall]) -> Leg:
    begin = int(day.pattern_offset[ride.pattern])
    trips = day.trips_between(ride.pattern, ride.run, ride.board, ride.alight)
    services, courses = [], []
    for number, (position, trip) in enumerate(trips):
        first = max(position, ride.board)
        last = trips[number + 1][0] - 1 if number + 1 < len(trips) else ride.alight
        services.append(
            Service(
                trip_id=timetable.trip_ids[trip],
                route_id=timetable.route_ids[int(timetable.trip_route[trip])],
                line=line_name(timetable, trip),
                headsign=timetable.trip_headsigns[trip],
                start=_stop(timetable, _at(day, begin + first)),
            )
        )
        courses.append(_ride_course(timetable, trip, first - position, last - position))
    leg = Leg(
        kind="ride",
        start_s=ride.departure_s,
        end_s=ride.arrival_s,
        start=ends[0],
        end=ends[1],
        services=tuple(services),
        n_stops=ride.alight - ride.board - (len(trips) - 1),
    )
    lon, lat = (np.concatenate(axis) for axis in zip(*courses, strict=True))
    return with_course(leg, (lon, lat))


def _ride_course(timetable: Timetable, trip: int, first: int, last: int) -> Course:
    """Give the course of a trip between two of its calls."""
    begin = int(timetable.stop_time_offset[trip])
    stops = timetable.stop_time_stop[begin + first : begin + last + 1]
    lon, lat = timetable.stop_lon[stops], timetable.stop_lat[stops]
    shape = int(timetable.trip_shape[trip])
    if shape == NONE:
        return lon, lat
    part = slice(int(timetable.shape_offset[shape]), int(timetable.shape_offset[shape + 1]))
    course = timetable.shape_lon[part], timetable.shape_lat[part]
    along_m = along_shape(course, (lon, lat))
    if along_m is None:
        return lon, lat
    way_lon, way_lat = cut_course(course, float(along_m[0]), float(along_m[-1]))
    return np.concatenate([lon[:1], way_lon, lon[-1:]]), np.concatenate([lat[:1], way_lat, lat[-1:]])


def _straight(leg: Leg, doors: list[tuple[float, float]]) -> Course:
    points = [
        (stop.lon, stop.lat) if stop is not None else door
        for stop, door in zip((leg.start, leg.end), doors, strict=True)
    ]
    lon, lat = np.array(points).T
    return lon, lat


def _at(day: ServiceDay, position: int) -> int:
    """Return the stop of the timetable at a position of a pattern."""
    return int(day.clone_of[day.pattern_stop[position]])


def _stop(timetable: Timetable, stop: int) -> StopCall:
    return StopCall(
        timetable.stop_ids[stop],
        timetable.stop_names[stop] or timetable.stop_ids[stop],
        float(timetable.stop_lon[stop]),
        float(timetable.stop_lat[stop]),
    )
