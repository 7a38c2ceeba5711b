"""Line sheets as a timetable."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from accessibility.errors import AccessibilityError, DataError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice, Provenance, SourceRecord, error_notices
from accessibility.model.timetable import Timetable
from accessibility.sources.coordinates import parse_system
from accessibility.sources.line_sheets.book import open_sheets
from accessibility.sources.line_sheets.facts import assumption_notices
from accessibility.sources.line_sheets.layout import LEVELS, Headway, Network, layout, run_s
from accessibility.sources.line_sheets.lines import Line, read_changes, read_days, read_lines
from accessibility.sources.line_sheets.schema import FASTEST_KMH
from accessibility.sources.line_sheets.services import Band, read_bands
from accessibility.sources.line_sheets.sheet import Log, Sheet
from accessibility.sources.line_sheets.stops import Course, Stops, read_courses, read_stops, tell_fast_hops

TIME_ZONE = "Asia/Shanghai"


def read_line_sheets(
    path: str | Path,
    *,
    first_day: date,
    last_day: date,
    system: str = "wgs84",
    headway: Headway = "mid",
    time_zone: str = TIME_ZONE,
    label: str = "",
) -> Timetable:
    """
    Read lines from the tables of an office that has no GTFS.

    Parameters
    ----------
    path
        A folder with ``stops.csv`` and ``services.csv`` (站点、班次; further sheets where there are any), or
        one workbook with sheets of these names.
    first_day, last_day
        Days the calendar is laid out over, both included; about other days the timetable says nothing.
    system
        Coordinate system of the stops, as stated by who knows.
    headway
        Which end of stated ranges is taken: ``low``, ``mid`` or ``high``.
    time_zone
        Of the clock times.
    label
        What notices and sources call it; its bare name where not given.

    Returns
    -------
    timetable
        Every line that is complete; a line marked as open that is not is left out with a notice ``error``.
        ``route_facts`` says per line what is assumed.

    Raises
    ------
    UsageError
        If the days run back, or `headway` is none of the three.
    SourceError
        If there is no such folder or workbook, or it is damaged.
    DataError
        If anything is wrong with a line that is not open; it carries everything that is wrong.

    Notes
    -----
    Minutes run from stop to stop with the dwell in them, so that arrival and departure are one time. A
    headway band holds departures from ``from`` until before ``to``, at a phase that is not known;
    ``last_run`` adds one at ``to``.
    """
    if last_day < first_day or headway not in LEVELS:
        raise UsageError(
            _("the days run back, or {headway} is not low, mid or high", headway=repr(headway)),
            where=f"{first_day} … {last_day}",
            code="line-sheets-call",
        )
    log = Log()
    network, sources = _network(path, log, system=system, label=label)
    columns, lines = layout(network, first_day=first_day, last_day=last_day, headway=headway)
    for notice in assumption_notices(network.sheets, lines, network.lines, network.bands):
        log.tell(notice)
    return Timetable(
        **columns,
        time_zone=time_zone,
        horizon=(first_day, last_day),
        provenance=Provenance(tuple(sources), log.notices),
    )


def check_line_sheets(path: str | Path, *, system: str = "wgs84") -> tuple[Notice, ...]:
    """
    Find everything that is wrong with line sheets.

    Parameters
    ----------
    path, system
        As for `read_line_sheets`.

    Returns
    -------
    notices
        Whatever reading them would tell; an error is a notice too.
    """
    log = Log()
    try:
        network, _sources = _network(path, log, system=system, label="")
    except AccessibilityError as error:
        return error_notices(error)
    lines = tuple(dict.fromkeys(course.line for course in network.courses))
    return (*log.notices, *assumption_notices(network.sheets, lines, network.lines, network.bands))


def _network(path: str | Path, log: Log, *, system: str, label: str) -> tuple[Network, list[SourceRecord]]:
    """Read and check everything; leave out open lines that are not complete."""
    stated = parse_system(system)
    sheets, sources = open_sheets(path, log, label=label)
    stops = read_stops(sheets["stops"], stated)
    courses = read_courses(sheets["stops"], stops)
    lines = read_lines(sheets["lines"])
    names = dict.fromkeys(course.line for course in courses)
    directions = {name: [one.direction for one in courses if one.line == name] for name in names}
    bands = read_bands(sheets["services"], directions)
    days, changes = read_days(sheets["days"]), read_changes(sheets["transfers"], stops)
    types = {name: lines.get(name, Line()).route_type for name in names}
    tell_fast_hops(sheets["stops"], stops, courses, {name: FASTEST_KMH[kind] for name, kind in types.items()})
    _tell_idle(sheets, courses, lines, bands)
    _tell_run_times(sheets, stops, courses, (lines, bands), log)
    where = label or Path(path).resolve().name
    left_out = _left_out(sheets["lines"], lines, where, log)
    kept = [course for course in courses if course.line not in left_out]
    if not kept:
        raise DataError(
            _("no line can be used"),
            notices=log.notices,
            where=where,
            mend=_("Mend what is named."),
            code="no-lines",
        )
    return Network(sheets, stops, kept, lines, bands, days, changes), sources


def _tell_idle(
    sheets: dict[str, Sheet], courses: Sequence[Course], lines: dict[str, Line], bands: Sequence[Band]
) -> None:
    """Tell directions without services, and lines without stops."""
    stops, services = sheets["stops"], sheets["services"]
    served = {services.text(row, "line") for row in range(len(services))}
    running = {(band.line, band.direction) for band in bands}
    unread = {services.text(row, "line") for row in services.bad}
    for course in courses:
        mend = _("Add a row for it to the sheet services.")
        if course.line not in served:
            message = _("the line has no services")
            stops.tell(course.rows[0], "line", "line-without-services", message, mend)
        elif (course.line, course.direction) not in running and course.line not in unread:
            message, row = _("the line has no services in this direction; nothing runs"), course.rows[0]
            stops.tell(row, "direction", "direction-without-services", message, mend, severity="warning")
    with_stops = {course.line for course in courses}
    for name, line in lines.items():
        if name not in with_stops:
            message, mend = _("the line has no stops; it is left out"), _("Add its stops to the sheet stops.")
            sheets["lines"].tell(line.row, "line", "line-without-stops", message, mend, severity="warning")


def _tell_run_times(
    sheets: dict[str, Sheet],
    stops: Stops,
    courses: Sequence[Course],
    said: tuple[dict[str, Line], Sequence[Band]],
    log: Log,
) -> None:
    """Tell courses whose run time is not known or cannot be, and how many blanks were filled in."""
    lines, bands = said
    n_blank, first_row = 0, 0
    for course in courses:
        if min(course.stops) < 0 or len(course.stops) < 2 or sheets["stops"].bad.intersection(course.rows):
            continue
        line, hop_m = lines.get(course.line, Line()), stops.hop_m(course.stops)
        blank = np.flatnonzero(np.isnan(course.minutes))
        if blank.size:
            first_row = first_row or sheets["stops"].line_number(course.rows[blank[0]])
            n_blank += blank.size
        for band in bands:
            if (band.line, band.direction) != (course.line, course.direction) or np.isnan(hop_m).any():
                continue
            seconds = run_s(course.minutes, hop_m, band.run_min, line.run_min)
            if seconds is None:
                _tell_no_run_time(sheets, course, band, blank.tolist())
            else:
                _tell_fast_run(sheets["services"], band, float(hop_m.sum()), int(seconds[-1]), line)
    if n_blank:
        message = _("blank minutes share what is left of the run time by the straight distance between stops")
        file = sheets["stops"].file
        log.tell(Notice("minutes-shared-out", "info", message, file, first_row, "minutes", count=n_blank))


def _tell_no_run_time(sheets: dict[str, Sheet], course: Course, band: Band, blank: Sequence[int]) -> None:
    row = course.rows[blank[0] if blank else 1]
    message = _("the minutes of the line add up to nothing")
    if blank:
        message = _(
            "minutes are blank, and no run_min of the band {times} or of the line leaves time for them",
            times=band.times,
        )
    mend = _("State all minutes, or a run_min (全程分钟) above the sum of those stated.")
    sheets["stops"].tell(row, "minutes", "line-no-run-time", message, mend)


def _tell_fast_run(sheet: Sheet, band: Band, length_m: float, run_time_s: int, line: Line) -> None:
    limit_kmh = FASTEST_KMH[line.route_type]
    if band.run_min is None or length_m * 3.6 <= limit_kmh * run_time_s:
        return
    message = _(
        "{metres} m in {minutes} min; over {limit} km/h cannot be",
        metres=round(length_m),
        minutes=f"{band.run_min:g}",
        limit=round(limit_kmh),
    )
    mend = _("Check the run time and the positions of the stops.")
    sheet.tell(band.row, "run_min", "line-too-fast", message, mend, severity="warning")


def _left_out(sheet: Sheet, lines: dict[str, Line], where: str, log: Log) -> set[str]:
    """Say which open lines are left out; raise where anything else is wrong."""
    wrong = log.wrong_lines()
    left_out = {name for name in wrong if name in lines and lines[name].is_open}
    broken = sum(count for name, count in wrong.items() if name not in left_out)
    for name in sorted(left_out):
        message = _("the open line is not complete and is left out")
        mend = _("Complete what is named about the line.")
        sheet.tell(lines[name].row, "line", "line-left-out", message, mend)
    if broken:
        raise DataError(
            _("{n} entries are malformed; nothing was read", n=broken),
            notices=log.notices,
            where=where,
            mend=_("Mend the rows named."),
            code="malformed-rows",
        )
    return left_out
