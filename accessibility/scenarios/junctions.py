"""Streets with one more junction, or one more segment: what was there keeps its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from accessibility.model.projection import step_lengths_m, unproject
from accessibility.model.street_builder import SHORTEST_M
from accessibility.model.streets import Streets

AT_NODE_M = 1.0
"""Nearer to the end of a segment than this (m), its node is taken instead of splitting it."""

Point = tuple[float, float]
"""Projected position (m)."""


@dataclass(frozen=True)
class SegmentDraft:
    """
    A segment to be added.

    Parameters
    ----------
    start, end
        Nodes it joins.
    course
        Positions (m) from the one to the other, both included.
    way_id, road_class, name, speed_cap_mps, forward, backward
        As in `Streets`, class and name as text.
    """

    start: int
    end: int
    course: tuple[Point, ...]
    way_id: int
    road_class: str
    name: str
    speed_cap_mps: float
    forward: int
    backward: int


def with_junction(streets: Streets, segment: int, share: float) -> tuple[Streets, int]:
    """
    Find the node at a place along a segment; split the segment where none is near.

    Parameters
    ----------
    streets
        The network.
    segment
        Segment.
    share
        Part of its length (0-1) before the place.

    Returns
    -------
    streets, node
        The first half keeps the number of the segment, the second stands behind all others. Turn bans hold as
        before.
    """
    length_m = float(streets.length_m[segment])
    if share * length_m < AT_NODE_M:
        return streets, int(streets.segment_from[segment])
    if (1 - share) * length_m < AT_NODE_M:
        return streets, int(streets.segment_to[segment])
    line = shapely.LineString(streets.shape(segment))
    halves = [np.array(substring(line, *part, normalized=True).coords) for part in ((0, share), (share, 1))]
    grown, node = with_node(streets, (float(halves[0][-1, 0]), float(halves[0][-1, 1])))
    columns: dict[str, Any] = {
        name: np.append(getattr(grown, name), getattr(grown, name)[segment])
        for name in (
            "segment_from", "segment_to", "length_m", "way_ids", "road_class", "name", "speed_cap_mps",
            "forward", "backward", "steps",
        )
    }  # fmt: skip
    columns["segment_from"][-1] = columns["segment_to"][segment] = node
    columns["length_m"][segment], columns["length_m"][-1] = share * length_m, (1 - share) * length_m
    columns |= _with_shapes(grown, {segment: halves[0]}, [halves[1]])
    return replace(grown, **columns, **_bans_over(grown, segment)), node


def with_node(streets: Streets, at: Point) -> tuple[Streets, int]:
    """Add a node without signals or barriers; its identifier is negative, as editors of maps number."""
    grown = replace(
        streets,
        node_ids=np.append(streets.node_ids, _next_id(streets.node_ids)),
        x_m=np.append(streets.x_m, at[0]),
        y_m=np.append(streets.y_m, at[1]),
        node_signal=np.append(streets.node_signal, False),
        node_closed=np.append(streets.node_closed, np.uint8(0)),
    )
    return grown, streets.n_nodes


def next_way_id(streets: Streets) -> int:
    """Return a way number that nothing bears yet."""
    return _next_id(streets.way_ids)


def with_segment(streets: Streets, new: SegmentDraft) -> Streets:
    """Add a segment behind all others; its length is measured on the ellipsoid."""
    x_m, y_m = np.array(new.course).T
    length_m = float(step_lengths_m(*unproject(x_m, y_m, streets.crs)).sum())
    classes, road_class = _position(streets.road_classes, new.road_class)
    names, name = _position(streets.names, new.name)
    return replace(
        streets,
        segment_from=np.append(streets.segment_from, np.int32(new.start)),
        segment_to=np.append(streets.segment_to, np.int32(new.end)),
        length_m=np.append(streets.length_m, max(length_m, SHORTEST_M)),
        way_ids=np.append(streets.way_ids, new.way_id),
        road_class=np.append(streets.road_class, np.int16(road_class)),
        road_classes=classes,
        name=np.append(streets.name, np.int32(name)),
        names=names,
        speed_cap_mps=np.append(streets.speed_cap_mps, np.float32(new.speed_cap_mps)),
        forward=np.append(streets.forward, np.uint8(new.forward)),
        backward=np.append(streets.backward, np.uint8(new.backward)),
        steps=np.append(streets.steps, new.road_class == "steps"),
        **_with_shapes(streets, {}, [np.array(new.course)]),
    )


def _next_id(ids: NDArray[np.int64]) -> int:
    return min(int(ids.min()) if ids.size else 0, 0) - 1


def _position(texts: tuple[str, ...], text: str) -> tuple[tuple[str, ...], int]:
    """Find a text, put behind the others where it is new."""
    grown = texts if text in texts else (*texts, text)
    return grown, grown.index(text)


def _with_shapes(
    streets: Streets, changed: dict[int, NDArray[np.float64]], added: Sequence[NDArray[np.float64]]
) -> dict[str, Any]:
    """Lay out the points of all segments, some of them changed, some added."""
    points = np.column_stack([streets.shape_x_m, streets.shape_y_m])
    pieces, begin = [], 0
    counts = np.diff(streets.shape_offset)
    for segment in sorted(changed):
        first, last = streets.shape_offset[segment : segment + 2].tolist()
        pieces += [points[begin:first], changed[segment]]
        counts[segment] = len(changed[segment])
        begin = last
    whole = np.concatenate([*pieces, points[begin:], *added])
    counts = np.concatenate([[0], counts, [len(one) for one in added]])
    return {"shape_offset": np.cumsum(counts), "shape_x_m": whole[:, 0], "shape_y_m": whole[:, 1]}


def _bans_over(streets: Streets, segment: int) -> dict[str, Any]:
    """
    Lead forbidden manoeuvres over both halves of a split segment.

    A manoeuvre begins on the half that touches its first junction and ends on the half behind its last one.
    """
    there, back = 2 * segment, 2 * segment + 1
    if not np.isin(streets.ban_edges, (there, back)).any():
        return {}
    new = 2 * streets.n_segments
    halves = {there: [there, new], back: [new + 1, back]}
    bans = []
    for begin, end in zip(streets.ban_offset[:-1], streets.ban_offset[1:], strict=True):
        parts = [halves.get(edge, [edge]) for edge in streets.ban_edges[begin:end].tolist()]
        parts[0], parts[-1] = parts[0][-1:], parts[-1][:1]
        bans.append([edge for part in parts for edge in part])
    offset = np.cumsum([0, *map(len, bans)])
    return {"ban_offset": offset, "ban_edges": [edge for ban in bans for edge in ban]}
