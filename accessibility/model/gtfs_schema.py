"""The rules of the GTFS format as a table of data: files, columns, types, defaults, references.

Only what travel times need is listed; other files and columns of a feed are not read.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "text", "time", "date", "integer", "number"]


@dataclass(frozen=True)
class GtfsField:
    """
    One column of a file.

    Parameters
    ----------
    name
        Name in the header.
    kind
        ``id`` and ``text`` stay text, ``time`` becomes seconds, ``date`` a proleptic ordinal.
    required
        A row without this value cannot be used; the column must be there.
    column
        The column must be there, a value may be blank.
    essential
        A row whose value is malformed or points nowhere cannot be used; otherwise it counts as
        blank.
    default
        What a blank means, for numbers.
    low, high
        Range of numbers, both ends allowed.
    refers
        What the value names: ``stops``, ``routes``, ``services``, ``shapes`` or ``trips``.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    column: bool = False
    essential: bool = False
    default: int = 0
    low: float | None = None
    high: float | None = None
    refers: str = ""


@dataclass(frozen=True)
class GtfsFile:
    """
    One file of a feed.

    Parameters
    ----------
    name
        Name of the file.
    fields
        Columns that are read.
    required
        A feed without the file cannot be read.
    key
        Columns that together name a row once; empty where rows may repeat.
    """

    name: str
    fields: tuple[GtfsField, ...]
    required: bool = False
    key: tuple[str, ...] = ()

    def field(self, name: str) -> GtfsField:
        """Return the column of this name."""
        return next(one for one in self.fields if one.name == name)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_F = GtfsField

AGENCY = GtfsFile(
    "agency.txt",
    (
        _F("agency_id", "id"),
        _F("agency_name"),
        _F("agency_timezone", "id", required=True),
    ),
    required=True,
)
STOPS = GtfsFile(
    "stops.txt",
    (
        _F("stop_id", "id", required=True),
        _F("stop_name"),
        _F("stop_lat", "number", column=True, low=-90, high=90),
        _F("stop_lon", "number", column=True, low=-180, high=180),
        _F("location_type", "integer", low=0, high=4),
        _F("parent_station", "id", refers="stops"),
    ),
    required=True,
    key=("stop_id",),
)
ROUTES = GtfsFile(
    "routes.txt",
    (
        _F("route_id", "id", required=True),
        _F("route_short_name"),
        _F("route_long_name"),
        _F("route_type", "integer", column=True, default=3, low=0, high=1799),
    ),
    required=True,
    key=("route_id",),
)
CALENDAR = GtfsFile(
    "calendar.txt",
    (
        _F("service_id", "id", required=True),
        *(_F(day, "integer", required=True, essential=True, low=0, high=1) for day in WEEKDAYS),
        _F("start_date", "date", required=True, essential=True),
        _F("end_date", "date", required=True, essential=True),
    ),
    key=("service_id",),
)
CALENDAR_DATES = GtfsFile(
    "calendar_dates.txt",
    (
        _F("service_id", "id", required=True),
        _F("date", "date", required=True, essential=True),
        _F("exception_type", "integer", required=True, essential=True, low=1, high=2),
    ),
    key=("service_id", "date"),
)
SHAPES = GtfsFile(
    "shapes.txt",
    (
        _F("shape_id", "id", required=True),
        _F("shape_pt_lat", "number", required=True, essential=True, low=-90, high=90),
        _F("shape_pt_lon", "number", required=True, essential=True, low=-180, high=180),
        _F("shape_pt_sequence", "integer", required=True, essential=True, low=0),
    ),
)
TRIPS = GtfsFile(
    "trips.txt",
    (
        _F("route_id", "id", required=True, essential=True, refers="routes"),
        _F("service_id", "id", required=True, essential=True, refers="services"),
        _F("trip_id", "id", required=True),
        _F("trip_headsign"),
        _F("direction_id", "integer", default=-1, low=0, high=1),
        _F("block_id", "id"),
        _F("shape_id", "id", refers="shapes"),
    ),
    required=True,
    key=("trip_id",),
)
STOP_TIMES = GtfsFile(
    "stop_times.txt",
    (
        _F("trip_id", "id", required=True, essential=True, refers="trips"),
        _F("arrival_time", "time", column=True, essential=True),
        _F("departure_time", "time", column=True, essential=True),
        _F("stop_id", "id", required=True, essential=True, refers="stops"),
        _F("stop_sequence", "integer", required=True, essential=True, low=0),
        _F("pickup_type", "integer", low=0, high=3),
        _F("drop_off_type", "integer", low=0, high=3),
        _F("shape_dist_traveled", "number", low=0),
    ),
    required=True,
)
FREQUENCIES = GtfsFile(
    "frequencies.txt",
    (
        _F("trip_id", "id", required=True, essential=True, refers="trips"),
        _F("start_time", "time", required=True, essential=True),
        _F("end_time", "time", required=True, essential=True),
        _F("headway_secs", "integer", required=True, essential=True, low=1, high=7 * 86_400),
        _F("exact_times", "integer", low=0, high=1),
        _F("frequency_id"),  # no column of GTFS: feeds that this program wrote name bands whose phases count
    ),
)
TRANSFERS = GtfsFile(
    "transfers.txt",
    (
        _F("from_stop_id", "id", essential=True, refers="stops"),
        _F("to_stop_id", "id", essential=True, refers="stops"),
        _F("from_route_id", "id", essential=True, refers="routes"),
        _F("to_route_id", "id", essential=True, refers="routes"),
        _F("from_trip_id", "id", essential=True, refers="trips"),
        _F("to_trip_id", "id", essential=True, refers="trips"),
        _F("transfer_type", "integer", essential=True, low=0, high=5),
        _F("min_transfer_time", "integer", essential=True, default=-1, low=0, high=86_400),
    ),
)
PATHWAYS = GtfsFile(
    "pathways.txt",
    (
        _F("pathway_id", "id"),
        _F("from_stop_id", "id", required=True, essential=True, refers="stops"),
        _F("to_stop_id", "id", required=True, essential=True, refers="stops"),
        _F("pathway_mode", "integer", default=1, low=1, high=7),
        _F("is_bidirectional", "integer", required=True, essential=True, low=0, high=1),
        _F("length", "number", low=0),
        _F("traversal_time", "integer", default=-1, low=0, high=86_400),
    ),
)
FEED_INFO = GtfsFile(
    "feed_info.txt",
    (
        _F("feed_publisher_name"),
        _F("feed_version"),
        _F("feed_start_date", "date"),
        _F("feed_end_date", "date"),
    ),
)

SCHEMA = (
    AGENCY,
    STOPS,
    ROUTES,
    CALENDAR,
    CALENDAR_DATES,
    SHAPES,
    TRIPS,
    STOP_TIMES,
    FREQUENCIES,
    TRANSFERS,
    PATHWAYS,
    FEED_INFO,
)
"""Files in the order in which they are read and checked: what is referred to comes first."""

ONE_OF = (("calendar.txt", "calendar_dates.txt"),)
"""Groups of files of which one at least must be there."""
