"""Surfaces and catchments as tables with geometry."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.catchments import MICRO, Catchments
from accessibility.model.cells import POINTS, Cells
from accessibility.model.places import Places
from accessibility.model.reasons import REASON_CODES
from accessibility.model.travel_query import middle_level
from accessibility.outputs.geo_layers import GeoLayer
from accessibility.outputs.plain import minute_columns, row_reason_code
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.wording import names_by_id
from accessibility.units import minutes_from_seconds

_GRID_DEG = 1e-9
"""Corners nearer than this (degrees) are one: neighbouring hexagons state them each by itself."""


def surface_layer(cells: Cells, table: AccessTable, places: Places, *, name: str = "surface") -> GeoLayer:
    """
    Give the cells with the time to the nearest destination.

    Parameters
    ----------
    cells
        Squares, hexagons or points.
    table
        A table of the measure ``nearest`` whose origins are the cells.
    places
        Name the nearest ones.
    name
        Short ASCII name of the layer.

    Returns
    -------
    layer
        One row per cell: minutes per level, nearest and km of the middle one, reason.
    """
    middle, names = middle_level(table.columns), names_by_id(places)
    assert table.distance_m is not None
    rows: list[tuple[Cell, ...]] = []
    for i, cell_id in enumerate(table.origin_ids):
        minutes = [None if np.isnan(v) else minutes_from_seconds(v) for v in table.values[i].tolist()]
        near, length_m = table.nearest_ids[i][middle], float(table.distance_m[i, middle])
        kilometres = None if np.isnan(length_m) else round(length_m / 1000, 3)
        reason = row_reason_code(table, i)
        rows.append((cell_id, *minutes, near or None, names.get(near), kilometres, reason or None))
    columns = ("cell_id", *minute_columns(table.columns), "nearest_id", "nearest_name", "km", "reason")
    kind = "Point" if cells.kind == POINTS else "Polygon"
    return GeoLayer(Sheet(name, _("Surface"), columns, tuple(rows)), kind, cells.polygons())


def catchment_sheet(
    found: Catchments, destinations: Places, reason: NDArray[np.int8], *, name: str = "catchments"
) -> Sheet:
    """
    List the destinations with who reaches them.

    Parameters
    ----------
    found
        The counts.
    destinations
        Places of its rows.
    reason
        Why nobody can reach a destination (`accessibility.model.reasons`), int8, by row.
    name
        Short ASCII name of the table.

    Returns
    -------
    sheet
        Per limit and level the origins, and the people where they are known; then those whose nearest it is.
    """
    names = names_by_id(destinations)
    suffixes = [""] if found.levels == ("mid",) else [f"_{level}" for level in found.levels]
    counted = [("origins", found.n_within, found.n_nearest, 1)]
    if found.knows_people:
        counted.append(("people", found.people_within, found.people_nearest, MICRO))
    columns = ["destination_id", "destination_name"]
    cells: list[list[Cell]] = [[i, names.get(i, i)] for i in found.destination_ids]
    for what, within, _nearest, unit in counted:
        for c, cutoff_s in enumerate(found.cutoffs_s):
            for k, suffix in enumerate(suffixes):
                columns.append(f"{what}_{cutoff_s / 60:g}{suffix}")
                _add(cells, within[:, c, k], unit)
    for what, _within, nearest, unit in counted:
        columns.append(f"nearest_{what}")
        _add(cells, nearest, unit)
    columns.append("reason")
    for row, why in zip(cells, reason.tolist(), strict=True):
        row.append(REASON_CODES[why] or None)
    return Sheet(name, _("Catchments"), tuple(columns), tuple(map(tuple, cells)))


def _add(cells: list[list[Cell]], values: NDArray[np.int64], unit: int) -> None:
    for row, value in zip(cells, values.tolist(), strict=True):
        row.append(value // unit if value % unit == 0 else value / unit)


def catchment_points(sheet: Sheet, destinations: Places) -> GeoLayer:
    """Give the destinations of a `catchment_sheet` as points."""
    points = np.array(shapely.points(destinations.lon, destinations.lat), dtype=object)
    points[~destinations.located] = None
    return GeoLayer(sheet, "Point", points)


def catchment_areas(found: Catchments, cells: Cells, places: Places, *, name: str = "areas") -> GeoLayer:
    """
    Give the cells from which a destination is reached as areas, the widest first.

    Parameters
    ----------
    found
        Catchments that tell their members apart, whose origins are the cells.
    cells
        Squares or hexagons.
    places
        Places of its rows.
    name
        Short ASCII name of the layer.

    Returns
    -------
    layer
        One row per destination and limit that any cell reaches.
    """
    names, polygons = names_by_id(places), cells.polygons()
    columns = ("destination_id", "destination_name", "cutoff_minutes", "cells")
    rows: list[tuple[Cell, ...]] = []
    areas: list[shapely.Geometry] = []
    for c in _widest_first(found.cutoffs_s):
        for j, place in enumerate(found.destination_ids):
            within = found.members[:, j, c]
            if not within.any():
                continue
            union = shapely.union_all(polygons[within], grid_size=_GRID_DEG)
            areas.append(shapely.MultiPolygon(list(shapely.get_parts(union))))
            rows.append((place, names.get(place, place), found.cutoffs_s[c] / 60, int(within.sum())))
    column = np.empty(len(areas), dtype=object)
    column[:] = areas
    return GeoLayer(Sheet(name, _("Catchments"), columns, tuple(rows)), "MultiPolygon", column)


def _widest_first(cutoffs_s: Sequence[int]) -> list[int]:
    return sorted(range(len(cutoffs_s)), key=lambda c: -cutoffs_s[c])
