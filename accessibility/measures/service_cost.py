"""What lines take to run: trips, length, kilometres, hours, vehicles."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from accessibility.model.projection import geodesic_m
from accessibility.model.service_cost import LineCost
from accessibility.model.timetable import NONE, Timetable

Position = tuple[float, float]
LengthFinder = Callable[[Position, Position], float | None]
"""Length (m) of the way of a vehicle between two positions; ``None``: no way."""

_Service = tuple[int, float, tuple[float, float, float]]
"""Trip, how often it runs, and begin and end (s) of a part of the day with the vehicles it takes."""

BUS = 3
"""``route_type`` of what runs on streets."""


@dataclass
class _Direction:
    """What is gathered about one direction of a line."""

    trips: list[int] = field(default_factory=list)
    counts: list[float] = field(default_factory=list)
    spans_s: list[tuple[float, float, float]] = field(default_factory=list)
    """Begin and end (s) of parts of the day, and the vehicles they take."""


def line_costs(
    timetable: Timetable,
    other: Timetable,
    day: date,
    limits: Mapping[str, float],
    *,
    length: LengthFinder | None = None,
) -> tuple[LineCost, ...]:
    """
    Tell what the lines that differ between two timetables take to run.

    Parameters
    ----------
    timetable
        Its lines are told.
    other
        The timetable it is compared with.
    day
        Date.
    limits
        ``layover_share`` of the running time and ``layover_least`` (min): the rest after a trip.
    length
        Way between stops where a trip has no shape; a straight line where not given or not found.

    Returns
    -------
    costs
        One row per line and direction that runs on the date, in the order of the timetable; none for a line
        whose trips of the date are the same in both.
    """
    mine, theirs = _signatures(timetable, day), _signatures(other, day)
    changed = {name for name in mine if mine[name] != theirs.get(name)}
    found: dict[tuple[int, int], _Direction] = {}
    for trip, count, span_s in _services(timetable, day, limits):
        key = int(timetable.trip_route[trip]), int(timetable.trip_direction[trip])
        if timetable.route_ids[key[0]] in changed:
            one = found.setdefault(key, _Direction())
            one.trips.append(trip)
            one.counts.append(count)
            one.spans_s.append(span_s)
    lengths: dict[tuple[int, bytes], tuple[float, bool]] = {}
    return tuple(_cost(timetable, key, found[key], limits, length, lengths) for key in sorted(found))


def _services(timetable: Timetable, day: date, limits: Mapping[str, float]) -> Iterator[_Service]:
    """Give trip, how often it runs on the date, and when it takes how many vehicles."""
    running = timetable.operates(day)[timetable.trip_service]
    repeated = np.zeros(len(timetable.trip_ids), bool)
    repeated[timetable.frequency_trip] = True
    for trip in np.flatnonzero(running & ~repeated).tolist():
        first_s, last_s = _ends(timetable, trip)
        yield trip, 1.0, (first_s, last_s + _layover_s(last_s - first_s, limits), 1.0)
    for band in np.flatnonzero(running[timetable.frequency_trip]).tolist():
        trip, headway_s = int(timetable.frequency_trip[band]), float(timetable.headway_s[band])
        start_s, end_s = float(timetable.frequency_start_s[band]), float(timetable.frequency_end_s[band])
        first_s, last_s = _ends(timetable, trip)
        cycle_s = last_s - first_s + _layover_s(last_s - first_s, limits)
        exact = bool(timetable.frequency_exact[band])
        count = float(np.ceil((end_s - start_s) / headway_s)) if exact else (end_s - start_s) / headway_s
        yield trip, count, (start_s, end_s, cycle_s / headway_s)


def _ends(timetable: Timetable, trip: int) -> tuple[float, float]:
    first, last = timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1] - 1
    return float(timetable.departure_s[first]), float(timetable.arrival_s[last])


def _layover_s(run_s: float, limits: Mapping[str, float]) -> float:
    return max(limits["layover_share"] * run_s, 60 * limits["layover_least"])


def _signatures(timetable: Timetable, day: date) -> dict[str, list[tuple[object, ...]]]:
    """Describe the trips of every line on a date, so that equal lines are equal."""
    bands: dict[int, list[tuple[int, int, int, bool]]] = {}
    for band, trip in enumerate(timetable.frequency_trip.tolist()):
        columns = (timetable.frequency_start_s, timetable.frequency_end_s, timetable.headway_s)
        start_s, end_s, headway_s = (int(column[band]) for column in columns)
        exact = bool(timetable.frequency_exact[band])
        bands.setdefault(trip, []).append((start_s, end_s, headway_s, exact))
    running = timetable.operates(day)[timetable.trip_service]
    signs: dict[str, list[tuple[object, ...]]] = {}
    for trip in np.flatnonzero(running).tolist():
        part = slice(timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1])
        stops = tuple(timetable.stop_ids[stop] for stop in timetable.stop_time_stop[part])
        times = (timetable.arrival_s[part].tobytes(), timetable.departure_s[part].tobytes())
        sign = (int(timetable.trip_direction[trip]), stops, *times, tuple(sorted(bands.get(trip, ()))))
        signs.setdefault(timetable.route_ids[timetable.trip_route[trip]], []).append(sign)
    return {name: sorted(rows, key=repr) for name, rows in signs.items()}


def _cost(
    timetable: Timetable,
    key: tuple[int, int],
    one: _Direction,
    limits: Mapping[str, float],
    length: LengthFinder | None,
    lengths: dict[tuple[int, bytes], tuple[float, bool]],
) -> LineCost:
    weights = np.array(one.counts)
    ends = [_ends(timetable, trip) for trip in one.trips]
    run_s = np.array([last_s - first_s for first_s, last_s in ends])
    measured = [_length(timetable, trip, length, lengths) for trip in one.trips]
    route, direction = key
    blocks = [int(timetable.trip_block[trip]) for trip in one.trips]
    return LineCost(
        route=timetable.route_ids[route],
        name=timetable.route_short_names[route] or timetable.route_ids[route],
        direction=direction,
        n_trips=float(weights.sum()),
        length_m=float(np.average([m for m, _straight in measured], weights=weights)),
        run_s=float(np.average(run_s, weights=weights)),
        layover_s=float(np.average([_layover_s(s, limits) for s in run_s.tolist()], weights=weights)),
        vehicles_cycle=_busiest(one.spans_s),
        vehicles_blocks=None if NONE in blocks else _blocks_at_once(blocks, ends),
        drawn_straight=any(straight for _m, straight in measured),
    )


def _length(
    timetable: Timetable,
    trip: int,
    length: LengthFinder | None,
    known: dict[tuple[int, bytes], tuple[float, bool]],
) -> tuple[float, bool]:
    """Measure a trip (m), and say whether straight lines are part of it."""
    part = slice(timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1])
    stops, shape = timetable.stop_time_stop[part], int(timetable.trip_shape[trip])
    key = shape, stops.tobytes()
    if key not in known:
        if shape != NONE:
            course = slice(timetable.shape_offset[shape], timetable.shape_offset[shape + 1])
            known[key] = _along(timetable.shape_lon[course], timetable.shape_lat[course]), False
        else:
            lon, lat = timetable.stop_lon[stops], timetable.stop_lat[stops]
            street = timetable.route_type[timetable.trip_route[trip]] == BUS
            known[key] = _over(lon.tolist(), lat.tolist(), length if street else None)
    return known[key]


def _over(lon: list[float], lat: list[float], length: LengthFinder | None) -> tuple[float, bool]:
    total_m, straight = 0.0, False
    for start, goal in pairwise(zip(lon, lat, strict=True)):
        hop_m = None if length is None else length(start, goal)
        if hop_m is None:
            ends = np.array([start, goal]).T
            hop_m, straight = _along(*ends), True
        total_m += hop_m
    return total_m, straight


def _along(lon: np.ndarray, lat: np.ndarray) -> float:
    return float(np.sum(geodesic_m((lon[:-1], lat[:-1]), (lon[1:], lat[1:]))))


def _busiest(spans_s: list[tuple[float, float, float]]) -> float:
    """Find the largest sum of what parts of the day take at once; a part ends before the next begins."""
    moments = sorted({begin for begin, _end, _n in spans_s})
    return max(sum(n for begin, end, n in spans_s if begin <= moment < end) for moment in moments)


def _blocks_at_once(blocks: list[int], ends: list[tuple[float, float]]) -> int:
    spans: dict[int, tuple[float, float]] = {}
    for block, (first_s, last_s) in zip(blocks, ends, strict=True):
        begin, end = spans.get(block, (first_s, last_s))
        spans[block] = min(begin, first_s), max(end, last_s)
    return round(_busiest([(begin, end + 1, 1.0) for begin, end in spans.values()]))
