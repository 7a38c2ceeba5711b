"""Calls of trips at stops: order, times, and what makes a trip unusable."""

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.cells import Coded
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.rules import NOWHERE, Target, look_up
from accessibility.sources.gtfs.tables import FeedTable
from accessibility.sources.gtfs.times import BLANK

NAME = "stop_times.txt"


@dataclass(frozen=True)
class Calls:
    """
    Calls, those of a trip together and in order; every column has one value per call.

    Parameters
    ----------
    trip, stop
        Rows of ``trips.txt`` and ``stops.txt``.
    sequence
        ``stop_sequence``.
    arrival_s, departure_s
        Seconds, `BLANK` where not stated.
    pickup, drop_off
        Types of GTFS.
    measure
        ``shape_dist_traveled``, NaN where not stated.
    line
        Line of the file.
    """

    trip: NDArray[np.int32]
    stop: NDArray[np.int32]
    sequence: NDArray[np.int64]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    pickup: NDArray[np.int8]
    drop_off: NDArray[np.int8]
    measure: NDArray[np.float64]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        """Count the calls."""
        return len(self.trip)

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> "Calls":
        """Return some calls."""
        return Calls(*(getattr(self, one.name)[rows] for one in fields(self)))

    def same_trip(self) -> NDArray[np.bool_]:
        """Say for every call but the first whether the call before it is of the same trip."""
        same: NDArray[np.bool_] = self.trip[1:] == self.trip[:-1]
        return same


class Trips:
    """
    Which trips are still usable.

    Parameters
    ----------
    table
        ``trips.txt``; its bad rows are the trips that are left out.
    log
        Takes one notice for every trip that is dropped.
    """

    def __init__(self, table: FeedTable, log: Log) -> None:
        self.table, self.log = table, log
        self.ids: Coded = table.texts["trip_id"]

    def names(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the names of some trips."""
        return Coded(self.ids.codes[rows], self.ids.texts).strings()

    def drop(
        self,
        calls: Calls,
        wrong: NDArray[np.bool_],
        *,
        code: str,
        message: str,
        mend: str = "",
    ) -> None:
        """Leave out every trip with a wrong call; the first such call is named."""
        wrong = wrong & ~self.table.bad[calls.trip]
        trips, first = np.unique(calls.trip[wrong], return_index=True)
        lines = calls.line[wrong][first]
        names = self.names(trips.astype(np.int64))
        self.log.tell_rows(
            Notice(code, "error", message, NAME, field="trip_id", mend=mend), lines, values=names
        )
        self.table.bad[trips] = True

    def drop_rows(self, rows: NDArray[np.int64], *, code: str, message: str, mend: str = "") -> None:
        """Leave out trips, named by their row in ``trips.txt``."""
        self.log.tell_rows(
            Notice(code, "error", message, self.table.spec.name, field="trip_id", mend=mend),
            self.table.lines[rows],
            values=self.names(rows),
        )
        self.table.bad[rows] = True


def read_calls(table: FeedTable, trips: Trips, stops: Target) -> Calls:
    """
    Put calls in order and drop the trips that they make unusable.

    Parameters
    ----------
    table
        ``stop_times.txt``.
    trips
        Trips; those with malformed calls, unknown stops, blank ends, a single call or times that run back are
        dropped, each with a notice.
    stops
        Stops by name.

    Returns
    -------
    calls
        Calls of usable trips; blanks between stated times are still blank.
    """
    by_name = Target.of_rows(trips.table, "trip_id")
    trip = look_up(table.texts["trip_id"], by_name)
    unknown = (trip == NOWHERE) & (table.texts["trip_id"].codes >= 0) & ~table.bad
    trips.log.tell_rows(
        Notice(
            "gtfs-unknown-reference",
            "error",
            _("the trip is not in trips.txt; the row is left out"),
            NAME,
            field="trip_id",
            mend=_("Correct the name, or add the row in {file}.", file="trips.txt"),
        ),
        table.lines[unknown],
        values=table.texts["trip_id"].where(unknown).strings(),
    )
    stop = look_up(table.texts["stop_id"], stops)
    values = table.values
    calls = Calls(
        trip,
        stop,
        values["stop_sequence"],
        values["arrival_time"],
        values["departure_time"],
        values["pickup_type"].astype(np.int8),
        values["drop_off_type"].astype(np.int8),
        values["shape_dist_traveled"],
        table.lines,
    )
    known = trip != NOWHERE
    malformed = table.bad[known]
    calls = calls.at(known)
    trips.drop(
        calls,
        malformed,
        code="gtfs-trip-malformed",
        message=_("a row of the trip cannot be used; the trip is left out"),
        mend=_("Correct the row."),
    )
    _drop_unknown_stops(calls, trips, stops)
    calls = _in_order(calls.at(~trips.table.bad[calls.trip]), trips.log)
    calls = _without_copies(calls, trips.log)
    _drop_short(calls, trips)
    return _drop_bad_times(calls.at(~trips.table.bad[calls.trip]), trips)


def tell_twins(calls: Calls, trips: Trips, repeated: NDArray[np.int32]) -> None:
    """Tell trips that run exactly like an earlier one; `repeated` are those with headway bands."""
    codes = [trips.table.texts[name].codes for name in ("route_id", "service_id")]
    start = np.flatnonzero(np.concatenate([[True], ~calls.same_trip()])[: len(calls)])
    end = np.append(start[1:], len(calls))
    banded = np.isin(calls.trip[start], repeated)
    seen: set[tuple[object, ...]] = set()
    twins: list[int] = []
    for first, last in zip(start[~banded].tolist(), end[~banded].tolist(), strict=True):
        row = int(calls.trip[first])
        columns = (calls.stop, calls.arrival_s, calls.departure_s)
        key = (*(int(one[row]) for one in codes), *(one[first:last].tobytes() for one in columns))
        if key in seen:
            twins.append(row)
        seen.add(key)
    message = _("the trip runs exactly like an earlier one of its route; both are kept")
    notice = Notice("gtfs-trip-twin", "info", message, trips.table.spec.name, field="trip_id")
    rows = np.array(twins, np.int64)
    trips.log.tell_rows(notice, trips.table.lines[rows], trips.names(rows))


def _drop_unknown_stops(calls: Calls, trips: Trips, stops: Target) -> None:
    lost = calls.stop == NOWHERE
    lost[~lost] = ~stops.usable[calls.stop[~lost]]
    trips.drop(
        calls,
        lost,
        code="gtfs-trip-unknown-stop",
        message=_("the trip calls at a stop that is not in stops.txt; the trip is left out"),
        mend=_("Correct the name, or add the row in {file}.", file="stops.txt"),
    )


def _in_order(calls: Calls, log: Log) -> Calls:
    same = calls.same_trip()
    astray = np.concatenate([[False], same & (np.diff(calls.sequence) < 0)])[: len(calls)]
    if astray.any():
        log.tell(
            Notice(
                "gtfs-calls-out-of-order",
                "info",
                _("rows were put in the order of stop_sequence"),
                NAME,
                row=int(calls.line[np.argmax(astray)]),
                field="stop_sequence",
                count=int(astray.sum()),
            )
        )
    return calls.at(np.lexsort((calls.sequence, calls.trip)))


def _without_copies(calls: Calls, log: Log) -> Calls:
    """Tell repeated numbers; rows that are copies in every respect are taken once."""
    repeated = np.concatenate([[False], calls.same_trip() & (np.diff(calls.sequence) == 0)])[: len(calls)]
    if not repeated.any():
        return calls
    copy = repeated.copy()
    for column in (calls.stop, calls.arrival_s, calls.departure_s):
        copy[1:] &= column[1:] == column[:-1]
    for code, message, rows in (
        ("gtfs-call-copied", _("the row repeats the one before it; it is taken once"), copy),
        (
            "gtfs-sequence-repeated",
            _("two calls share a number; their order is that of the file"),
            repeated & ~copy,
        ),
    ):
        log.tell_rows(
            Notice(
                code,
                "warning",
                message,
                NAME,
                field="stop_sequence",
                mend=_("Number the calls of a trip without repeating a number."),
            ),
            calls.line[rows],
            values=[str(one) for one in calls.sequence[rows].tolist()],
        )
    return calls.at(~copy)


def _drop_short(calls: Calls, trips: Trips) -> None:
    n_calls = np.bincount(calls.trip, minlength=len(trips.table))
    usable = ~trips.table.bad
    trips.drop_rows(
        np.flatnonzero(usable & (n_calls == 0)),
        code="gtfs-trip-without-calls",
        message=_("the trip has no stop_times; it is left out"),
        mend=_("Add its calls, or delete the trip."),
    )
    trips.drop_rows(
        np.flatnonzero(usable & (n_calls == 1)),
        code="gtfs-trip-one-call",
        message=_("the trip calls at a single stop; it is left out"),
        mend=_("Add its other calls, or delete the trip."),
    )


def _drop_bad_times(calls: Calls, trips: Trips) -> Calls:
    arrival_s = np.where(calls.arrival_s == BLANK, calls.departure_s, calls.arrival_s)
    departure_s = np.where(calls.departure_s == BLANK, calls.arrival_s, calls.departure_s)
    calls = replace(calls, arrival_s=arrival_s, departure_s=departure_s)
    same = calls.same_trip()
    first = np.concatenate([[True], ~same])[: len(calls)]
    last = np.concatenate([~same, [True]])[: len(calls)]
    trips.drop(
        calls,
        (first | last) & (arrival_s == BLANK),
        code="gtfs-blank-end",
        message=_("the first or last call of the trip has no time; the trip is left out"),
        mend=_("State the times of the first and the last call."),
    )
    calls = calls.at(~trips.table.bad[calls.trip])
    stated = np.flatnonzero(calls.arrival_s != BLANK)
    timed = calls.at(stated)
    back = timed.departure_s < timed.arrival_s
    back[1:] |= timed.same_trip() & (timed.arrival_s[1:] < timed.departure_s[:-1])
    trips.drop(
        timed,
        back,
        code="gtfs-times-run-back",
        message=_("the times of the trip run back; the trip is left out"),
        mend=_("Correct the times; after midnight write 24:00:00 and more."),
    )
    return calls.at(~trips.table.bad[calls.trip])
