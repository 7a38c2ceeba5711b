"""Time in the vehicle from one stop to another."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.measures.interchange import runs_of
from accessibility.model.timetable import Timetable


def ride_times(
    timetable: Timetable, day: date, route: str, stops: tuple[str, str], window_s: tuple[int, int]
) -> NDArray[np.int64]:
    """
    Find the announced times of a line between two stops.

    Parameters
    ----------
    timetable
        The lines.
    day
        The date.
    route
        Id of the line.
    stops
        Ids of the stops people board and alight at.
    window_s
        Departures from until before these times (s); one moment where both are the same.

    Returns
    -------
    ride_s
        Time (s) from departure to arrival of every run that leaves in the window, by departure; empty without
        any.

    Raises
    ------
    ModelError
        If the timetable says nothing about the date.
    """
    timetable.require(day)
    board, alight = (timetable.stop_ids.index(stop) for stop in stops)
    found: list[tuple[int, int]] = []
    for run, _announced in runs_of(timetable, day):
        if timetable.route_ids[run.route] != route:
            continue
        at, to = (np.flatnonzero(run.stop == stop) for stop in (board, alight))
        later = to[to > at[0]] if at.size else to[:0]
        if later.size:
            departure_s = int(run.departure_s[at[0]])
            if window_s[0] <= departure_s < max(window_s[1], window_s[0] + 1):
                found.append((departure_s, int(run.arrival_s[later[0]]) - departure_s))
    return np.array([ride_s for _departure_s, ride_s in sorted(found)], np.int64)
