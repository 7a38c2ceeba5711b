"""Headway bands of ``frequencies.txt`` and the vehicle blocks of trips."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.calendars import Services
from accessibility.sources.gtfs.calls import Calls, Trips
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.rules import NOWHERE, Target, resolve
from accessibility.sources.gtfs.tables import FeedTable


def check_bands(table: FeedTable, trips: Trips, log: Log) -> NDArray[np.int32]:
    """
    Check headway bands and drop trips that lose all of theirs.

    Parameters
    ----------
    table
        ``frequencies.txt``; bands that end before they start or overlap an earlier one become bad.
    trips
        Trips; one whose bands are all bad must not run once instead, it is dropped.
    log
        Takes one notice for every band.

    Returns
    -------
    trip
        Row of ``trips.txt`` of every band.
    """
    spec = table.spec
    mentioned = {name for name in table.texts["trip_id"].strings() if name}
    trip = resolve(table, "trip_id", Target.of_rows(trips.table, "trip_id"), log)
    start_s, end_s = table.values["start_time"], table.values["end_time"]
    back = ~table.bad & (end_s <= start_s)
    log.tell_rows(
        Notice(
            "gtfs-band-runs-back",
            "error",
            _("the headway band ends before it starts; it is left out"),
            spec.name,
            field="end_time",
            mend=_("Correct the times; after midnight write 24:00:00 and more."),
        ),
        table.lines[back],
    )
    table.bad |= back
    order = np.lexsort((table.lines, start_s, trip))
    order = order[~table.bad[order]]
    overlapping = []
    until: dict[int, int] = {}
    for row in order.tolist():
        if start_s[row] < until.get(int(trip[row]), -1):
            overlapping.append(row)
        else:
            until[int(trip[row])] = int(end_s[row])
    log.tell_rows(
        Notice(
            "gtfs-bands-overlap",
            "error",
            _("the headway band overlaps an earlier one of the trip; it is left out"),
            spec.name,
            field="trip_id",
            mend=_("Let every band end where the next one starts."),
        ),
        table.lines[overlapping],
        values=[table.texts["trip_id"].strings()[row] for row in overlapping],
    )
    table.bad[overlapping] = True
    _drop_without_bands(mentioned, set(np.unique(trip[~table.bad]).tolist()), trips)
    return trip


def _drop_without_bands(mentioned: set[str], kept: set[int], trips: Trips) -> None:
    index = Target.of_rows(trips.table, "trip_id").index
    rows = sorted(index[name] for name in mentioned if name in index)
    lost = [row for row in rows if row not in kept and not trips.table.bad[row]]
    trips.drop_rows(
        np.array(lost, np.int64),
        code="gtfs-trip-without-bands",
        message=_("no headway band of the trip can be used; the trip is left out"),
        mend=_("Correct its rows in frequencies.txt."),
    )


def check_blocks(
    trips: Trips,
    calls: Calls,
    service: NDArray[np.int32],
    services: Services,
    repeated: NDArray[np.int32],
) -> None:
    """
    Take trips out of blocks in which their vehicle would be in two places at once.

    Parameters
    ----------
    trips
        Trips; ``block_id`` of a trip that overlaps an earlier one becomes blank.
    calls
        Calls of the usable trips.
    service
        Position of the service per row of ``trips.txt``.
    services
        Days of operation.
    repeated
        Rows of trips that headway bands repeat; their times say nothing about overlaps.
    """
    block = trips.table.texts["block_id"].codes
    first = np.flatnonzero(np.concatenate([[True], ~calls.same_trip()])[: len(calls)])
    last = np.append(first[1:], len(calls)) - 1
    row = calls.trip[first]
    inside = (block[row] >= 0) & ~np.isin(row, repeated)
    row, start_s, end_s = row[inside], calls.departure_s[first][inside], calls.arrival_s[last[inside]]
    order = np.lexsort((row, start_s, block[row]))
    running = _Days(services)
    astray: list[int] = []
    active: list[tuple[int, int]] = []
    for position, before in zip(order.tolist(), [-1, *order.tolist()], strict=False):
        if before < 0 or block[row[before]] != block[row[position]]:
            active = []
        active = [(end, other) for end, other in active if end > start_s[position]]
        mine = int(service[row[position]])
        if any(running.meet(mine, other) for _end, other in active):
            astray.append(int(row[position]))
            continue
        active.append((int(end_s[position]), mine))
    rows = np.array(astray, np.int64)
    trips.log.tell_rows(
        Notice(
            "gtfs-block-overlap",
            "warning",
            _("the trip overlaps another trip of its block; passengers cannot stay seated between them"),
            trips.table.spec.name,
            field="trip_id",
            mend=_("Correct block_id or the times."),
        ),
        trips.table.lines[rows],
        values=trips.names(rows),
    )
    block[rows] = NOWHERE


class _Days:
    """Whether two services ever run on one day."""

    def __init__(self, services: Services) -> None:
        self._days = [services.day[start:end] for start, end in pairwise(services.offset.tolist())]
        self._known: dict[tuple[int, int], bool] = {}

    def meet(self, one: int, other: int) -> bool:
        """Say whether both run on some day; a service meets itself."""
        key = (min(one, other), max(one, other))
        if key not in self._known:
            shared = np.intersect1d(self._days[one], self._days[other], assume_unique=True)
            self._known[key] = one == other or bool(shared.size)
        return self._known[key]
