"""Where people live: a table of places with numbers, shared out over the squares of a grid."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.grid import Grid
from accessibility.model.places import Places
from accessibility.model.projection import project
from accessibility.model.provenance import Notice
from accessibility.sources.places import read_places


def people_of_cells(
    file: Path, grid: Grid, *, system: str
) -> tuple[NDArray[np.float64], Places, tuple[Notice, ...]]:
    """
    Count the people of every square.

    Parameters
    ----------
    file
        Places with a column ``count``, ``people``, ``population`` or ``人数``.
    grid
        The squares.
    system
        Coordinate system of the table, as stated by who knows.

    Returns
    -------
    people, places, notices
        People per square; the places as they were read; and who lives outside all squares.

    Raises
    ------
    DataError
        If the table has no numbers, or nobody lives in any square.
    """
    places = read_places(file, system=system, label=file.name, counted=True)
    people = np.zeros(len(grid))
    known = np.flatnonzero(places.located)
    x_m, y_m = project(places.lon[known], places.lat[known], grid.crs)
    column = np.floor((x_m - grid.west_m) / grid.cell_m).astype(np.int64)
    row = np.floor((y_m - grid.south_m) / grid.cell_m).astype(np.int64)
    inside = (column >= 0) & (row >= 0) & (column < grid.n_columns) & (row < grid.n_rows)
    np.add.at(people, (row * grid.n_columns + column)[inside], places.count[known][inside])
    if not people.sum() > 0:
        what, mend = (
            _("nobody of this table lives in a square of the study"),
            _("Check the column of numbers and the coordinate system (--system)."),
        )
        raise DataError(what, where=str(file), mend=mend, code="people-nobody")
    outside = float(places.count.sum() - people.sum())
    notices = list(places.provenance.notices)
    if outside > 0:
        message = _("{n} people live outside the squares of the study", n=f"{outside:.0f}")
        mend = _("They are not counted; widen the area of the study if they matter.")
        notices.append(Notice("people-outside", "warning", message, file.name, mend=mend))
    return people, places, tuple(notices)
