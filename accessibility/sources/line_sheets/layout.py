"""From lines, courses and bands to the columns of a timetable."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from accessibility.model.day_types import KIND_OF_WEEKDAY
from accessibility.model.timetable import NONE
from accessibility.sources.line_sheets.facts import route_facts
from accessibility.sources.line_sheets.lines import Line
from accessibility.sources.line_sheets.services import Band, validity_label
from accessibility.sources.line_sheets.sheet import Sheet
from accessibility.sources.line_sheets.stops import Course, Stops
from accessibility.units import clock_from_seconds

Headway = Literal["low", "mid", "high"]
LEVELS: dict[Headway, int] = {"low": 0, "mid": 1, "high": 2}
"""Which end of a range of headways is taken -> its place in `Band.headway_s`."""

_LEAST_TIME = 2


@dataclass(frozen=True, eq=False)
class Network:
    """
    What the sheets say, checked.

    Parameters
    ----------
    sheets
        The sheets, for what is carried through as text.
    stops, courses, lines, bands, days, changes
        As their readers give them; every course has positions and run times.
    """

    sheets: Mapping[str, Sheet]
    stops: Stops
    courses: Sequence[Course]
    lines: Mapping[str, Line]
    bands: Sequence[Band]
    days: Mapping[date, int]
    changes: Sequence[tuple[int, int, int]]

    def line(self, name: str) -> Line:
        """Return what is said about a line."""
        return self.lines.get(name, Line())


def run_s(
    minutes: NDArray[np.float64],
    hop_m: NDArray[np.float64],
    run_min: float | None,
    line_run_min: float | None,
) -> NDArray[np.int32] | None:
    """
    Work out when a vehicle is at every stop.

    Parameters
    ----------
    minutes
        From the stop before (min), 0 at the first, NaN where not stated.
    hop_m
        Straight hops (m), 0 before the first.
    run_min, line_run_min
        Minutes from end to end of the band and of the line, ``None`` where not stated.

    Returns
    -------
    seconds
        Whole seconds (s) from the first departure, rounded half up; ``None`` where the run time is not known.

    Notes
    -----
    What the stated minutes leave of the run time of the line (else of the band) is shared out among blank
    hops in proportion to their straight length. Then all hops are scaled to the run time of the band (else of
    the line); without either the stated minutes stand as they are.
    """
    blank = np.isnan(minutes)
    whole = run_min if line_run_min is None else line_run_min
    if blank.any():
        left = -1.0 if whole is None else whole - float(np.nansum(minutes))
        if left <= 0:
            return None
        share = hop_m[blank] if hop_m[blank].sum() > 0 else np.ones(int(blank.sum()))
        minutes = minutes.copy()
        minutes[blank] = left * share / share.sum()
    stated = float(minutes.sum())
    if stated <= 0:
        return None
    goal = run_min or line_run_min or stated
    return np.floor(np.cumsum(minutes) * (60.0 * goal / stated) + 0.5).astype(np.int32)


@dataclass
class _Columns:
    """Columns of trips, services and bands while they grow."""

    service_ids: dict[str, int] = field(default_factory=dict)
    service_days: list[NDArray[np.int32]] = field(default_factory=list)
    trip_ids: list[str] = field(default_factory=list)
    trip_rows: list[tuple[int, int, int]] = field(default_factory=list)
    headsigns: list[str] = field(default_factory=list)
    calls: list[NDArray[np.int32]] = field(default_factory=list)
    times: list[NDArray[np.int32]] = field(default_factory=list)
    bands: list[tuple[str, int, int, int, int]] = field(default_factory=list)


def layout(
    network: Network, *, first_day: date, last_day: date, headway: Headway
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """
    Lay a network out over days.

    Parameters
    ----------
    network
        What the sheets say.
    first_day, last_day
        Days the calendar is laid out over, both included.
    headway
        Which end of the ranges of headways is taken.

    Returns
    -------
    columns, lines
        Fields of `Timetable` except time zone, horizon and provenance; and the lines, one route each.
    """
    lines = tuple(dict.fromkeys(course.line for course in network.courses))
    used = sorted({stop for course in network.courses for stop in course.stops})
    number_of = {stop: position for position, stop in enumerate(used)}
    calendar = _calendar(network.days, first_day, last_day)
    grown = _Columns()
    courses = {(course.line, course.direction): course for course in network.courses}
    for band in network.bands:
        course = courses.get((band.line, band.direction))
        if course is not None:
            line = network.line(band.line)
            service = _service(grown, calendar, line, band)
            _add_runs(grown, network.stops, (course, line, band), (lines.index(band.line), service), headway)
    columns = {
        "stop_ids": tuple(network.stops.ids[stop] for stop in used),
        "stop_names": tuple(network.stops.names[stop] for stop in used),
        "stop_lon": network.stops.lon[used],
        "stop_lat": network.stops.lat[used],
        "stop_kind": np.zeros(len(used), np.int8),
        "stop_parent": np.full(len(used), NONE, np.int32),
        "route_ids": lines,
        "route_short_names": tuple(network.line(line).name or line for line in lines),
        "route_long_names": ("",) * len(lines),
        "route_type": np.array([network.line(line).route_type for line in lines], np.int16),
        "route_facts": route_facts(network.sheets, lines, network.lines, network.bands),
    }
    return columns | _trip_columns(grown, number_of) | _change_columns(network, number_of), lines


def _calendar(days: Mapping[date, int], first: date, last: date) -> NDArray[np.int64]:
    """Give ordinal and kind of every day, shape ``[n_days, 2]``."""
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return np.array(
        [[day.toordinal(), days.get(day, KIND_OF_WEEKDAY[day.weekday()])] for day in every], np.int64
    )


def _service(grown: _Columns, calendar: NDArray[np.int64], line: Line, band: Band) -> int:
    """Find or add the service of a band: its kinds of day within the dates of both line and band."""
    starts = [day for day in (line.valid_from, band.valid_from) if day is not None]
    ends = [day for day in (line.valid_to, band.valid_to) if day is not None]
    start, end = max(starts, default=None), min(ends, default=None)
    name = band.days + validity_label(start, end)
    if name not in grown.service_ids:
        inside = (calendar[:, 1] & band.kinds) > 0
        inside &= calendar[:, 0] >= (start or date.min).toordinal()
        inside &= calendar[:, 0] <= (end or date.max).toordinal()
        grown.service_ids[name] = len(grown.service_days)
        grown.service_days.append(calendar[inside, 0].astype(np.int32))
    return grown.service_ids[name]


def _add_runs(
    grown: _Columns,
    stops: Stops,
    what: tuple[Course, Line, Band],
    leads: tuple[int, int],
    headway: Headway,
) -> None:
    """Add a trip for every stated departure, and one that a headway repeats."""
    course, line, band = what
    seconds = run_s(course.minutes, stops.hop_m(course.stops), band.run_min, line.run_min)
    if seconds is None:
        return

    def add(name: str, start_s: int) -> int:
        grown.trip_ids.append(name)
        grown.trip_rows.append((*leads, course.direction))
        grown.headsigns.append(stops.names[course.stops[-1]])
        grown.calls.append(np.array(course.stops, np.int32))
        grown.times.append(seconds + np.int32(start_s))
        return len(grown.trip_ids) - 1

    for start_s in band.departures_s:
        add(f"{band.place}/{clock_from_seconds(start_s)}{band.validity}", start_s)
    if band.headway_s:
        name = f"{band.place}/{band.times.replace('-', '/')}{band.validity}"
        every_s = band.headway_s[LEVELS[headway]]
        grown.bands.append((name, add(name, band.start_s), band.start_s, band.end_s, every_s))


def _trip_columns(grown: _Columns, number_of: Mapping[int, int]) -> dict[str, Any]:
    route, service, direction = np.array(grown.trip_rows, np.int32).reshape(-1, 3).T
    calls = np.array([number_of[stop] for one in grown.calls for stop in one.tolist()], np.int32)
    times_s = np.concatenate([np.empty(0, np.int32), *grown.times])
    counts = [len(one) for one in grown.calls]
    band = np.array([numbers for _name, *numbers in grown.bands], np.int32).reshape(-1, 4)
    return {
        "service_ids": tuple(grown.service_ids),
        "service_offset": _offsets([len(days) for days in grown.service_days]),
        "service_day": np.concatenate([np.empty(0, np.int32), *grown.service_days]),
        "trip_ids": tuple(grown.trip_ids),
        "trip_headsigns": tuple(grown.headsigns),
        "trip_route": route,
        "trip_service": service,
        "trip_direction": direction.astype(np.int8),
        "trip_block": np.full(len(counts), NONE, np.int32),
        "trip_shape": np.full(len(counts), NONE, np.int32),
        "block_ids": (),
        "stop_time_offset": _offsets(counts),
        "stop_time_stop": calls,
        "arrival_s": times_s,
        "departure_s": times_s,
        "pickup": np.zeros(len(calls), np.int8),
        "drop_off": np.zeros(len(calls), np.int8),
        "frequency_ids": tuple(name for name, *_numbers in grown.bands),
        "frequency_trip": band[:, 0],
        "frequency_start_s": band[:, 1],
        "frequency_end_s": band[:, 2],
        "headway_s": band[:, 3],
        "frequency_exact": np.zeros(len(band), bool),
    }


def _change_columns(network: Network, number_of: Mapping[int, int]) -> dict[str, Any]:
    """Turn changes into rules of GTFS type 2; those at stops where nothing runs are of no use."""
    kept = [one for one in network.changes if one[0] in number_of and one[1] in number_of]
    nowhere = np.full(len(kept), NONE, np.int32)
    none, no_time = np.empty(0), np.empty(0, np.int32)
    return {
        "transfer_from_stop": np.array([number_of[start] for start, _goal, _s in kept], np.int32),
        "transfer_to_stop": np.array([number_of[goal] for _start, goal, _s in kept], np.int32),
        "transfer_type": np.full(len(kept), _LEAST_TIME, np.int8),
        "transfer_min_s": np.array([least_s for _start, _goal, least_s in kept], np.int32),
        **{f"transfer_{end}_{what}": nowhere for end in ("from", "to") for what in ("route", "trip")},
        "pathway_from_stop": no_time,
        "pathway_to_stop": no_time,
        "pathway_s": no_time,
        "pathway_both_ways": np.empty(0, bool),
        "shape_offset": np.zeros(1, np.int64),
        "shape_lon": none,
        "shape_lat": none,
    }


def _offsets(lengths: Sequence[int]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.array(lengths, np.int64))]).astype(np.int64)
