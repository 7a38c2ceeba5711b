"""A graph of OSMnx or networkx as columns of ``Streets``; `osmnx_graph` tells what is kept and what is lost."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.osm_rules import (
    ACCESS_KEYS,
    CLASS_MODES,
    DENIED,
    has_signals,
    node_closed,
    speed_cap_mps,
    way_modes,
)
from accessibility.model.projection import WGS84, metric_crs, project, step_lengths_m, utm_crs
from accessibility.model.provenance import Notice, Provenance, SourceRecord

MARK = "accessibility"
_SAME_M = 0.001  # a stored position (m) this close to the drawn one is that position before rounding

_ACCESS = frozenset(key for keys in ACCESS_KEYS.values() for key in keys)

Data = Mapping[str, Any]
Points = NDArray[np.float64]


@dataclass(frozen=True)
class _Piece:
    """One segment: its ends, the edge along it and the edge against it, and its number if it brings one."""

    tail: int
    head: int
    along: Data | None
    against: Data | None
    number: int = -1

    @property
    def data(self) -> Data:
        """Give the edge whose tags hold."""
        return self.along if self.along is not None else self.against or {}


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
    pieces = list(_pieces(graph, index))
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
    numbers = {node: _whole(data.get("node")) for node, data in graph.nodes(data=True)}
    return sorted(numbers, key=lambda node: (numbers[node] < 0, numbers[node]))


def _positions(node_ids: Sequence[int], nodes: Sequence[Data]) -> tuple[Points, Points]:
    rows = []
    for node, data in zip(node_ids, nodes, strict=True):
        position = _number(data.get("x")), _number(data.get("y"))
        if not all(map(math.isfinite, position)):
            raise ModelError(
                _("node {node} has no position", node=node),
                mend=_("Every node needs the attributes x and y."),
                code="graph-position",
            )
        rows.append(position)
    table = np.array(rows, dtype=float)
    return table[:, 0], table[:, 1]


def _pieces(graph: nx.MultiDiGraph, index: Mapping[int, int]) -> Iterator[_Piece]:
    """Pair the edges of a graph: first those that bring a number, in its order, then all others."""
    numbered: dict[int, dict[bool, tuple[int, int, Data]]] = {}
    others: dict[tuple[Any, ...], list[tuple[int, int, Data]]] = {}
    for u, v, data in graph.edges(data=True):
        tail, head = index[u], index[v]
        number, against = _whole(data.get("segment")), _truth(data.get("reversed"))
        if number >= 0 and against not in numbered.setdefault(number, {}):
            numbered[number][against] = (tail, head, data)
        else:
            others.setdefault((min(tail, head), max(tail, head), *_alike(data)), []).append(
                (tail, head, data)
            )
    for number in sorted(numbered):
        sides = numbered[number]
        tail, head, _data = sides.get(False) or (sides[True][1], sides[True][0], None)
        along, against = (sides[side][2] if side in sides else None for side in (False, True))
        yield _Piece(tail, head, along, against, number)
    for some in others.values():
        yield from _pairs(some)


def _alike(data: Data) -> tuple[Any, ...]:
    """Describe an edge by what its reverse shares with it."""
    osmid = data.get("osmid", "")
    ids = tuple(sorted(map(str, osmid))) if isinstance(osmid, list | tuple | set) else (str(osmid),)
    length_m = _number(data.get("length"))
    return ids, round(length_m, 2) if math.isfinite(length_m) else None


def _pairs(edges: Sequence[tuple[int, int, Data]]) -> Iterator[_Piece]:
    """Pair like edges between two nodes with their reverses, along first where OSMnx says which that is."""
    waiting: list[tuple[int, int, Data]] = []
    for tail, head, data in edges:
        loop = tail == head
        mate = next(
            (
                other
                for other in waiting
                if (other[0], other[1]) == (head, tail)
                and (not loop or _truth(other[2].get("reversed")) != _truth(data.get("reversed")))
            ),
            None,
        )
        if mate is None:
            waiting.append((tail, head, data))
            continue
        waiting.remove(mate)
        first, second = mate, (tail, head, data)
        if _truth(first[2].get("reversed")) and not _truth(data.get("reversed")):
            first, second = second, first
        yield _Piece(first[0], first[1], first[2], second[2])
    for tail, head, data in waiting:
        yield _Piece(tail, head, data, None)


@dataclass(frozen=True, eq=False)
class _Shapes:
    """Geometry of all pieces, one behind the other, as the graph draws it."""

    offset: NDArray[np.int64]
    x: Points
    y: Points

    @classmethod
    def of(cls, pieces: Sequence[_Piece], nodes: Points) -> "_Shapes":
        """Collect the geometry of every piece in its direction, the straight line where there is none."""
        parts = []
        for piece in pieces:
            ends = nodes[[piece.tail, piece.head]]
            line = _line(piece.data.get("geometry"))
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

    def restored(self, shape_xy: Points, pieces: Sequence[_Piece], nodes_m: Points) -> Points:
        """Take over stored projected geometry where the drawn one still is what was stored."""
        stored = shape_xy.copy()
        bounds = self.offset.tolist()
        for piece, first, last in zip(pieces, bounds[:-1], bounds[1:], strict=True):
            line_m = _line(piece.data.get("shape_m"))
            if line_m is None and last - first == 2:
                line_m = nodes_m[[piece.tail, piece.head]]
            if line_m is not None and line_m.shape == (last - first, 2):
                stored[first:last] = line_m
        return _where_near(stored, shape_xy)

    def lengths(self, pieces: Sequence[_Piece], lon: Points, lat: Points) -> Points:
        """Take over the lengths (m) and measure where there is none."""
        step_m = np.zeros(len(lon))
        step_m[:-1] = step_lengths_m(lon, lat)
        step_m[self.offset[1:] - 1] = 0.0
        measured = np.maximum(np.add.reduceat(step_m, self.offset[:-1]), _SAME_M)
        tagged = np.array([_number(piece.data.get("length")) for piece in pieces])
        return np.where(np.isfinite(tagged) & (tagged > 0), tagged, measured)


def _restored(xy: Points, stored: Sequence[tuple[Any, Any]]) -> Points:
    table = np.array([(_number(x), _number(y)) for x, y in stored], dtype=float)
    return _where_near(table, xy)


def _where_near(stored: Points, drawn: Points) -> Points:
    near = np.all(np.abs(stored - drawn) < _SAME_M, axis=1, keepdims=True)
    return np.where(near, stored, drawn)


def _line(geometry: Any) -> Points | None:
    """Read a line, drawn or as WKT; ``None`` where there is none of at least two points."""
    if isinstance(geometry, str):
        try:
            geometry = shapely.from_wkt(geometry)
        except shapely.errors.ShapelyError:
            return None
    if not isinstance(geometry, shapely.LineString) or geometry.is_empty:
        return None
    points: Points = shapely.get_coordinates(geometry)
    return points if np.isfinite(points).all() else None


def _node_columns(nodes: Sequence[Data]) -> dict[str, Any]:
    tags = [_tags(data) for data in nodes]
    return {
        "node_signal": np.array([has_signals(one) for one in tags], dtype=bool),
        "node_closed": np.array(
            [max(_whole(one.get("closed")), 0) & EVERYONE or node_closed(one) for one in tags], dtype=np.uint8
        ),
    }


def _tag_columns(pieces: Sequence[_Piece], mark: Data) -> dict[str, Any]:
    """Read classes, names, speeds and permissions."""
    road_classes = _Table(mark.get("road_classes", ()))
    names = _Table(mark.get("names", ()))
    rows = []
    for piece in pieces:
        tags = _tags(piece.data)
        cap_mps = _number(piece.data.get("speed_cap_mps"))
        road_class = tags.get("highway") or "road"
        steps = piece.data.get("steps", "steps" in _words(piece.data.get("highway")))
        rows.append(
            (
                _way_id(tags.get("osmid", "")),
                road_classes.place(road_class),
                names.place(tags.get("name", "")),
                cap_mps if math.isfinite(cap_mps) else _cap_mps(piece.data),
                *_modes(piece, tags),
                _truth(steps),
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


def _modes(piece: _Piece, tags: Mapping[str, str]) -> tuple[int, int]:
    """Say who may use a piece: by its permissions where it carries them, else by its tags."""
    if any(key in piece.data for key in ("walk", "cycle", "drive")):
        return _permitted(piece.along), _permitted(piece.against)
    oneway = {"True": "yes", "False": "no"}.get(tags.get("oneway", ""), tags.get("oneway", ""))
    known = {key: value for key, value in tags.items() if key != "oneway"}
    if oneway:
        known["oneway"] = oneway
    forward = backward = EVERYONE
    for word in _words(piece.data.get("highway")) or ["road"]:
        known["highway"] = word if word in CLASS_MODES else "road"
        along, against = way_modes(known)
        forward, backward = forward & along, backward & against
    if piece.against is None and oneway != "yes":
        backward &= WALK
    return forward, backward


def _permitted(data: Data | None) -> int:
    keys = {"walk": WALK, "cycle": CYCLE, "drive": DRIVE}
    return sum(mode for key, mode in keys.items() if _truth((data or {}).get(key)))


def _cap_mps(data: Data) -> float:
    words = _words(data.get("maxspeed"))
    return speed_cap_mps({"maxspeed": ";".join(words)} if words else {})


def _bans_and_provenance(graph: nx.MultiDiGraph, mark: Data, pieces: Sequence[_Piece]) -> dict[str, Any]:
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


def _words(value: Any) -> list[str]:
    """Give a tag as a list of words, also where OSMnx merged several."""
    if value is None:
        return []
    return [str(part) for part in value] if isinstance(value, list | tuple | set) else [str(value)]


def _tags(data: Data) -> dict[str, str]:
    """Give every tag as one word: of several the first, of several access values the one that forbids."""
    tags = {}
    for key, value in data.items():
        words = _words(value)
        if key in _ACCESS:
            words = [word for word in words if word in DENIED] or words
        if words:
            tags[key] = words[0]
    return tags


def _truth(value: Any) -> bool:
    return value is True or str(value) == "True" or (isinstance(value, np.bool_) and bool(value))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def _whole(value: Any) -> int:
    """Read a whole number >= 0; -1 where there is none."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def _way_id(text: str) -> int:
    """Read the number of a way (below 0 where it was never uploaded); 0 where there is none."""
    number = _whole(text.removeprefix("-"))
    return 0 if number < 0 else -number if text.startswith("-") else number
