"""Turn restrictions of OpenStreetMap as forbidden sequences of edges.

``no_*`` forbids the manoeuvre from, via, to. ``only_*`` forbids every other way on at the via node (or at
every node along the via ways). Where the way that is left or entered runs through the via node, the relation
does not say which half is meant; such a restriction is not applied but reported.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.model.modes import CYCLE, DRIVE

Path = tuple[int, ...]

LONGEST_PATH = 200
"""Edges that via ways may be made of: far beyond what is mapped, so that a broken relation ends."""


@dataclass(frozen=True)
class Restriction:
    """
    A turn restriction as it is mapped.

    Parameters
    ----------
    relation_id
        Its identifier.
    kind
        ``no`` or ``only``.
    value
        The tagged value, e.g. ``no_u_turn``.
    modes
        Modes (bits) it binds.
    from_ways, to_ways
        Ways left and entered.
    via_nodes, via_ways
        The junction, or the ways between the two.
    """

    relation_id: int
    kind: str
    value: str
    modes: int
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_nodes: tuple[int, ...] = ()
    via_ways: tuple[int, ...] = ()


class _Unusable(Exception):
    """A restriction cannot be applied; the argument says why."""


class _Edges:
    """Looks up edges (``2 * segment + direction``) by way, by mode and by the node they leave."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        ends = np.stack([columns["segment_from"], columns["segment_to"]], axis=1)
        self._tail: NDArray[np.int32] = ends.ravel()
        self._permission = np.stack([columns["forward"], columns["backward"]], axis=1).ravel()
        self._way: NDArray[np.int64] = np.repeat(columns["way_ids"], 2)
        self._node_ids: NDArray[np.int64] = columns["node_ids"]
        self._by_node = np.argsort(self._tail, kind="stable")
        nodes = np.arange(len(self._node_ids) + 1)
        self._node_offset = np.searchsorted(self._tail, nodes, sorter=self._by_node)
        self._by_way = np.argsort(self._way, kind="stable")

    def node(self, node_id: int) -> int:
        """Find a node by its identifier, -1 where it is none of the network's."""
        place = int(np.searchsorted(self._node_ids, node_id))
        return place if place < len(self._node_ids) and self._node_ids[place] == node_id else -1

    def tail(self, edge: int) -> int:
        return int(self._tail[edge])

    def head(self, edge: int) -> int:
        return int(self._tail[edge ^ 1])

    def way(self, edge: int) -> int:
        return int(self._way[edge])

    def allowed(self, edge: int, mode: int) -> bool:
        return bool(self._permission[edge] & mode)

    def of_way(self, way_id: int) -> list[int]:
        first = np.searchsorted(self._way, way_id, side="left", sorter=self._by_way)
        last = np.searchsorted(self._way, way_id, side="right", sorter=self._by_way)
        edges: list[int] = self._by_way[first:last].tolist()
        return edges

    def leaving(self, node: int, mode: int) -> list[int]:
        edges = self._by_node[self._node_offset[node] : self._node_offset[node + 1]].tolist()
        return [edge for edge in edges if self.allowed(edge, mode)]


def ban_columns(
    columns: Mapping[str, Any], restrictions: Sequence[Restriction]
) -> tuple[dict[str, Any], tuple[tuple[int, str], ...]]:
    """
    Turn restrictions into forbidden sequences of edges.

    Parameters
    ----------
    columns
        Columns of ``Streets``: nodes (identifiers ascending), segments, permissions.
    restrictions
        What is mapped.

    Returns
    -------
    bans
        The columns ``ban_offset``, ``ban_edges``, ``ban_modes``.
    failures
        Relations that could not be applied, and why: ``missing`` (a member is not in the network),
        ``apart`` (members do not meet) or ``unclear`` (a member runs through the junction).
    """
    modes_of: dict[Path, int] = {}
    failures: dict[int, str] = {}
    edges = _Edges(columns) if restrictions else None
    for restriction in restrictions:
        for mode in (DRIVE, CYCLE):
            if edges is None or not restriction.modes & mode:
                continue
            try:
                banned = _banned(edges, restriction, mode)
            except _Unusable as why:
                failures.setdefault(restriction.relation_id, str(why))
                continue
            for path in banned:
                modes_of[path] = modes_of.get(path, 0) | mode
    paths = sorted(modes_of)
    return {
        "ban_offset": np.concatenate([[0], np.cumsum([len(path) for path in paths])]).astype(np.int64),
        "ban_edges": np.array([edge for path in paths for edge in path], dtype=np.int32),
        "ban_modes": np.array([modes_of[path] for path in paths], dtype=np.uint8),
    }, tuple(failures.items())


def _banned(edges: _Edges, restriction: Restriction, mode: int) -> list[Path]:
    """Find the sequences that one restriction forbids to one mode."""
    members = (*restriction.from_ways, *restriction.via_ways, *restriction.to_ways)
    whole = restriction.from_ways and restriction.to_ways and (restriction.via_nodes or restriction.via_ways)
    if not whole or not all(edges.of_way(way) for way in members):
        raise _Unusable("missing")
    find = _paths_by_ways if restriction.via_ways else _turns
    paths = find(edges, restriction, mode)
    return paths if restriction.kind == "no" else _others(edges, paths, mode)


def _others(edges: _Edges, paths: Sequence[Path], mode: int) -> list[Path]:
    """Find every sequence that leaves the prescribed paths at one of their nodes."""
    prescribed = {path[:n] for path in paths for n in range(2, len(path) + 1)}
    banned: dict[Path, None] = {}
    for path in paths:
        for n in range(1, len(path)):
            for edge in edges.leaving(edges.head(path[n - 1]), mode):
                if (*path[:n], edge) not in prescribed:
                    banned[*path[:n], edge] = None
    return list(banned)


def _turns(edges: _Edges, restriction: Restriction, mode: int) -> list[Path]:
    """Find the turns over a via node that a restriction names."""
    node = edges.node(restriction.via_nodes[0])
    if node < 0:
        raise _Unusable("missing")
    arriving = [[e for e in edges.of_way(way) if edges.head(e) == node] for way in restriction.from_ways]
    departing = [[e for e in edges.of_way(way) if edges.tail(e) == node] for way in restriction.to_ways]
    if not all(arriving) or not all(departing):
        raise _Unusable("apart")
    arriving = [[e for e in some if edges.allowed(e, mode)] for some in arriving]
    departing = [[e for e in some if edges.allowed(e, mode)] for some in departing]
    if restriction.value == "no_u_turn" and restriction.from_ways == restriction.to_ways:
        return [(e, e ^ 1) for some in arriving for e in some if edges.allowed(e ^ 1, mode)]
    if any(len(some) > 1 for some in arriving) or (
        restriction.kind == "no" and any(len(some) > 1 for some in departing)
    ):
        raise _Unusable("unclear")
    return [(a, d) for before in arriving for a in before for after in departing for d in after]


def _paths_by_ways(edges: _Edges, restriction: Restriction, mode: int) -> list[Path]:
    """Find the ways through all via ways, in order, from the last edge before to the first edge after."""
    found: list[Path] = []
    for way in restriction.from_ways:
        for edge in edges.of_way(way):
            if edges.allowed(edge, mode):
                found.extend(_through(edges, (edge,), -1, restriction, mode))
    if not found:
        members = (*restriction.from_ways[:1], *restriction.via_ways, *restriction.to_ways[:1])
        if not _touching(edges, members):
            raise _Unusable("apart")
        return []
    if len({path[0] for path in found}) > len(restriction.from_ways):
        raise _Unusable("unclear")
    return found


def _through(edges: _Edges, path: Path, stage: int, restriction: Restriction, mode: int) -> list[Path]:
    """Extend a path through via way number `stage` and the next ones, never over a node twice."""
    visited = {edges.tail(edge) for edge in path}
    last_stage = len(restriction.via_ways) - 1
    found: list[Path] = []
    if len(path) > LONGEST_PATH:
        return found
    for edge in edges.leaving(edges.head(path[-1]), mode):
        way = edges.way(edge)
        if edge == path[-1] ^ 1:
            continue
        if stage == last_stage and way in restriction.to_ways:
            found.append((*path, edge))
        if edges.head(edge) in visited:
            continue
        if stage >= 0 and way == restriction.via_ways[stage]:
            found.extend(_through(edges, (*path, edge), stage, restriction, mode))
        elif stage < last_stage and way == restriction.via_ways[stage + 1]:
            found.extend(_through(edges, (*path, edge), stage + 1, restriction, mode))
    return found


def _touching(edges: _Edges, ways: Sequence[int]) -> bool:
    """Say whether every way shares a node with the next one."""
    nodes = [{edges.tail(edge) for edge in edges.of_way(way)} for way in ways]
    return all(one & other for one, other in zip(nodes[:-1], nodes[1:], strict=True))
