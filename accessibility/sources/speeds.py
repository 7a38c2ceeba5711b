"""Speeds, delays and limits from tables of data, every figure with a mark and a source."""

from dataclasses import replace
from pathlib import Path

from accessibility.messages import _
from accessibility.model.defaults import Defaults, Range, SpeedArea, road_speed_assumptions
from accessibility.model.osm_rules import CLASS_MODES
from accessibility.model.provenance import Provenance
from accessibility.model.speeds import FALLBACK_CLASS, RoadSpeed, RoadSpeeds
from accessibility.sources.figures import WORDS, FigureRows, figure, raise_if_bad
from accessibility.sources.tables import read_table
from accessibility.units import mps_from_kmh

ROAD_SPEEDS_FILE = "driving_speeds.csv"
MODE_SPEEDS_FILE = "mode_speeds.csv"
EXTRAS_FILE = "driving_extras.csv"
LIMITS_FILE = "limits.csv"
SPEED_AREA_FILE = "speed_area.csv"

_RANGE_KMH = ("low_kmh", "mid_kmh", "high_kmh")
_RANGE_S = ("low_s", "mid_s", "high_s")
_BOX = ("west", "south", "east", "north")


def read_road_speeds(path: str | Path) -> RoadSpeeds:
    """
    Read driving speeds by road class and period.

    Parameters
    ----------
    path
        Table with ``road_class``, ``period``, ``low_kmh``, ``mid_kmh``, ``high_kmh``, ``mark``, ``source``
        and, if wanted, ``name_contains``; the class ``road`` serves classes without a row and is needed in
        every period.

    Returns
    -------
    road_speeds
        The table in m/s.

    Raises
    ------
    DataError
        If columns or sources are missing, numbers are malformed or out of order, or rows stand twice; all
        of it is told at once.
    """
    return _read_roads(path)[0]


def replace_road_speeds(defaults: Defaults, path: str | Path) -> Defaults:
    """
    Put the driving speeds of a user in place of the default ones, the file and its hash with them.

    Parameters
    ----------
    defaults
        Speeds, delays and limits.
    path
        See `read_road_speeds`.

    Returns
    -------
    defaults
        Everything else as before.

    Raises
    ------
    DataError
        As `read_road_speeds` does.
    """
    road_speeds, rows = _read_roads(path)
    former = defaults.provenance
    replaced = (ROAD_SPEEDS_FILE, SPEED_AREA_FILE)
    kept = tuple(source for source in former.sources if source.file not in replaced)
    provenance = Provenance((rows.table.source, *kept), (*former.notices, *rows.notices), former.versions)
    return replace(defaults.with_road_speeds(road_speeds), provenance=provenance)


def read_defaults(folder: str | Path) -> Defaults:
    """
    Read the speeds, delays and limits that hold unless a user states others.

    Parameters
    ----------
    folder
        Holds ``driving_speeds.csv``, ``speed_area.csv``, ``mode_speeds.csv``, ``driving_extras.csv`` and
        ``limits.csv``.

    Returns
    -------
    defaults
        Speeds in m/s, delays in s, limits in the units their rows name, and the register of assumptions.

    Raises
    ------
    DataError
        If anything in the five tables is missing or malformed; all of it is told at once.
    """
    folder = Path(folder)
    roads = FigureRows.of(read_table(folder / ROAD_SPEEDS_FILE), ("road_class", "period", *_RANGE_KMH))
    modes = FigureRows.of(read_table(folder / MODE_SPEEDS_FILE), ("mode", *_RANGE_KMH))
    extras = FigureRows.of(read_table(folder / EXTRAS_FILE), ("item", *_RANGE_S))
    limits = FigureRows.of(read_table(folder / LIMITS_FILE), ("item", "value", "unit"))
    area = FigureRows.of(read_table(folder / SPEED_AREA_FILE), ("name_zh", "name_en", *_BOX))
    tables = (roads, modes, extras, limits, area)
    speeds = _road_speeds(roads)
    mode_ranges = modes.ranges(("mode",), _RANGE_KMH, above_zero=True)
    extra_ranges = extras.ranges(("item",), _RANGE_S, above_zero=False)
    limit_ranges = limits.ranges(("item",), ("value", "value", "value"), above_zero=False)
    speed_area = _speed_area(area)
    raise_if_bad(tables, _("tables of speeds, delays and limits are malformed"))
    road_speeds = RoadSpeeds(speeds)
    road_keys = [(speed.road_class, speed.name_contains, speed.period) for speed in speeds]
    notes = dict(zip(road_keys, zip(*map(roads.texts, WORDS), strict=True), strict=True))
    return Defaults(
        road_speeds=road_speeds,
        mode_speeds={key[0]: _mps(kmh) for key, kmh in mode_ranges.items()},
        extras={key[0]: seconds for key, seconds in extra_ranges.items()},
        limits={key[0]: value for key, (value, _mid, _high) in limit_ranges.items()},
        assumptions=(
            *road_speed_assumptions(road_speeds, notes),
            *modes.assumptions("speed", mode_ranges, ["km/h"] * len(mode_ranges)),
            *extras.assumptions("delay", extra_ranges, ["s"] * len(extra_ranges)),
            *limits.assumptions("limit", limit_ranges, limits.texts("unit")),
        ),
        provenance=Provenance(
            sources=tuple(rows.table.source for rows in tables),
            notices=tuple(notice for rows in tables for notice in rows.notices),
        ),
        speed_area=speed_area,
    )


def _read_roads(path: str | Path) -> tuple[RoadSpeeds, FigureRows]:
    rows = FigureRows.of(read_table(path), ("road_class", "period", *_RANGE_KMH))
    speeds = _road_speeds(rows)
    raise_if_bad((rows,), _("tables of speeds, delays and limits are malformed"))
    return RoadSpeeds(speeds), rows


def _road_speeds(rows: FigureRows) -> tuple[RoadSpeed, ...]:
    ranges = rows.ranges(("road_class", "name_contains", "period"), _RANGE_KMH, above_zero=True)
    for road_class in dict.fromkeys(road_class for road_class, _part, _period in ranges):
        if road_class and road_class not in CLASS_MODES:
            message = _("there is no class of road {name} in OpenStreetMap's highway=*", name=road_class)
            rows.tell(0, "road_class", "road-class-unknown", message, road_class)
    for period in dict.fromkeys(period for _road_class, _part, period in ranges):
        if (FALLBACK_CLASS, "", period) not in ranges:
            message = _(
                "period {period} has no row for the class {name}", period=repr(period), name=FALLBACK_CLASS
            )
            rows.tell(0, "road_class", "speeds-fallback", message, FALLBACK_CLASS)
    sources = zip(ranges.items(), rows.texts("mark"), rows.texts("source"), strict=False)
    return tuple(
        RoadSpeed(road_class, part, period, *_mps(kmh), mark=mark, source=source)
        for ((road_class, part, period), kmh), mark, source in sources
    )


def _speed_area(rows: FigureRows) -> SpeedArea | None:
    """Take the one area of the driving speeds; tell a box that is none."""
    if any(notice.severity == "error" for notice in rows.notices):
        return None
    west, south, east, north = (figure(rows.texts(name)[0]) for name in _BOX)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        message = _("an area is west < east and south < north, in degrees")
        rows.tell(rows.table.row_numbers[0], "west", "area-malformed", message)
    return SpeedArea(rows.texts("name_zh")[0], rows.texts("name_en")[0], (west, south, east, north))


def _mps(range_kmh: Range) -> Range:
    low, mid, high = range_kmh
    return mps_from_kmh(low), mps_from_kmh(mid), mps_from_kmh(high)
