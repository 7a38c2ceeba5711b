"""A comparison as plain tables: one row per square or site and target, one per line and direction."""

from collections.abc import Iterator, Sequence

import numpy as np

from accessibility.messages import _
from accessibility.model.change_summary import ChangeSummary, change_summary
from accessibility.model.comparison import CLASS_CODES, ChangeTable, Comparison
from accessibility.model.grid import Grid
from accessibility.model.reach_change import ReachChange
from accessibility.model.reasons import REASON_CODES
from accessibility.model.told_change import ToldChange
from accessibility.outputs.geo_layers import GeoLayer, grid_squares
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.units import minutes_from_seconds

COLUMNS = ("origin", "target", "before_min", "after_min", "change_min", "class", "to_before", "to_after",
           "reason_before", "reason_after", "assumed")  # fmt: skip
"""Columns of the tables of changes."""


def comparison_sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """
    Lay out a comparison.

    Returns
    -------
    sheets
        Who gains and who loses, changes from the squares and from the sites, and costs. Every
        row says ``assumed`` where the scenario is.
    """
    assumed = _assumed(comparison)
    return (
        _summaries(comparison, assumed),
        Sheet("changes", _("Changes from the squares"), COLUMNS, _rows(comparison.tables, assumed)),
        Sheet("site_changes", _("Changes from the sites"), COLUMNS, _rows(comparison.site_tables, assumed)),
        _costs(comparison, assumed),
    )


def change_layers(comparison: Comparison, grid: Grid) -> list[GeoLayer]:
    """Give the squares with their changes, a layer per target."""
    squares, assumed = grid_squares(grid), _assumed(comparison)
    return [
        GeoLayer(
            Sheet(f"change_{table.target}", table.target, COLUMNS, tuple(_table(table, assumed))),
            "Polygon",
            squares,
        )
        for table in comparison.tables
    ]


def reach_sheet(changes: Sequence[ReachChange], *, assumed: bool, changed_only: bool = False) -> Sheet:
    """
    List how many destinations lie within each cutoff before and after.

    Parameters
    ----------
    changes
        The changes.
    assumed
        Whether the scenario is.
    changed_only
        Whether squares that reach as many as before are left out, which people need not read.
    """
    columns = ("origin", "target", "cutoff_minutes", "reached_before", "reached_after", "reached_change",
               "assumed")  # fmt: skip
    rows = tuple(
        (
            origin, change.target, cutoff_s // 60 if cutoff_s % 60 == 0 else round(cutoff_s / 60, 1),
            int(change.before[i, k]), int(change.after[i, k]), int(change.change[i, k]),
            "assumed" if assumed else "",
        )
        for change in changes
        for i, origin in enumerate(change.origin_ids)
        for k, cutoff_s in enumerate(change.cutoffs_s)
        if not changed_only or i < change.n_sites or change.change[i, k]
    )  # fmt: skip
    return Sheet("opportunities", _("Destinations within reach, before and after"), columns, rows)


def journeys_sheet(told: Sequence[ToldChange], *, assumed: bool) -> Sheet:
    """List the journeys told: one row per leg."""
    columns = ("why", "origin", "target", "side", "nearest", "minutes", "leg", "text", "assumed")
    rows: list[tuple[Cell, ...]] = []
    for one in told:
        for side, to, duration_s, lines in (
            ("before", one.to_before, one.before_s, one.before),
            ("after", one.to_after, one.after_s, one.after),
        ):
            minutes = None if duration_s is None else minutes_from_seconds(duration_s)
            head = (one.why, one.origin_id, one.target, side, to, minutes)
            rows += [
                (*head, leg, text, "assumed" if assumed else "") for leg, text in enumerate(lines, start=1)
            ]
    return Sheet("journeys", _("Journeys before and after, in words"), columns, tuple(rows))


def _assumed(comparison: Comparison) -> str:
    return "assumed" if comparison.assumed else ""


def _summaries(comparison: Comparison, assumed: str) -> Sheet:
    groups = [change_summary(table, "sites") for table in comparison.site_tables]
    groups += [change_summary(table, "cells") for table in comparison.tables]
    if comparison.people is not None:
        groups += [change_summary(table, "people", comparison.people) for table in comparison.tables]
    columns = ("who", "target", "gain", "lose", "newly", "lost", "same", "never", "mean_change_min",
               "median_change_min", "p90_change_min", "saved_min", "assumed")  # fmt: skip
    rows = tuple((*_summary(one), assumed) for one in groups)
    return Sheet("summary", _("Who gains and who loses"), columns, rows)


def _summary(one: ChangeSummary) -> tuple[Cell, ...]:
    counts = (round(n) for n in (one.gain, one.lose, one.newly, one.lost, one.same, one.never))
    figures = (one.mean_s, one.median_s, one.p90_s)
    minutes = (_minutes(value) for value in figures)
    return (one.who, one.target, *counts, *minutes, round(one.saved_min, 1))


def _rows(tables: tuple[ChangeTable, ...], assumed: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(row for table in tables for row in _table(table, assumed))


def _table(table: ChangeTable, assumed: str) -> Iterator[tuple[Cell, ...]]:
    times = (table.before_s, table.after_s, table.change_s)
    nowhere = ("",) * len(table)
    to = table.to_before or nowhere, table.to_after or nowhere
    for i, (origin, of_class) in enumerate(zip(table.origin_ids, table.classes.tolist(), strict=True)):
        minutes = (_minutes(float(column[i])) for column in times)
        reasons = (REASON_CODES[table.reason_before[i]], REASON_CODES[table.reason_after[i]])
        yield (origin, table.target, *minutes, CLASS_CODES[of_class], to[0][i], to[1][i], *reasons, assumed)


def _minutes(value_s: float) -> float | None:
    """Round a duration or a change half up by its size, as pages do."""
    if np.isnan(value_s):
        return None
    return float(np.copysign(minutes_from_seconds(abs(value_s)), value_s)) + 0.0


def _costs(comparison: Comparison, assumed: str) -> Sheet:
    columns = ("side", "line", "name", "direction", "trips_per_day", "length_km", "run_min", "layover_min",
               "vehicle_km", "vehicle_hours", "vehicles_cycle", "vehicles_blocks", "straight",
               "assumed")  # fmt: skip
    sides = (("before", comparison.costs_before), ("after", comparison.costs_after))
    rows = tuple(
        (
            side, one.route, one.name, one.direction, round(one.n_trips, 1), round(one.length_m / 1000, 2),
            round(one.run_s / 60, 1), round(one.layover_s / 60, 1), round(one.vehicle_km, 1),
            round(one.vehicle_hours, 1), round(one.vehicles_cycle, 2), one.vehicles_blocks,
            "yes" if one.drawn_straight else "", assumed,
        )
        for side, costs in sides
        for one in costs
    )  # fmt: skip
    return Sheet("costs", _("What the lines take to run"), columns, rows)
