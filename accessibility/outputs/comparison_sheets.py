"""A comparison as plain tables: one row per square or site and target, one per line and direction."""

from collections.abc import Iterator

import numpy as np

from accessibility.messages import _
from accessibility.model.comparison import CLASS_CODES, ChangeTable, Comparison
from accessibility.model.reasons import REASON_CODES
from accessibility.outputs.sheets import Cell, Sheet


def comparison_sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """
    Lay out a comparison.

    Returns
    -------
    sheets
        Changes from the squares, from the sites, and costs. Every row says ``assumed`` where the scenario is.
    """
    columns = ("origin", "target", "before_min", "after_min", "change_min", "class",
               "reason_before", "reason_after", "assumed")  # fmt: skip
    assumed = "assumed" if comparison.assumed else ""
    return (
        Sheet("changes", _("Changes from the squares"), columns, _rows(comparison.tables, assumed)),
        Sheet("site_changes", _("Changes from the sites"), columns, _rows(comparison.site_tables, assumed)),
        _costs(comparison, assumed),
    )


def _rows(tables: tuple[ChangeTable, ...], assumed: str) -> tuple[tuple[Cell, ...], ...]:
    return tuple(row for table in tables for row in _table(table, assumed))


def _table(table: ChangeTable, assumed: str) -> Iterator[tuple[Cell, ...]]:
    times = (table.before_s, table.after_s, table.change_s)
    for i, (origin, of_class) in enumerate(zip(table.origin_ids, table.classes.tolist(), strict=True)):
        minutes = (None if np.isnan(column[i]) else round(float(column[i]) / 60, 1) for column in times)
        reasons = (REASON_CODES[table.reason_before[i]], REASON_CODES[table.reason_after[i]])
        yield (origin, table.target, *minutes, CLASS_CODES[of_class], *reasons, assumed)


def _costs(comparison: Comparison, assumed: str) -> Sheet:
    columns = ("side", "line", "name", "direction", "trips", "length_km", "run_min", "layover_min",
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
