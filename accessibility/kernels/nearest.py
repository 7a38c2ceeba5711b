"""The nearest of a set, for every vertex of a graph, by one search from the whole set.

`nearest` keeps at every vertex the first `rank` members of the set in the order of cost, of equal costs in
the order of the set. `candidates` then finds, for places between vertices, every member that can be among the
first `rank` once costs are rounded: each member is searched from only as far as it can matter.

The graph is CSR as in `accessibility.kernels.dijkstra`, turned round where people travel to the set.

Source: Erwig (2000), doi:10.1002/1097-0037(200010)36:3<156::AID-NET2>3.0.CO;2-L (graph Voronoi diagrams).
"""

import numpy as np
from numba import njit

from accessibility.kernels.dijkstra import bucket_layout, search, workspace

_ARITY = 4


@njit(cache=True, nogil=True, inline="always")
def _precedes(cost_a, owner_a, cost_b, owner_b):
    return cost_a < cost_b or (cost_a == cost_b and owner_a < owner_b)


@njit(cache=True, nogil=True)
def _push(heap_cost, heap_owner, heap_vertex, size, cost, owner, vertex):
    position = size
    while position > 0:
        parent = (position - 1) // _ARITY
        if not _precedes(cost, owner, heap_cost[parent], heap_owner[parent]):
            break
        heap_cost[position] = heap_cost[parent]
        heap_owner[position] = heap_owner[parent]
        heap_vertex[position] = heap_vertex[parent]
        position = parent
    heap_cost[position] = cost
    heap_owner[position] = owner
    heap_vertex[position] = vertex
    return size + 1


@njit(cache=True, nogil=True)
def _drop_first(heap_cost, heap_owner, heap_vertex, size):
    size -= 1
    cost, owner, vertex = heap_cost[size], heap_owner[size], heap_vertex[size]
    position = 0
    while True:
        child = _ARITY * position + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + _ARITY, size)):
            if _precedes(heap_cost[other], heap_owner[other], heap_cost[best], heap_owner[best]):
                best = other
        if not _precedes(heap_cost[best], heap_owner[best], cost, owner):
            break
        heap_cost[position] = heap_cost[best]
        heap_owner[position] = heap_owner[best]
        heap_vertex[position] = heap_vertex[best]
        position = best
    heap_cost[position] = cost
    heap_owner[position] = owner
    heap_vertex[position] = vertex
    return size


@njit(cache=True, nogil=True)
def nearest(indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, out_cost, out_owner):
    """
    Find the nearest members of a set for every vertex.

    Member ``j`` is reached from the seeds ``seed_offset[j]:seed_offset[j + 1]``. ``out_cost[v, r]`` and
    ``out_owner[v, r]``, shape ``[n_vertices, rank]``, become cost (s) and member, ``inf`` and -1 where fewer
    lie within `limit`.
    """
    out_cost[:, :] = np.inf
    out_owner[:, :] = -1
    if out_cost.shape[1] == 1:
        _first(indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, out_cost, out_owner)
    else:
        _several(indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, out_cost, out_owner)


@njit(cache=True, nogil=True)
def _first(indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, out_cost, out_owner):
    """Search once, the number of the member in place of the length: of equal costs the lowest wins."""
    owner = np.empty(seed_vertex.size)
    for j in range(seed_offset.size - 1):
        owner[seed_offset[j] : seed_offset[j + 1]] = j
    width, n_buckets = bucket_layout(cost, seed_cost)
    work = workspace(indptr.size - 1, n_buckets, limit)
    best_cost, best_owner, _best_edge, touched = work[:4]
    n_touched = search(indptr, target, cost, np.zeros(cost.size), seed_vertex, seed_cost, owner, width, *work)
    for t in range(n_touched):
        out_cost[touched[t], 0] = best_cost[touched[t]]
        out_owner[touched[t], 0] = int(best_owner[touched[t]])


@njit(cache=True, nogil=True)
def _several(indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, out_cost, out_owner):
    """Search with a heap: a vertex is settled by `rank` different members, in order."""
    n_vertices, rank = out_cost.shape
    n_found = np.zeros(n_vertices, np.int32)
    room = rank * target.size + seed_vertex.size + 1
    heap_cost, heap_owner = np.empty(room), np.empty(room, np.int32)
    heap_vertex = np.empty(room, np.int32)
    size = 0
    for j in range(seed_offset.size - 1):
        for i in range(seed_offset[j], seed_offset[j + 1]):
            if seed_cost[i] <= limit:
                size = _push(heap_cost, heap_owner, heap_vertex, size, seed_cost[i], j, seed_vertex[i])
    while size > 0:
        here, owner, vertex = heap_cost[0], heap_owner[0], heap_vertex[0]
        size = _drop_first(heap_cost, heap_owner, heap_vertex, size)
        n = n_found[vertex]
        known = n == rank
        for r in range(n):
            known = known or out_owner[vertex, r] == owner
        if known:
            continue
        out_cost[vertex, n] = here
        out_owner[vertex, n] = owner
        n_found[vertex] = n + 1
        for edge in range(indptr[vertex], indptr[vertex + 1]):
            there = here + cost[edge]
            head = target[edge]
            if there <= limit and n_found[head] < rank:
                size = _push(heap_cost, heap_owner, heap_vertex, size, there, owner, head)


@njit(cache=True, nogil=True)
def candidates(
    indptr, target, cost, length, seed_offset, seed_vertex, seed_cost, seed_length,
    place_offset, place, place_cost, place_length, ceiling, begin,
    out_member, out_place, out_cost, out_length,
):  # fmt: skip
    """
    List the ways from members of a set to places, as far as each member can matter, until the lists are full.

    Member ``j`` begins at the seeds ``seed_offset[j]:seed_offset[j + 1]``, under ``ceiling[v]`` at every
    vertex; at vertex ``v`` stand the places ``place_offset[v]:place_offset[v + 1]``. Begins with member
    `begin`; returns the member to go on with (the number of members where all is done) and how many ways are
    listed.
    """
    width, n_buckets = bucket_layout(cost, seed_cost)
    work = workspace(indptr.size - 1, n_buckets, np.inf)
    best_cost, best_length, _best_edge, touched = work[:4]
    best_cost[:] = ceiling
    n_members = seed_offset.size - 1
    n_listed = 0
    for j in range(begin, n_members):
        if n_listed + place.size > out_place.size:
            return j, n_listed
        seeds = slice(seed_offset[j], seed_offset[j + 1])
        n_touched = search(
            indptr,
            target,
            cost,
            length,
            seed_vertex[seeds],
            seed_cost[seeds],
            seed_length[seeds],
            width,
            *work,
        )
        for t in range(n_touched):
            vertex = touched[t]
            for k in range(place_offset[vertex], place_offset[vertex + 1]):
                out_member[n_listed] = j
                out_place[n_listed] = place[k]
                out_cost[n_listed] = best_cost[vertex] + place_cost[k]
                out_length[n_listed] = best_length[vertex] + place_length[k]
                n_listed += 1
            best_cost[vertex] = ceiling[vertex]
            best_length[vertex] = np.inf
    return n_members, n_listed
