"""Transit searches on worlds written as text, without streets: access, transfers and egress in seconds."""

from datetime import date

import numpy as np

from accessibility.kernels.propagate import propagate
from accessibility.kernels.raptor import range_raptor
from accessibility.model.transit_query import TransitQuery
from accessibility.units import UNREACHED

DAY = date(2021, 5, 21)


def arrivals(day, transfers, access, *, start_s, n_minutes, max_rides=3, slack_s=60, max_duration_s=7200):
    """Earliest arrival by vehicle, shape [n_stops, n_minutes]; transfers and access as {stop: seconds}."""
    walks = [transfers.get(stop, {stop: 0}) for stop in range(day.n_stops)]
    offset = np.cumsum([0, *map(len, walks)]).astype(np.int64)
    to = np.array([other for row in walks for other in row], np.int32)
    walk_s = np.array([s for row in walks for s in row.values()], np.int32)
    out = np.empty((day.n_stops, n_minutes), np.int32)
    range_raptor(
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight, day.time_offset, day.arrival_s,
        day.departure_s, day.at_offset, day.at_pattern, day.at_position, offset, to, walk_s,
        np.array(list(access), np.int32), np.array(list(access.values()), np.int32),
        start_s, max_rides, slack_s, max_duration_s, out,
    )  # fmt: skip
    return out


def durations(arrival_s, start_s, egress, *, direct_s=UNREACHED, max_duration_s=7200):
    """Duration of every minute at one place, sorted."""
    n_minutes = arrival_s.shape[1]
    out = np.empty((1, n_minutes), np.int32)
    propagate(
        arrival_s, start_s + 60 * np.arange(n_minutes), np.array([0, len(egress)]),
        np.array(list(egress), np.int32), np.array(list(egress.values()), np.int32),
        np.array([direct_s], np.int32), max_duration_s, np.arange(n_minutes), out,
    )  # fmt: skip
    return out[0]


def query(day, *, start_s, n_minutes, n_draws=1):
    """Ask about a date, with limits that do not matter."""
    return TransitQuery(
        day=day,
        start_s=start_s,
        n_minutes=n_minutes,
        percentiles=(50,),
        max_rides=3,
        walk_mps=1.0,
        max_walk_s=1800,
        max_duration_s=7200,
        board_slack_s=60,
        n_draws=n_draws,
    )
