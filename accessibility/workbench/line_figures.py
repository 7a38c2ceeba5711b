"""What lines are on a date: stops, bands, courses; and what they take to run, summed up by line."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.model.service_cost import LineCost
from accessibility.model.timetable import NONE, Timetable
from accessibility.outputs.comparison_words import vehicles_needed


def line_figures(costs: Sequence[LineCost]) -> dict[str, dict[str, Any]]:
    """
    Sum up what lines take to run, both directions together.

    Returns
    -------
    figures
        By line: length of a round (km), running time and rest of a trip (min), trips, vehicle-km and
        vehicle-hours of the day, vehicles by cycle time, rounded as they are shown; and whether a length is
        measured straight from stop to stop.
    """
    by_line: dict[str, list[LineCost]] = {}
    for cost in costs:
        by_line.setdefault(cost.route, []).append(cost)
    return {route: _figures(ways) for route, ways in by_line.items()}


def _figures(ways: Sequence[LineCost]) -> dict[str, Any]:
    trips = [way.n_trips for way in ways]
    return {
        "length_km": round(sum(way.length_m for way in ways) / 1000, 2),
        "run_min": round(float(np.average([way.run_s for way in ways], weights=trips)) / 60, 1),
        "layover_min": round(float(np.average([way.layover_s for way in ways], weights=trips)) / 60, 1),
        "trips": round(sum(trips), 1),
        "vehicle_km": round(sum(way.vehicle_km for way in ways), 1),
        "vehicle_hours": round(sum(way.vehicle_hours for way in ways), 1),
        "vehicles": vehicles_needed(ways),
        "straight": any(way.drawn_straight for way in ways),
    }


def line_directions(timetable: Timetable, route: int, day: date) -> list[dict[str, Any]]:
    """Describe both directions of a route on a date: its commonest stops, hops, course and bands."""
    running = _running(timetable, route, day)
    if not running:
        anyhow = np.flatnonzero(timetable.trip_route == route)
        running = [(int(trip), 0.0, 0.0, 0.0) for trip in anyhow]
    shown = []
    for direction in sorted({int(timetable.trip_direction[trip]) for trip, *_rest in running}):
        ones = [one for one in running if int(timetable.trip_direction[one[0]]) == direction]
        weights: Counter[tuple[int, ...]] = Counter()
        for trip, count, _first, _last in ones:
            weights[tuple(_stops(timetable, trip).tolist())] += max(1, round(count))
        usual = max(weights, key=lambda stops: (weights[stops], stops))
        trip = next(one[0] for one in ones if tuple(_stops(timetable, one[0]).tolist()) == usual)
        part = slice(timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1])
        arrival_s, departure_s = timetable.arrival_s[part], timetable.departure_s[part]
        shown.append(
            {
                "direction": direction,
                "stops": list(usual),
                "hop_s": (arrival_s[1:] - departure_s[:-1]).tolist(),
                "run_s": int(arrival_s[-1] - departure_s[0]),
                "course": _course(timetable, trip),
                "shaped": int(timetable.trip_shape[trip]) != NONE,
                "bands": _bands(ones),
                "n_variants": len(weights),
            }
        )
    return shown


def _running(timetable: Timetable, route: int, day: date) -> list[tuple[int, float, float, float]]:
    """List what runs: trip, number of departures, the time (s) from the first one until after the last."""
    operates = timetable.operates(day)[timetable.trip_service] & (timetable.trip_route == route)
    banded = set(timetable.frequency_trip.tolist())
    starts = timetable.departure_s[timetable.stop_time_offset[:-1]]
    found = [(int(trip), 1.0, float(starts[trip]), float(starts[trip]))
             for trip in np.flatnonzero(operates) if trip not in banded]  # fmt: skip
    for band in np.flatnonzero(operates[timetable.frequency_trip]).tolist():
        begin, end = float(timetable.frequency_start_s[band]), float(timetable.frequency_end_s[band])
        count = (end - begin) / float(timetable.headway_s[band])
        found.append((int(timetable.frequency_trip[band]), count, begin, end))
    return found


def _bands(ones: list[tuple[int, float, float, float]]) -> list[dict[str, Any]]:
    """Describe the service of a direction: headway bands, and the departures beside them as one entry."""
    bands = [{"from_s": int(first), "to_s": int(last), "every_s": round((last - first) / count)}
             for _trip, count, first, last in ones if last > first]  # fmt: skip
    single = [first for _trip, count, first, last in ones if last == first and count]
    if single:
        bands.append({"from_s": int(min(single)), "to_s": int(max(single)), "departures": len(single)})
    return sorted(bands, key=lambda band: band["from_s"])


def _course(timetable: Timetable, trip: int) -> list[list[float]]:
    """Return the course of a trip as ``[lat, lon]``; stop to stop where none is known."""
    shape = int(timetable.trip_shape[trip])
    if shape != NONE:
        part = slice(timetable.shape_offset[shape], timetable.shape_offset[shape + 1])
        lon, lat = timetable.shape_lon[part], timetable.shape_lat[part]
    else:
        stops = _stops(timetable, trip)
        lon, lat = timetable.stop_lon[stops], timetable.stop_lat[stops]
    known = np.isfinite(lon)
    return np.column_stack([lat, lon])[known].round(6).tolist()  # type: ignore[no-any-return]


def _stops(timetable: Timetable, trip: int) -> NDArray[np.int32]:
    return timetable.stop_time_stop[timetable.stop_time_offset[trip] : timetable.stop_time_offset[trip + 1]]
