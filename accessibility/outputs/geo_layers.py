"""Results with a geometry, ready for GIS files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from accessibility.errors import ModelError
from accessibility.model.access_table import AccessTable
from accessibility.model.grid import Grid
from accessibility.model.isochrone import Isochrone
from accessibility.model.journey import Journey
from accessibility.model.places import Places
from accessibility.model.reasons import reason_code
from accessibility.model.streets import Streets
from accessibility.outputs.sheets import Cell, Sheet, isochrone_sheet, places_sheet
from accessibility.outputs.wording import names_by_id
from accessibility.units import minutes_from_seconds


@dataclass(frozen=True, eq=False)
class GeoLayer:
    """
    A table with one geometry per row.

    Parameters
    ----------
    sheet
        The table.
    kind
        ``Point``, ``LineString``, ``Polygon`` or ``MultiPolygon``.
    geometry
        Geometries (degrees, WGS-84), None where unknown, as many as rows.

    Raises
    ------
    ModelError
        If there is not one geometry per row.
    """

    sheet: Sheet
    kind: str
    geometry: NDArray[np.object_]

    def __post_init__(self) -> None:
        """Check the number of geometries."""
        if len(self.geometry) != len(self.sheet.rows):
            raise ModelError(f"layer {self.sheet.name} needs one geometry per row", code="layer-geometry")


def places_layer(places: Places, *, name: str = "places") -> GeoLayer:
    """Give places as points; those without a position keep their row."""
    points = [
        shapely.Point(x, y) if np.isfinite(x) else None for x, y in zip(places.lon, places.lat, strict=True)
    ]
    return GeoLayer(places_sheet(places, name=name), "Point", _objects(points))


def grid_layer(grid: Grid, tables: Sequence[AccessTable], *, name: str = "grid") -> GeoLayer:
    """
    Give the squares of a grid with one set of columns per table.

    Parameters
    ----------
    grid
        The squares.
    tables
        Measures whose origins are the cells of `grid`.
    name
        Short ASCII name of the layer.

    Returns
    -------
    layer
        One row per square. Columns are headed ``target_mode_period_date_level``: minutes or counts, with
        ``…_nearest`` and ``…_reason`` beside them.
    """
    columns: list[str] = ["cell_id"]
    values: list[list[Cell]] = [list(grid.centres().ids)]
    for table in tables:
        stem = _stem(table)
        for k, label in enumerate(table.columns):
            columns.append(f"{stem}_{label}")
            values.append(
                [_value(v, counted=table.measure != "nearest") for v in table.values[:, k].tolist()]
            )
        if table.nearest_ids:
            columns.append(f"{stem}_nearest")
            values.append([row[len(row) // 2] for row in table.nearest_ids])
        columns.append(f"{stem}_reason")
        known = np.isfinite(table.values)
        values.append([reason_code(int(r), table.columns, known[i]) for i, r in enumerate(table.reason)])
    sheet = Sheet(name, name, tuple(columns), tuple(zip(*values, strict=True)))
    return GeoLayer(sheet, "Polygon", grid_squares(grid))


def grid_squares(grid: Grid) -> NDArray[np.object_]:
    """Give the squares of a grid as polygons (degrees, WGS-84), row by row from the south-west."""
    lon, lat = grid.corners()
    rings = np.stack(
        [
            np.stack([axis[:-1, :-1], axis[:-1, 1:], axis[1:, 1:], axis[1:, :-1]], axis=-1)
            for axis in (lon, lat)
        ],
        axis=-1,
    ).reshape(len(grid), 4, 2)
    return _objects(shapely.polygons(rings))


def isochrone_layer(
    isochrones: Sequence[Isochrone], origins: Places, *, name: str = "isochrones"
) -> GeoLayer:
    """Give isochrones as areas, the widest first so that the inner ones lie on top."""
    ordered = sorted(isochrones, key=lambda one: -one.cutoff_s)
    areas = [_multipolygon(one.area) for one in ordered]
    return GeoLayer(isochrone_sheet(ordered, origins, name=name), "MultiPolygon", _objects(areas))


def journey_layer(journeys: Sequence[Journey], places: Places, *, name: str = "journeys") -> GeoLayer:
    """Give journeys as lines with their times."""
    columns = (
        *("origin_id", "origin_name", "destination_id", "destination_name", "mode", "period", "level"),
        *("minutes", "distance_km", "access_parking_minutes"),
    )
    names = names_by_id(places)
    rows = tuple(
        (
            *(one.origin_id, names.get(one.origin_id, one.origin_id)),
            *(
                one.destination_id,
                names.get(one.destination_id, one.destination_id),
                one.mode,
                one.period,
                one.level,
            ),
            *(minutes_from_seconds(one.duration_s), round(one.distance_m / 1000, 2)),
            minutes_from_seconds(one.terminal_s),
        )
        for one in journeys
    )
    lines = [
        shapely.LineString(np.column_stack([one.lon, one.lat])) if len(one.lon) > 1 else None
        for one in journeys
    ]
    return GeoLayer(Sheet(name, name, columns, rows), "LineString", _objects(lines))


def streets_layer(streets: Streets, *, name: str = "streets") -> GeoLayer:
    """Give the street segments as lines."""
    to_degrees = Transformer.from_crs(streets.crs, "EPSG:4326", always_xy=True)
    lon, lat = to_degrees.transform(streets.shape_x_m, streets.shape_y_m)
    counts = np.diff(streets.shape_offset)
    lines = shapely.linestrings(
        np.column_stack([lon, lat]), indices=np.repeat(np.arange(streets.n_segments), counts)
    )
    every = range(streets.n_segments)
    rows = tuple(
        (int(way), name_, class_, round(float(length), 1), int(forward), int(backward))
        for way, name_, class_, length, forward, backward in zip(
            streets.way_ids,
            streets.segment_names(every),
            streets.segment_classes(every),
            streets.length_m,
            streets.forward,
            streets.backward,
            strict=True,
        )
    )
    columns = ("osm_way", "name", "highway", "length_m", "modes_forward", "modes_backward")
    return GeoLayer(Sheet(name, name, columns, rows), "LineString", _objects(lines))


def _stem(table: AccessTable) -> str:
    counted = "" if table.measure == "nearest" else table.measure
    parts = (counted, table.target, table.mode, table.period, table.as_of.replace("-", ""))
    return "_".join(part for part in parts if part)


def _value(value: float, *, counted: bool) -> Cell:
    if not np.isfinite(value):
        return None
    return float(value) if counted else minutes_from_seconds(value)


def _multipolygon(area: Any) -> Any:
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and not part.is_empty]
    return shapely.MultiPolygon(polygons)


def _objects(items: Any) -> NDArray[np.object_]:
    column = np.empty(len(items), dtype=object)
    column[:] = list(items)
    return column
