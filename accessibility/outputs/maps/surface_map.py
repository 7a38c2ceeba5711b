"""The map of a surface: the time to the nearest facility from every cell, one file that opens offline."""

from pathlib import Path
from typing import Any

import numpy as np

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.cells import HEXAGONS, POINTS, Cells
from accessibility.model.modes import mode_text
from accessibility.model.transit_query import TransitQuery, definition_text
from accessibility.model.travel_query import TravelQuery
from accessibility.outputs.embedding import packed
from accessibility.outputs.maps.map_frame import MapFrame, MapPage, write_map
from accessibility.outputs.maps.map_layers import facility_layer
from accessibility.outputs.maps.shaded import shaded_data
from accessibility.outputs.wording import period_text
from accessibility.units import clock_from_seconds

_SPOT_PX = 5
"""Radius of a point on the screen."""


def surface_map(
    path: str | Path,
    frame: MapFrame,
    cells: Cells,
    table: AccessTable,
    query: TravelQuery | TransitQuery,
    *,
    rank: int = 1,
) -> Path:
    """
    Map the time to the nearest (or n-th nearest) destination.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps share; its places are the destinations.
    cells
        Squares, hexagons or points.
    table
        A table of the measure ``nearest`` whose origins are the cells.
    query
        What was asked.
    rank
        1 for the nearest.

    Returns
    -------
    path
        The file.
    """
    asked = {"cell": _cell_name(cells), "n": len(frame.places), "rank": rank}
    title = _("Travel time to the nearest")
    lead = _("From every {cell} to the nearest of {n} facilities.", **asked)
    if rank > 1:
        title = _("Travel time to number {rank} in nearness", rank=rank)
        lead = _("From every {cell} to the facility number {rank} in nearness, of {n}.", **asked)
    several = len(table.columns) > 1
    page = MapPage(
        title=title,
        subtitle=" · ".join(part for part in _how(query) if part),
        lead=lead,
        layers=facility_layer(frame.places),
        notes=[
            _("Darker means longer. What is hatched has no answer; the legend says why."),
            _("Point at a cell for its value; click it for the nearest place and the distance."),
            _("With the keyboard: Tab to the map, arrow keys to move, Enter for the cell in the middle."),
            *_limits(query),
        ],
        data={
            "view": "grid",
            "streets_over": True,
            "legend": True,
            "grid": _data(frame, cells, table, rank),
            "words": _words(cells),
        },
        selects={"column": _("Value")} if several else {},
        scripts=("map_cells.js", "map_shading.js", "map_grid.js"),
        find=_("Find a facility, or a cell such as {id}", id=cells.points.ids[0]),
    )
    return write_map(path, frame, page)


def _how(query: TravelQuery | TransitQuery) -> tuple[str, ...]:
    """Say how and when people travel."""
    if isinstance(query, TravelQuery):
        return mode_text(query.mode), period_text(query.period, {})
    last_s = query.start_s + 60 * (query.n_minutes - 1)
    span = f"{clock_from_seconds(query.start_s)}–{clock_from_seconds(last_s)}"
    return mode_text(query.mode), query.as_of, span


def _limits(query: TravelQuery | TransitQuery) -> list[str]:
    """Say what the times count and how far people are followed."""
    longest = _("Nobody is followed for longer than {n} minutes.", n=f"{query.max_duration_s / 60:g}")
    if isinstance(query, TravelQuery):
        return [longest]
    counted = _("Travel times count {how}.", how=definition_text(query.definition))
    percentile = _("p50 is the time that half of the minutes of the window do not exceed, and so on.")
    return [counted, percentile, longest]


def _data(frame: MapFrame, cells: Cells, table: AccessTable, rank: int) -> dict[str, Any]:
    if cells.kind == POINTS:
        located = cells.points.located
        lon, lat, counts = cells.points.lon[located], cells.points.lat[located], located.astype(np.int64)
    else:
        lon, lat, counts = cells.ring_lon, cells.ring_lat, np.diff(cells.ring_offset)
    shaded = shaded_data(frame, [table])
    if rank > 1:
        named = _("number {rank} in nearness: {target}", rank=rank, target=table.target)
        shaded["names"]["what"] = dict.fromkeys(shaded["names"]["what"], named)
    shaded["names"] |= {"period": {table.period: period_text(table.period, {})}, "date": {"": ""}}
    return {
        "shape": "cells",
        "spot_px": _SPOT_PX if cells.kind == POINTS else 0,
        "ids": list(cells.points.ids),
        "counts": packed(counts, "|u1"),
        "lon": packed(np.round(lon * 1e5), "<i4"),
        "lat": packed(np.round(lat * 1e5), "<i4"),
        **shaded,
    }


def _cell_name(cells: Cells) -> str:
    if cells.kind == POINTS:
        return _("point")
    if cells.kind == HEXAGONS:
        return _("hexagon (H3 resolution {resolution})", resolution=f"{cells.size:.0f}")
    return _("square of {side} m ({crs})", side=f"{cells.size:g}", crs=cells.crs)


def _words(cells: Cells) -> dict[str, str]:
    names = {POINTS: _("point {id}"), HEXAGONS: _("hexagon {id}")}
    return {
        "share": _("{count} cells, {percent} %"),
        "cell": names.get(cells.kind, _("square {id}")),
        "how": _("From the middle of the cell, door to door. A value is a computed time, not a promise."),
        "level": _("range"),
        "nearest": _("nearest"),
        "answer": _("answer"),
    }
