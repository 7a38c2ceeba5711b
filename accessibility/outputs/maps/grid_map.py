"""The map of a grid: one lattice, one array per layer, a choice of target, mode, period and date."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.grid import Grid
from accessibility.outputs.embedding import packed
from accessibility.outputs.maps.map_frame import MapFrame, MapPage, dates_text, write_map
from accessibility.outputs.maps.map_layers import place_layers, site_layer, station_layers
from accessibility.outputs.maps.shaded import shaded_data


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
        scripts=("map_lattice.js", "map_shading.js", "map_grid.js"),
        find=_("Find a place, or a square such as g012-003"),
    )
    return write_map(path, frame, page)


def _grid_data(frame: MapFrame, grid: Grid, tables: Sequence[AccessTable]) -> dict[str, Any]:
    lon, lat = grid.corners()
    return {
        "shape": "lattice",
        "n_columns": grid.n_columns,
        "n_rows": grid.n_rows,
        "lon": packed(np.round(lon * 1e5), "<i4"),
        "lat": packed(np.round(lat * 1e5), "<i4"),
        **shaded_data(frame, tables),
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
