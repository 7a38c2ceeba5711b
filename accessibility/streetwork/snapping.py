"""Attach points to the nearest street segment that a mode may use."""

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.model.linkage import NOT_LINKED, Attachment
from accessibility.model.modes import PERMISSION
from accessibility.model.osm_rules import NO_STOPPING
from accessibility.model.projection import project_or_nan
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.graph import StreetGraph


def attach(
    streets: Streets,
    graph: StreetGraph,
    query: TravelQuery,
    lon_lat: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Attachment:
    """
    Attach points to the nearest segment, splitting it in thought.

    Parameters
    ----------
    streets, graph
        The network and the graph of the query on it.
    query
        Mode, radius, and the share below which a part of the network is passed over.
    lon_lat
        Longitudes and latitudes (degrees, WGS-84), NaN where unknown.

    Returns
    -------
    attachment
        One row per point. Of segments equally near, the one with the lowest number.
    """
    x_m, y_m = project_or_nan(*lon_lat, streets.crs)
    located = np.isfinite(x_m)
    n_points = len(x_m)
    segment = np.full(n_points, NOT_LINKED, np.int32)
    along_m = np.full(n_points, np.nan)
    snap_m = np.full(n_points, np.nan)
    candidates = np.flatnonzero(linkable_segments(streets, graph, query))
    if candidates.size and located.any():
        lines = segment_lines(streets)[candidates]
        points = shapely.points(x_m[located], y_m[located])
        (index, nearest), distance_m = shapely.STRtree(lines).query_nearest(points, return_distance=True)
        near = distance_m <= query.snap_radius_m[1]  # asking the tree for it takes twice as long
        index, nearest, distance_m = index[near], nearest[near], distance_m[near]
        order = np.lexsort((nearest, index))
        index, first = np.unique(index[order], return_index=True)
        nearest, distance_m = nearest[order][first], distance_m[order][first]
        rows = np.flatnonzero(located)[index]
        segment[rows] = candidates[nearest]
        share = shapely.line_locate_point(lines[nearest], points[index], normalized=True)
        along_m[rows] = share * streets.length_m[candidates[nearest]]
        snap_m[rows] = distance_m
    return Attachment(segment=segment, along_m=along_m, snap_m=snap_m, located=located, x_m=x_m, y_m=y_m)


def attachment_points(streets: Streets, at: Attachment) -> NDArray[np.float64]:
    """
    Give the points of the streets that places are attached to (m), shape ``[n_places, 2]``.

    Parameters
    ----------
    streets
        The network.
    at
        Attachments to it.

    Returns
    -------
    points
        NaN where a place is not linked. They tell two networks apart that number their segments otherwise.
    """
    points = np.full((len(at), 2), np.nan)
    rows = np.flatnonzero(at.linked)
    segments, row_segment = np.unique(at.segment[rows], return_inverse=True)
    lines = segment_lines(streets)[segments][row_segment]
    share = at.along_m[rows] / np.maximum(streets.length_m[at.segment[rows]], np.finfo(float).tiny)
    points[rows] = shapely.get_coordinates(shapely.line_interpolate_point(lines, share, normalized=True))
    return points


def segment_lines(streets: Streets) -> NDArray[np.object_]:
    """Draw every segment as a shapely line (m), shape ``[n_segments]``."""
    points = np.column_stack([streets.shape_x_m, streets.shape_y_m])
    owner = np.repeat(np.arange(streets.n_segments), np.diff(streets.shape_offset))
    lines: NDArray[np.object_] = np.asarray(shapely.linestrings(points, indices=owner), dtype=object)
    return lines


def linkable_segments(streets: Streets, graph: StreetGraph, query: TravelQuery) -> NDArray[np.bool_]:
    """
    Say which segments places may be attached to, shape ``[n_segments]``.

    A segment qualifies where the mode may use it, nobody is kept from stopping on it (motorways), and both
    its ends belong to one strongly connected part of at least ``query.island_share`` of the nodes; an end at
    which the mode cannot pass (a bollard) is forgiven.
    """
    bit = PERMISSION[query.mode]
    allowed: NDArray[np.bool_] = (graph.start_vertex >= 0).reshape(-1, 2).max(axis=1)
    no_stopping = np.isin(np.array(streets.road_classes, dtype=object), NO_STOPPING)[streets.road_class]
    if not allowed.any():
        return allowed
    used = np.zeros(streets.n_nodes, bool)
    used[streets.segment_from[allowed]] = used[streets.segment_to[allowed]] = True
    sizes = np.bincount(graph.component[used], minlength=graph.component.max() + 1)
    large = sizes >= max(query.island_share * used.sum(), 1)
    large &= (sizes > 1) | (sizes == sizes.max())
    a, b = streets.segment_from, streets.segment_to
    closed = (streets.node_closed & bit) != 0
    in_a, in_b = large[graph.component[a]], large[graph.component[b]]
    together = in_a & in_b & (graph.component[a] == graph.component[b])
    linkable: NDArray[np.bool_] = (
        allowed & ~no_stopping & (together | (in_a & closed[b]) | (in_b & closed[a]))
    )
    return linkable
