"""What runs at every stop: departures per hour by route and direction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.runs import DAY_S
from accessibility.model.timetable import BOARDING_NONE, NONE, Timetable

_DAYS = (-1, 0, 1)
"""Service days that a period of a date may touch: the day before past midnight, and the day after."""


@dataclass(frozen=True, eq=False)
class StopServices(Rebuilt):
    """
    Services that people may board, one row per stop, route and direction.

    Parameters
    ----------
    stop_ids, route_ids
        Where, and which route.
    direction
        Which of its directions: the timetable's, or, where it states none, a number per next stop.
    route_type
        GTFS ``route_type`` of the route.
    per_hour
        Departures per hour, above 0.

    Raises
    ------
    ModelError
        If columns disagree, a row stands twice, or a frequency is not above 0.
    """

    stop_ids: tuple[str, ...]
    route_ids: tuple[str, ...]
    direction: NDArray[np.int64]
    route_type: NDArray[np.int16]
    per_hour: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the columns and check what the class promises."""
        shape = (len(self.stop_ids),)
        for name, dtype in (("direction", np.int64), ("route_type", np.int16), ("per_hour", np.float64)):
            column = freeze(getattr(self, name), dtype, name=f"StopServices.{name}", shape=shape)
            object.__setattr__(self, name, column)
        keys = set(zip(self.stop_ids, self.route_ids, self.direction.tolist(), strict=True))
        if len(keys) != len(self.stop_ids):
            raise ModelError("a service stands twice at a stop", code="services-twice")
        if not np.all((self.per_hour > 0) & np.isfinite(self.per_hour)):
            raise ModelError("departures per hour must be above 0", code="services-frequency")

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.stop_ids)


def stop_services(timetable: Timetable, day: date, *, start_s: int, end_s: int) -> StopServices:
    """
    Count the departures at every stop.

    Parameters
    ----------
    timetable
        Everything announced.
    day
        Service day.
    start_s, end_s
        Period (s since the start of the day), its end excluded.

    Returns
    -------
    services
        Departures at which people may board, the last call of a run left out. Headway bands without exact
        times count by their part of the period over the headway.

    Raises
    ------
    ModelError
        If the period is empty, or the day lies outside the timetable.
    """
    if not 0 <= start_s < end_s:
        raise ModelError("a period needs an end after its start", code="services-period")
    timetable.require(day)
    parts = [*_trips(timetable, day, (start_s, end_s)), *_bands(timetable, day, (start_s, end_s))]
    calls = np.concatenate([np.empty(0, np.int64), *(call for call, _count in parts)])
    counts = np.concatenate([np.empty(0), *(count for _call, count in parts)])
    trip = np.repeat(np.arange(len(timetable.trip_ids)), np.diff(timetable.stop_time_offset))[calls]
    stated = timetable.trip_direction[trip]
    # where no direction is stated, the next stop tells one way from the other
    direction = np.where(stated != NONE, stated, 2 + timetable.stop_time_stop[calls + 1].astype(np.int64))
    keys = np.column_stack([timetable.stop_time_stop[calls], timetable.trip_route[trip], direction])
    rows, row = np.unique(keys, axis=0, return_inverse=True)
    return StopServices(
        stop_ids=tuple(timetable.stop_ids[stop] for stop in rows[:, 0]),
        route_ids=tuple(timetable.route_ids[route] for route in rows[:, 1]),
        direction=rows[:, 2],
        route_type=timetable.route_type[rows[:, 1]],
        per_hour=np.bincount(row.ravel(), counts, len(rows)) * 3600 / (end_s - start_s),
    )


_Period = tuple[int, int]
_Calls = tuple[NDArray[np.int64], NDArray[np.float64]]
"""Calls of the timetable, and how many departures each stands for."""


def _trips(timetable: Timetable, day: date, period: _Period) -> Iterator[_Calls]:
    """Count trips with fixed times; those of the day before past midnight are part of the day."""
    fixed = np.ones(len(timetable.trip_ids), bool)
    fixed[timetable.frequency_trip] = False
    of_trip = np.repeat(np.arange(len(timetable.trip_ids)), np.diff(timetable.stop_time_offset))
    open_calls = _boardable(timetable)
    for ahead in _DAYS:
        running = timetable.operates(day + timedelta(days=ahead))[timetable.trip_service] & fixed
        leave_s = timetable.departure_s + ahead * DAY_S
        inside = open_calls & running[of_trip] & (leave_s >= period[0]) & (leave_s < period[1])
        calls = np.flatnonzero(inside)
        yield calls, np.ones(len(calls))


def _bands(timetable: Timetable, day: date, period: _Period) -> Iterator[_Calls]:
    """Count the departures of headway bands: those with exact times one by one, others by their part."""
    open_calls = _boardable(timetable)
    for ahead in _DAYS:
        running = timetable.operates(day + timedelta(days=ahead))[timetable.trip_service]
        for band in np.flatnonzero(running[timetable.frequency_trip]).tolist():
            first, end = timetable.stop_time_offset[timetable.frequency_trip[band] :][:2].tolist()
            calls = first + np.flatnonzero(open_calls[first:end])
            later_s = timetable.departure_s[calls] - timetable.departure_s[first] + ahead * DAY_S
            begin_s, stop_s = timetable.frequency_start_s[band], timetable.frequency_end_s[band]
            headway_s = int(timetable.headway_s[band])
            if timetable.frequency_exact[band]:
                leave_s = np.arange(begin_s, stop_s, headway_s)[:, np.newaxis] + later_s
                count = ((leave_s >= period[0]) & (leave_s < period[1])).sum(axis=0).astype(np.float64)
            else:
                overlap_s = np.minimum(period[1], stop_s + later_s) - np.maximum(period[0], begin_s + later_s)
                count = np.maximum(overlap_s, 0) / headway_s
            yield calls[count > 0], count[count > 0]


def _boardable(timetable: Timetable) -> NDArray[np.bool_]:
    """Find the calls at which people may board and be taken somewhere."""
    found: NDArray[np.bool_] = timetable.pickup != BOARDING_NONE
    found = found.copy()
    found[timetable.stop_time_offset[1:] - 1] = False
    return found
