"""A timetable as a GTFS feed that others can use, and that reads back to the same travel times."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import compress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.gtfs_schema import WEEKDAYS
from accessibility.model.timetable import NONE, Timetable
from accessibility.outputs.served import KeptRows, every_row, served_rows
from accessibility.outputs.writing import check_zip_target, staged_file

PLACEHOLDER_URL = "https://example.org/"
"""GTFS demands addresses of operator and publisher; a timetable knows none."""
LONGEST_SHORT_NAME = 12
"""Longer names of routes are written as long names, as the GTFS practices advise."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
_OWN_ROUTE_COLUMNS = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type")
_ADDED, _REMOVED = "1", "2"

Table = tuple[Sequence[str], Iterable[Sequence[str]]]
"""Header and rows."""


def write_gtfs(
    path: str | Path, timetable: Timetable, *, version: str = "", served_only: bool = False
) -> Path:
    """
    Write a timetable as a GTFS feed.

    Parameters
    ----------
    path
        Zip to write; an existing one is replaced as a whole.
    timetable
        Any timetable. Identifiers stay as they are, also ``feed:id``; facts about routes (``mark``,
        ``source``, …) become further columns of ``routes.txt``. Where the name of a headway band is not made
        of its trip and start, it stands in a further column ``frequency_id``, so that its phases stay the
        same when it is read back.
    version
        What to write as ``feed_version``, such as the name of a scenario.
    served_only
        Leave out lines and services without a trip, and stops where no trip calls, unless people walk
        through them: what a scenario has taken out of service is nothing a passenger should be shown.

    Returns
    -------
    path
        The zip; the same timetable gives the same bytes.

    Raises
    ------
    UsageError
        If the name does not end in ``.zip``.
    OutputError
        If it cannot be written.
    """
    path = Path(path)
    check_zip_target(path, ())
    with staged_file(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (header, rows) in _tables(timetable, version, served_only=served_only).items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            text = io.StringIO(newline="")
            writer = csv.writer(text, lineterminator="\n")
            writer.writerow(header)
            writer.writerows(rows)
            archive.writestr(entry, text.getvalue().encode())
    return path


def _tables(timetable: Timetable, version: str, *, served_only: bool) -> dict[str, Table]:
    """Give the files of the feed; those that would be empty and need not be there are left out."""
    kept = served_rows(timetable) if served_only else every_row(timetable)
    weekly, exceptions = _calendars(timetable, kept)
    tables: dict[str, Table] = {
        "agency.txt": (
            ("agency_id", "agency_name", "agency_url", "agency_timezone"),
            [(str(number), name, PLACEHOLDER_URL, timetable.time_zone)
             for number, name in enumerate(_agencies(timetable, kept), start=1)],
        ),
        "stops.txt": _stops(timetable, kept),
        "routes.txt": _routes(timetable, kept),
        "calendar.txt": (("service_id", *WEEKDAYS, "start_date", "end_date"), weekly),
        "calendar_dates.txt": (("service_id", "date", "exception_type"), exceptions),
        "shapes.txt": _shapes(timetable),
        "trips.txt": _trips(timetable),
        "stop_times.txt": _stop_times(timetable),
        "frequencies.txt": _frequencies(timetable),
        "transfers.txt": _transfers(timetable, kept),
        "pathways.txt": _pathways(timetable, kept),
        "feed_info.txt": _feed_info(timetable, version),
    }  # fmt: skip
    lists = {name: (header, list(rows)) for name, (header, rows) in tables.items()}
    needed = ("agency.txt", "stops.txt", "routes.txt", "trips.txt", "stop_times.txt")
    return {name: table for name, table in lists.items() if table[1] or name in needed}


def _rows(columns: Sequence[Sequence[str]], kept: NDArray[np.bool_]) -> Iterable[Sequence[str]]:
    return compress(zip(*columns, strict=True), kept.tolist())


def _agencies(timetable: Timetable, kept: KeptRows) -> tuple[str, ...]:
    """Name the operators, in the order of the routes; one without a name where none is known."""
    running = compress(_operators(timetable), kept.routes.tolist())
    return tuple(dict.fromkeys(running)) or (_("operator not stated"),)


def _operators(timetable: Timetable) -> list[str]:
    stated = timetable.route_facts.get("operator", ("",) * len(timetable.route_ids))
    return [name or _("operator not stated") for name in stated]


def _stops(timetable: Timetable, kept: KeptRows) -> Table:
    header = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station")
    ids = timetable.stop_ids
    columns = (
        ids,
        timetable.stop_names,
        _numbers(timetable.stop_lat),
        _numbers(timetable.stop_lon),
        _whole(timetable.stop_kind),
        _named(ids, timetable.stop_parent),
    )
    return header, _rows(columns, kept.stops)


def _routes(timetable: Timetable, kept: KeptRows) -> Table:
    number_of = {name: str(number) for number, name in enumerate(_agencies(timetable, kept), start=1)}
    names = [
        ("", short) if len(short) > LONGEST_SHORT_NAME and not long else (short, long)
        for short, long in zip(timetable.route_short_names, timetable.route_long_names, strict=True)
    ]
    facts = timetable.route_facts
    header = (*_OWN_ROUTE_COLUMNS, *(f"x_{key}" if key in _OWN_ROUTE_COLUMNS else key for key in facts))
    columns: tuple[Sequence[str], ...] = (
        timetable.route_ids,
        [number_of.get(name, "") for name in _operators(timetable)],
        [
            short if short or long else route
            for route, (short, long) in zip(timetable.route_ids, names, strict=True)
        ],
        [long for _short, long in names],
        _whole(timetable.route_type),
        *facts.values(),
    )
    return header, _rows(columns, kept.routes)


def _calendars(timetable: Timetable, kept: KeptRows) -> tuple[list[Sequence[str]], list[Sequence[str]]]:
    """Lay out every service as a weekly rhythm with exceptions, or as dates alone where that is shorter."""
    weekly: list[Sequence[str]] = []
    exceptions: list[Sequence[str]] = []
    spare = timetable.first_day or date(2000, 1, 1)
    for service, name in compress(enumerate(timetable.service_ids), kept.services.tolist()):
        days = timetable.service_day[slice(*timetable.service_offset[service : service + 2])]
        if not days.size:
            weekly.append((name, *"0000000", _date(spare), _date(spare)))
            continue
        span = np.arange(days[0], days[-1] + 1)
        runs = np.isin(span, days)
        kind = (span - 1) % 7
        rhythm = np.array([2 * runs[kind == day].sum() > (kind == day).sum() for day in range(7)])
        wrong = span[runs != rhythm[kind]]
        if len(wrong) + 1 < len(days):
            ends = (_date(date.fromordinal(int(end))) for end in span[[0, -1]])
            weekly.append((name, *("01"[int(on)] for on in rhythm), *ends))
        else:
            wrong = days
        running = set(days.tolist())
        exceptions += [
            (name, _date(date.fromordinal(day)), _ADDED if day in running else _REMOVED)
            for day in wrong.tolist()
        ]
    return weekly, exceptions


def _shapes(timetable: Timetable) -> Table:
    header = ("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
    counts = np.diff(timetable.shape_offset)
    number = np.repeat(np.arange(len(counts)), counts)
    used = np.isin(number, timetable.trip_shape)
    sequence = np.arange(len(number)) - np.repeat(timetable.shape_offset[:-1], counts) + 1
    columns = (
        _whole(number[used] + 1),
        _numbers(timetable.shape_lat[used]),
        _numbers(timetable.shape_lon[used]),
        _whole(sequence[used]),
    )
    return header, zip(*columns, strict=True)


def _trips(timetable: Timetable) -> Table:
    header = (
        "route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "block_id", "shape_id",
    )  # fmt: skip
    columns = (
        _named(timetable.route_ids, timetable.trip_route),
        _named(timetable.service_ids, timetable.trip_service),
        timetable.trip_ids,
        timetable.trip_headsigns,
        _whole(timetable.trip_direction, blank=NONE),
        _named(timetable.block_ids, timetable.trip_block),
        _whole(timetable.trip_shape + 1, blank=0),
    )
    return header, zip(*columns, strict=True)


def _stop_times(timetable: Timetable) -> Table:
    counts = np.diff(timetable.stop_time_offset)
    trip = np.repeat(np.arange(len(counts)), counts)
    sequence = np.arange(len(trip)) - np.repeat(timetable.stop_time_offset[:-1], counts) + 1
    header = ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"]
    columns = [
        _named(timetable.trip_ids, trip),
        _clocks(timetable.arrival_s),
        _clocks(timetable.departure_s),
        _named(timetable.stop_ids, timetable.stop_time_stop),
        _whole(sequence),
    ]
    if timetable.pickup.any() or timetable.drop_off.any():
        header += ["pickup_type", "drop_off_type"]
        columns += [_whole(timetable.pickup), _whole(timetable.drop_off)]
    return header, zip(*columns, strict=True)


def _frequencies(timetable: Timetable) -> Table:
    header = ["trip_id", "start_time", "end_time", "headway_secs", "exact_times"]
    trips = _named(timetable.trip_ids, timetable.frequency_trip)
    starts = _clocks(timetable.frequency_start_s)
    columns: list[Sequence[str]] = [
        trips,
        starts,
        _clocks(timetable.frequency_end_s),
        _whole(timetable.headway_s),
        _whole(timetable.frequency_exact.astype(np.int8)),
    ]
    usual = tuple(f"{trip}@{start}" for trip, start in zip(trips, starts, strict=True))
    if usual != timetable.frequency_ids:
        header.append("frequency_id")
        columns.append(timetable.frequency_ids)
    return header, zip(*columns, strict=True)


def _transfers(timetable: Timetable, kept: KeptRows) -> Table:
    texts = {"stop": timetable.stop_ids, "route": timetable.route_ids, "trip": timetable.trip_ids}
    ends = [(end, what) for what in texts for end in ("from", "to")]
    header = [f"{end}_{what}_id" for end, what in ends] + ["transfer_type", "min_transfer_time"]
    columns = [_named(texts[what], getattr(timetable, f"transfer_{end}_{what}")) for end, what in ends]
    columns += [_whole(timetable.transfer_type), _whole(timetable.transfer_min_s, blank=-1)]
    return header, _rows(columns, kept.transfers)


def _pathways(timetable: Timetable, kept: KeptRows) -> Table:
    header = (
        "pathway_id", "from_stop_id", "to_stop_id", "pathway_mode", "is_bidirectional", "length",
        "traversal_time",
    )  # fmt: skip
    n_ways = len(timetable.pathway_s)
    columns = (
        [str(number) for number in range(1, n_ways + 1)],
        _named(timetable.stop_ids, timetable.pathway_from_stop),
        _named(timetable.stop_ids, timetable.pathway_to_stop),
        _whole(timetable.pathway_mode),
        _whole(timetable.pathway_both_ways.astype(np.int8)),
        _numbers(timetable.pathway_length_m),
        _whole(timetable.pathway_s, blank=-1),
    )
    return header, _rows(columns, kept.pathways)


def _feed_info(timetable: Timetable, version: str) -> Table:
    header = (
        "feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date",
        "feed_version",
    )  # fmt: skip
    ends = [_date(day) if day else "" for day in (timetable.first_day, timetable.last_day)]
    return header, [("accessibility", PLACEHOLDER_URL, "mul", *ends, version)]


def _named(ids: Sequence[str], indices: NDArray[Any]) -> list[str]:
    return [ids[i] if i != NONE else "" for i in indices.tolist()]


def _numbers(values: NDArray[np.float64]) -> list[str]:
    """Write numbers so that they read back to the same bits; unknown ones are blank."""
    return [repr(value) if value == value else "" for value in values.tolist()]


def _whole(values: NDArray[Any], *, blank: int | None = None) -> list[str]:
    return ["" if value == blank else str(value) for value in values.tolist()]


def _clocks(seconds: NDArray[np.int32]) -> list[str]:
    distinct, where = np.unique(seconds, return_inverse=True)
    texts = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in distinct.tolist()]
    return [texts[i] for i in where.tolist()]


def _date(day: date) -> str:
    return day.strftime("%Y%m%d")
