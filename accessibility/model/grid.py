"""The noun ``Grid``: square cells in a projected coordinate system, so that every cell has the same area."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.places import Places
from accessibility.model.projection import project, unproject


@dataclass(frozen=True)
class Grid:
    """
    Squares that cover a box.

    Parameters
    ----------
    crs
        Projected coordinate system of the squares, e.g. ``EPSG:4549``.
    cell_m
        Side of a square (m), > 0.
    west_m, south_m
        South-west corner (m), a multiple of `cell_m`: two grids of one size and system share their lines.
    n_columns, n_rows
        Number of squares eastward and northward.
    """

    crs: str
    cell_m: float
    west_m: float
    south_m: float
    n_columns: int
    n_rows: int

    @classmethod
    def over(cls, box: tuple[float, float, float, float], *, crs: str, cell_m: float) -> "Grid":
        """
        Cover a box of longitudes and latitudes.

        Parameters
        ----------
        box
            West, south, east, north (degrees, WGS-84).
        crs, cell_m
            As for the class.

        Returns
        -------
        grid
            Squares that cover the box to within half a square, measured along its middle lines; at least one.

        Raises
        ------
        ModelError
            If the box is empty or turned round, or `cell_m` is not positive.
        """
        west, south, east, north = box
        if not (west < east and south < north and cell_m > 0):
            raise ModelError(f"no grid of {cell_m} m covers the box {box}", code="grid-box")
        lon = np.array([west, (west + east) / 2, east, (west + east) / 2])
        lat = np.array([(south + north) / 2, south, (south + north) / 2, north])
        x_m, y_m = project(lon, lat, crs)
        first_column, last_column = np.round(x_m[0] / cell_m), np.round(x_m[2] / cell_m)
        first_row, last_row = np.round(y_m[1] / cell_m), np.round(y_m[3] / cell_m)
        return cls(
            crs=crs,
            cell_m=cell_m,
            west_m=float(first_column * cell_m),
            south_m=float(first_row * cell_m),
            n_columns=max(1, int(last_column - first_column)),
            n_rows=max(1, int(last_row - first_row)),
        )

    def __len__(self) -> int:
        """Count the squares."""
        return self.n_columns * self.n_rows

    def corners(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the corners of all squares (degrees): lon and lat, shape ``[n_rows + 1, n_columns + 1]``."""
        x_m = self.west_m + self.cell_m * np.arange(self.n_columns + 1)
        y_m = self.south_m + self.cell_m * np.arange(self.n_rows + 1)
        x_m, y_m = np.meshgrid(x_m, y_m)
        return unproject(x_m, y_m, self.crs)

    def centres(self) -> Places:
        """
        Return the middle of every square as a place.

        Returns
        -------
        places
            Row by row from the south-west; the id says column and row: ``g012-003``.
        """
        x_m = self.west_m + self.cell_m * (np.arange(self.n_columns) + 0.5)
        y_m = self.south_m + self.cell_m * (np.arange(self.n_rows) + 0.5)
        x_m, y_m = np.meshgrid(x_m, y_m)
        lon, lat = unproject(x_m.ravel(), y_m.ravel(), self.crs)
        ids = tuple(
            f"g{column:03d}-{row:03d}" for row in range(self.n_rows) for column in range(self.n_columns)
        )
        return Places(
            ids=ids,
            names=ids,
            kinds=("cell",) * len(ids),
            lon=lon,
            lat=lat,
            count=np.ones(len(ids)),
            uncertainty_m=np.zeros(len(ids)),
        )
