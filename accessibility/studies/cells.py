"""Cuts an area into the cells of a surface, no more than can be computed."""

from dataclasses import dataclass
from math import ceil, floor, sqrt
from pathlib import Path

import numpy as np
import shapely

from accessibility.errors import AccessibilityError, UsageError
from accessibility.messages import _
from accessibility.model.cells import Cells, bare_points, hexagon_area_m2, hexagon_cells, square_cells
from accessibility.model.grid import Grid
from accessibility.model.projection import check_use, metric_crs, project, utm_crs
from accessibility.model.provenance import Notice
from accessibility.sources.areas import read_area
from accessibility.sources.places import read_places
from accessibility.studies.on_streets import StreetOptions

_LATTICE = 25
"""How many times as many squares the box around an area may have as may lie in it."""

_FINEST_H3 = 15


@dataclass(frozen=True)
class SurfaceWish:
    """
    What a surface is to be made of, as a face hands it over: points, or an area cut into cells.

    Parameters
    ----------
    origins
        Table of points.
    area
        ``west,south,east,north`` or a file of polygons.
    area_system
        Coordinate system of the area, where it is not that of the points.
    cell_m
        Side of the squares (m).
    h3
        Resolution of H3 cells, in place of squares.

    Raises
    ------
    UsageError
        If neither or both of points and area are given, or the size of the cells cannot be.
    """

    origins: Path | None = None
    area: str = ""
    area_system: str = ""
    cell_m: float | None = None
    h3: int | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be before anything is read."""
        if (self.origins is None) == (not self.area):
            what = _("a surface is made of points or of an area: give either --origins or --area")
            raise UsageError(what, where="--origins --area", code="surface-area")
        if self.cell_m is not None and self.h3 is not None:
            what = _("cells are squares or hexagons: give either --cell-m or --h3")
            raise UsageError(what, where="--cell-m --h3", code="surface-cells")
        if self.origins is not None and (self.cell_m is not None or self.h3 is not None):
            what = _("points are not cut into cells; --cell-m and --h3 belong to --area")
            raise UsageError(what, where="--origins", code="surface-cells")
        if self.cell_m is not None and not 0 < self.cell_m < np.inf:
            what = _("the side of a square is above 0 m")
            raise UsageError(what, where=f"--cell-m {self.cell_m:g}", code="surface-cells")
        if self.h3 is not None and not 0 <= self.h3 <= _FINEST_H3:
            what = _("H3 has the resolutions 0 to 15")
            raise UsageError(what, where=f"--h3 {self.h3}", code="surface-cells")


USUAL_CELL_M = 500.0
"""Side of the squares (m) where nobody states another."""


def surface_cells(wish: SurfaceWish, options: StreetOptions) -> tuple[Cells, tuple[Notice, ...]]:
    """
    Cut the cells of a surface.

    Parameters
    ----------
    wish
        Points, or area and size.
    options
        Coordinate systems of the points and of the squares, and the greatest number of cells.

    Returns
    -------
    cells, notices
        The cells, and what to know about the file of the area.

    Raises
    ------
    UsageError
        If there would be no cell, or more than can be computed.
    """
    if wish.origins is not None:
        return bare_points(read_places(wish.origins, system=options.system)), ()
    area, notices = read_area(wish.area, system=wish.area_system or options.system)
    most = int(options.defaults().limits["max_grid_cells"])
    cells = _hexagons(area, wish.h3, most) if wish.h3 is not None else _squares(area, wish, options, most)
    if not len(cells):
        what = _("no cell has its middle in the area")
        mend = _("Choose smaller cells (--cell-m, --h3), or a larger area.")
        raise UsageError(what, where=f"--area {wish.area}", mend=mend, code="surface-no-cell")
    return cells, notices


def _squares(area: shapely.Geometry, wish: SurfaceWish, options: StreetOptions, most: int) -> Cells:
    cell_m = USUAL_CELL_M if wish.cell_m is None else wish.cell_m
    lon, lat = shapely.get_coordinates(shapely.segmentize(area, 0.05)).T
    crs = utm_crs(lon, lat) if options.crs is None else metric_crs(options.crs)
    check_use(crs, lon, lat)
    x_m, y_m = project(lon, lat, crs)
    west, south = floor(x_m.min() / cell_m), floor(y_m.min() / cell_m)
    n_columns, n_rows = ceil(x_m.max() / cell_m) - west, ceil(y_m.max() / cell_m) - south
    if n_columns * n_rows > _LATTICE * most:
        raise _too_many(n_columns * n_rows, most, cell_m)
    grid = Grid(crs, cell_m, west * cell_m, south * cell_m, max(1, n_columns), max(1, n_rows))
    cells = square_cells(grid, area)
    if len(cells) > most:
        raise _too_many(len(cells), most, cell_m)
    return cells


def _too_many(n_cells: int, most: int, cell_m: float) -> AccessibilityError:
    side_m = ceil(cell_m * sqrt(n_cells / most) / 10) * 10
    what = _("the area has {n} squares of {cell_m} m; {most} are computed at most",
             n=n_cells, cell_m=f"{cell_m:g}", most=most)  # fmt: skip
    mend = _("Choose larger squares: --cell-m {side} would fit.", side=side_m)
    return UsageError(what, where=f"--cell-m {cell_m:g}", mend=mend, code="surface-too-many")


def _hexagons(area: shapely.Geometry, resolution: int, most: int) -> Cells:
    n_cells = _area_m2(area) / hexagon_area_m2(resolution)
    cells = None if n_cells > 2 * most else hexagon_cells(area, resolution)
    if cells is None or len(cells) > most:
        n_cells = round(n_cells) if cells is None else len(cells)
        fits = resolution
        while fits > 0 and n_cells / 7 ** (resolution - fits) > most:
            fits -= 1
        what = _("the area has about {n} cells of H3 resolution {resolution}; {most} are computed at most",
                 n=n_cells, resolution=resolution, most=most)  # fmt: skip
        mend = _("Choose larger cells: --h3 {resolution} would fit.", resolution=fits)
        raise UsageError(what, where=f"--h3 {resolution}", mend=mend, code="surface-too-many")
    return cells


def _area_m2(area: shapely.Geometry) -> float:
    """Measure an area well enough to count cells: degrees as long as in its middle."""
    _lon, lat = shapely.get_coordinates(shapely.centroid(area))[0]
    return float(shapely.area(area) * 111_195.0**2 * np.cos(np.radians(lat)))
