"""Slow, obvious twins of the kernels and of what is built on them; property tests hold both equal."""

import math

import networkx as nx

from accessibility.model.modes import PERMISSION
from accessibility.units import UNREACHED as NEVER


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


def arrivals_by_vehicle(day, transfers, access, *, leave_s, max_rides, slack_s, max_duration_s):
    """
    Earliest arrival by vehicle at every stop for one departure, by trying every run from every call.

    ``transfers`` maps a stop to {stop: seconds}, itself included where people may change there; ``access``
    maps a stop to seconds. Returns {stop: arrival}, only what lies within the duration.
    """
    latest_s = leave_s + max_duration_s
    ready = {stop: leave_s + walk_s for stop, walk_s in access.items() if leave_s + walk_s <= latest_s}
    best = {}
    for _ride in range(max_rides):
        reached = {}
        for stop, arrival in _one_ride(day, ready, slack_s):
            if arrival <= latest_s:
                reached[stop] = min(arrival, reached.get(stop, math.inf))
        for stop, arrival in reached.items():
            best[stop] = min(arrival, best.get(stop, math.inf))
        ready = {}
        for stop, arrival in reached.items():
            for other, walk_s in transfers.get(stop, {}).items():
                if arrival + walk_s <= latest_s:
                    ready[other] = min(arrival + walk_s, ready.get(other, math.inf))
    return best


def _one_ride(day, ready, slack_s):
    """Give (stop, arrival) of every run from every call at which it can be boarded in time."""
    for pattern in range(day.n_patterns):
        for run in range(day.run_offset[pattern + 1] - day.run_offset[pattern]):
            aboard = False
            for position in range(day.pattern_offset[pattern], day.pattern_offset[pattern + 1]):
                stop = int(day.pattern_stop[position])
                if aboard and day.can_alight[position]:
                    yield stop, int(day.arrival_s[day.time_offset[position] + run])
                departure = int(day.departure_s[day.time_offset[position] + run])
                if day.can_board[position] and stop in ready and departure >= ready[stop] + slack_s:
                    aboard = True


def durations_at(arrival_s, start_s, egress, direct_s, max_duration_s):
    """Duration of every minute at one place: the best of walking all the way and of walking from a stop."""
    durations = []
    for minute, arrivals in enumerate(zip(*arrival_s, strict=True)):
        leave_s = start_s + 60 * minute
        ways = [
            arrivals[stop] + walk_s - leave_s for stop, walk_s in egress.items() if arrivals[stop] < NEVER
        ]
        best = min([*ways, direct_s])
        durations.append(best if best <= max_duration_s else NEVER)
    return durations


def percentile(durations, p):
    """Nearest rank: the smallest duration that at least p percent of the minutes do not exceed."""
    return next(
        d for d in sorted(durations) if 100 * sum(other <= d for other in durations) >= p * len(durations)
    )


def nearest_members(edges, members, limit, n_vertices, rank):
    """Search from every member of a set alone; give, per vertex, the first `rank` as (cost, member)."""
    found = [one_to_all(edges, seeds, limit) for seeds in members]
    return [
        sorted((best[vertex], j) for j, best in enumerate(found) if vertex in best)[:rank]
        for vertex in range(n_vertices)
    ]
