"""One feed, from its files to the columns of a timetable."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice, SourceRecord
from accessibility.sources.gtfs.archive import FeedFiles
from accessibility.sources.gtfs.bands import check_bands, check_blocks
from accessibility.sources.gtfs.calendars import read_services, tell_validity
from accessibility.sources.gtfs.calls import Calls, Trips, read_calls, tell_twins
from accessibility.sources.gtfs.changes import check_pathways, check_transfers, tell_locked
from accessibility.sources.gtfs.courses import Shapes, read_shapes
from accessibility.sources.gtfs.hops import Geometry, fill_calls, tell_hops
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.places import read_stops, tell_stops
from accessibility.sources.gtfs.rules import NOWHERE, Target, check_unique, resolve
from accessibility.sources.gtfs.tables import FeedTable, read_tables
from accessibility.sources.gtfs.times import clock_text

RAIL_TYPES = (2, *range(100, 118))
"""``route_type`` of trains, of the basic and of the extended kind."""
BY_PHONE, BY_DRIVER = 2, 3


@dataclass(frozen=True)
class Feed:
    """
    One feed, read.

    Parameters
    ----------
    columns
        Fields of `accessibility.model.timetable.Timetable` except the provenance.
    source, notices
        Where it comes from and what is to be known about it.
    """

    columns: dict[str, Any]
    source: SourceRecord
    notices: tuple[Notice, ...]


def read_feed(files: FeedFiles) -> Feed:
    """
    Read one feed.

    Parameters
    ----------
    files
        Its files.

    Returns
    -------
    feed
        What of it can be used, and a notice about everything else.

    Raises
    ------
    DataError
        If required files or columns are missing, the time zone is not clear, or no trip can be used.
    """
    log = Log(files.label)
    tables = read_tables(files, log)
    time_zone = _time_zone(tables["agency"], log)
    for table in tables.values():
        check_unique(table, log)
    stops_table, routes_table = tables["stops"], tables["routes"]
    stop_columns = read_stops(stops_table, log)
    stops, routes = Target.of_rows(stops_table, "stop_id"), Target.of_rows(routes_table, "route_id")
    services = read_services(tables["calendar"], tables["calendar_dates"], log)
    tell_validity(services, log)
    shapes = read_shapes(tables["shapes"], log)
    trips = Trips(tables["trips"], log)
    service_target = Target(
        {name: i for i, name in enumerate(services.ids)}, np.ones(len(services.ids), bool)
    )
    targets = {"route_id": routes, "service_id": service_target, "shape_id": shapes.target()}
    leads = {field: resolve(trips.table, field, target, log) for field, target in targets.items()}
    rail = np.isin(routes_table.values["route_type"], RAIL_TYPES)
    calls = read_calls(tables["stop_times"], trips, stops)
    lon, lat = stop_columns["stop_lon"], stop_columns["stop_lat"]
    trip_is_rail = np.append(rail, False)[leads["route_id"]]
    geometry = Geometry(lon, lat, stop_columns["stop_names"], shapes, leads["shape_id"], trip_is_rail)
    band_trip = check_bands(tables["frequencies"], trips, log)
    calls = fill_calls(calls.at(~trips.table.bad[calls.trip]), geometry, log)
    if not len(calls):
        raise DataError(
            _("the timetable has no trip that can be used"),
            notices=log.notices,
            where=log.label,
            mend=_("Correct what the notices name."),
            code="gtfs-no-trips",
        )
    tell_hops(calls, geometry, log)
    tell_twins(calls, trips, band_trip)
    _tell_on_request(calls, log)
    tell_stops(stop_columns, stops_table, calls, log)
    check_blocks(trips, calls, leads["service_id"], services, band_trip)
    columns = {"time_zone": time_zone, **_kept(stop_columns, stops_table, stops)}
    columns |= _routes(routes_table)
    columns |= {"service_ids": services.ids, "service_offset": services.offset, "service_day": services.day}
    columns |= _trips(trips, leads, routes, shapes) | _calls(calls, stops, trips)
    trip_target = Target.of_rows(trips.table, "trip_id")
    columns |= _bands(tables["frequencies"], band_trip, trip_target)
    columns |= _changes(tables, (stops, routes, trip_target), stop_columns, calls, log)
    return Feed(columns, _source(files, tables["feed_info"]), tuple(log.notices))


def _time_zone(agency: FeedTable, log: Log) -> str:
    zones = list(dict.fromkeys(agency.texts["agency_timezone"].where(~agency.bad).strings()))
    if len(zones) == 1:
        return zones[0]
    raise DataError(
        _("the agencies state different time zones: {zones}", zones=", ".join(zones))
        if zones
        else _("the timetable states no time zone"),
        notices=log.notices,
        where=log.file(agency.spec.name),
        mend=_("Every agency needs the same agency_timezone, e.g. Asia/Shanghai."),
        code="gtfs-time-zone",
    )


def _tell_on_request(calls: Calls, log: Log) -> None:
    ways = (
        (BY_PHONE, _("boarding or alighting has to be arranged by phone; it is counted as possible")),
        (BY_DRIVER, _("boarding or alighting has to be asked of the driver; it is counted as possible")),
    )
    for kind, message in ways:
        wanted = (calls.pickup == kind) | (calls.drop_off == kind)
        if wanted.any():
            log.tell(
                Notice(
                    "gtfs-on-request",
                    "info",
                    message,
                    "stop_times.txt",
                    row=int(calls.line[np.argmax(wanted)]),
                    field="pickup_type",
                    value=str(kind),
                    count=int(wanted.sum()),
                )
            )


def _kept(columns: dict[str, Any], table: FeedTable, stops: Target) -> dict[str, Any]:
    rows, compact = np.flatnonzero(stops.usable), stops.compact()
    kept: dict[str, Any] = {"stop_ids": _words(table, "stop_id", rows)}
    kept["stop_names"] = tuple(columns["stop_names"][row] for row in rows.tolist())
    kept |= {name: columns[name][rows] for name in ("stop_lon", "stop_lat", "stop_kind")}
    kept["stop_parent"] = compact[columns["stop_parent"][rows]]
    return kept


def _words(table: FeedTable, field: str, rows: NDArray[np.int64]) -> tuple[str, ...]:
    words = table.texts[field].strings()
    return tuple(words[row] for row in rows.tolist())


def _routes(table: FeedTable) -> dict[str, Any]:
    rows = np.flatnonzero(~table.bad)
    return {
        "route_ids": _words(table, "route_id", rows),
        "route_short_names": _words(table, "route_short_name", rows),
        "route_long_names": _words(table, "route_long_name", rows),
        "route_type": table.values["route_type"][rows].astype(np.int16),
    }


def _trips(
    trips: Trips, leads: dict[str, NDArray[np.int32]], routes: Target, shapes: Shapes
) -> dict[str, Any]:
    table = trips.table
    rows = np.flatnonzero(~table.bad)
    block = table.texts["block_id"].codes[rows]
    used, first = np.unique(block[block >= 0], return_index=True)
    in_order = used[np.argsort(first)]
    places = np.full(len(table.texts["block_id"].texts) + 1, NOWHERE, np.int32)
    places[in_order] = np.arange(len(in_order))
    return {
        "trip_ids": _words(table, "trip_id", rows),
        "trip_headsigns": _words(table, "trip_headsign", rows),
        "trip_route": routes.compact()[leads["route_id"][rows]],
        "trip_service": leads["service_id"][rows],
        "trip_direction": table.values["direction_id"][rows].astype(np.int8),
        "trip_block": places[block],
        "trip_shape": leads["shape_id"][rows],
        "block_ids": tuple(table.texts["block_id"].texts[code] for code in in_order.tolist()),
        "shape_offset": shapes.offset,
        "shape_lon": shapes.lon,
        "shape_lat": shapes.lat,
    }


def _calls(calls: Calls, stops: Target, trips: Trips) -> dict[str, Any]:
    counts = np.bincount(calls.trip, minlength=len(trips.table))[~trips.table.bad]
    return {
        "stop_time_offset": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        "stop_time_stop": stops.compact()[calls.stop],
        "arrival_s": calls.arrival_s,
        "departure_s": calls.departure_s,
        "pickup": calls.pickup,
        "drop_off": calls.drop_off,
    }


def _bands(table: FeedTable, trip: NDArray[np.int32], trips: Target) -> dict[str, Any]:
    rows = np.flatnonzero(~table.bad)
    names = _words(table, "trip_id", rows)
    start_s = table.values["start_time"][rows].astype(np.int32)
    clocks = [clock_text(one) for one in start_s.tolist()]
    ids = tuple(f"{name}@{clock}" for name, clock in zip(names, clocks, strict=True))
    stated = _words(table, "frequency_id", rows)
    return {
        "frequency_ids": stated if all(stated) and len(set(stated)) == len(stated) else ids,
        "frequency_trip": trips.compact()[trip[rows]],
        "frequency_start_s": start_s,
        "frequency_end_s": table.values["end_time"][rows].astype(np.int32),
        "headway_s": table.values["headway_secs"][rows].astype(np.int32),
        "frequency_exact": table.values["exact_times"][rows] == 1,
    }


def _changes(
    tables: dict[str, FeedTable],
    targets: tuple[Target, Target, Target],
    stop_columns: dict[str, Any],
    calls: Calls,
    log: Log,
) -> dict[str, Any]:
    rules, ways = tables["transfers"], tables["pathways"]
    named = check_transfers(rules, *targets, log)
    places = (stop_columns["stop_lon"], stop_columns["stop_lat"])
    start, end, length_m = check_pathways(ways, targets[0], places, log)
    compact = dict(zip(("stop", "route", "trip"), (one.compact() for one in targets), strict=True))
    rows, kept = ~rules.bad, ~ways.bad
    served = np.isin(np.arange(len(tables["stops"])), calls.stop)
    tell_locked((start[kept], end[kept]), tables["stops"], stop_columns, served, log)
    columns: dict[str, Any] = {
        f"transfer_{key}": compact[key.split("_")[1]][positions[rows]] for key, positions in named.items()
    }
    return columns | {
        "transfer_type": rules.values["transfer_type"][rows].astype(np.int8),
        "transfer_min_s": rules.values["min_transfer_time"][rows].astype(np.int32),
        "pathway_from_stop": compact["stop"][start[kept]],
        "pathway_to_stop": compact["stop"][end[kept]],
        "pathway_s": ways.values["traversal_time"][kept].astype(np.int32),
        "pathway_both_ways": ways.values["is_bidirectional"][kept] == 1,
        "pathway_length_m": length_m[kept],
        "pathway_mode": ways.values["pathway_mode"][kept].astype(np.int8),
    }


def _source(files: FeedFiles, info: FeedTable) -> SourceRecord:
    stated = ""
    if len(info):
        start = int(info.values["feed_start_date"][0])
        version = info.texts["feed_version"].strings()[0]
        stated = date.fromordinal(start).isoformat() if start else version
    return SourceRecord(files.label, files.sha256, title="GTFS", date=stated)
