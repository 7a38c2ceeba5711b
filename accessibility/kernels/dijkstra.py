"""Shortest ways over a street graph: bounded Dijkstra searches from seeded vertices.

The graph is CSR: edges of vertex ``v`` are ``indptr[v]:indptr[v + 1]``, each with a target, a cost (s) and a
length (m). Lengths are carried along the cheapest way. A 4-ary heap with lazy deletion; equal costs are
settled by vertex number, so that the same way is found on every machine.

Source: Dijkstra (1959), doi:10.1007/BF01386390.
"""

import numpy as np
from numba import njit

_ARITY = 4


@njit(cache=True, nogil=True, inline="always")
def _precedes(cost_a, vertex_a, cost_b, vertex_b):
    return cost_a < cost_b or (cost_a == cost_b and vertex_a < vertex_b)


@njit(cache=True, nogil=True)
def _push(heap_cost, heap_vertex, size, cost, vertex):
    position = size
    while position > 0:
        parent = (position - 1) // _ARITY
        if not _precedes(cost, vertex, heap_cost[parent], heap_vertex[parent]):
            break
        heap_cost[position] = heap_cost[parent]
        heap_vertex[position] = heap_vertex[parent]
        position = parent
    heap_cost[position] = cost
    heap_vertex[position] = vertex
    return size + 1


@njit(cache=True, nogil=True)
def _drop_first(heap_cost, heap_vertex, size):
    size -= 1
    cost, vertex = heap_cost[size], heap_vertex[size]
    position = 0
    while True:
        child = _ARITY * position + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + _ARITY, size)):
            if _precedes(heap_cost[other], heap_vertex[other], heap_cost[best], heap_vertex[best]):
                best = other
        if not _precedes(heap_cost[best], heap_vertex[best], cost, vertex):
            break
        heap_cost[position] = heap_cost[best]
        heap_vertex[position] = heap_vertex[best]
        position = best
    heap_cost[position] = cost
    heap_vertex[position] = vertex
    return size


@njit(cache=True, nogil=True)
def search(
    indptr, target, cost, length, seed_vertex, seed_cost, seed_length, limit,
    best_cost, best_length, best_edge, touched, heap_cost, heap_vertex,
):  # fmt: skip
    """
    Search from one set of seeds until `limit`.

    `best_cost` must hold ``inf`` everywhere on entry; on return it holds the cost of every vertex within the
    limit, `best_edge` the CSR edge it was reached by (-1 for a seed) and `touched` the vertices written,
    whose number is returned. The heaps need room for all seeds and edges.
    """
    size = 0
    n_touched = 0
    for i in range(seed_vertex.size):
        vertex = seed_vertex[i]
        if seed_cost[i] <= limit and seed_cost[i] < best_cost[vertex]:
            if best_cost[vertex] == np.inf:
                touched[n_touched] = vertex
                n_touched += 1
            best_cost[vertex] = seed_cost[i]
            best_length[vertex] = seed_length[i]
            best_edge[vertex] = -1
            size = _push(heap_cost, heap_vertex, size, seed_cost[i], vertex)
    while size > 0:
        here, vertex = heap_cost[0], heap_vertex[0]
        size = _drop_first(heap_cost, heap_vertex, size)
        if here > best_cost[vertex]:
            continue
        for edge in range(indptr[vertex], indptr[vertex + 1]):
            there = here + cost[edge]
            head = target[edge]
            if there <= limit and there < best_cost[head]:
                if best_cost[head] == np.inf:
                    touched[n_touched] = head
                    n_touched += 1
                best_cost[head] = there
                best_length[head] = best_length[vertex] + length[edge]
                best_edge[head] = edge
                size = _push(heap_cost, heap_vertex, size, there, head)
    return n_touched


@njit(cache=True, nogil=True)
def one_to_many(
    indptr, target, cost, length,
    seed_offset, seed_vertex, seed_cost, seed_length,
    goal_offset, goal_vertex, goal_cost, goal_length, limit,
    out_cost, out_length,
):  # fmt: skip
    """
    Search from every origin and read off every destination.

    Origin ``i`` starts at the seeds ``seed_offset[i]:seed_offset[i + 1]``; destination ``j`` is reached
    through the goals ``goal_offset[j]:goal_offset[j + 1]``. Writes cost (s) and length (m) of the cheapest
    way into ``out_cost[i, j]`` and ``out_length[i, j]``, ``inf`` and NaN where it exceeds `limit`.
    """
    n_vertices = indptr.size - 1
    room = target.size + seed_vertex.size + 1
    best_cost = np.full(n_vertices, np.inf)
    best_length = np.empty(n_vertices)
    best_edge = np.empty(n_vertices, np.int32)
    touched = np.empty(n_vertices, np.int32)
    heap_cost = np.empty(room)
    heap_vertex = np.empty(room, np.int32)
    for i in range(seed_offset.size - 1):
        seeds = slice(seed_offset[i], seed_offset[i + 1])
        n_touched = search(
            indptr, target, cost, length, seed_vertex[seeds], seed_cost[seeds], seed_length[seeds], limit,
            best_cost, best_length, best_edge, touched, heap_cost, heap_vertex,
        )  # fmt: skip
        for j in range(goal_offset.size - 1):
            cheapest, its_length = np.inf, np.nan
            for k in range(goal_offset[j], goal_offset[j + 1]):
                total = best_cost[goal_vertex[k]] + goal_cost[k]
                if total < cheapest and total <= limit:
                    cheapest = total
                    its_length = best_length[goal_vertex[k]] + goal_length[k]
            out_cost[i, j] = cheapest
            out_length[i, j] = its_length
        for t in range(n_touched):
            best_cost[touched[t]] = np.inf
