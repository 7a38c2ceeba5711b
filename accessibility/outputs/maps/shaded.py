"""What the maps of cells share: values per table and column, classes of colour, reasons, names."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.modes import mode_text
from accessibility.model.reasons import REASON_CODES
from accessibility.outputs.embedding import ArrayPool
from accessibility.outputs.maps.map_frame import MapFrame
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


def shaded_data(frame: MapFrame, tables: Sequence[AccessTable]) -> dict[str, Any]:
    """
    Give what a page needs to colour cells, apart from where they lie.

    Parameters
    ----------
    frame
        What all maps share; its places name the nearest ones.
    tables
        Measures with one row per cell; the first is shown first.

    Returns
    -------
    data
        Arrays, each kept once, and the words around them.
    """
    pool = _TypedPool()
    detailed = sum(len(table.origin_ids) for table in tables) <= MAX_DETAILED_VALUES
    destinations = tuple(dict.fromkeys(i for t in tables for row in t.nearest_ids for i in row if i))
    numbers = {place: number for number, place in enumerate(destinations)} | {"": -1}
    names = names_by_id(frame.places)
    return {
        "tables": [_table_data(table, pool, numbers, detailed=detailed) for table in tables],
        "arrays": pool.typed,
        "destinations": [names.get(i, i) for i in destinations],
        "reasons": _reasons(),
        "names": _names(frame, tables),
        "first": {"what": _what(tables[0]), "mode": tables[0].mode, "column": _first(tables[0].columns)},
        "units": _units(),
    }


def _first(labels: Sequence[str]) -> str:
    """Choose the column that is shown first: the middle one, where there is such."""
    return next((label for label in ("mid", "p50") if label in labels), labels[0])


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
