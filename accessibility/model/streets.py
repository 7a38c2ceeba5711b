"""The noun ``Streets``: a street network as columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model import osmnx_graph
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Provenance

FORWARD = 0
BACKWARD = 1


@dataclass(frozen=True, eq=False)
class Streets(Rebuilt):
    """
    Junctions, the street segments between them, and who may use them.

    A *segment* is a piece of street between two nodes, drawn once. An *edge* is a segment in one direction;
    its number is ``2 * segment + direction``, direction 0 along the segment and 1 against it.

    Parameters
    ----------
    crs
        Projected coordinate system in metres, e.g. ``EPSG:4549``.
    node_ids
        Identifier of every node in its source (OSM), shape ``[n_nodes]``, unique.
    x_m, y_m
        Position of every node (m), shape ``[n_nodes]``.
    node_signal
        Where traffic signals stand, shape ``[n_nodes]``.
    node_closed
        Modes (bits of `accessibility.model.modes`) that cannot pass the node (a bollard, a locked gate).
    segment_from, segment_to
        Node index of both ends, shape ``[n_segments]``.
    length_m
        Length on the ellipsoid (m), > 0.
    way_ids
        OSM way of every segment.
    road_class, road_classes
        Index into the tuple of OSM ``highway`` values, and that tuple.
    name, names
        Index into the tuple of street names, and that tuple; ``""`` where nameless.
    speed_cap_mps
        Posted maximum speed (m/s), ``inf`` where none is tagged.
    forward, backward
        Modes (bits) that may use the segment along and against its direction.
    steps
        Where the segment is a flight of steps.
    shape_offset, shape_x_m, shape_y_m
        Geometry of segment ``i``, both ends included: ``shape_x_m[shape_offset[i]:shape_offset[i + 1]]``.
    ban_offset, ban_edges, ban_modes
        Forbidden manoeuvres: mode bits, and the sequence of edges (at least two) nobody of these modes may
        drive one after the other.
    provenance
        Sources and notices.

    Raises
    ------
    ModelError
        If columns disagree in length, an index points nowhere, or a length is not positive.
    """

    crs: str
    node_ids: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    node_signal: NDArray[np.bool_]
    node_closed: NDArray[np.uint8]
    segment_from: NDArray[np.int32]
    segment_to: NDArray[np.int32]
    length_m: NDArray[np.float64]
    way_ids: NDArray[np.int64]
    road_class: NDArray[np.int16]
    road_classes: tuple[str, ...]
    name: NDArray[np.int32]
    names: tuple[str, ...]
    speed_cap_mps: NDArray[np.float32]
    forward: NDArray[np.uint8]
    backward: NDArray[np.uint8]
    steps: NDArray[np.bool_]
    shape_offset: NDArray[np.int64]
    shape_x_m: NDArray[np.float64]
    shape_y_m: NDArray[np.float64]
    ban_offset: NDArray[np.int64]
    ban_edges: NDArray[np.int32]
    ban_modes: NDArray[np.uint8]
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_nodes, n_segments = len(self.node_ids), len(self.segment_from)
        nodes: tuple[int | None, ...] = (n_nodes,)
        segments: tuple[int | None, ...] = (n_segments,)
        bans: tuple[int | None, ...] = (len(self.ban_modes),)
        columns: dict[str, tuple[Any, tuple[int | None, ...]]] = {
            "node_ids": (np.int64, nodes),
            "x_m": (np.float64, nodes),
            "y_m": (np.float64, nodes),
            "node_signal": (np.bool_, nodes),
            "node_closed": (np.uint8, nodes),
            "segment_from": (np.int32, segments),
            "segment_to": (np.int32, segments),
            "length_m": (np.float64, segments),
            "way_ids": (np.int64, segments),
            "road_class": (np.int16, segments),
            "name": (np.int32, segments),
            "speed_cap_mps": (np.float32, segments),
            "forward": (np.uint8, segments),
            "backward": (np.uint8, segments),
            "steps": (np.bool_, segments),
            "shape_offset": (np.int64, (n_segments + 1,)),
            "shape_x_m": (np.float64, (None,)),
            "shape_y_m": (np.float64, (len(self.shape_x_m),)),
            "ban_offset": (np.int64, (len(self.ban_modes) + 1,)),
            "ban_edges": (np.int32, (None,)),
            "ban_modes": (np.uint8, bans),
        }
        for name, (dtype, shape) in columns.items():
            object.__setattr__(self, name, freeze(getattr(self, name), dtype, name=name, shape=shape))
        self._check(n_nodes, n_segments)

    def _check(self, n_nodes: int, n_segments: int) -> None:
        within = (
            ("segment_from", self.segment_from, n_nodes),
            ("segment_to", self.segment_to, n_nodes),
            ("road_class", self.road_class, len(self.road_classes)),
            ("name", self.name, len(self.names)),
            ("ban_edges", self.ban_edges, 2 * n_segments),
        )
        for name, column, limit in within:
            if column.size and not (column.min() >= 0 and column.max() < limit):
                raise ModelError(f"Streets.{name} points outside 0..{limit - 1}", code="streets-index")
        if not np.all(np.isfinite(self.length_m) & (self.length_m > 0)):
            raise ModelError("Streets.length_m must be positive and finite", code="streets-length")
        if not (np.isfinite(self.x_m).all() and np.isfinite(self.y_m).all()):
            raise ModelError("Streets nodes must have finite positions", code="streets-position")
        if not np.all(self.speed_cap_mps > 0):
            raise ModelError("Streets.speed_cap_mps must be positive, inf where none", code="streets-cap")
        if len(np.unique(self.node_ids)) != n_nodes:
            raise ModelError("Streets.node_ids must be unique", code="streets-ids")
        if (
            self.shape_offset[0] != 0
            or np.any(np.diff(self.shape_offset) < 2)
            or self.shape_offset[-1] != len(self.shape_x_m)
        ):
            raise ModelError("every segment needs a shape of at least two points", code="streets-shape")
        if np.any(np.diff(self.ban_offset) < 2) or self.ban_offset[-1] != len(self.ban_edges):
            raise ModelError("every forbidden manoeuvre needs at least two edges", code="streets-ban")

    @property
    def n_nodes(self) -> int:
        """Count the nodes."""
        return len(self.node_ids)

    @property
    def n_segments(self) -> int:
        """Count the segments."""
        return len(self.segment_from)

    def shape(self, segment: int) -> NDArray[np.float64]:
        """Return the geometry of a segment (m), shape ``[n_points, 2]``, in its forward direction."""
        part = slice(self.shape_offset[segment], self.shape_offset[segment + 1])
        return np.column_stack([self.shape_x_m[part], self.shape_y_m[part]])

    def segment_names(self, segments: Sequence[int]) -> list[str]:
        """Return the street name of each of some segments, ``""`` where nameless."""
        return [self.names[self.name[segment]] for segment in segments]

    def segment_classes(self, segments: Sequence[int]) -> list[str]:
        """Return the OSM ``highway`` value of each of some segments."""
        return [self.road_classes[self.road_class[segment]] for segment in segments]

    @classmethod
    def from_osmnx(cls, graph: nx.MultiDiGraph, *, crs: str | None = None) -> "Streets":
        """
        Take over a street graph made by OSMnx.

        Parameters
        ----------
        graph
            Nodes with ``x``, ``y``; edges with ``highway`` and whatever else OSMnx keeps; ``graph["crs"]``
            says the coordinate system. A graph that `to_osmnx` wrote comes back unchanged.
        crs
            Projected coordinate system to measure in; the UTM zone of the middle where not given.

        Returns
        -------
        streets
            One segment per street piece; edges that are each other's reverse share one.

        Raises
        ------
        ModelError
            If the graph is empty, has no ``crs``, or a node has no position.
        """
        return cls(**osmnx_graph.columns_from_graph(graph, crs=crs))

    def to_osmnx(self) -> nx.MultiDiGraph:
        """
        Give the network as OSMnx and networkx know it.

        Returns
        -------
        graph
            Nodes with ``x``, ``y`` (degrees, WGS-84) and ``street_count``; one directed edge per allowed
            direction of travel with ``osmid``, ``highway``, ``name``, ``length`` (m), ``oneway``,
            ``reversed``, ``geometry`` and the permissions ``walk``, ``cycle``, ``drive``.
        """
        return osmnx_graph.graph_from_columns(self)
