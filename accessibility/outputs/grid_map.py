"""The map of a grid: one lattice, one array per layer, a choice of target, mode, period and date."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.grid import Grid
from accessibility.model.modes import mode_text
from accessibility.model.reasons import REASON_CODES
from accessibility.outputs.embedding import ArrayPool, packed
from accessibility.outputs.map_frame import MapFrame, MapPage, dates_text, write_map
from accessibility.outputs.map_layers import place_layers, site_layer, station_layers
from accessibility.outputs.wording import by_language, level_text, names_by_id, reason_text

MINUTE_LIMITS = (5, 10, 15, 20, 30, 45, 60)
MINUTE_COLOURS = ("#ffffd9", "#e4f4b8", "#c0e4b6", "#7fcdbb", "#41b0c4", "#1d87bd", "#2256a0", "#0c2466")
"""Sequential yellow-green-blue (after ColorBrewer YlGnBu): darker is longer, safe for the colour-blind."""

COUNT_LIMITS = (0, 1, 2, 5, 10, 20, 50)
COUNT_COLOURS = ("#fff7ec", "#fee3c0", "#fdcc8e", "#fca866", "#f07c4a", "#d84a2c", "#ae1709", "#6d0000")
"""Sequential orange-red (after ColorBrewer OrRd): darker is more."""

MAX_DETAILED_VALUES = 250_000
"""Cells times tables above which only the middle column keeps the nearest place and its distance."""

BEYOND = REASON_CODES.index("beyond-limits")


def grid_map(path: str | Path, frame: MapFrame, grid: Grid, tables: Sequence[AccessTable]) -> Path:
    """
    Map what every cell of a grid can reach.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps of the study share; its places name the nearest ones.
    grid
        The squares.
    tables
        Measures whose origins are the cells of `grid`, row by row from the south-west; the first is shown
        first.

    Returns
    -------
    path
        The file.

    Raises
    ------
    ModelError
        If there is no table, or one does not have a row per cell.
    """
    if not tables or any(len(table.origin_ids) != len(grid) for table in tables):
        raise ModelError("a map of a grid needs tables with one row per cell", code="grid-map-rows")
    counted = all(table.measure != "nearest" for table in tables)
    page = MapPage(
        title=_("Destinations within reach") if counted else _("Travel time to the nearest"),
        subtitle=f"{frame.name} · {dates_text(frame.study)}",
        lead=_("What each square of {side} m can reach. Choose:", side=f"{grid.cell_m:.0f}"),
        layers=[*site_layer(frame), *station_layers(frame), *place_layers(frame, on=())],
        notes=[
            _("Darker means longer (or more). Hatched squares have no answer; the legend says why."),
            _("Point at a square for its value; click it for the range, the nearest place and the distance."),
            _("With the keyboard: Tab to the map, arrow keys to move, Enter for the square in the middle."),
            _("A value is the travel time from the middle of the square over the streets, not a promise."),
        ],
        data={
            "view": "grid",
            "streets_over": True,
            "legend": True,
            "grid": _grid_data(frame, grid, tables),
            "words": _words(),
        },
        selects={
            "what": _("Measure"),
            "mode": _("Mode"),
            "period": _("Period"),
            "date": _("Date"),
            "column": _("Value"),
        },
        scripts=("map_lattice.js", "map_grid.js"),
        find=_("Find a place, or a square such as g012-003"),
    )
    return write_map(path, frame, page)


def _grid_data(frame: MapFrame, grid: Grid, tables: Sequence[AccessTable]) -> dict[str, Any]:
    lon, lat = grid.corners()
    pool = _TypedPool()
    detailed = len(grid) * len(tables) <= MAX_DETAILED_VALUES
    destinations = tuple(dict.fromkeys(i for t in tables for row in t.nearest_ids for i in row if i))
    numbers = {place: number for number, place in enumerate(destinations)} | {"": -1}
    names = names_by_id(frame.places)
    return {
        "n_columns": grid.n_columns,
        "n_rows": grid.n_rows,
        "lon": packed(np.round(lon * 1e5), "<i4"),
        "lat": packed(np.round(lat * 1e5), "<i4"),
        "tables": [_table_data(table, pool, numbers, detailed=detailed) for table in tables],
        "arrays": pool.typed,
        "destinations": [names.get(i, i) for i in destinations],
        "reasons": _reasons(),
        "names": _names(frame, tables),
        "first": {"what": _what(tables[0]), "mode": tables[0].mode},
        "units": _units(),
    }


def _reasons() -> list[dict[str, Any]]:
    """Say why a square has no value; a row that is reached at another level has no reason of its own."""
    partly = {"text": _("not reached at this end of the range, see the other values"), "cross": False}
    others = [{"text": reason_text(r), "cross": r != BEYOND} for r in range(1, len(REASON_CODES))]
    return [partly, *others]


def _table_data(
    table: AccessTable, pool: "_TypedPool", numbers: dict[str, int], *, detailed: bool
) -> dict[str, Any]:
    counted = table.measure != "nearest"
    middle = len(table.columns) // 2
    columns = []
    for k, label in enumerate(table.columns):
        values = table.values[:, k]
        whole = np.round(values) if counted else np.floor((values * 10 + 30) / 60)
        column: dict[str, Any] = {"label": label, "values": pool.keep(_or_none(whole))}
        if detailed or k == middle:
            if table.nearest_ids:
                column["nearest"] = pool.keep(
                    np.array([numbers[row[k]] for row in table.nearest_ids], dtype=np.int64)
                )
            if table.distance_m is not None:
                column["distance"] = pool.keep(_or_none(np.round(table.distance_m[:, k] / 10)))
        columns.append(column)
    return {
        "what": _what(table),
        "mode": table.mode,
        "period": table.period,
        "date": table.as_of,
        "unit": "count" if counted else "min",
        "columns": columns,
        "reason": pool.keep(table.reason.astype(np.int64)),
    }


class _TypedPool(ArrayPool):
    """Arrays with the type in which they were packed."""

    def __init__(self) -> None:
        super().__init__()
        self.typed: list[list[str]] = []

    def keep(self, values: NDArray[np.int64]) -> int:
        """Keep whole numbers in the smallest type that holds them."""
        small = not len(values) or (values.min() >= -32768 and values.max() <= 32767)
        number = self.add(values, "<i2" if small else "<i4")
        if number == len(self.typed):
            self.typed.append(["i2" if small else "i4", self.arrays[number]])
        return number


def _or_none(values: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.where(np.isfinite(values), values, -1).astype(np.int64)


def _what(table: AccessTable) -> str:
    return f"{table.measure}:{table.target}"


def _names(frame: MapFrame, tables: Sequence[AccessTable]) -> dict[str, dict[str, str]]:
    targets = {target.id: by_language(target.name, target.name_en) for target in frame.study.targets}
    what = {}
    for table in tables:
        target = targets.get(table.target, table.target)
        counted = table.measure != "nearest"
        what[_what(table)] = (
            _("number within reach: {target}", target=target)
            if counted
            else _("nearest: {target}", target=target)
        )
    labels = dict.fromkeys(label for table in tables for label in table.columns)
    return {
        "what": what,
        "mode": {table.mode: mode_text(table.mode) for table in tables},
        "period": {table.period: frame.period(table.period) or _("any time") for table in tables},
        "date": {table.as_of: table.as_of or _("all dates of the study") for table in tables},
        "column": {label: _column_name(label) for label in labels},
    }


def _column_name(label: str) -> str:
    return _("within {minutes} min", minutes=label) if label.isdigit() else level_text(label)


def minute_classes() -> dict[str, Any]:
    """Say how minutes are coloured: limits (tenths of a minute), what to call the classes, colours."""
    pairs = zip(MINUTE_LIMITS, MINUTE_LIMITS[1:], strict=False)
    middle = [_("over {low} to {high} min", low=low, high=high) for low, high in pairs]
    first, last = (
        _("up to {limit} min", limit=MINUTE_LIMITS[0]),
        _("over {limit} min", limit=MINUTE_LIMITS[-1]),
    )
    return {
        "title": _("minutes"),
        "unit": _("min"),
        "tenths": True,
        "limits": [limit * 10 for limit in MINUTE_LIMITS],
        "labels": [first, *middle, last],
        "colours": list(MINUTE_COLOURS),
    }


def _units() -> dict[str, dict[str, Any]]:
    pairs = zip(COUNT_LIMITS, COUNT_LIMITS[1:], strict=False)
    middle = [f"{high}" if high == low + 1 else f"{low + 1}–{high}" for low, high in pairs]
    counts = [str(COUNT_LIMITS[0]), *middle, _("more than {limit}", limit=COUNT_LIMITS[-1])]
    return {
        "min": minute_classes(),
        "count": {
            "title": _("number of places"),
            "unit": _("places"),
            "tenths": False,
            "limits": list(COUNT_LIMITS),
            "labels": counts,
            "colours": list(COUNT_COLOURS),
        },
    }


def _words() -> dict[str, str]:
    return {
        "share": _("{count} squares, {percent} %"),
        "cell": _("square {id}"),
        "how": _(
            "From the middle of the square; the way counts from door to street to door. A car's access and "
            "parking are not included; the results page shows them apart."
        ),
        "level": _("range"),
        "nearest": _("nearest"),
        "answer": _("answer"),
    }
