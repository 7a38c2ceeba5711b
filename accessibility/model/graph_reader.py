"""A graph of OSMnx or networkx as columns of ``Streets``; `osmnx_graph` tells what is kept and what lost."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.graph_pieces import Piece, paired_edges
from accessibility.model.graph_values import (
    Data,
    Points,
    as_number,
    as_points,
    as_truth,
    as_way_id,
    as_whole,
    as_words,
    tags_of,
)
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.osm_rules import CLASS_MODES, has_signals, node_closed, speed_cap_mps, way_modes
from accessibility.model.projection import WGS84, metric_crs, project, step_lengths_m, utm_crs
from accessibility.model.provenance import Notice, Provenance, SourceRecord

MARK = "accessibility"
_SAME_M = 0.001  # a stored position (m) this close to the drawn one is that position before rounding


def columns_from_graph(graph: nx.MultiDiGraph, *, crs: str | None = None) -> dict[str, Any]:
    """
    Take over a street graph made by OSMnx, or by ``graph_from_columns``.

    Parameters
    ----------
    graph
        As ``Streets.from_osmnx`` says.
    crs
        Projected coordinate system (m); that of the graph where it is one, else the UTM zone of the middle.

    Returns
    -------
    columns
        Every field of ``Streets``.

    Raises
    ------
    ModelError
        If the graph is empty, undirected, has no ``crs``, or a node has no position or no whole number as
        its identifier.
    """
    _check(graph)
    mark = _mark(graph)
    node_ids = _node_order(graph)
    nodes = [graph.nodes[node] for node in node_ids]
    x, y = _positions(node_ids, nodes)
    source = _graph_crs(graph)
    lon, lat = (x, y) if source == WGS84 else _degrees(x, y, source)
    target = metric_crs(crs) if crs else _own_crs(mark, source) or utm_crs(lon, lat)
    unchanged = target == mark.get("crs")
    index = {node: i for i, node in enumerate(node_ids)}
    pieces = list(paired_edges(graph, index))
    shape = _Shapes.of(pieces, np.column_stack([x, y]))
    shape_lon, shape_lat = (shape.x, shape.y) if source == WGS84 else _degrees(shape.x, shape.y, source)
    shape_xy = np.column_stack(project(shape_lon, shape_lat, target))
    xy = np.column_stack(project(lon, lat, target))
    if unchanged:
        xy = _restored(xy, [(data.get("x_m"), data.get("y_m")) for data in nodes])
        shape_xy = shape.restored(shape_xy, pieces, xy)
    return {
        "crs": target,
        "node_ids": np.array(node_ids, dtype=np.int64),
        "x_m": xy[:, 0],
        "y_m": xy[:, 1],
        **_node_columns(nodes),
        "segment_from": np.array([piece.tail for piece in pieces], dtype=np.int32),
        "segment_to": np.array([piece.head for piece in pieces], dtype=np.int32),
        "length_m": shape.lengths(pieces, shape_lon, shape_lat),
        **_tag_columns(pieces, mark),
        "shape_offset": shape.offset,
        "shape_x_m": shape_xy[:, 0],
        "shape_y_m": shape_xy[:, 1],
        **_bans_and_provenance(graph, mark, pieces),
    }


def _check(graph: Any) -> None:
    if not isinstance(graph, nx.Graph) or not graph.is_directed():
        raise ModelError(
            _("streets are taken over from a directed graph"),
            mend=_("Give the MultiDiGraph that OSMnx makes."),
            code="graph-undirected",
        )
    if graph.number_of_edges() == 0:
        raise ModelError(_("the graph has no street"), code="graph-empty")
    if "crs" not in graph.graph:
        raise ModelError(
            _("the graph does not say its coordinate system"),
            mend=_('Set graph.graph["crs"], for degrees to "EPSG:4326".'),
            code="graph-crs",
        )
    for node in graph.nodes:
        if isinstance(node, bool) or not isinstance(node, int | np.integer) or not -(2**63) <= node < 2**63:
            raise ModelError(
                _("node {node} has no whole number as its identifier", node=node),
                mend=_("Number the nodes with networkx.convert_node_labels_to_integers."),
                code="graph-node-id",
            )


def _mark(graph: nx.MultiDiGraph) -> dict[str, Any]:
    """Read what `graph_from_columns` left on the graph, nothing where it did not."""
    try:
        mark = json.loads(graph.graph.get(MARK, "{}"))
    except (TypeError, ValueError):
        return {}
    return mark if isinstance(mark, dict) else {}


def _graph_crs(graph: nx.MultiDiGraph) -> str:
    try:
        crs = pyproj.CRS.from_user_input(graph.graph["crs"])
    except CRSError as error:
        raise ModelError(
            _("{crs} is no coordinate system", crs=graph.graph["crs"]),
            mend=_('Set graph.graph["crs"], for degrees to "EPSG:4326".'),
            code="graph-crs",
        ) from error
    return WGS84 if crs.to_epsg() == 4326 else str(crs.to_string())


def _own_crs(mark: Data, source: str) -> str:
    """Name the coordinate system the graph was or is measured in, ``""`` where that is not in metres."""
    for crs in (mark.get("crs"), source):
        if crs:
            try:
                return metric_crs(crs)
            except ModelError:
                continue
    return ""


def _degrees(x: Points, y: Points, source: str) -> tuple[Points, Points]:
    lon, lat = pyproj.Transformer.from_crs(source, WGS84, always_xy=True).transform(x, y)
    return np.asarray(lon), np.asarray(lat)


def _node_order(graph: nx.MultiDiGraph) -> list[int]:
    """Order nodes by the number they bring, then by where they stand."""
    numbers = {node: as_whole(data.get("node")) for node, data in graph.nodes(data=True)}
    return sorted(numbers, key=lambda node: (numbers[node] < 0, numbers[node]))


def _positions(node_ids: Sequence[int], nodes: Sequence[Data]) -> tuple[Points, Points]:
    rows = []
    for node, data in zip(node_ids, nodes, strict=True):
        position = as_number(data.get("x")), as_number(data.get("y"))
        if not all(map(math.isfinite, position)):
            raise ModelError(
                _("node {node} has no position", node=node),
                mend=_("Every node needs the attributes x and y."),
                code="graph-position",
            )
        rows.append(position)
    table = np.array(rows, dtype=float)
    return table[:, 0], table[:, 1]


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Geometry of all pieces, one behind the other, as the graph draws it."""

    offset: NDArray[np.int64]
    x: Points
    y: Points

    @classmethod
    def of(cls, pieces: Sequence[Piece], nodes: Points) -> "_Shapes":
        """Collect the geometry of every piece in its direction, the straight line where there is none."""
        parts = []
        for piece in pieces:
            ends = nodes[[piece.tail, piece.head]]
            line = as_points(piece.data.get("geometry"))
            if line is None:
                line = ends
            elif piece.along is None:
                line = line[::-1]
            if piece.tail != piece.head and np.array_equal(line[[0, -1]], ends[::-1]):
                line = line[::-1]
            parts.append(line)
        points = np.concatenate(parts)
        offset = np.concatenate([[0], np.cumsum([len(part) for part in parts])])
        return cls(offset, points[:, 0], points[:, 1])

    def restored(self, shape_xy: Points, pieces: Sequence[Piece], nodes_m: Points) -> Points:
        """Take over stored projected geometry where the drawn one still is what was stored."""
        stored = shape_xy.copy()
        bounds = self.offset.tolist()
        for piece, first, last in zip(pieces, bounds[:-1], bounds[1:], strict=True):
            line_m = as_points(piece.data.get("shape_m"))
            if line_m is None and last - first == 2:
                line_m = nodes_m[[piece.tail, piece.head]]
            if line_m is not None and line_m.shape == (last - first, 2):
                stored[first:last] = line_m
        return _where_near(stored, shape_xy)

    def lengths(self, pieces: Sequence[Piece], lon: Points, lat: Points) -> Points:
        """Take over the lengths (m) and measure where there is none."""
        step_m = np.zeros(len(lon))
        step_m[:-1] = step_lengths_m(lon, lat)
        step_m[self.offset[1:] - 1] = 0.0
        measured = np.maximum(np.add.reduceat(step_m, self.offset[:-1]), _SAME_M)
        tagged = np.array([as_number(piece.data.get("length")) for piece in pieces])
        return np.where(np.isfinite(tagged) & (tagged > 0), tagged, measured)


def _restored(xy: Points, stored: Sequence[tuple[Any, Any]]) -> Points:
    table = np.array([(as_number(x), as_number(y)) for x, y in stored], dtype=float)
    return _where_near(table, xy)


def _where_near(stored: Points, drawn: Points) -> Points:
    near = np.all(np.abs(stored - drawn) < _SAME_M, axis=1, keepdims=True)
    return np.where(near, stored, drawn)


def _node_columns(nodes: Sequence[Data]) -> dict[str, Any]:
    tags = [tags_of(data) for data in nodes]
    return {
        "node_signal": np.array([has_signals(one) for one in tags], dtype=bool),
        "node_closed": np.array(
            [max(as_whole(one.get("closed")), 0) & EVERYONE or node_closed(one) for one in tags],
            dtype=np.uint8,
        ),
    }


def _tag_columns(pieces: Sequence[Piece], mark: Data) -> dict[str, Any]:
    """Read classes, names, speeds and permissions."""
    road_classes = _Table(mark.get("road_classes", ()))
    names = _Table(mark.get("names", ()))
    rows = []
    for piece in pieces:
        tags = tags_of(piece.data)
        cap_mps = as_number(piece.data.get("speed_cap_mps"))
        road_class = tags.get("highway") or "road"
        steps = piece.data.get("steps", "steps" in as_words(piece.data.get("highway")))
        rows.append(
            (
                as_way_id(tags.get("osmid", "")),
                road_classes.place(road_class),
                names.place(tags.get("name", "")),
                cap_mps if math.isfinite(cap_mps) else _cap_mps(piece.data),
                *_modes(piece, tags),
                as_truth(steps),
            )
        )
    typed = zip(_ROW.items(), zip(*rows, strict=True), strict=True)
    return {
        **{name: np.array(column, dtype=dtype) for (name, dtype), column in typed},
        "road_classes": tuple(road_classes.words),
        "names": tuple(names.words),
    }


_ROW: Mapping[str, type] = {
    "way_ids": np.int64,
    "road_class": np.int16,
    "name": np.int32,
    "speed_cap_mps": np.float32,
    "forward": np.uint8,
    "backward": np.uint8,
    "steps": np.bool_,
}


class _Table:
    """Numbers words in the order they come."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = {word: i for i, word in enumerate(words)}

    def place(self, word: str) -> int:
        return self.words.setdefault(word, len(self.words))


def _modes(piece: Piece, tags: Mapping[str, str]) -> tuple[int, int]:
    """Say who may use a piece: by its permissions where it carries them, else by its tags."""
    if any(key in piece.data for key in ("walk", "cycle", "drive")):
        return _permitted(piece.along), _permitted(piece.against)
    oneway = {"True": "yes", "False": ""}.get(tags.get("oneway", ""), tags.get("oneway", ""))
    known = {**tags, "oneway": oneway}  # OSMnx writes False where nothing is tagged
    forward = backward = EVERYONE
    for word in as_words(piece.data.get("highway")) or ["road"]:
        known["highway"] = word if word in CLASS_MODES else "road"
        along, against = way_modes(known)
        forward, backward = forward & along, backward & against
    if piece.against is None and oneway != "yes":
        backward &= WALK
    return forward, backward


def _permitted(data: Data | None) -> int:
    keys = {"walk": WALK, "cycle": CYCLE, "drive": DRIVE}
    return sum(mode for key, mode in keys.items() if as_truth((data or {}).get(key)))


def _cap_mps(data: Data) -> float:
    words = as_words(data.get("maxspeed"))
    return speed_cap_mps({"maxspeed": ";".join(words)} if words else {})


def _bans_and_provenance(graph: nx.MultiDiGraph, mark: Data, pieces: Sequence[Piece]) -> dict[str, Any]:
    """Renumber the turn bans that still have all their edges, and take over sources and notices."""
    place = {piece.number: i for i, piece in enumerate(pieces) if piece.number >= 0}
    kept = [
        (modes, [2 * place[edge // 2] + edge % 2 for edge in edges])
        for modes, edges in mark.get("bans", ())
        if all(edge // 2 in place for edge in edges)
    ]
    provenance = Provenance(
        sources=tuple(SourceRecord(**source) for source in mark.get("sources", ())),
        notices=tuple(Notice(**notice) for notice in mark.get("notices", ())),
        versions=tuple((name, version) for name, version in mark.get("versions", ())),
    )
    if not mark and "OSMnx" in str(graph.graph.get("created_with", "")):
        date = str(graph.graph.get("created_date", ""))
        provenance = Provenance((SourceRecord("OSMnx", "", "OpenStreetMap", "ODbL 1.0", date),))
    n_edges = [len(edges) for _modes, edges in kept]
    return {
        "ban_offset": np.concatenate([[0], np.cumsum(n_edges)]).astype(np.int64),
        "ban_edges": np.array([edge for _modes, edges in kept for edge in edges], dtype=np.int32),
        "ban_modes": np.array([modes for modes, _edges in kept], dtype=np.uint8),
        "provenance": provenance,
    }
