"""Small line sheets written as text: one line of three stops, and whatever a test changes about them."""

from datetime import date
from pathlib import Path

import openpyxl

from accessibility.sources.line_sheets import read_line_sheets

FIRST, LAST = date(2021, 5, 17), date(2021, 5, 30)
"""Two weeks from a Monday."""

STOPS = "line,direction,order,name,lon,lat,minutes\n"
SERVICES = "line,direction,days,from,to,headway_min,headway_low_min,headway_high_min,departures,run_min\n"

WORLD = {
    "stops": (
        STOPS
        + "1,0,1,Alpha,121.100,31.300,\n"
        + "1,0,2,Beta,121.110,31.300,3\n"
        + "1,0,3,Gamma,121.130,31.300,6\n"
    ),
    "services": SERVICES + "1,0,weekday,06:00,09:00,10,8,12,,\n",
}
"""A line of 1 km and 2 km, 3 and 6 minutes; on working days 6:00-9:00 every 10 minutes, or 8 to 12."""


def world(**sheets: str | bytes | None) -> dict[str, bytes]:
    """Take the small world with other sheets; ``None`` leaves one out."""
    texts: dict[str, str | bytes | None] = {**WORLD, **sheets}
    return {
        name: text.encode() if isinstance(text, str) else text
        for name, text in texts.items()
        if text is not None
    }


def folder(place: Path, name: str = "lines", **sheets: str | bytes | None) -> Path:
    """Write the small world, with other sheets as `world` takes them, as a folder of CSV files."""
    path = place / name
    path.mkdir(exist_ok=True)
    for old in path.iterdir():
        old.unlink()
    for sheet, data in world(**sheets).items():
        (path / f"{sheet}.csv").write_bytes(data)
    return path


def workbook(place: Path, name: str = "lines", **sheets: str | bytes | None) -> Path:
    """Write the same as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for sheet, data in world(**sheets).items():
        page = book.create_sheet(sheet)
        for line in data.decode().splitlines():
            page.append(line.split(","))
    path = place / f"{name}.xlsx"
    book.save(path)
    return path


def read(path: Path, **options):
    """Read line sheets over the two weeks."""
    return read_line_sheets(path, first_day=FIRST, last_day=LAST, **options)


def told(carrier, severity=None):
    """List notices as (code, file within the folder, row, value)."""
    notices = getattr(carrier, "provenance", carrier).notices
    return [
        (one.code, one.file.partition("/")[2], one.row, one.value)
        for one in notices
        if severity in (None, one.severity)
    ]


def facts(timetable, line):
    """Return the facts of a line, empty ones left out."""
    route = timetable.route_ids.index(line)
    return {name: texts[route] for name, texts in timetable.route_facts.items() if texts[route]}


def hops(timetable, trip=0):
    """Return the seconds of a trip's calls after its first."""
    times_s = timetable.arrival_s[slice(*timetable.stop_time_offset[trip : trip + 2])]
    return (times_s - times_s[0]).tolist()
