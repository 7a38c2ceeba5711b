"""The noun ``Cells``: what a surface is made of, each with a point people start from."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.grid import Grid
from accessibility.model.places import Places

SQUARES, HEXAGONS, POINTS = "squares", "hexagons", "points"


@dataclass(frozen=True, eq=False)
class Cells(Rebuilt):
    """
    Squares, H3 hexagons, or bare points.

    Parameters
    ----------
    kind
        `SQUARES`, `HEXAGONS` or `POINTS`.
    size
        Side of a square (m), resolution of H3, 0 for points.
    points
        Where people start: the middle of every cell.
    ring_offset, ring_lon, ring_lat
        Corners of every cell (degrees, WGS-84), once around, CSR; no corner where they are points.
    crs
        Projected coordinate system of the squares, else ``""``.

    Raises
    ------
    ModelError
        If there is no such kind, or the corners do not fit the points.
    """

    kind: str
    size: float
    points: Places
    ring_offset: NDArray[np.int64]
    ring_lon: NDArray[np.float64]
    ring_lat: NDArray[np.float64]
    crs: str = ""

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        offset = freeze(self.ring_offset, np.int64, name="ring_offset", shape=(len(self.points) + 1,))
        object.__setattr__(self, "ring_offset", offset)
        for name in ("ring_lon", "ring_lat"):
            column = freeze(getattr(self, name), np.float64, name=name, shape=(int(offset[-1]),))
            object.__setattr__(self, name, column)
        corners = np.diff(offset)
        enough = np.all(corners >= 3) if self.kind in (SQUARES, HEXAGONS) else not corners.any()
        if self.kind not in (SQUARES, HEXAGONS, POINTS) or not enough:
            raise ModelError("cells are squares, hexagons or points, with their corners", code="cells-shape")

    def __len__(self) -> int:
        """Count the cells."""
        return len(self.points)

    def polygons(self) -> NDArray[np.object_]:
        """Give the cells as polygons (degrees), for points as points, None where a position is unknown."""
        if self.kind == POINTS:
            made: NDArray[np.object_] = shapely.points(self.points.lon, self.points.lat)
            made[~self.points.located] = None
            return made
        corners = np.column_stack([self.ring_lon, self.ring_lat])
        owner = np.repeat(np.arange(len(self)), np.diff(self.ring_offset))
        polygons: NDArray[np.object_] = shapely.polygons(shapely.linearrings(corners, indices=owner))
        return polygons


def bare_points(points: Places) -> Cells:
    """Take points as they are."""
    nothing = np.empty(0)
    return Cells(POINTS, 0.0, points, np.zeros(len(points) + 1, np.int64), nothing, nothing)


def square_cells(grid: Grid, area: shapely.Geometry) -> Cells:
    """
    Take the squares of a grid whose middle lies in an area.

    Parameters
    ----------
    grid
        The squares.
    area
        Polygon (degrees, WGS-84).

    Returns
    -------
    cells
        Row by row from the south-west; none where no middle lies in the area.
    """
    centres = grid.centres()
    kept = np.flatnonzero(shapely.contains_xy(area, centres.lon, centres.lat))
    lon, lat = grid.corners()
    row, column = kept // grid.n_columns, kept % grid.n_columns
    corners = ((row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column))
    ring_lon, ring_lat = (
        np.stack([axis[corner] for corner in corners], axis=1).ravel() for axis in (lon, lat)
    )
    offset = 4 * np.arange(len(kept) + 1)
    return Cells(SQUARES, grid.cell_m, centres.take(kept), offset, ring_lon, ring_lat, grid.crs)


def hexagon_cells(area: shapely.Geometry, resolution: int) -> Cells:
    """
    Take the H3 cells whose middle lies in an area.

    Parameters
    ----------
    area
        Polygon or polygons (degrees, WGS-84).
    resolution
        Of H3, 0 to 15.

    Returns
    -------
    cells
        In the order of their identifiers; none where no middle lies in the area.

    Notes
    -----
    H3 (Uber, Apache-2.0): hexagons of nearly one size on an icosahedron, twelve of them pentagons.
    """
    import h3

    def outline(ring: shapely.Geometry) -> list[tuple[float, float]]:
        return [(lat, lon) for lon, lat in ring.coords]

    ids = sorted(
        {
            cell
            for part in shapely.get_parts(area)
            for cell in h3.polygon_to_cells(
                h3.LatLngPoly(outline(part.exterior), *map(outline, part.interiors)), resolution
            )
        }
    )
    middles = np.array([h3.cell_to_latlng(cell) for cell in ids]).reshape(-1, 2)
    rings = [h3.cell_to_boundary(cell) for cell in ids]
    corners = np.array([corner for ring in rings for corner in ring]).reshape(-1, 2)
    points = Places(
        ids=tuple(ids),
        names=tuple(ids),
        kinds=("cell",) * len(ids),
        lon=middles[:, 1],
        lat=middles[:, 0],
        count=np.ones(len(ids)),
        uncertainty_m=np.zeros(len(ids)),
    )
    offset = np.cumsum([0, *map(len, rings)])
    return Cells(HEXAGONS, float(resolution), points, offset, corners[:, 1], corners[:, 0])


def hexagon_area_m2(resolution: int) -> float:
    """Give the area of an H3 cell, in the mean over the globe (m²)."""
    import h3

    return float(h3.average_hexagon_area(resolution, unit="m^2"))
