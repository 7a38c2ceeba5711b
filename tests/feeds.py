"""Small feeds written as text: three stops on one street, and whatever a test changes about them."""

import zipfile
from pathlib import Path

WORLD = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nA,Agency,http://a.example,Asia/Shanghai\n",
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon\n"
        "a,Alpha,31.300,121.100\n"
        "b,Beta,31.300,121.110\n"
        "c,Gamma,31.300,121.130\n"
    ),
    "routes.txt": "route_id,route_short_name,route_long_name,route_type\nr,1,First,3\n",
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "work,1,1,1,1,1,0,0,20210517,20210530\n"
    ),
    "trips.txt": "route_id,service_id,trip_id\nr,work,t\n",
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t,08:00:00,08:00:00,a,1\n"
        "t,08:03:00,08:04:00,b,2\n"
        "t,08:12:00,08:12:00,c,3\n"
    ),
}
"""A line of 1 km and 2 km; one trip, 8:00 to 8:12, on the working days of two weeks from 2021-05-17."""

CALLS = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
"""Header of ``stop_times.txt``."""
BANDS = "trip_id,start_time,end_time,headway_secs,exact_times\n"
"""Header of ``frequencies.txt``."""
RULES = "from_stop_id,to_stop_id,from_trip_id,to_trip_id,transfer_type,min_transfer_time\n"
"""Header of ``transfers.txt``."""


def world(**files: str | bytes | None) -> dict[str, bytes]:
    """Take the small world with other files: ``stops="..."``; ``None`` leaves one out."""
    texts: dict[str, str | bytes | None] = dict(WORLD)
    texts.update({f"{name}.txt": text for name, text in files.items()})
    return {
        name: text.encode() if isinstance(text, str) else text
        for name, text in texts.items()
        if text is not None
    }


def feed(folder: Path, name: str = "feed", *, inside: str = "", **files: str | bytes | None) -> Path:
    """Write the small world as a zip, with other files as `world` takes them, in a folder inside the zip."""
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in world(**files).items():
            archive.writestr(inside + file, data)
    return path


def calls(*rows: str, trip: str = "t") -> str:
    """Write calls: ``"8:00:00 a"``, ``"- b"`` for a blank time; arrival and departure are the same."""
    lines = []
    for number, row in enumerate(rows, start=1):
        clock, stop = row.split()
        clock = "" if clock == "-" else clock
        lines.append(f"{trip},{clock},{clock},{stop},{number}\n")
    return "".join(lines)


def told(carrier, severity=None):
    """List notices as (code, file within the feed, row, value), those about validity left out."""
    notices = getattr(carrier, "provenance", carrier).notices
    return [
        (one.code, one.file.partition("/")[2], one.row, one.value)
        for one in notices
        if one.code != "gtfs-validity" and severity in (None, one.severity)
    ]


def codes(carrier, severity=None):
    """List the codes of the notices that `told` lists."""
    return [code for code, *_rest in told(carrier, severity)]


def arrivals(timetable, trip="t"):
    """Return the arrivals (s) of a trip."""
    index = timetable.trip_ids.index(trip)
    return timetable.arrival_s[slice(*timetable.stop_time_offset[index : index + 2])].tolist()


def clock(hours, minutes=0, seconds=0):
    """Return seconds (s) since the start of the service day."""
    return hours * 3600 + minutes * 60 + seconds
