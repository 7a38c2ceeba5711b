"""A comparison on maps: the difference, and before and after side by side."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.comparison import MOVED, ChangeTable, Comparison
from accessibility.model.grid import Grid
from accessibility.model.reasons import REASON_CODES
from accessibility.outputs.comparison.classes import SHOWN, class_labels, shown_classes
from accessibility.outputs.comparison.words import asked_text, assumed_text
from accessibility.outputs.embedding import packed
from accessibility.outputs.maps.map_frame import MapFrame, MapPage, write_map
from accessibility.outputs.maps.map_layers import place_layers, site_layer, station_layers
from accessibility.outputs.maps.shaded import BEYOND, minute_classes
from accessibility.outputs.wording import by_language, names_by_id, reason_text

MARGIN = 2
"""Squares around those that change, on the first view of the map of before and after."""


def difference_map(
    path: str | Path,
    frame: MapFrame,
    grid: Grid,
    comparison: Comparison,
    lines: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """
    Map what a scenario changes: purple and − where it is quicker, orange and + where it is slower.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps of the study share; its places name the nearest ones.
    grid
        The squares, in the order of the comparison's rows.
    comparison
        The comparison.
    lines
        Layers of the changed lines, drawn over the squares.

    Returns
    -------
    path
        The file.
    """
    notes = [
        _("Purple with − is quicker, orange with + is slower; a change of up to a minute counts as none."),
        _("Hatched squares are not reached, before or after; ● is newly reached, ○ no longer."),
        _("Point at a square for its times; click it for the nearest place before and after."),
    ]
    page = _page(frame, grid, comparison, lines, "change", notes)
    return write_map(path, frame, page)


def before_after_map(
    path: str | Path,
    frame: MapFrame,
    grid: Grid,
    comparison: Comparison,
    lines: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Map the times before and after side by side, in one colour scale; both maps move together."""
    notes = [
        _("Left: as it is. Right: with the scenario. Both maps move together and have one colour scale."),
        _("Darker means longer. Hatched squares are not reached within the limit."),
        _("Point at a square for both times; click it for the nearest place before and after."),
    ]
    page = _page(frame, grid, comparison, lines, "pair", notes)
    return write_map(path, frame, page)


def _page(
    frame: MapFrame,
    grid: Grid,
    comparison: Comparison,
    lines: Sequence[Mapping[str, Any]],
    view: str,
    notes: Sequence[str],
) -> MapPage:
    pair = view == "pair"
    title = _("Before and after: {scenario}", scenario=comparison.scenario) if pair else _(
        "Change in travel time: {scenario}", scenario=comparison.scenario)  # fmt: skip
    assumed = [assumed_text()] if comparison.assumed else []
    return MapPage(
        title=title,
        subtitle=f"{frame.name} · {asked_text(comparison, frame.period_names())}",
        lead=" ".join([*assumed, _("Time to the nearest, from the middle of each square. Choose:")]),
        layers=[*lines, *site_layer(frame), *station_layers(frame), *place_layers(frame, on=())],
        notes=notes,
        data={
            "view": view,
            "streets_over": True,
            "legend": True,
            "grid": _grid_data(frame, grid, comparison),
            "scale": minute_classes(),
            "words": _words(),
        },
        selects={"what": _("Target")},
        bounds=_changed_box(grid, comparison) if pair else None,
        scripts=("map_lattice.js", "map_shading.js", "map_change.js"),
        find=_("Find a place, or a square such as g012-003"),
    )


def _changed_box(grid: Grid, comparison: Comparison) -> tuple[float, float, float, float] | None:
    """Give the box (degrees) around all squares that change, with a margin; none where nothing does."""
    moved = np.zeros(len(grid), bool)
    for table in comparison.tables:
        moved |= np.isin(table.classes, MOVED)
    if not moved.any():
        return None
    rows, columns = np.divmod(np.flatnonzero(moved), grid.n_columns)
    some = (
        slice(max(0, rows.min() - MARGIN), rows.max() + MARGIN + 2),
        slice(max(0, columns.min() - MARGIN), columns.max() + MARGIN + 2),
    )
    lon, lat = (axis[some] for axis in grid.corners())
    west, south, east, north = (float(v) for v in (lon.min(), lat.min(), lon.max(), lat.max()))
    return west, south, east, north


def _grid_data(frame: MapFrame, grid: Grid, comparison: Comparison) -> dict[str, Any]:
    lon, lat = grid.corners()
    targets = {target.id: by_language(target.name, target.name_en) for target in frame.study.targets}
    places = tuple(
        dict.fromkeys(i for table in comparison.tables for i in (*table.to_before, *table.to_after) if i)
    )
    names, numbers = names_by_id(frame.places), {place: n for n, place in enumerate(places)}
    labels = class_labels()
    return {
        "n_columns": grid.n_columns,
        "n_rows": grid.n_rows,
        "lon": packed(np.round(lon * 1e5), "<i4"),
        "lat": packed(np.round(lat * 1e5), "<i4"),
        "targets": [
            {"name": targets.get(table.target, table.target), **_target_data(table, numbers)}
            for table in _most_changed_first(comparison)
        ],
        "places": [names.get(i, i) for i in places],
        "classes": [
            {"label": label, "colour": one.colour, "sign": one.sign, "ink": one.ink}
            for one, label in zip(SHOWN, labels, strict=True)
        ],
        "reasons": [
            {"text": reason_text(r), "cross": r not in (0, BEYOND)} for r in range(len(REASON_CODES))
        ],
    }


def _most_changed_first(comparison: Comparison) -> list[ChangeTable]:
    """Order the targets so that the map opens where most changes."""
    moved = {table.target: int(np.isin(table.classes, MOVED).sum()) for table in comparison.tables}
    return sorted(comparison.tables, key=lambda table: -moved[table.target])


def _target_data(table: ChangeTable, numbers: Mapping[str, int]) -> dict[str, str]:
    def tenths(times_s: NDArray[np.float64]) -> str:
        rounded = np.floor((np.nan_to_num(times_s) * 10 + 30) / 60)
        return packed(np.where(np.isfinite(times_s), rounded, -1), "<i2")

    def to(ids: Sequence[str]) -> str:
        return packed(np.array([numbers.get(i, -1) for i in ids]), "<i2")

    return {
        "before": tenths(table.before_s),
        "after": tenths(table.after_s),
        "change_s": packed(np.nan_to_num(table.change_s), "<i2"),
        "shown": packed(shown_classes(table), "|u1"),
        "why_before": packed(table.reason_before, "|u1"),
        "why_after": packed(table.reason_after, "|u1"),
        "to_before": to(table.to_before),
        "to_after": to(table.to_after),
    }


def _words() -> dict[str, str]:
    return {
        "share": _("{count} squares, {percent} %"),
        "cell": _("square {id}"),
        "minutes": _("min"),
        "before": _("before"),
        "after": _("after"),
        "change": _("change"),
        "nearest": _("nearest"),
        "when": _("when"),
        "time": _("time"),
        "legend": _("change in minutes"),
        "scale": _("minutes to the nearest"),
        "left": _("As it is"),
        "right": _("With the scenario"),
        "how": _("From the middle of the square, by public transport and on foot; at the percentile named."),
    }
