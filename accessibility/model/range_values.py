"""Where the ranges of a scenario stand among its modifications, and values put in their place."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.assumed_range import (
    SETTING_UNITS,
    AssumedRange,
    PositionRange,
    SettingRange,
    Value,
    WeightRange,
)
from accessibility.model.line_changes import NewStop
from accessibility.model.projection import moved

HEADWAY = "every_s"
Slot = tuple[int, str, int]
"""Modification, setting and entry of it (from 0): one number, or one position."""


def subject(change: Any) -> str:
    """Name what a modification is about: a line, a stop, a place, a street; empty where it names none."""
    for name in ("route", "id", "stop", "name"):
        if value := getattr(change, name, ""):
            return str(value)
    return ""


def slots(one: SettingRange | PositionRange, changes: Sequence[Any]) -> list[Slot]:
    """List the numbers and positions of modifications that a range is about."""
    found = []
    for index in _meant(one, changes):
        if isinstance(one, PositionRange):
            found += [(index, "position", item) for item in _positions(one, changes[index])]
        else:
            n = len(_numbers(changes[index], one.field))
            found += [(index, one.field, i) for i in range(n) if not one.items or i + 1 in one.items]
    return found


def stated_value(one: AssumedRange, changes: Sequence[Any], weights: Sequence[tuple[str, float]]) -> Value:
    """Return what the scenario itself states, the middle of its results; a position is not moved."""
    if isinstance(one, PositionRange):
        return (0.0, 0.0)
    if isinstance(one, WeightRange):
        return (dict(weights)[one.site],)
    index, field, item = slots(one, changes)[0]
    return (float(_numbers(changes[index], field)[item]),)


def with_values(
    changes: Sequence[Any], ranges: Sequence[AssumedRange], values: Sequence[Value]
) -> tuple[Any, ...]:
    """
    Put one value of every range in its place.

    Parameters
    ----------
    changes
        Modifications.
    ranges, values
        Ranges and a value of each; weights of sites change no modification.

    Returns
    -------
    changes
        The same modifications where every value is the stated one.

    Raises
    ------
    ModelError
        If a modification cannot hold the value.
    """
    made = list(changes)
    for one, value in zip(ranges, values, strict=True):
        if isinstance(one, WeightRange):
            continue
        for index, field, item in slots(one, changes):
            put = _moved if isinstance(one, PositionRange) else _replaced
            made[index] = put(made[index], field, item, value)
    return tuple(made)


def range_problems(ranges: Sequence[AssumedRange], changes: Sequence[Any]) -> Iterator[tuple[int, str, str]]:
    """Find what does not fit between ranges and modifications: number of the range, key, message."""
    taken: dict[Slot, str] = {}
    for number, one in enumerate(ranges, start=1):
        if isinstance(one, WeightRange):
            continue
        problems = list(_misfits(one, changes))
        for slot in () if problems else slots(one, changes):
            if slot in taken:
                problems.append(("field", _("the range {name} names the same value", name=taken[slot])))
                break
            taken[slot] = one.name
        yield from ((number, key, message) for key, message in problems)


def _misfits(one: SettingRange | PositionRange, changes: Sequence[Any]) -> Iterator[tuple[str, str]]:
    if not _meant(one, changes):
        if isinstance(one.modification, int):
            what = _("there is no modification {number} with this setting", number=one.modification)
        else:
            what = _("no modification of {name} has this setting", name=one.modification)
        yield "modification", what
    elif isinstance(one, PositionRange):
        known = {name for index in _meant(one, changes) for name in _stop_names(changes[index])}
        for stop in one.stops:
            if stop not in known:
                yield "stops", _("the modification has no new stop {name}", name=stop)
        if not one.stops and not slots(one, changes):
            yield "stops", _("name the new stops whose positions are meant")
    else:
        yield from _setting_misfits(one, changes)


def _setting_misfits(one: SettingRange, changes: Sequence[Any]) -> Iterator[tuple[str, str]]:
    for index in _meant(one, changes):
        n = len(_numbers(changes[index], one.field))
        if n == 0:
            yield (
                "field",
                _("the modification does not state {field}: there is nothing to vary", field=one.field),
            )
        for item in (item for item in one.items if 0 < n < item):
            yield "items", _("there is no entry {item} of {field}", item=item, field=one.field)
    values = sorted({_numbers(changes[index], field)[item] for index, field, item in slots(one, changes)})
    if len(values) > 1:
        listed = ", ".join(f"{value:g}" for value in values)
        yield (
            "items",
            _("the values it names differ ({values}): name the entries that are alike", values=listed),
        )
    elif values:
        if not one.ends[0][0] <= values[0] <= one.ends[1][0]:
            yield "low", _("the stated value {value} lies outside the range", value=f"{values[0]:g}")
        for key, end in zip(("low", "high"), one.ends, strict=True):
            try:
                with_values(changes, [one], [end])
            except ModelError as error:
                yield key, str(error.what)


def _meant(one: SettingRange | PositionRange, changes: Sequence[Any]) -> list[int]:
    """Find the modifications that a range is about: of those that could hold it, those that state a value."""
    if isinstance(one.modification, int):
        some = [one.modification - 1] if 1 <= one.modification <= len(changes) else []
    else:
        some = [i for i, change in enumerate(changes) if subject(change) == one.modification]
    if isinstance(one, SettingRange):
        able = [i for i in some if _has(changes[i], one.field)]
        return [i for i in able if _numbers(changes[i], one.field)] or able
    return [i for i in some if any(name in _names(changes[i]) for name in ("lon", "stops"))]


def _names(change: Any) -> set[str]:
    return {field.name for field in fields(change)} if is_dataclass(change) else set()


def _has(change: Any, field: str) -> bool:
    return ("headways" if field == HEADWAY else field) in _names(change)


def _numbers(change: Any, field: str) -> tuple[float, ...]:
    """Return the numbers of a setting, none where it is not stated."""
    if field == HEADWAY:
        return tuple(band.every_s for band in change.headways)
    value = getattr(change, field)
    if value is None:
        return ()
    return tuple(value) if isinstance(value, tuple) else (value,)


def _replaced(change: Any, field: str, item: int, value: Value) -> Any:
    number = round(value[0]) if "s" in SETTING_UNITS[field] else value[0]
    if field == HEADWAY:
        bands = [
            replace(band, every_s=number) if i == item else band for i, band in enumerate(change.headways)
        ]
        return replace(change, headways=tuple(bands))
    old = getattr(change, field)
    if not isinstance(old, tuple):
        return replace(change, **{field: number})
    return replace(change, **{field: tuple(number if i == item else one for i, one in enumerate(old))})


def _positions(one: PositionRange, change: Any) -> list[int]:
    if not one.stops:
        return [0] if "lon" in _names(change) else []
    return [
        i
        for i, stop in enumerate(getattr(change, "stops", ()))
        if isinstance(stop, NewStop) and one.stops and {stop.id, stop.name} & set(one.stops)
    ]


def _stop_names(change: Any) -> set[str]:
    new = [stop for stop in getattr(change, "stops", ()) if isinstance(stop, NewStop)]
    return {name for stop in new for name in (stop.id, stop.name)} - {""}


def _moved(change: Any, _field: str, item: int, value: Value) -> Any:
    if "lon" in _names(change):
        lon, lat = moved(change.lon, change.lat, east_m=value[0], north_m=value[1])
        return replace(change, lon=lon, lat=lat)
    stop = change.stops[item]
    lon, lat = moved(stop.lon, stop.lat, east_m=value[0], north_m=value[1])
    there = replace(stop, lon=lon, lat=lat)
    return replace(change, stops=tuple(there if i == item else one for i, one in enumerate(change.stops)))
