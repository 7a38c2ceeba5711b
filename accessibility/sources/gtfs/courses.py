"""Courses of trips: shapes in order, and where along them the stops lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.rules import Target
from accessibility.sources.gtfs.tables import FeedTable

FAR_OFF_M = 500.0
"""A shape that passes a stop of its trip at more than this (m) does not measure the trip."""

_EARTH_M = 6_371_008.8

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


def along_shape(shape: tuple[Column, Column], stops: tuple[Column, Column]) -> Column | None:
    """
    Measure where along a shape the stops of a trip lie.

    Parameters
    ----------
    shape
        Longitudes and latitudes (degrees) of the course.
    stops
        Longitudes and latitudes (degrees) of the stops, in order.

    Returns
    -------
    along_m
        Distances from the start of the course (m), never running back; ``None`` where a stop has no position
        or lies far off the course.

    Notes
    -----
    Of all ways to place the stops in order on the course, the one with the least sum of squared distances
    between stop and course is taken, so that loops and streets passed twice are told apart.
    """
    x_m, y_m, stop_x_m, stop_y_m = _plane(shape, stops)
    step_x, step_y = np.diff(x_m), np.diff(y_m)
    length_m = np.hypot(step_x, step_y)
    start_m = np.concatenate([[0.0], np.cumsum(length_m)[:-1]])
    square = np.maximum(length_m**2, 1e-12)
    n_stops, n_steps = len(stop_x_m), len(length_m)
    share = (stop_x_m[:, None] - x_m[:-1]) * step_x + (stop_y_m[:, None] - y_m[:-1]) * step_y
    share = np.clip(share / square, 0.0, 1.0)
    off = (x_m[:-1] + share * step_x - stop_x_m[:, None]) ** 2
    off += (y_m[:-1] + share * step_y - stop_y_m[:, None]) ** 2
    place_m = start_m + share * length_m
    if np.isnan(off).any() or off.min(axis=1).max() > FAR_OFF_M**2:
        return None
    came_from = np.empty((n_stops, n_steps), np.int32)
    cost = off[0]
    for stop in range(1, n_stops):
        least, where = _running_least(cost)
        here = np.where(place_m[stop - 1] <= place_m[stop], cost, np.inf)
        same = here < least
        came_from[stop] = np.where(same, np.arange(n_steps), where)
        cost = np.where(same, here, least) + off[stop]
    if not np.isfinite(cost).any():
        return None
    steps = np.empty(n_stops, np.int64)
    steps[-1] = int(np.argmin(cost))
    for stop in range(n_stops - 1, 0, -1):
        steps[stop - 1] = came_from[stop, steps[stop]]
    rows = np.arange(n_stops)
    if off[rows, steps].max() > FAR_OFF_M**2:
        return None
    along_m: Column = place_m[rows, steps]
    return along_m


def _running_least(cost: Column) -> tuple[Column, NDArray[np.int64]]:
    """Return the least cost before every step (infinite before the first) and where it stands."""
    least = np.minimum.accumulate(cost)
    fresh = np.concatenate([[True], cost[1:] < least[:-1]])
    where = np.maximum.accumulate(np.where(fresh, np.arange(len(cost)), 0))
    return np.concatenate([[np.inf], least[:-1]]), np.concatenate([[0], where[:-1]])


def _plane(shape: tuple[Column, Column], stops: tuple[Column, Column]) -> Sequence[Column]:
    """Lay degrees out as metres around the start of the shape."""
    (lon, lat), (stop_lon, stop_lat) = shape, stops
    metre_lat = np.radians(1.0) * _EARTH_M
    metre_lon = metre_lat * np.cos(np.radians(lat[0]))
    return (
        (lon - lon[0]) * metre_lon,
        (lat - lat[0]) * metre_lat,
        (stop_lon - lon[0]) * metre_lon,
        (stop_lat - lat[0]) * metre_lat,
    )
