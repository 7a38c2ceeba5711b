"""Scenario files: TOML, one table per modification, in the order in which they are applied."""

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from pathlib import Path
from typing import Any
from unicodedata import category

from accessibility.errors import DataError, ModelError
from accessibility.messages import _, listed
from accessibility.model.day_types import DAY_TYPES
from accessibility.model.line_changes import (
    ControlPoint,
    CourseRef,
    Departures,
    Headway,
    NewStop,
    overlapping,
)
from accessibility.model.scenario import FILE_KEYS, TYPES, Modification, Scenario
from accessibility.model.street_changes import Position
from accessibility.sources.ranges import read_ranges
from accessibility.sources.toml_table import TomlTable, load_toml
from accessibility.units import seconds_from_clock

CODE = "scenario-setting"
MODES = ("walk", "cycle", "drive")
LINE_MODES = ("bus", "metro", "rail", "tram")
MOST_S = 48 * 3600
"""No ride, dwell or headway is longer than the clock of a service day reaches (s)."""
MOST = {"speed_kmh": 1000.0, "factor": 100.0, "count": 1e9}
"""Above these a number is a slip of the hand."""
LONGEST_TEXT = 200


def read_scenario(path: str | Path) -> Scenario:
    """
    Read a scenario.

    Parameters
    ----------
    path
        TOML file: ``name``, ``note``, ``mark``, ``as_of``, and ``[[modification]]`` tables with a ``type``;
        those with ``enabled = false`` are checked like the others and left out. ``[[range]]``, ``[weights]``
        and ``[sampling]`` say what is known only as a range.

    Returns
    -------
    scenario
        Pure data: whether lines and stops exist is checked when it is applied.

    Raises
    ------
    SourceError
        If the file is missing, unreadable, or no TOML: with line and column.
    DataError
        If settings are missing, misspelt or contradict each other; all of them are told at once.
    """
    file = Path(path)
    missing = _("Name a scenario file (.toml).")
    table = TomlTable(load_toml(file, noun="scenario", missing=missing), file.name, code=CODE)
    name = table.get("name", str, file.stem)
    note, mark = table.get("note", str, ""), table.get("mark", str, "")
    as_of = _day(table)
    entries = table.tables("modification")
    modifications = [_modification(entry) for entry in entries]
    on = [entry.values.get("enabled", True) is not False for entry in entries]
    ranges = read_ranges(table, modifications, on)
    table.no_more_keys()
    if table.problems:
        raise DataError(
            _("the scenario has {n} problems", n=len(table.problems)),
            notices=table.problems,
            where=str(file),
            mend=_("Mend the settings named; docs/scenarios.md describes each."),
            code="scenario-settings",
        )
    known = tuple(one for one, used in zip(modifications, on, strict=True) if used and one is not None)
    return Scenario(name, known, note, mark, as_of[0] if as_of else None, ranges)


def _day(table: TomlTable) -> tuple[date, ...]:
    if "as_of" not in table.values:
        return ()
    inner = TomlTable({"as_of": [table.values["as_of"]]}, table.file, problems=table.problems, code=CODE)
    table.used.add("as_of")
    return inner.dates("as_of")


def _modification(entry: TomlTable) -> Modification | None:
    """Read one table by the fields of its class; a field without a default is required."""
    kind = TYPES.get(entry.get("type", str))
    if kind is None:
        choices = listed(TYPES)
        if "type" in entry.values:
            what = _("there is no such modification; there are {choices}", choices=choices)
            entry.problem("type", what, entry.values["type"])
        entry.used.update(entry.values)
        return None
    before = len(entry.problems)
    entry.get("enabled", bool, True)
    values: dict[str, Any] = {}
    for field in fields(kind):
        key = FILE_KEYS.get(field.name, field.name)
        if key in entry.values:
            reader = _READERS.get((kind.__name__, field.name)) or _READERS[field.name]
            values[field.name] = reader(entry, key)
        elif field.default is MISSING:
            entry.used.add(key)
            entry.problem(key, _("the setting {name} is missing", name=entry.path + key))
    if len(entry.problems) > before:
        return None
    try:
        made: Modification = kind(**values)
    except ModelError as error:
        entry.problem("type", str(error.what))
        return None
    return made


def _text(entry: TomlTable, key: str) -> str:
    text = entry.get(key, str)
    if len(text) > LONGEST_TEXT or any(category(letter) == "Cc" for letter in text):
        what = _("{name} is longer than {most} characters or holds characters that cannot be seen",
                 name=entry.path + key, most=LONGEST_TEXT)  # fmt: skip
        entry.problem(key, what, ascii(text[:40]))
    return text


def _whole(entry: TomlTable, key: str) -> int:
    return _within_s(entry, key, entry.get(key, int))


def _within_s(entry: TomlTable, key: str, value: int) -> int:
    if abs(value) <= MOST_S:
        return value
    entry.problem(key, _("{name} must be {most} s at most", name=entry.path + key, most=MOST_S), value)
    return 0


def _seconds(entry: TomlTable, key: str) -> int:
    value = entry.get(key, int)
    if value < 0:
        entry.problem(key, _("{name} must be 0 or more", name=entry.path + key), value)
    return _within_s(entry, key, value)


def _above_zero(entry: TomlTable, key: str) -> float:
    return _sensible(entry, key, entry.number(key))


def _sensible(entry: TomlTable, key: str, value: float) -> float:
    most = MOST[key]
    if value > most:
        entry.problem(key, _("{name} must be {most} at most", name=entry.path + key, most=f"{most:g}"), value)
    return value


def _flag(entry: TomlTable, key: str) -> bool:
    return entry.get(key, bool)


def _direction(entry: TomlTable, key: str) -> int:
    value = entry.get(key, int)
    if value not in (0, 1):
        entry.problem(key, _("a direction is 0 or 1"), value)
    return value


def _list(entry: TomlTable, key: str, good: Callable[[Any], bool], what: str) -> tuple[Any, ...]:
    items = entry.get(key, list)
    for item in items:
        if not good(item):
            entry.problem(key, what, item)
    return tuple(item for item in items if good(item))


def _seconds_list(entry: TomlTable, key: str) -> tuple[int, ...]:
    what = _("{name} must be a list of whole seconds, from 0 to {most}", name=entry.path + key, most=MOST_S)
    return _list(entry, key, lambda item: type(item) is int and 0 <= item <= MOST_S, what)


def _texts(entry: TomlTable, key: str) -> tuple[str, ...]:
    return entry.texts(key)


def _numbers(entry: TomlTable, key: str) -> tuple[int, ...]:
    what = _("{name} must be a list of whole numbers", name=entry.path + key)
    return _list(entry, key, lambda item: type(item) is int and abs(item) < 2**63, what)


def _modes(entry: TomlTable, key: str) -> tuple[str, ...]:
    return entry.texts(key, choices=MODES)


def _day_type(entry: TomlTable, key: str) -> str:
    return _choice(entry, key, tuple(DAY_TYPES))


def _line_mode(entry: TomlTable, key: str) -> str:
    return _choice(entry, key, LINE_MODES)


def _choice(entry: TomlTable, key: str, choices: tuple[str, ...]) -> str:
    value = entry.get(key, str)
    if value in choices:
        return value
    what = _("{name} must be one of {choices}", name=entry.path + key, choices=listed(choices))
    entry.problem(key, what, value)
    return choices[0]


def _clock(entry: TomlTable, key: str) -> int:
    return entry.clock(key)


def _degrees(entry: TomlTable, key: str) -> float:
    value = entry.get(key, float)
    if not abs(value) <= (180 if key == "lon" else 90):
        entry.problem(key, _("{name} is no position in degrees", name=entry.path + key), value)
        return 0.0
    return value


def _stops(entry: TomlTable, key: str) -> tuple[CourseRef, ...]:
    found: list[CourseRef] = []
    for number, item in enumerate(entry.get(key, list), start=1):
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            inner = TomlTable(item, entry.file, f"{entry.path}{key}[{number}].", entry.problems, code=CODE)
            entry.children.append(inner)
            if inner.get("pass", bool, False):
                found.append(ControlPoint(_degrees(inner, "lon"), _degrees(inner, "lat")))
                continue
            name, stop_id = _text(inner, "name"), _text(inner, "id") if "id" in item else ""
            if "name" in item and not name:
                inner.problem("name", _("a new stop needs a name"))
            found.append(NewStop(name, _degrees(inner, "lon"), _degrees(inner, "lat"), stop_id))
        else:
            entry.problem(
                key,
                _("a stop is an identifier or {{name, lon, lat}}, a control point {{lon, lat, pass = true}}"),
                item,
            )
    return tuple(found)


def _hops(entry: TomlTable, key: str) -> tuple[tuple[str, str], ...]:
    def good(item: Any) -> bool:
        return isinstance(item, list) and len(item) == 2 and all(isinstance(stop, str) for stop in item)

    pairs = _list(entry, key, good, _("hops are pairs of consecutive stops"))
    return tuple((a, b) for a, b in pairs)


def _positions(entry: TomlTable, key: str) -> tuple[Position, ...]:
    def good(item: Any) -> bool:
        pair = isinstance(item, list) and len(item) == 2 and all(type(n) in (int, float) for n in item)
        return pair and abs(item[0]) <= 180 and abs(item[1]) <= 90

    points = _list(entry, key, good, _("{name} must be a list of [lon, lat]", name=entry.path + key))
    return tuple((float(lon), float(lat)) for lon, lat in points)


def _course(entry: TomlTable, key: str) -> tuple[Position, ...]:
    points = _positions(entry, key)
    if isinstance(entry.values[key], list) and len(entry.values[key]) < 2:
        entry.problem(key, _("a course needs at least two positions"), entry.values[key])
    return points


def _headways(entry: TomlTable, key: str) -> tuple[Headway, ...]:
    bands: list[Headway] = []
    for band in entry.tables(key):
        before = len(entry.problems)
        values: dict[str, Any] = {
            "days": _day_type(band, "days") if "days" in band.values else "daily",
            "from_s": band.clock("from"),
            "to_s": band.clock("to"),
            "every_s": _whole(band, "every_s"),
            "phase_s": band.get("phase_s", int) if "phase_s" in band.values else None,
            "phase_stop": band.get("phase_stop", str, ""),
        }
        band.used.add("days")
        if len(entry.problems) > before:
            continue
        try:
            bands.append(Headway(**values))
        except ModelError:
            what = _("a headway is above 0 s, a band ends after it begins, a phase lies within the headway")
            band.problem("every_s", what, band.values.get("every_s"))
    for one, other in overlapping(bands):
        entry.problem(key, _("two bands overlap on the same days"), f"{one.days} / {other.days}")
    return tuple(bands)


def _departures(entry: TomlTable, key: str) -> tuple[Departures, ...]:
    found: list[Departures] = []
    for table in entry.tables(key):
        before = len(entry.problems)
        days = _day_type(table, "days") if "days" in table.values else "daily"
        table.used.add("days")
        times_s = []
        for text in table.texts("times"):
            try:
                times_s.append(seconds_from_clock(text))
            except ValueError:
                table.problem("times", _("{text} is no clock time like 07:30", text=text), text)
        direction = _direction(table, "direction") if "direction" in table.values else 0
        if len(entry.problems) > before:
            continue
        try:
            found.append(Departures(days, tuple(times_s), direction))
        except ModelError:
            table.problem("times", _("departures are given, ascending, each once"), len(times_s))
    return tuple(found)


_READERS: dict[Any, Callable[[TomlTable, str], Any]] = {
    "id": _text,
    "name": _text,
    "route": _text,
    "kind": _text,
    "line": _text,
    "stop": _text,
    "from_stop": _text,
    "to_stop": _text,
    "template_trip": _text,
    "mode": _line_mode,
    "direction": _direction,
    "stops": _stops,
    ("RemoveStops", "stops"): _texts,
    ("SetDwell", "stops"): _texts,
    "trips": _texts,
    "hop_s": _seconds_list,
    "dwell_s": _seconds_list,
    ("SetDwell", "dwell_s"): _seconds,
    "saved_s_per_stop": _seconds,
    "walk_s": _seconds,
    "by_s": _whole,
    "speed_kmh": _above_zero,
    "factor": _above_zero,
    ("SetDwell", "factor"): lambda entry, key: _sensible(entry, key, entry.number(key, above=-1e-9)),
    "count": _above_zero,
    "both_ways": _flag,
    "keep_outside": _flag,
    "scale_dwells": _flag,
    "one_way": _flag,
    "headways": _headways,
    "departures": _departures,
    "days": _day_type,
    "from_s": _clock,
    "to_s": _clock,
    "hops": _hops,
    "ways": _numbers,
    "modes": _modes,
    "road_class": _text,
    "course": _course,
    "junctions": _positions,
    "lon": _degrees,
    "lat": _degrees,
}
