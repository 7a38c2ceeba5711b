"""Scenarios as files that read back the same."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import tomli_w

from accessibility.model.line_changes import ControlPoint, Departures, Headway, NewStop
from accessibility.model.scenario import FILE_KEYS, Modification, Scenario, settings, type_name
from accessibility.outputs.ranges.tables import range_tables
from accessibility.outputs.writing import staged_file
from accessibility.units import clock_from_seconds

_CLOCKS = ("from_s", "to_s")


def write_scenario(path: str | Path, scenario: Scenario) -> Path:
    """
    Write a scenario as a TOML file, whole or not at all.

    Parameters
    ----------
    path
        File to write (``.toml``).
    scenario
        The scenario.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    path = Path(path)
    with staged_file(path) as temporary:
        temporary.write_bytes(scenario_text(scenario).encode())
    return path


def scenario_text(scenario: Scenario) -> str:
    """Write a scenario as TOML; what has its default value is left out."""
    table: dict[str, Any] = {"name": scenario.name}
    table |= {key: text for key, text in (("note", scenario.note), ("mark", scenario.mark)) if text}
    if scenario.as_of is not None:
        table["as_of"] = scenario.as_of
    if scenario.modifications:
        table["modification"] = [_modification(change) for change in scenario.modifications]
    return tomli_w.dumps(table | range_tables(scenario.ranges))


def _modification(change: Modification) -> dict[str, Any]:
    stated = {
        FILE_KEYS.get(name, name): clock_from_seconds(value) if name in _CLOCKS else _plain(value)
        for name, value in settings(change).items()
    }
    return {"type": type_name(change), **stated}


def _plain(value: Any) -> Any:
    """Turn a value into what TOML knows."""
    match value:
        case NewStop():
            return {name: part for name, part in asdict(value).items() if part != ""}
        case ControlPoint():
            return {**asdict(value), "pass": True}
        case Headway():
            ends = {"from": clock_from_seconds(value.from_s), "to": clock_from_seconds(value.to_s)}
            table = {"days": value.days, **ends, "every_s": value.every_s}
            if value.phase_s is not None:
                table |= {"phase_s": value.phase_s}
            return table | ({"phase_stop": value.phase_stop} if value.phase_stop else {})
        case Departures():
            times = [clock_from_seconds(time_s) for time_s in value.times_s]
            return {"days": value.days, "direction": value.direction, "times": times}
        case tuple():
            return [_plain(part) for part in value]
        case _:
            return value
