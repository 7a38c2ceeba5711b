"""Where along the course of a trip its stops lie, and parts of a course."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FAR_OFF_M = 500.0
"""A shape that passes a stop of its trip at more than this (m) does not measure the trip."""

_EARTH_M = 6_371_008.8

Column = NDArray[np.float64]
Course = tuple[Column, Column]
"""Longitudes and latitudes (degrees) of points in order."""


def along_shape(shape: Course, stops: Course) -> Column | None:
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
        or lies far off the course, and where the course is a single point.

    Notes
    -----
    Of all ways to place the stops in order on the course, the one with the least sum of squared distances
    between stop and course is taken, so that loops and streets passed twice are told apart.
    """
    if len(shape[0]) < 2:
        return None
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


def cut_course(course: Course, begin_m: float, end_m: float) -> Course:
    """
    Take the part of a course between two distances (m) that `along_shape` measured.

    Returns
    -------
    part
        Both ends included, also where they lie between points; to the last point where the end lies beyond.
    """
    x_m, y_m, *_rest = _plane(course, course)
    along_m = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x_m), np.diff(y_m)))])
    inside = along_m[(along_m > begin_m) & (along_m < end_m)]
    at_m = np.concatenate([[begin_m], inside, [min(end_m, along_m[-1])]])
    lon, lat = (np.interp(at_m, along_m, axis) for axis in course)
    return lon, lat


def _running_least(cost: Column) -> tuple[Column, NDArray[np.int64]]:
    """Return the least cost before every step (infinite before the first) and where it stands."""
    least = np.minimum.accumulate(cost)
    fresh = np.concatenate([[True], cost[1:] < least[:-1]])
    where = np.maximum.accumulate(np.where(fresh, np.arange(len(cost)), 0))
    return np.concatenate([[np.inf], least[:-1]]), np.concatenate([[0], where[:-1]])


def _plane(shape: Course, stops: Course) -> Sequence[Column]:
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
