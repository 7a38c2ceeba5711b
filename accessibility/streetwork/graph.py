"""The graph one mode sees: directed edges as CSR, forbidden manoeuvres built in."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from accessibility.model.modes import PERMISSION
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """
    Vertices and directed edges of one mode.

    The first vertices are the nodes of the streets. Behind them stands one vertex for every way of having
    begun a forbidden manoeuvre; from it the edge that would complete the manoeuvre is missing. A search over
    vertices therefore keeps every turn ban without knowing of any.

    Parameters
    ----------
    indptr, target
        CSR: edges of vertex ``v`` are ``indptr[v]:indptr[v + 1]`` and lead to ``target``.
    edge
        Street edge (``2 * segment + direction``) behind every CSR edge.
    vertex_node
        Street node of every vertex.
    start_vertex
        Vertex reached by driving a street edge from somewhere on it; -1 where the mode may not.
    component
        Strongly connected component of every street node.
    segment_part
        Part of the network every segment belongs to if one-ways are forgotten; a closed node joins nothing.
    """

    indptr: NDArray[np.int32]
    target: NDArray[np.int32]
    edge: NDArray[np.int32]
    vertex_node: NDArray[np.int32]
    start_vertex: NDArray[np.int32]
    component: NDArray[np.int32]
    segment_part: NDArray[np.int32]


def street_graph(streets: Streets, query: TravelQuery) -> StreetGraph:
    """
    Build the graph of a query's mode.

    Parameters
    ----------
    streets
        The network.
    query
        Its mode says who travels, ``avoid`` which classes of road are left out.

    Returns
    -------
    graph
        Edges in the order of their tail and number.

    Notes
    -----
    The extra vertices are the states of a string-matching automaton over sequences of edges: Aho and Corasick
    (1975), doi:10.1145/360825.360855.
    """
    bit = PERMISSION[query.mode]
    allowed = _allowed(streets, bit, query.avoid)
    edge_tail, edge_head, usable = _edges(streets, bit, allowed)
    edges = np.flatnonzero(usable).astype(np.int32)
    states = _ban_states(streets, bit, usable)
    state_vertex = {state: streets.n_nodes + i for i, state in enumerate(states)}

    start_vertex = np.full(2 * streets.n_segments, -1, np.int32)
    start_vertex[allowed] = edge_head[allowed]
    for state, vertex in state_vertex.items():
        if len(state) == 1:
            start_vertex[state[0]] = vertex
    tails, heads, numbers = _state_edges(streets, bit, usable, state_vertex, start_vertex)
    tail = np.concatenate([edge_tail[edges], np.array(tails, np.int32)])
    target = np.concatenate([start_vertex[edges], np.array(heads, np.int32)])
    number = np.concatenate([edges, np.array(numbers, np.int32)])
    order = np.lexsort((number, tail))
    n_vertices = streets.n_nodes + len(states)
    indptr = np.zeros(n_vertices + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n_vertices), out=indptr[1:])
    vertex_node = np.concatenate(
        [np.arange(streets.n_nodes), [edge_head[state[-1]] for state in states]],
        dtype=np.int32,
        casting="unsafe",
    )
    links = csr_array(
        (np.ones(len(edges), np.int8), (edge_tail[edges], edge_head[edges])), shape=(streets.n_nodes,) * 2
    )
    return StreetGraph(
        indptr=indptr,
        target=target[order].astype(np.int32),
        edge=number[order].astype(np.int32),
        vertex_node=vertex_node,
        start_vertex=start_vertex,
        component=connected_components(links, connection="strong")[1].astype(np.int32),
        segment_part=_segment_parts(streets, bit, allowed),
    )


def turned_round(graph: StreetGraph) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.intp]]:
    """Turn every edge round: ``indptr``, ``target``, and the number of the edge behind each."""
    tail = np.repeat(np.arange(len(graph.indptr) - 1, dtype=np.int32), np.diff(graph.indptr))
    order = np.argsort(graph.target, kind="stable")
    indptr = np.zeros(len(graph.indptr), np.int32)
    np.cumsum(np.bincount(graph.target, minlength=len(graph.indptr) - 1), out=indptr[1:])
    return indptr, tail[order], order


def _allowed(streets: Streets, bit: int, avoid: tuple[str, ...]) -> NDArray[np.bool_]:
    """Say which edges the mode may use, shape ``[2 * n_segments]``."""
    avoided = np.isin(np.array(streets.road_classes, dtype=object), avoid)[streets.road_class]
    by_direction = np.column_stack([streets.forward, streets.backward])
    allowed: NDArray[np.bool_] = ((by_direction & bit) != 0).ravel() & ~np.repeat(avoided, 2)
    return allowed


def _edges(
    streets: Streets, bit: int, allowed: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]]:
    """Give tail and head of every edge, and which may be driven from its tail on."""
    tail = np.column_stack([streets.segment_from, streets.segment_to]).ravel()
    head = np.column_stack([streets.segment_to, streets.segment_from]).ravel()
    passable = (streets.node_closed & bit) == 0
    return tail, head, allowed & passable[tail]


def _segment_parts(streets: Streets, bit: int, allowed: NDArray[np.bool_]) -> NDArray[np.int32]:
    used = allowed.reshape(-1, 2).any(axis=1)
    closed = (streets.node_closed & bit) != 0
    a, b = streets.segment_from, streets.segment_to
    joining = used & ~closed[a] & ~closed[b]
    links = csr_array(
        (np.ones(int(joining.sum()), np.int8), (a[joining], b[joining])), shape=(streets.n_nodes,) * 2
    )
    part = connected_components(links, directed=False)[1]
    alone = streets.n_nodes + np.arange(streets.n_segments)
    parts: NDArray[np.int32] = np.where(~closed[a], part[a], np.where(~closed[b], part[b], alone)).astype(
        np.int32
    )
    return parts


def _bans(streets: Streets, bit: int, usable: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    bans = []
    for i in np.flatnonzero(streets.ban_modes & bit):
        ban = tuple(streets.ban_edges[streets.ban_offset[i] : streets.ban_offset[i + 1]].tolist())
        if usable[list(ban[1:])].all():
            bans.append(ban)
    return bans


def _ban_states(streets: Streets, bit: int, usable: NDArray[np.bool_]) -> list[tuple[int, ...]]:
    """List every proper beginning of a forbidden manoeuvre."""
    bans = _bans(streets, bit, usable)
    return sorted({ban[:end] for ban in bans for end in range(1, len(ban))})


def _state_edges(
    streets: Streets,
    bit: int,
    usable: NDArray[np.bool_],
    state_vertex: dict[tuple[int, ...], int],
    start_vertex: NDArray[np.int32],
) -> tuple[list[int], list[int], list[int]]:
    """Lead on from every state: to the longest beginning that still holds, unless that completes a ban."""
    bans = set(_bans(streets, bit, usable))
    if not bans:
        return [], [], []
    tail, head, _ = _edges(streets, bit, usable)
    leaving: dict[int, list[int]] = {}
    wanted = {int(head[state[-1]]) for state in state_vertex}
    for edge in np.flatnonzero(usable & np.isin(tail, list(wanted))).tolist():
        leaving.setdefault(int(tail[edge]), []).append(edge)
    tails, heads, numbers = [], [], []
    for state, vertex in state_vertex.items():
        for edge in leaving.get(int(head[state[-1]]), []):
            ways = [(*state[begin:], edge) for begin in range(len(state) + 1)]
            if any(way in bans for way in ways):
                continue
            onward = next((state_vertex[way] for way in ways if way in state_vertex), int(start_vertex[edge]))
            tails.append(vertex)
            heads.append(onward)
            numbers.append(edge)
    return tails, heads, numbers
