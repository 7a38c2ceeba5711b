"""Ranges of a scenario as the tables of its file."""

from dataclasses import asdict
from typing import Any

from accessibility.model.assumed_range import AssumedRange, PositionRange, Ranges, WeightRange


def range_tables(ranges: Ranges) -> dict[str, Any]:
    """Give the tables of a scenario file that say what is known only as a range; none that is empty."""
    sampling = {"samples": ranges.n_samples, "seed": ranges.seed}
    stated = {key: value for key, value in sampling.items() if value is not None}
    tables: dict[str, Any] = {"range": [_range(one) for one in ranges.ranges]}
    tables |= {"weights": dict(ranges.weights), "sampling": stated}
    return {key: table for key, table in tables.items() if table}


def _range(one: AssumedRange) -> dict[str, Any]:
    field = {PositionRange: "position", WeightRange: "weight"}.get(type(one))
    table = {"name": one.name} | ({"field": field} if field else {})
    values = asdict(one)
    return table | {key: value for key, value in values.items() if value not in ("", ())}
