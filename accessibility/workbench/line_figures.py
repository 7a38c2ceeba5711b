"""What lines are and what they cost on a date: stops, bands, length, run time, trips, vehicles."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.model.projection import geodesic_m, step_lengths_m
from accessibility.model.timetable import NONE, Timetable

DAY_MINUTES = 30 * 60
"""Minutes of a service day that vehicles are counted in: trips begin before 26:00 and end before 30:00."""


@dataclass(frozen=True)
class LineFigures:
    """
    Operation of a line on a date.

    Parameters
    ----------
    length_km
        Mean length of a round: one trip each way, or of a trip where the line runs one way.
    run_min, cycle_min
        Mean time of a trip, and of one trip each way; without layover.
    trips, vehicle_km, vehicle_hours
        Of the whole day; trips of headway bands are the length of the band over the headway.
    vehicles
        Vehicles under way at the same time at most: the least number needed, layover not counted.
    straight
        Whether a length is measured straight from stop to stop because no course is known.
    """

    length_km: float = 0.0
    run_min: float = 0.0
    cycle_min: float = 0.0
    trips: float = 0.0
    vehicle_km: float = 0.0
    vehicle_hours: float = 0.0
    vehicles: int = 0
    straight: bool = False

    def as_data(self) -> dict[str, Any]:
        """Return the figures rounded as they are shown."""
        return {
            "length_km": round(self.length_km, 2),
            "run_min": round(self.run_min, 1),
            "cycle_min": round(self.cycle_min, 1),
            "trips": round(self.trips, 1),
            "vehicle_km": round(self.vehicle_km, 1),
            "vehicle_hours": round(self.vehicle_hours, 1),
            "vehicles": self.vehicles,
            "straight": self.straight,
        }


def line_figures(timetable: Timetable, route: int, day: date) -> LineFigures:
    """Measure the operation of a route on a date."""
    running = _running(timetable, route, day)
    if not running:
        return LineFigures()
    under_way = np.zeros(DAY_MINUTES)
    trips, run_s, metres, straight = 0.0, 0.0, 0.0, False
    by_direction: dict[int, list[tuple[float, float, float]]] = {}
    for trip, count, first_s, last_s in running:
        length_m, is_straight = trip_length_m(timetable, trip)
        begin, end = timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1] - 1
        one_s = float(timetable.arrival_s[end] - timetable.departure_s[begin])
        trips, run_s, metres = trips + count, run_s + count * one_s, metres + count * length_m
        straight |= is_straight
        by_direction.setdefault(int(timetable.trip_direction[trip]), []).append((count, one_s, length_m))
        under_way += _under_way(count, first_s, last_s, one_s)
    means = [np.average([one[1:] for one in ones], axis=0, weights=[one[0] for one in ones])
             for ones in by_direction.values()]  # fmt: skip
    return LineFigures(
        length_km=float(sum(mean[1] for mean in means)) / 1000,
        run_min=run_s / trips / 60,
        cycle_min=float(sum(mean[0] for mean in means)) / 60,
        trips=trips,
        vehicle_km=metres / 1000,
        vehicle_hours=run_s / 3600,
        vehicles=int(np.ceil(np.round(under_way.max(), 6))),
        straight=straight,
    )


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


def _under_way(count: float, first_s: float, last_s: float, run_s: float) -> NDArray[np.float64]:
    """Count the vehicles under way at every minute of the day, shape ``[DAY_MINUTES]``."""
    clock_s = 60.0 * np.arange(DAY_MINUTES)
    if last_s == first_s:
        alone: NDArray[np.float64] = ((first_s <= clock_s) & (clock_s < first_s + run_s)).astype(np.float64)
        return alone
    departed_s = np.clip(clock_s, first_s, last_s) - np.clip(clock_s - run_s, first_s, last_s)
    under_way: NDArray[np.float64] = departed_s * count / (last_s - first_s)
    return under_way


def trip_length_m(timetable: Timetable, trip: int) -> tuple[float, bool]:
    """Measure a trip along its course, else straight from stop to stop, and say which."""
    shape = int(timetable.trip_shape[trip])
    if shape != NONE:
        part = slice(timetable.shape_offset[shape], timetable.shape_offset[shape + 1])
        return float(step_lengths_m(timetable.shape_lon[part], timetable.shape_lat[part]).sum()), False
    stops = _stops(timetable, trip)
    lon, lat = timetable.stop_lon[stops], timetable.stop_lat[stops]
    return float(np.nansum(geodesic_m((lon[:-1], lat[:-1]), (lon[1:], lat[1:])))), True


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
                "bands": _bands(ones),
                "n_variants": len(weights),
            }
        )
    return shown


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
