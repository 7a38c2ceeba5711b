"""Read measured times: trips that somebody timed, each of which must be possible."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.observed import ObservedTrip
from accessibility.model.projection import geodesic_m
from accessibility.model.provenance import Notice, Provenance
from accessibility.sources.tables import Table, find_column, read_table
from accessibility.units import seconds_from_clock

NEEDED = ("from", "to", "mode", "date", "time", "minutes")
FURTHER = ("line", "time_to", "p10", "p90", "runs", "mark", "source")


@dataclass(frozen=True)
class End:
    """Where a trip may begin or end: degrees (WGS-84) and, where known, since when (ISO)."""

    lon: float
    lat: float
    since: str = ""


@dataclass(frozen=True)
class Possible:
    """
    What measured times are held against.

    Parameters
    ----------
    places, stops
        Ends of trips from door to door, and of rides.
    lines
        Line -> since when it runs (ISO), empty where not known.
    fastest_mps
        Mode -> speed (m/s) along the straight line that no trip exceeds.
    """

    places: Mapping[str, End] = field(default_factory=dict)
    stops: Mapping[str, End] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    fastest_mps: Mapping[str, float] = field(default_factory=dict)


def read_measured_times(
    path: Path, possible: Possible, *, label: str = ""
) -> tuple[tuple[ObservedTrip, ...], Provenance]:
    """
    Read a table of measured times.

    Parameters
    ----------
    path
        Table with ``from``, ``to``, ``mode``, ``date``, ``time``, ``minutes``; where there are such ``line``
        (a ride from stop to stop), ``time_to``, ``p10``, ``p90``, ``runs``, ``mark``, ``source``.
    possible
        What the trips are held against.
    label
        What notices call the file; its bare name where not given.

    Returns
    -------
    trips, provenance
        In the order of the table.

    Raises
    ------
    DataError
        If a column is missing or a row cannot be: unknown ends, before the opening, faster than anything. All
        of it is told at once.
    """
    table = read_table(path, label=label)
    columns = {name: find_column(table, (name,)) for name in (*NEEDED, *FURTHER)}
    missing = [name for name in NEEDED if columns[name] is None]
    problems = [
        Notice("measured-column", "error", _("the column {name} is missing", name=name), table.source.file)
        for name in missing
    ]
    reader = _Reader(table, columns, possible, problems)
    trips = () if missing else tuple(reader.trip(i) for i in range(len(table)))
    if problems:
        raise DataError(
            _("the measured times have {n} problems", n=len(problems)),
            notices=problems,
            where=str(path),
            mend=_("Mend or delete the rows named."),
            code="measured-times",
        )
    return trips, Provenance(sources=(table.source,), notices=table.notices)


@dataclass
class _Reader:
    """Reads rows and collects what is wrong."""

    table: Table
    columns: Mapping[str, int | None]
    possible: Possible
    problems: list[Notice]

    def cell(self, row: int, name: str) -> str:
        column = self.columns[name]
        return "" if column is None else self.table.rows[row][column].strip()

    def problem(self, row: int, name: str, message: str) -> None:
        where = self.table.source.file, self.table.row_numbers[row]
        self.problems.append(Notice("measured-row", "error", message, *where, name, self.cell(row, name)))

    def trip(self, row: int) -> ObservedTrip:
        """Read one row; what is wrong is noted, with stand-ins that go nowhere."""
        start_s = self._clock(row, "time")
        until = self.cell(row, "time_to")
        trip = ObservedTrip(
            row=self.table.row_numbers[row],
            origin=self.cell(row, "from"),
            destination=self.cell(row, "to"),
            mode=self.cell(row, "mode"),
            line=self.cell(row, "line"),
            day=self._day(row),
            start_s=start_s,
            end_s=self._clock(row, "time_to") if until else start_s,
            minutes=self._number(row, "minutes"),
            low=self._number(row, "p10", optional=True),
            high=self._number(row, "p90", optional=True),
            runs=self._count(row),
            mark=self.cell(row, "mark"),
            source=self.cell(row, "source"),
        )
        self._check(row, trip)
        return trip

    def _day(self, row: int) -> date:
        try:
            return date.fromisoformat(self.cell(row, "date"))
        except ValueError:
            self.problem(row, "date", _("a date is written like 2021-05-21"))
            return date.max

    def _clock(self, row: int, name: str) -> int:
        try:
            return seconds_from_clock(self.cell(row, name))
        except ValueError:
            self.problem(row, name, _("a clock time is written like 07:30"))
            return 0

    def _number(self, row: int, name: str, *, optional: bool = False) -> float:
        text = self.cell(row, name)
        if optional and not text:
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not 0 < value < math.inf:
            self.problem(row, name, _("minutes are a number above 0"))
            return math.nan
        return value

    def _count(self, row: int) -> int:
        text = self.cell(row, "runs") or "1"
        if not (text.isascii() and text.isdigit() and int(text) > 0):
            self.problem(row, "runs", _("runs are a whole number above 0"))
            return 1
        return int(text)

    def _check(self, row: int, trip: ObservedTrip) -> None:
        """Refuse what cannot have been."""
        if trip.mode not in self.possible.fastest_mps:
            choices = ", ".join(self.possible.fastest_mps)
            self.problem(row, "mode", _("{name} must be one of {choices}", name="mode", choices=choices))
        if trip.mode == "transit" and not trip.line:
            self.problem(row, "line", _("a ride by public transport names its line and its two stops"))
        if trip.line and trip.line not in self.possible.lines:
            self.problem(row, "line", _("there is no line {id}", id=trip.line))
        if trip.end_s < trip.start_s:
            self.problem(row, "time_to", _("a span of the day ends after it begins"))
        since = self.possible.lines.get(trip.line, "")
        if since and trip.day.isoformat() < since:
            self.problem(row, "date", _("line {id} opened on {day} only", id=trip.line, day=since))
        known = self.possible.stops if trip.line else self.possible.places
        ends = [self._end(row, name, known, trip) for name in ("from", "to")]
        if ends[0] is not None and ends[1] is not None:
            self._check_speed(row, trip, ends[0], ends[1])

    def _end(self, row: int, name: str, known: Mapping[str, End], trip: ObservedTrip) -> End | None:
        place = self.cell(row, name)
        end = known.get(place)
        if end is None:
            what = (
                _("there is no stop {id}", id=place) if trip.line else _("there is no place {id}", id=place)
            )
            self.problem(row, name, what)
        elif end.since and trip.day.isoformat() < end.since:
            self.problem(row, "date", _("{id} opened on {day} only", id=place, day=end.since))
        return end

    def _check_speed(self, row: int, trip: ObservedTrip, start: End, goal: End) -> None:
        metres = float(geodesic_m(_column(start), _column(goal))[0])
        fastest = self.possible.fastest_mps.get(trip.mode, math.inf)
        if math.isfinite(trip.minutes) and metres > fastest * trip.minutes * 60:
            message = _(
                "{km} km in {minutes} min is faster than {kmh} km/h, which nobody is by this mode",
                km=f"{metres / 1000:.1f}",
                minutes=f"{trip.minutes:g}",
                kmh=f"{fastest * 3.6:g}",
            )
            self.problem(row, "minutes", message)


def _column(end: End) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([end.lon]), np.array([end.lat])
