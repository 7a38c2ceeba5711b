"""What a scenario file says about what is not known exactly: ``[[range]]``, ``[weights]``, ``[sampling]``."""

from collections.abc import Sequence
from dataclasses import replace

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.assumed_range import (
    AssumedRange,
    PositionRange,
    Ranges,
    SettingRange,
    WeightRange,
    sampling_problems,
    weight_problems,
)
from accessibility.model.range_values import range_problems, slots
from accessibility.model.scenario import Modification
from accessibility.sources.toml_table import TomlTable

POSITION, WEIGHT = "position", "weight"
"""Fields of a range that are no setting of a modification."""


def read_ranges(table: TomlTable, modifications: Sequence[Modification | None], on: Sequence[bool]) -> Ranges:
    """
    Read the ranges of a scenario and hold them against its modifications.

    Parameters
    ----------
    table
        The file; every problem is noted in it.
    modifications
        Modifications as the file has them, ``None`` for one that could not be read: then only the ranges
        themselves are checked.
    on
        Which of them are switched on; ranges of no other are left out.

    Returns
    -------
    ranges
        Without any where there is a problem.
    """
    before = len(table.problems)
    entries = table.tables("range") if "range" in table.values else []
    found = [_range(entry) for entry in entries]
    ranges = [one for one in found if one is not None]
    weights = _weights(table)
    n_samples, seed = _sampling(table)
    if "weights" in table.values or ranges:
        for site, message in weight_problems(weights, ranges):
            table.problem(f"weights.{site}".rstrip("."), message, dict(weights).get(site, ""))
    _check_names(entries, found)
    known = [one for one in modifications if one is not None]
    if len(known) < len(modifications):
        return Ranges()
    readable = [entry for entry, one in zip(entries, found, strict=True) if one is not None]
    for number, key, message in range_problems(ranges, known):
        entry = readable[number - 1]
        entry.problem(key, message, entry.values.get(key, ""))
    if len(table.problems) > before:
        return Ranges()
    return Ranges(_switched_on(ranges, known, on), weights, n_samples, seed)


def _range(entry: TomlTable) -> AssumedRange | None:
    """Read one range by what its field is."""
    before = len(entry.problems)
    name, field = entry.get("name", str), entry.get("field", str)
    facts = {"mark": entry.get("mark", str, ""), "source": entry.get("source", str, "")}
    made: AssumedRange | None = None
    try:
        if field == POSITION:
            about, radius_m = _modification(entry), entry.get("radius_m", float)
            stops = entry.texts("stops", optional=True)
            if len(entry.problems) == before:
                made = PositionRange(name, about, radius_m, stops, **facts)
        elif field == WEIGHT:
            site, low, high = entry.get("site", str), entry.get("low", float), entry.get("high", float)
            if len(entry.problems) == before:
                made = WeightRange(name, site, low, high, **facts)
        else:
            about, low, high = _modification(entry), entry.get("low", float), entry.get("high", float)
            unit, items = entry.get("unit", str, ""), _items(entry)
            if len(entry.problems) == before:
                made = SettingRange(name, about, field, low, high, unit, items, **facts)
    except ModelError as error:
        entry.problem("name", str(error.what), name)
    return made


def _modification(entry: TomlTable) -> str | int:
    """Read what a range is about: a name, or a number of a modification."""
    value = entry.values.get("modification")
    if type(value) is int:
        entry.used.add("modification")
        return value
    return entry.get("modification", str)


def _items(entry: TomlTable) -> tuple[int, ...]:
    items = entry.get("items", list, [])
    for item in items:
        if type(item) is not int:
            what = _("{name} must be a list of whole numbers", name=entry.path + "items")
            entry.problem("items", what, item)
    return tuple(item for item in items if type(item) is int)


def _weights(table: TomlTable) -> tuple[tuple[str, float], ...]:
    inner = table.table("weights")
    return tuple((site, inner.get(site, float)) for site in inner.values)


def _sampling(table: TomlTable) -> tuple[int | None, int | None]:
    inner = table.table("sampling")
    n_samples = inner.get("samples", int) if "samples" in inner.values else None
    seed = inner.get("seed", int) if "seed" in inner.values else None
    for key, message in sampling_problems(n_samples, seed):
        inner.problem(key, message, inner.values[key])
    return n_samples, seed


def _check_names(entries: Sequence[TomlTable], found: Sequence[AssumedRange | None]) -> None:
    taken: set[str] = set()
    for entry, one in zip(entries, found, strict=True):
        if one is not None and one.name in taken:
            entry.problem("name", _("two ranges bear the name {name}", name=one.name), one.name)
        taken |= {one.name} if one is not None else set()


def _switched_on(
    ranges: Sequence[AssumedRange], changes: Sequence[Modification], on: Sequence[bool]
) -> tuple[AssumedRange, ...]:
    """Keep the ranges of modifications that are switched on, numbered as they are without the others."""
    kept: list[AssumedRange] = []
    for one in ranges:
        if not isinstance(one, WeightRange):
            if not any(on[index] for index, _field, _item in slots(one, changes)):
                continue
            if isinstance(one.modification, int):
                one = replace(one, modification=sum(on[: one.modification]))
        kept.append(one)
    return tuple(kept)
