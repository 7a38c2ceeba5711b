"""Several timetables as one: GTFS feeds and line sheets side by side."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from accessibility.errors import DataError, ModelError
from accessibility.messages import _
from accessibility.model.provenance import Provenance
from accessibility.model.timetable import NONE, Timetable

_IDS = ("stop_ids", "route_ids", "service_ids", "trip_ids", "block_ids", "frequency_ids")
_POINTERS = {
    "stop_parent": "stop_ids",
    "stop_time_stop": "stop_ids",
    "trip_route": "route_ids",
    "trip_service": "service_ids",
    "trip_block": "block_ids",
    "frequency_trip": "trip_ids",
    "pathway_from_stop": "stop_ids",
    "pathway_to_stop": "stop_ids",
    **{
        f"transfer_{end}_{what}": f"{what}_ids"
        for end in ("from", "to")
        for what in ("stop", "route", "trip")
    },
}
"""Columns of indices -> what they point at; ``trip_shape`` points into the offsets of the shapes."""
_OFFSETS = ("service_offset", "stop_time_offset", "shape_offset")
_APART = ("time_zone", "horizon", "route_facts", "provenance")
"""Fields that are no columns."""


def join_timetables(timetables: Sequence[Timetable], labels: Sequence[str]) -> Timetable:
    """
    Put timetables side by side, whatever they were read from.

    Parameters
    ----------
    timetables
        At least one; the first come first in every column.
    labels
        Their names, one each: every identifier becomes ``label:id``. A single timetable stays as it is.

    Returns
    -------
    timetable
        All of them. Facts about routes that one of them lacks are empty texts there.

    Raises
    ------
    DataError
        If their time zones differ: seconds of the day would not mean the same.
    ModelError
        If labels are missing, stand twice, are empty or hold a colon.
    """
    good = len(labels) == len(timetables) == len(set(labels)) and all(labels)
    if not timetables or not good or any(":" in label for label in labels):
        raise ModelError("every timetable needs a label of its own without a colon", code="timetable-labels")
    provenance = Provenance().joined(*(one.provenance for one in timetables))
    _check_zones(timetables, labels, provenance)
    if len(timetables) == 1:
        return timetables[0]
    columns = {
        one.name: _column(one.name, timetables, labels) for one in fields(Timetable) if one.name not in _APART
    }
    return Timetable(
        **columns,
        time_zone=timetables[0].time_zone,
        horizon=_horizon(timetables),
        route_facts=_facts(timetables),
        provenance=provenance,
    )


def _check_zones(timetables: Sequence[Timetable], labels: Sequence[str], provenance: Provenance) -> None:
    zones = dict.fromkeys(one.time_zone for one in timetables)
    if len(zones) > 1:
        raise DataError(
            _("the timetables are in different time zones: {zones}", zones=", ".join(zones)),
            notices=provenance.notices,
            where=", ".join(labels),
            mend=_("Compute them one by one."),
            code="time-zones",
        )


def _column(name: str, timetables: Sequence[Timetable], labels: Sequence[str]) -> Any:
    """Put one column of all together; identifiers gain the label, indices and offsets are moved."""
    parts = [getattr(one, name) for one in timetables]
    if name in _IDS:
        return tuple(f"{label}:{one}" for label, part in zip(labels, parts, strict=True) for one in part)
    if isinstance(parts[0], tuple):
        return tuple(one for part in parts for one in part)
    if name in _OFFSETS:
        bases = _bases([int(part[-1]) for part in parts])
        moved = [part[:-1] + base for part, base in zip(parts, bases, strict=True)]
        return np.concatenate([*moved, [sum(int(part[-1]) for part in parts)]])
    if name in _POINTERS or name == "trip_shape":
        bases = _bases([_count(one, name) for one in timetables])
        return np.concatenate(
            [np.where(part == NONE, NONE, part + base) for part, base in zip(parts, bases, strict=True)]
        )
    return np.concatenate(parts)


def _count(timetable: Timetable, pointer: str) -> int:
    """Count what a column of indices points at."""
    if pointer == "trip_shape":
        return len(timetable.shape_offset) - 1
    return len(getattr(timetable, _POINTERS[pointer]))


def _bases(counts: Sequence[int]) -> list[int]:
    return [sum(counts[:position]) for position in range(len(counts))]


def _horizon(timetables: Sequence[Timetable]) -> Any:
    """Span the days that any of them speaks about, where one states them."""
    if all(one.horizon is None for one in timetables):
        return None
    known = [(one.first_day, one.last_day) for one in timetables]
    spans = [(first, last) for first, last in known if first is not None and last is not None]
    return min(first for first, _last in spans), max(last for _first, last in spans)


def _facts(timetables: Sequence[Timetable]) -> dict[str, tuple[str, ...]]:
    names = dict.fromkeys(name for one in timetables for name in one.route_facts)
    return {
        name: tuple(
            text for one in timetables for text in one.route_facts.get(name, ("",) * len(one.route_ids))
        )
        for name in names
    }
