"""Shortest ways over a street graph: bounded searches from seeded vertices.

The graph is CSR: edges of vertex ``v`` are ``indptr[v]:indptr[v + 1]``, each with a target, a cost (s) and a
length (m). Of equally cheap ways the shortest counts; lengths are carried along. Vertices that wait stand
in buckets of one width, each at most once, and may be settled again inside a bucket: no heap, no second
entry, no more memory than a few numbers per vertex. The answers do not depend on the width.

Sources: Dijkstra (1959), doi:10.1007/BF01386390; Dial (1969), doi:10.1145/363269.363610; Denardo and Fox
(1979), doi:10.1287/opre.27.1.161.
"""

import numpy as np
from numba import njit

_MOST_BUCKETS = 1 << 16
_NOWHERE = -1


@njit(cache=True, nogil=True)
def bucket_layout(cost, seed_cost):
    """Choose width (s) and number of the buckets: mean cost of an edge, and room for the largest step."""
    span, total = 0.0, 0.0
    for i in range(cost.size):
        span = max(span, cost[i])
        total += cost[i]
    for i in range(seed_cost.size):
        if seed_cost[i] < np.inf:
            span = max(span, seed_cost[i])
    width = max(total / max(cost.size, 1), span / _MOST_BUCKETS, 1e-6)
    return width, int(span / width) + 3


@njit(cache=True, nogil=True)
def workspace(n_vertices, n_buckets, ceiling):
    """
    Make what `search` works with: once per thread, not per search. A whole-numbered ceiling keeps fractions.

    Returns ``best_cost`` (full of `ceiling`), ``best_length`` (full of ``inf``), ``best_edge``, ``touched``,
    ``first``, ``after``, ``before`` and ``bucket``.
    """
    return (
        np.full(n_vertices, ceiling, np.float64), np.full(n_vertices, np.inf), np.empty(n_vertices, np.int32),
        np.empty(n_vertices, np.int32), np.full(n_buckets, _NOWHERE, np.int32),
        np.empty(n_vertices, np.int32), np.empty(n_vertices, np.int32),
        np.full(n_vertices, _NOWHERE, np.int32),
    )  # fmt: skip


@njit(cache=True, nogil=True)
def search(
    indptr, target, cost, length, seed_vertex, seed_cost, seed_length, width,
    best_cost, best_length, best_edge, touched, first, after, before, bucket,
):  # fmt: skip
    """
    Search from one set of seeds, under a ceiling at every vertex.

    On entry `best_cost` holds the highest cost (included) that is wanted at each vertex, and `best_length`
    ``inf``. On return they hold cost and length of the best way to every vertex in `touched`, whose number is
    returned, and `best_edge` the CSR edge it was reached by (-1 for a seed); others are as they were. `first`
    must have room for the largest edge or seed cost in buckets of `width`; it and `bucket` come back empty.

    The moving between buckets is written out in the loop: as a function of its own it costs two fifths more.
    """
    n_touched = 0
    n_buckets = first.size
    per_cost = 1.0 / width
    for i in range(seed_vertex.size):
        vertex = seed_vertex[i]
        there, way = seed_cost[i], seed_length[i]
        old = best_cost[vertex]
        if there < old or (there == old and way < best_length[vertex]):
            if best_length[vertex] == np.inf:
                touched[n_touched] = vertex
                n_touched += 1
            best_cost[vertex], best_length[vertex], best_edge[vertex] = there, way, -1
    for t in range(n_touched):
        vertex = touched[t]
        slot = int(best_cost[vertex] * per_cost) % n_buckets
        after[vertex], before[vertex] = first[slot], _NOWHERE
        if first[slot] != _NOWHERE:
            before[first[slot]] = vertex
        first[slot], bucket[vertex] = vertex, slot
    n_waiting = n_touched
    slot = 0
    while n_waiting > 0:
        while first[slot] != _NOWHERE:
            vertex = first[slot]
            first[slot] = after[vertex]
            if after[vertex] != _NOWHERE:
                before[after[vertex]] = _NOWHERE
            bucket[vertex] = _NOWHERE
            n_waiting -= 1
            here, so_far = best_cost[vertex], best_length[vertex]
            for edge in range(indptr[vertex], indptr[vertex + 1]):
                there = here + cost[edge]
                head = target[edge]
                old = best_cost[head]
                if there <= old:
                    way = so_far + length[edge]
                    if there < old or way < best_length[head]:
                        if best_length[head] == np.inf:
                            touched[n_touched] = head
                            n_touched += 1
                        best_cost[head], best_length[head], best_edge[head] = there, way, edge
                        slot_there = int(there * per_cost) % n_buckets
                        was = bucket[head]
                        if was != slot_there:
                            if was == _NOWHERE:
                                n_waiting += 1
                            else:
                                ahead, behind = before[head], after[head]
                                if ahead == _NOWHERE:
                                    first[was] = behind
                                else:
                                    after[ahead] = behind
                                if behind != _NOWHERE:
                                    before[behind] = ahead
                            follower = first[slot_there]
                            after[head] = follower
                            before[head] = _NOWHERE
                            if follower != _NOWHERE:
                                before[follower] = head
                            first[slot_there] = head
                            bucket[head] = slot_there
        slot += 1
        if slot == n_buckets:
            slot = 0
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
    through the goals ``goal_offset[j]:goal_offset[j + 1]``. Writes cost (s) and length (m) of the best way
    into ``out_cost[i, j]`` and ``out_length[i, j]``, ``inf`` and NaN where it exceeds `limit`.
    """
    width, n_buckets = bucket_layout(cost, seed_cost)
    work = workspace(indptr.size - 1, n_buckets, limit)
    best_cost, best_length, _best_edge, touched = work[:4]
    for i in range(seed_offset.size - 1):
        seeds = slice(seed_offset[i], seed_offset[i + 1])
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
        for j in range(goal_offset.size - 1):
            cheapest, shortest = np.inf, np.inf
            for k in range(goal_offset[j], goal_offset[j + 1]):
                way = best_length[goal_vertex[k]] + goal_length[k]
                total = best_cost[goal_vertex[k]] + goal_cost[k]
                if (
                    way < np.inf
                    and total <= limit
                    and (total < cheapest or (total == cheapest and way < shortest))
                ):
                    cheapest, shortest = total, way
            out_cost[i, j] = cheapest
            out_length[i, j] = shortest if cheapest < np.inf else np.nan
        for t in range(n_touched):
            best_cost[touched[t]] = limit
            best_length[touched[t]] = np.inf


@njit(cache=True, nogil=True)
def one_to_all(indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, out_cost):
    """
    Search from every origin and write the cost (s) of every vertex.

    Seeds as for `one_to_many`. ``out_cost[i, v]`` becomes ``inf`` beyond `limit`; its type is the caller's.
    """
    width, n_buckets = bucket_layout(cost, seed_cost)
    work = workspace(indptr.size - 1, n_buckets, limit)
    best_cost, best_length, _best_edge, touched = work[:4]
    for i in range(seed_offset.size - 1):
        seeds = slice(seed_offset[i], seed_offset[i + 1])
        costs = seed_cost[seeds]
        n_touched = search(indptr, target, cost, cost, seed_vertex[seeds], costs, costs, width, *work)
        out_cost[i, :] = np.inf
        for t in range(n_touched):
            vertex = touched[t]
            out_cost[i, vertex] = best_cost[vertex]
            best_cost[vertex] = limit
            best_length[vertex] = np.inf


@njit(cache=True, nogil=True)
def within(
    indptr, target, cost, seed_offset, seed_vertex, seed_cost, limit, begin, out_offset, out_vertex, out_cost
):  # fmt: skip
    """
    Search from every origin and list what lies within `limit`, until the lists are full.

    Begins with origin `begin`. ``out_offset[i + 1]`` becomes the end of the list of origin ``i`` in
    `out_vertex` and `out_cost`. Returns the origin to go on with: the number of origins where all is done.
    """
    width, n_buckets = bucket_layout(cost, seed_cost)
    work = workspace(indptr.size - 1, n_buckets, limit)
    best_cost, best_length, _best_edge, touched = work[:4]
    n_origins = seed_offset.size - 1
    for i in range(begin, n_origins):
        seeds = slice(seed_offset[i], seed_offset[i + 1])
        costs = seed_cost[seeds]
        n_touched = search(indptr, target, cost, cost, seed_vertex[seeds], costs, costs, width, *work)
        filled = out_offset[i]
        if filled + n_touched > out_vertex.size:
            return i
        for t in range(n_touched):
            vertex = touched[t]
            out_vertex[filled + t] = vertex
            out_cost[filled + t] = best_cost[vertex]
            best_cost[vertex] = limit
            best_length[vertex] = np.inf
        out_offset[i + 1] = filled + n_touched
    return n_origins
