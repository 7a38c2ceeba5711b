"""Streets as OSMnx and networkx know them, and back.

A graph of OSMnx is taken over by the rules of `accessibility.model.osm_rules`; edges that are each other's
reverse become one segment. A graph written here carries what OSMnx has no place for, so that it comes back
unchanged, also through ``osmnx.save_graphml`` and ``load_graphml``:

* on edges ``segment`` (its number), ``walk``, ``cycle``, ``drive``, ``speed_cap_mps`` and ``shape_m`` (the
  projected geometry);
* on nodes ``node`` (its number), ``x_m``, ``y_m`` and ``closed``;
* on the graph ``accessibility`` (JSON: coordinate system, tables of words, turn bans, provenance).

Whoever edits such a graph is followed: a moved node, a changed tag, a removed edge holds. A segment open to
nobody is written as one edge with all three permissions false, so it is not lost; a turn ban goes with its
edges.

Taking over a simplified graph loses what OSMnx merged: of several names, classes or way numbers of one edge
the first is kept, of several speeds the lowest, and only who may use every part may use the edge.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Protocol

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.model.graph_reader import MARK, columns_from_graph
from accessibility.model.modes import CYCLE, DRIVE, WALK
from accessibility.model.projection import WGS84, unproject
from accessibility.model.provenance import Provenance

__all__ = ["columns_from_graph", "graph_from_columns"]

_KMH = 3.6


class StreetColumns(Protocol):
    """What is written of ``Streets``."""

    @property
    def crs(self) -> str: ...
    @property
    def node_ids(self) -> NDArray[np.int64]: ...
    @property
    def x_m(self) -> NDArray[np.float64]: ...
    @property
    def y_m(self) -> NDArray[np.float64]: ...
    @property
    def node_signal(self) -> NDArray[np.bool_]: ...
    @property
    def node_closed(self) -> NDArray[np.uint8]: ...
    @property
    def segment_from(self) -> NDArray[np.int32]: ...
    @property
    def segment_to(self) -> NDArray[np.int32]: ...
    @property
    def length_m(self) -> NDArray[np.float64]: ...
    @property
    def way_ids(self) -> NDArray[np.int64]: ...
    @property
    def road_class(self) -> NDArray[np.int16]: ...
    @property
    def road_classes(self) -> tuple[str, ...]: ...
    @property
    def name(self) -> NDArray[np.int32]: ...
    @property
    def names(self) -> tuple[str, ...]: ...
    @property
    def speed_cap_mps(self) -> NDArray[np.float32]: ...
    @property
    def forward(self) -> NDArray[np.uint8]: ...
    @property
    def backward(self) -> NDArray[np.uint8]: ...
    @property
    def steps(self) -> NDArray[np.bool_]: ...
    @property
    def shape_offset(self) -> NDArray[np.int64]: ...
    @property
    def shape_x_m(self) -> NDArray[np.float64]: ...
    @property
    def shape_y_m(self) -> NDArray[np.float64]: ...
    @property
    def ban_offset(self) -> NDArray[np.int64]: ...
    @property
    def ban_edges(self) -> NDArray[np.int32]: ...
    @property
    def ban_modes(self) -> NDArray[np.uint8]: ...
    @property
    def provenance(self) -> Provenance: ...


def graph_from_columns(streets: StreetColumns) -> nx.MultiDiGraph:
    """
    Write a street network as a graph that OSMnx understands.

    Parameters
    ----------
    streets
        The network.

    Returns
    -------
    graph
        Nodes and edges as ``Streets.to_osmnx`` says, in degrees (WGS-84).
    """
    graph = nx.MultiDiGraph(crs=WGS84, created_with="accessibility", simplified=True)
    graph.graph[MARK] = json.dumps(_mark(streets), ensure_ascii=False)
    graph.add_nodes_from(_nodes(streets))
    node_ids = streets.node_ids.tolist()
    for tail, head, data in _edges(streets):
        graph.add_edge(node_ids[tail], node_ids[head], **data)
    return graph


def _mark(streets: StreetColumns) -> dict[str, Any]:
    """Collect what belongs to the whole network."""
    bounds = streets.ban_offset.tolist()
    banned = streets.ban_edges.tolist()
    return {
        "crs": streets.crs,
        "road_classes": list(streets.road_classes),
        "names": list(streets.names),
        "bans": [
            [modes, banned[first:last]]
            for modes, first, last in zip(streets.ban_modes.tolist(), bounds[:-1], bounds[1:], strict=True)
        ],
        "sources": [asdict(source) for source in streets.provenance.sources],
        "notices": [asdict(notice) for notice in streets.provenance.notices],
        "versions": [list(version) for version in streets.provenance.versions],
    }


def _nodes(streets: StreetColumns) -> Iterator[tuple[int, dict[str, Any]]]:
    lon, lat = unproject(streets.x_m, streets.y_m, streets.crs)
    ends = np.concatenate([streets.segment_from, streets.segment_to])
    street_count = np.bincount(ends, minlength=len(lon))
    columns = (streets.node_ids, lon, lat, street_count, streets.x_m, streets.y_m)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    signals, closed = streets.node_signal.tolist(), streets.node_closed.tolist()
    for number, ((node, x, y, count, x_m, y_m), signal, modes) in enumerate(
        zip(rows, signals, closed, strict=True)
    ):
        data = {"node": number, "x": x, "y": y, "street_count": count, "x_m": x_m, "y_m": y_m}
        if signal:
            data["highway"] = "traffic_signals"
        if modes:
            data["closed"] = modes
        yield node, data


def _edges(streets: StreetColumns) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Write every segment as one edge per direction that somebody may use, and as one where nobody may."""
    lines = _lines(streets)
    columns = (streets.segment_from, streets.segment_to, streets.forward, streets.backward)
    for segment, (tail, head, forward, backward) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        common = _segment_data(streets, segment, oneway=bool((forward ^ backward) & DRIVE))
        line, line_m = lines.get(segment, (None, None))
        if line_m is not None:
            common["shape_m"] = line_m
        if forward or not backward:
            geometry = {} if line is None else {"geometry": line}
            yield tail, head, {**common, "reversed": False, **_permissions(forward), **geometry}
        if backward:
            geometry = {} if line is None else {"geometry": line.reverse()}
            yield head, tail, {**common, "reversed": True, **_permissions(backward), **geometry}


def _segment_data(streets: StreetColumns, segment: int, *, oneway: bool) -> dict[str, Any]:
    """Write what both directions of a segment share."""
    road_class = streets.road_classes[streets.road_class[segment]]
    data: dict[str, Any] = {
        "osmid": int(streets.way_ids[segment]),
        "highway": road_class,
        "length": float(streets.length_m[segment]),
        "oneway": oneway,
        "segment": segment,
        "name": streets.names[streets.name[segment]],
    }
    if not data["name"]:
        del data["name"]
    cap_mps = float(streets.speed_cap_mps[segment])
    if math.isfinite(cap_mps):
        data["speed_cap_mps"] = cap_mps
        data["maxspeed"] = f"{cap_mps * _KMH:.4g}"
    if bool(streets.steps[segment]) != (road_class == "steps"):
        data["steps"] = bool(streets.steps[segment])
    return data


def _permissions(modes: int) -> dict[str, bool]:
    return {"walk": bool(modes & WALK), "cycle": bool(modes & CYCLE), "drive": bool(modes & DRIVE)}


def _lines(streets: StreetColumns) -> dict[int, tuple[Any, Any]]:
    """Draw the segments that are not the straight line between their nodes, in degrees and in metres."""
    offset = streets.shape_offset
    first, last = offset[:-1], offset[1:] - 1
    x_m, y_m = streets.shape_x_m, streets.shape_y_m
    straight = last - first == 1
    for end, node in ((first, streets.segment_from), (last, streets.segment_to)):
        straight &= (x_m[end] == streets.x_m[node]) & (y_m[end] == streets.y_m[node])
    bent = np.flatnonzero(~straight)
    if not len(bent):
        return {}
    n_points = np.diff(offset)
    place = np.flatnonzero(np.repeat(~straight, n_points))
    line_of_point = np.repeat(np.arange(len(bent)), n_points[bent])
    lon, lat = unproject(x_m[place], y_m[place], streets.crs)
    lines = shapely.linestrings(lon, lat, indices=line_of_point)
    lines_m = shapely.linestrings(x_m[place], y_m[place], indices=line_of_point)
    return dict(zip(bent.tolist(), zip(lines.tolist(), lines_m.tolist(), strict=True), strict=True))
