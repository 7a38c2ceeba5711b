"""Speeds, delays and limits from tables of data, every figure with a mark and a source."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.defaults import Assumption, Defaults, Range, SpeedArea, road_speed_assumptions
from accessibility.model.osm_rules import CLASS_MODES
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.speeds import FALLBACK_CLASS, RoadSpeed, RoadSpeeds
from accessibility.sources.positions import number
from accessibility.sources.tables import Table, find_column, read_table
from accessibility.units import mps_from_kmh

ROAD_SPEEDS_FILE = "driving_speeds.csv"
MODE_SPEEDS_FILE = "mode_speeds.csv"
EXTRAS_FILE = "driving_extras.csv"
LIMITS_FILE = "limits.csv"
SPEED_AREA_FILE = "speed_area.csv"

_RANGE_KMH = ("low_kmh", "mid_kmh", "high_kmh")
_RANGE_S = ("low_s", "mid_s", "high_s")
_BOX = ("west", "south", "east", "north")
_WORDS = ("note", "source_zh", "note_zh")


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
    roads = _Rows.of(read_table(folder / ROAD_SPEEDS_FILE), ("road_class", "period", *_RANGE_KMH))
    modes = _Rows.of(read_table(folder / MODE_SPEEDS_FILE), ("mode", *_RANGE_KMH))
    extras = _Rows.of(read_table(folder / EXTRAS_FILE), ("item", *_RANGE_S))
    limits = _Rows.of(read_table(folder / LIMITS_FILE), ("item", "value", "unit"))
    area = _Rows.of(read_table(folder / SPEED_AREA_FILE), ("name_zh", "name_en", *_BOX))
    tables = (roads, modes, extras, limits, area)
    speeds = _road_speeds(roads)
    mode_ranges = modes.ranges(("mode",), _RANGE_KMH, above_zero=True)
    extra_ranges = extras.ranges(("item",), _RANGE_S, above_zero=False)
    limit_ranges = limits.ranges(("item",), ("value", "value", "value"), above_zero=False)
    speed_area = _speed_area(area)
    _raise_if_bad(tables)
    road_speeds = RoadSpeeds(speeds)
    road_keys = [(speed.road_class, speed.name_contains, speed.period) for speed in speeds]
    notes = dict(zip(road_keys, zip(*map(roads.texts, _WORDS), strict=True), strict=True))
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


@dataclass
class _Rows:
    """A table of figures, and what is wrong in it."""

    table: Table
    notices: list[Notice] = field(default_factory=list)

    @classmethod
    def of(cls, table: Table, required: Sequence[str]) -> "_Rows":
        """Take a table; tell the columns it lacks and the rows without mark or source."""
        rows = cls(table, list(table.notices))
        for name in (*required, "mark", "source"):
            if find_column(table, (name,)) is None:
                message = _("the column is missing; found: {columns}", columns=", ".join(table.columns))
                rows._tell(0, name, "missing-column", message)
        if not len(table):
            rows._tell(0, "", "no-rows", _("the table has a header but no rows"))
        for name in ("mark", "source"):
            if find_column(table, (name,)) is not None:
                for row, text in enumerate(rows.texts(name)):
                    if not text:
                        message = _("a figure without mark or source is not taken")
                        rows._tell(table.row_numbers[row], name, "figure-unsourced", message)
        return rows

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a column as text; empty texts where there is none."""
        column = find_column(self.table, (name,))
        if column is None:
            return ("",) * len(self.table)
        return tuple(text.strip() for text in self.table.column(column))

    def ranges(
        self, keys: Sequence[str], values: Sequence[str], *, above_zero: bool
    ) -> dict[tuple[str, ...], Range]:
        """Take key -> low, mid, high; tell keys that are empty or stand twice and ranges out of order."""
        found: dict[tuple[str, ...], Range] = {}
        if any(notice.code == "missing-column" for notice in self.notices):
            return found
        labels = zip(*(self.texts(name) for name in keys), strict=True)
        figures = zip(*(self.texts(name) for name in values), strict=True)
        for line, key, texts in zip(self.table.row_numbers, labels, figures, strict=True):
            for name, text in zip(keys, key, strict=True):
                if not text and name != "name_contains":
                    self._tell(line, name, "id-empty", _("the row does not say what it is about"))
            if key in found:
                self._tell(line, keys[0], "id-twice", _("the row stands twice"), ", ".join(key))
            low, mid, high = (_figure(text) for text in texts)
            for name, text in dict(zip(values, texts, strict=True)).items():
                if math.isnan(_figure(text)):
                    self._tell(line, name, "number-malformed", _("this is not a number"), text)
            if not 0 <= low <= mid <= high or (above_zero and low == 0):
                message = _("the figures are not ordered: 0 <= low <= mid <= high, speeds above 0")
                if not math.isnan(low + mid + high):
                    self._tell(line, values[0], "figures-order", message, ", ".join(dict.fromkeys(texts)))
            found[key] = (low, mid, high)
        return found

    def assumptions(
        self, group: str, ranges: dict[tuple[str, ...], Range], units: Sequence[str]
    ) -> list[Assumption]:
        """Write the rows for the register of assumptions."""
        words = zip(*map(self.texts, ("mark", "source", *_WORDS)), strict=True)
        return [
            Assumption(f"{group}: {key[0]}", *figures, unit, *told)
            for (key, figures), unit, told in zip(ranges.items(), units, words, strict=True)
        ]

    def _tell(self, line: int, name: str, code: str, message: str, value: str = "") -> None:
        mend = _("Mend the table of figures.")
        self.notices.append(Notice(code, "error", message, self.table.source.file, line, name, value, mend))


def _read_roads(path: str | Path) -> tuple[RoadSpeeds, _Rows]:
    rows = _Rows.of(read_table(path), ("road_class", "period", *_RANGE_KMH))
    speeds = _road_speeds(rows)
    _raise_if_bad((rows,))
    return RoadSpeeds(speeds), rows


def _road_speeds(rows: _Rows) -> tuple[RoadSpeed, ...]:
    ranges = rows.ranges(("road_class", "name_contains", "period"), _RANGE_KMH, above_zero=True)
    for road_class in dict.fromkeys(road_class for road_class, _part, _period in ranges):
        if road_class and road_class not in CLASS_MODES:
            message = _("there is no class of road {name} in OpenStreetMap's highway=*", name=road_class)
            rows._tell(0, "road_class", "road-class-unknown", message, road_class)
    for period in dict.fromkeys(period for _road_class, _part, period in ranges):
        if (FALLBACK_CLASS, "", period) not in ranges:
            message = _(
                "period {period} has no row for the class {name}", period=repr(period), name=FALLBACK_CLASS
            )
            rows._tell(0, "road_class", "speeds-fallback", message, FALLBACK_CLASS)
    sources = zip(ranges.items(), rows.texts("mark"), rows.texts("source"), strict=False)
    return tuple(
        RoadSpeed(road_class, part, period, *_mps(kmh), mark=mark, source=source)
        for ((road_class, part, period), kmh), mark, source in sources
    )


def _speed_area(rows: _Rows) -> SpeedArea | None:
    """Take the one area of the driving speeds; tell a box that is none."""
    if any(notice.severity == "error" for notice in rows.notices):
        return None
    west, south, east, north = (_figure(rows.texts(name)[0]) for name in _BOX)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        message = _("an area is west < east and south < north, in degrees")
        rows._tell(rows.table.row_numbers[0], "west", "area-malformed", message)
    return SpeedArea(rows.texts("name_zh")[0], rows.texts("name_en")[0], (west, south, east, north))


def _figure(text: str) -> float:
    """Read a finite number, NaN for anything else."""
    value = number(text)
    return value if value is not None and math.isfinite(value) else math.nan


def _mps(range_kmh: Range) -> Range:
    low, mid, high = range_kmh
    return mps_from_kmh(low), mps_from_kmh(mid), mps_from_kmh(high)


def _raise_if_bad(tables: Sequence[_Rows]) -> None:
    bad = [rows for rows in tables if any(notice.severity == "error" for notice in rows.notices)]
    if bad:
        raise DataError(
            _("tables of speeds, delays and limits are malformed"),
            notices=[notice for rows in bad for notice in rows.notices],
            where=", ".join(rows.table.source.file for rows in bad),
            mend=_("Mend the rows named."),
            code="malformed-rows",
        )
