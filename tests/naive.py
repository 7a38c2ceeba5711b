"""Slow, obvious twins of the kernels and of what is built on them; property tests hold both equal."""

import math

import networkx as nx

from accessibility.model.modes import PERMISSION


def one_to_all(edges, seeds, limit):
    """Bellman-Ford over ``edges`` (tail, head, cost): cheapest cost per vertex within the limit."""
    best = {}
    for vertex, cost in seeds:
        if cost <= limit:
            best[vertex] = min(cost, best.get(vertex, math.inf))
    changed = True
    while changed:
        changed = False
        for tail, head, cost in edges:
            there = best.get(tail, math.inf) + cost
            if there <= limit and there < best.get(head, math.inf):
                best[head] = there
                changed = True
    return best


def street_edges(streets, mode):
    """Every edge a mode may use, as (edge, tail, head), node closures kept."""
    bit = PERMISSION[mode]
    edges = []
    for segment in range(streets.n_segments):
        a, b = int(streets.segment_from[segment]), int(streets.segment_to[segment])
        for edge, tail, head, allowed in (
            (2 * segment, a, b, streets.forward[segment]),
            (2 * segment + 1, b, a, streets.backward[segment]),
        ):
            if allowed & bit and not streets.node_closed[tail] & bit:
                edges.append((edge, tail, head))
    return edges


def walk_without_bans(streets, mode, start, goal, edge_cost):
    """
    Cheapest way from node to node that completes no forbidden manoeuvre, by search over whole histories.

    The state is the last ``k - 1`` edges driven, ``k`` the longest manoeuvre: nothing clever, nothing to get
    wrong. Returns ``inf`` where there is no way.
    """
    bit = PERMISSION[mode]
    bans = []
    for i in range(len(streets.ban_modes)):
        if streets.ban_modes[i] & bit:
            bans.append(tuple(streets.ban_edges[streets.ban_offset[i] : streets.ban_offset[i + 1]].tolist()))
    memory = max((len(ban) for ban in bans), default=1) - 1
    graph = nx.DiGraph()
    leaving = {}
    for edge, tail, head in street_edges(streets, mode):
        leaving.setdefault(tail, []).append((edge, head))
    first = (start, ())
    graph.add_node(first)
    queue = [first]
    while queue:
        node, history = state = queue.pop()
        for edge, head in leaving.get(node, []):
            driven = (*history, edge)
            if any(driven[-len(ban) :] == ban for ban in bans):
                continue
            onward = (head, driven[-memory:] if memory else ())
            if onward not in graph:
                queue.append(onward)
            graph.add_edge(state, onward, cost=edge_cost[edge])
    costs = nx.single_source_dijkstra_path_length(graph, first, weight="cost")
    return min((cost for (node, _), cost in costs.items() if node == goal), default=math.inf)
