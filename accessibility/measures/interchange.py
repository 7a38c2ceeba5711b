"""How well stations are joined to the lines around them: an audit of interchanges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.model.interchange import FeederLine, Interchange
from accessibility.model.linkage import WalkTable
from accessibility.model.runs import DAY_S, Run, repeated_runs, scheduled_runs, trip_run
from accessibility.model.timetable import Timetable

RAIL_TYPES = (*range(0, 3), *range(100, 118), *range(400, 405), *range(900, 907))
"""Types of route that make a stop a station: tram, metro and rail, with GTFS's extended types."""

HOUR_S = 3600


@dataclass(frozen=True, eq=False)
class _Calls:
    """Everything that happens at one stop on one line towards one end."""

    stop: int
    route: int
    last_stop: int
    departure_s: NDArray[np.int64]
    arrival_s: NDArray[np.int64]
    scheduled: bool


def interchanges(
    timetable: Timetable,
    walks: WalkTable,
    day: date,
    *,
    stations: Sequence[str],
    radii_m: Sequence[float],
    periods_s: Sequence[tuple[int, int]],
    walk_mps: float,
) -> tuple[tuple[Interchange, ...], tuple[FeederLine, ...]]:
    """
    Audit the interchanges of stations on a date.

    Parameters
    ----------
    timetable
        Lines of any kind; those on rails are trains, all others serve them.
    walks
        Walks between stops (m), complete up to the largest radius.
    day
        The date.
    stations
        Ids of the stops trains call at.
    radii_m
        Longest walks (m) to count within, ascending.
    periods_s
        Periods (s from, until before) to count departures per hour in.
    walk_mps
        Walking speed (m/s), for connections missed.

    Returns
    -------
    interchanges
        One per station and radius.
    lines
        Every line within the largest radius, towards each end, from its nearest stop; each counts once.

    Raises
    ------
    ModelError
        If the timetable says nothing about the date.

    Notes
    -----
    A headway without fixed times is laid out evenly from the start of its band. Runs count on the date on
    which they begin.
    """
    timetable.require(day)
    by_stop: dict[int, list[_Calls]] = {}
    for calls in _calls(timetable, day):
        by_stop.setdefault(calls.stop, []).append(calls)
    found: list[Interchange] = []
    lines: list[FeederLine] = []
    for station in stations:
        at = timetable.stop_ids.index(station)
        trains = [calls for calls in by_stop.get(at, []) if _on_rails(timetable, calls)]
        around = _around(timetable, walks, by_stop, at, max(radii_m, default=0.0))
        near = _nearest_stops(around)
        for radius_m in radii_m:
            some = [pair for pair in around if pair[1] <= radius_m]
            found.append(_summary((station, day, radius_m), some, trains, periods_s, walk_mps))
        lines += [_line(timetable, station, calls, metres, periods_s) for calls, metres in near]
    return tuple(found), tuple(lines)


def _calls(timetable: Timetable, day: date) -> Iterator[_Calls]:
    """Gather the calls of a date by stop, route and end; where a vehicle ends nobody boards it."""
    groups: dict[tuple[int, int, int], tuple[list[int], list[int], list[bool]]] = {}
    for run, scheduled in runs_of(timetable, day):
        end = int(run.stop[-1])
        for position, stop in enumerate(run.stop.tolist()):
            departures, arrivals, announced = groups.setdefault((stop, run.route, end), ([], [], []))
            if run.can_board[position] and position + 1 < len(run.stop):
                departures.append(int(run.departure_s[position]))
            if run.can_alight[position] and position:
                arrivals.append(int(run.arrival_s[position]))
            announced.append(scheduled)
    for (stop, route, end), (departures, arrivals, announced) in sorted(groups.items()):
        yield _Calls(
            stop, route, end, np.array(sorted(departures)), np.array(sorted(arrivals)), all(announced)
        )


def runs_of(timetable: Timetable, day: date) -> Iterator[tuple[Run, bool]]:
    """Give the runs that begin on a date, and whether their times are announced."""
    for run in scheduled_runs(timetable, day):
        if 0 <= run.departure_s[0] < DAY_S:
            yield run, True
    running = timetable.operates(day)[timetable.trip_service][timetable.frequency_trip]
    for band in np.flatnonzero(running & ~timetable.frequency_exact).tolist():
        start_s, end_s = int(timetable.frequency_start_s[band]), int(timetable.frequency_end_s[band])
        template = trip_run(timetable, int(timetable.frequency_trip[band]))
        for run in repeated_runs(template, range(start_s, end_s, int(timetable.headway_s[band]))):
            if 0 <= run.departure_s[0] < DAY_S:
                yield run, False


def _on_rails(timetable: Timetable, calls: _Calls) -> bool:
    return int(timetable.route_type[calls.route]) in RAIL_TYPES


def _around(
    timetable: Timetable, walks: WalkTable, by_stop: Mapping[int, list[_Calls]], at: int, radius_m: float
) -> list[tuple[_Calls, float]]:
    """Find everything but trains that calls at a stop around, nearest stop first."""
    targets, lengths_m = walks.row(at)
    return [
        (calls, metres)
        for metres, stop in sorted(zip(lengths_m.tolist(), targets.tolist(), strict=True))
        if metres <= radius_m
        for calls in by_stop.get(stop, [])
        if not _on_rails(timetable, calls)
    ]


def _nearest_stops(around: Sequence[tuple[_Calls, float]]) -> list[tuple[_Calls, float]]:
    """Keep, of every line towards each end, the nearest stop: a line that calls twice is no second line."""
    best: dict[tuple[int, int], tuple[_Calls, float]] = {}
    for calls, metres in around:
        if calls.departure_s.size:
            best.setdefault((calls.route, calls.last_stop), (calls, metres))
    return sorted(best.values(), key=lambda pair: (pair[1], pair[0].route, pair[0].last_stop))


def _summary(
    about: tuple[str, date, float],
    around: Sequence[tuple[_Calls, float]],
    trains: Sequence[_Calls],
    periods_s: Sequence[tuple[int, int]],
    walk_mps: float,
) -> Interchange:
    station, day, radius_m = about
    near = _nearest_stops(around)
    leaving = [(calls.departure_s, metres) for calls, metres in near]
    coming = [(calls.arrival_s, metres) for calls, metres in around]
    in_s = np.sort(_together(calls.arrival_s for calls in trains))
    out_s = np.sort(_together(calls.departure_s for calls in trains))
    buses_s = _together(times for times, _metres in leaving)
    # The last moment at which a passenger from the train still catches any line, and the first at which one
    # of them has brought anybody to the platform.
    latest_s = max((times.max() - metres / walk_mps for times, metres in leaving), default=-np.inf)
    earliest_s = min(
        (times.min() + metres / walk_mps for times, metres in coming if times.size), default=np.inf
    )
    return Interchange(
        station=station,
        as_of=day.isoformat(),
        radius_m=float(radius_m),
        n_stops=len({calls.stop for calls, _metres in around if calls.departure_s.size}),
        n_lines=len({calls.route for calls, _metres in near}),
        per_hour=_per_hour(buses_s, periods_s),
        first_bus_s=_first(buses_s),
        last_bus_s=_last(buses_s),
        first_train_s=_first(out_s),
        last_train_s=_last(in_s),
        n_trains=len(in_s),
        n_missed_late=int((in_s > latest_s).sum()),
        n_missed_early=int((out_s < earliest_s).sum()),
        scheduled=all(calls.scheduled for calls in [*trains, *(calls for calls, _metres in around)]),
    )


def _line(
    timetable: Timetable, station: str, calls: _Calls, metres: float, periods_s: Sequence[tuple[int, int]]
) -> FeederLine:
    return FeederLine(
        station=station,
        route=timetable.route_ids[calls.route],
        name=timetable.route_short_names[calls.route] or timetable.route_long_names[calls.route],
        towards=timetable.stop_names[calls.last_stop],
        stop=timetable.stop_ids[calls.stop],
        stop_name=timetable.stop_names[calls.stop],
        walk_m=metres,
        per_hour=_per_hour(calls.departure_s, periods_s),
        first_s=int(calls.departure_s.min()),
        last_s=int(calls.departure_s.max()),
        scheduled=calls.scheduled,
    )


def _together(parts: Iterable[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.empty(0, np.int64), *parts]).astype(np.int64)


def _per_hour(times_s: NDArray[np.int64], periods_s: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    counts = [int(((start <= times_s) & (times_s < end)).sum()) for start, end in periods_s]
    return tuple(n / (end - start) * HOUR_S for n, (start, end) in zip(counts, periods_s, strict=True))


def _first(times_s: NDArray[np.int64]) -> int | None:
    return int(times_s.min()) if times_s.size else None


def _last(times_s: NDArray[np.int64]) -> int | None:
    return int(times_s.max()) if times_s.size else None
