"""A drawing of a study's area for pages without scripts: main roads, lines and squares, north up."""

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.model.grid import Grid
from accessibility.model.projection import project
from accessibility.model.streets import Streets

WIDTH = 960.0
"""Width of a drawing, in its own units."""

DRAWN_CLASSES = ("motorway", "trunk", "primary", "secondary")


class Drawing:
    """
    Places everything on a sheet: metres of the study's projection, north up.

    Parameters
    ----------
    grid
        The squares, whose outline is the sheet.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.scale = WIDTH / (grid.n_columns * grid.cell_m)
        self.height = grid.n_rows * grid.cell_m * self.scale
        self.side = grid.cell_m * self.scale

    def path(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> str:
        """Give a line (m) as the path of an SVG."""
        x = (x_m - self.grid.west_m) * self.scale
        y = self.height - (y_m - self.grid.south_m) * self.scale
        return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True))

    def course(self, course: NDArray[np.float64]) -> str:
        """Give a line (degrees: lon, lat) as the path of an SVG."""
        return self.path(*project(course[:, 0], course[:, 1], self.grid.crs))

    def streets(self, streets: Streets) -> str:
        """Draw the main roads as one path."""
        wanted = {i for i, name in enumerate(streets.road_classes) if name in DRAWN_CLASSES}
        parts = []
        for segment in range(streets.n_segments):
            if int(streets.road_class[segment]) in wanted:
                line = shapely.simplify(shapely.LineString(streets.shape(segment)), 20.0)
                xy = shapely.get_coordinates(line)
                parts.append(self.path(xy[:, 0], xy[:, 1]))
        return "".join(parts)

    def corner(self, cell: int) -> tuple[float, float]:
        """Give the upper left corner of a square."""
        row, column = divmod(cell, self.grid.n_columns)
        return round(column * self.side, 1), round(self.height - (row + 1) * self.side, 1)
