"""Courses of trips: the points of shapes in order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.rules import Target
from accessibility.sources.gtfs.tables import FeedTable

Column = NDArray[np.float64]


@dataclass(frozen=True)
class Shapes:
    """
    Courses: points of shape ``i`` in order are ``[offset[i]:offset[i + 1]]``.

    Parameters
    ----------
    ids
        Names in the order of the file.
    offset, lon, lat
        Points (degrees, WGS-84).
    """

    ids: tuple[str, ...]
    offset: NDArray[np.int64]
    lon: Column
    lat: Column

    def target(self) -> Target:
        """Return what ``shape_id`` may name."""
        return Target({name: i for i, name in enumerate(self.ids)}, np.ones(len(self.ids), bool))


def read_shapes(table: FeedTable, log: Log) -> Shapes:
    """
    Put the points of every shape in order.

    Parameters
    ----------
    table
        ``shapes.txt``.
    log
        Takes shapes of a single point, which are left out.

    Returns
    -------
    shapes
        Shapes of two points and more.
    """
    good = ~table.bad
    column = table.texts["shape_id"].where(good)
    order = np.lexsort((table.values["shape_pt_sequence"][good], column.codes))
    codes = column.codes[order]
    counts = np.bincount(codes, minlength=len(column.texts))
    short = np.flatnonzero(counts == 1)
    log.tell_rows(
        Notice(
            "gtfs-shape-short",
            "warning",
            _("the course has a single point; it is left out"),
            table.spec.name,
            field="shape_id",
        ),
        table.lines[good][order][np.searchsorted(codes, short)],
        values=[column.texts[code] for code in short.tolist()],
    )
    kept = counts > 1
    inside = kept[codes]
    ids = tuple(text for text, keep in zip(column.texts, kept.tolist(), strict=True) if keep)
    offset = np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64)
    lon, lat = (table.values[f"shape_pt_{axis}"][good][order][inside] for axis in ("lon", "lat"))
    return Shapes(ids, offset, lon, lat)
