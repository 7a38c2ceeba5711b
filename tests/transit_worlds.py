"""Transit searches on worlds written as text, without streets: access, transfers and egress in seconds."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np

from accessibility.kernels.propagate import propagate
from accessibility.kernels.raptor import range_raptor
from accessibility.model.linkage import Attachment, TransitLinkage, WalkTable
from accessibility.model.timetable import NONE, Timetable
from accessibility.model.transfer_rules import ruled_transfers
from accessibility.model.transit_query import TransitQuery
from accessibility.transit import transit_times
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


def timetable_of(runs, n_stops, *, days=1, bands=()):
    """
    Announce runs as trips of some days from `DAY` on; bands are (trip, start_s, end_s, headway_s), drawn.

    Gathered into a service day they are the same runs again.
    """
    none, nobody = np.empty(0, np.int32), np.full(len(runs), NONE)
    routes = sorted({run.route for run in runs})
    offset = np.cumsum([0, *(len(run.stop) for run in runs)])

    def joined(name):
        return np.concatenate([np.empty(0, np.int32), *(getattr(run, name) for run in runs)]).astype(np.int32)

    band_columns = [np.array([band[i] for band in bands], np.int32) for i in range(4)]
    return Timetable(
        time_zone="Asia/Shanghai",
        stop_ids=tuple(f"s{i}" for i in range(n_stops)),
        stop_names=("",) * n_stops,
        stop_lon=np.full(n_stops, np.nan),
        stop_lat=np.full(n_stops, np.nan),
        stop_kind=np.zeros(n_stops, np.int8),
        stop_parent=np.full(n_stops, NONE),
        route_ids=tuple(f"r{route}" for route in routes),
        route_short_names=("",) * len(routes),
        route_long_names=("",) * len(routes),
        route_type=np.full(len(routes), 3, np.int16),
        service_ids=("daily",),
        service_offset=np.array([0, days]),
        service_day=DAY.toordinal() + np.arange(days),
        trip_ids=tuple(f"t{i}" for i in range(len(runs))),
        trip_headsigns=("",) * len(runs),
        trip_route=np.array([routes.index(run.route) for run in runs], np.int32),
        trip_service=np.zeros(len(runs), np.int32),
        trip_direction=nobody.astype(np.int8),
        trip_block=nobody,
        trip_shape=nobody,
        block_ids=(),
        stop_time_offset=offset,
        stop_time_stop=joined("stop"),
        arrival_s=joined("arrival_s"),
        departure_s=joined("departure_s"),
        pickup=(1 - joined("can_board")).astype(np.int8),
        drop_off=(1 - joined("can_alight")).astype(np.int8),
        frequency_ids=tuple(f"b{i}" for i in range(len(bands))),
        frequency_trip=band_columns[0],
        frequency_start_s=band_columns[1],
        frequency_end_s=band_columns[2],
        headway_s=band_columns[3],
        frequency_exact=np.zeros(len(bands), bool),
        **{f"transfer_{end}_{what}": none for end in ("from", "to") for what in ("stop", "route", "trip")},
        transfer_type=none.astype(np.int8),
        transfer_min_s=none,
        pathway_from_stop=none,
        pathway_to_stop=none,
        pathway_s=none,
        pathway_both_ways=none.astype(bool),
        shape_offset=np.zeros(1, np.int64),
        shape_lon=np.empty(0),
        shape_lat=np.empty(0),
    )


def linkage_of(access, transfers, egress, direct, n_stops):
    """Walks in seconds at 1 m/s: rows {target: seconds} by origin, stop, destination (from stops), origin."""
    n_origins, n_destinations = len(access), len(egress)
    return TransitLinkage(
        access=_walks(access, n_stops),
        transfers=_walks([transfers.get(stop, {}) for stop in range(n_stops)], n_stops),
        egress=_walks(egress, n_stops),
        direct=_walks(direct, n_destinations),
        stops=_attached(n_stops),
        origins=_attached(n_origins),
        destinations=_attached(n_destinations),
    )


def _walks(rows, n_targets):
    rows = [sorted(row.items()) for row in rows]
    return WalkTable(
        offset=np.cumsum([0, *map(len, rows)]),
        target=np.array([target for row in rows for target, _s in row], np.int32),
        length_m=np.array([float(s) for row in rows for _target, s in row]),
        n_targets=n_targets,
        radius_m=1e6,
    )


def _attached(n):
    zeros = np.zeros(n)
    return Attachment(zeros.astype(np.int32), zeros, zeros, np.ones(n, bool), zeros, zeros)


def transit_question(**wishes):
    """Ask with small limits at 1 m/s; ``transit_question(definition=..., start_s=...)`` changes some."""
    usual = {
        "day": DAY,
        "start_s": 600,
        "n_minutes": 5,
        "percentiles": (50,),
        "max_rides": 3,
        "walk_mps": 1.0,
    }
    usual |= {"max_walk_s": 600, "max_duration_s": 900, "board_slack_s": 60}
    return TransitQuery(**(usual | wishes))


def every_minute(timetable, linkage, query):
    """Durations of every minute by itself, shape ``[n_origins, n_destinations, n_minutes]``."""
    n_origins, n_destinations = len(linkage.access), len(linkage.egress)
    ids = tuple(f"o{i}" for i in range(n_origins)), tuple(f"d{j}" for j in range(n_destinations))
    alone = [
        replace(query, start_s=query.start_s + 60 * m, n_minutes=1, percentiles=(50,))
        for m in range(query.n_minutes)
    ]
    return np.concatenate([transit_times(timetable, linkage, one, ids).duration_s for one in alone], axis=2)


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


def search(timetable, day, transfers, access, *, slack_s=60, **window):
    """Earliest arrival at every stop of a timetable, under its transfer rules; walks as {stop: seconds}."""
    rows = [sorted(transfers[stop].items()) for stop in range(len(timetable.stop_ids))]
    flat = np.array([pair for row in rows for pair in row], np.int32).reshape(-1, 2)
    walks = (np.cumsum([0, *map(len, rows)]).astype(np.int64), flat[:, 0], flat[:, 1])
    offset, target, walk_s = ruled_transfers(timetable, walks, slack_s)
    ruled = {
        stop: dict(zip(target[a:b].tolist(), walk_s[a:b].tolist(), strict=True))
        for stop, (a, b) in enumerate(pairwise(offset.tolist()))
    }
    today = timetable.on(day)
    starts = today.with_clones(np.array(list(access), np.int32), np.array(list(access.values()), np.int32))
    led = dict(zip(*(column.tolist() for column in starts), strict=True))
    return today.by_stop(arrivals(today, ruled, led, slack_s=slack_s, **window))
