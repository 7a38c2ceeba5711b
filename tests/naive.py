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


def arrivals_at_door(day, walks, query, leave_s):
    """
    Earliest arrival at one place by vehicle or on foot, of who leaves at a second; `NEVER` beyond the limits.

    ``walks`` is (access, transfers, egress, direct_s) of one pair, the last ``None`` where it is too far.
    """
    access, transfers, egress, direct_s = walks
    limits = {"max_rides": query.max_rides, "slack_s": query.board_slack_s}
    limits["max_duration_s"] = query.max_duration_s
    by_vehicle = arrivals_by_vehicle(day, transfers, access, leave_s=leave_s, **limits)
    ways = [by_vehicle[stop] + walk_s for stop, walk_s in egress.items() if stop in by_vehicle]
    if direct_s is not None:
        ways.append(leave_s + direct_s)
    best = min(ways, default=NEVER)
    return best if best - leave_s <= query.max_duration_s else NEVER


def durations_by_definition(day, walks, query):
    """
    Duration of every minute as the query defines it, by trying every second of departure.

    From departure: of the minute itself. Planned: from the last second that arrives no later. Arrive-by: from
    the last second that meets the deadline.
    """
    minutes = [query.start_s + 60 * m for m in range(query.n_minutes)]
    first, last = minutes[0] - query.max_duration_s, minutes[-1] + query.max_duration_s
    if query.definition == "arrive-by":
        last = minutes[-1]
    else:
        first = minutes[0]
    seconds = minutes if query.definition == "departure" else range(first, last + 1)
    arrival = {leave_s: arrivals_at_door(day, walks, query, leave_s) for leave_s in seconds}
    durations = []
    for minute in minutes:
        if query.definition == "arrive-by":
            tried = range(minute, minute - query.max_duration_s - 1, -1)
            durations.append(next((minute - s for s in tried if arrival[s] <= minute), NEVER))
        elif query.definition == "departure" or arrival[minute] == NEVER:
            durations.append(arrival[minute] - minute if arrival[minute] < NEVER else NEVER)
        else:
            there = arrival[minute]
            durations.append(next(there - s for s in range(there, minute - 1, -1) if arrival[s] <= there))
    return durations


def transfer_rule(timetable, arriving, departing):
    """
    The rule of transfers.txt that holds between two (trip, stop), as (type, least seconds), or ``None``.

    Rules are tried from the most specific kind to the least, as the reference lists them.
    """
    order = ["trip trip", "trip route", "trip -", "route route", "route -", "- -"]
    fitting = []
    for rule in range(len(timetable.transfer_type)):
        kind = int(timetable.transfer_type[rule])
        sides = []
        exact = 0
        for end, (trip, stop) in (("from", arriving), ("to", departing)):
            place, route, named = (
                int(getattr(timetable, f"transfer_{end}_{what}")[rule]) for what in ("stop", "route", "trip")
            )
            here = place == stop or place == timetable.stop_parent[stop]
            if (
                kind > 3
                or not here
                or named not in (-1, trip)
                or route not in (-1, timetable.trip_route[trip])
            ):
                break
            exact += place == stop
            sides.append("trip" if named != -1 else "route" if route != -1 else "-")
        else:
            least_s = int(timetable.transfer_min_s[rule])
            strict = {3: math.inf, 2: least_s, 0: -2, 1: -3}[kind]
            step = order.index(" ".join(sorted(sides, key=["trip", "route", "-"].index)))
            fitting.append((-step, exact, strict, kind, least_s))
    return max(fitting)[3:] if fitting else None


def arrivals_under_rules(timetable, walks, access, *, leave_s, max_rides, slack_s, max_duration_s):
    """
    Earliest arrival by vehicle at every stop, by trying every trip from every call and every change.

    All trips run; ``walks`` maps a stop to {stop: seconds} before rules, ``access`` a stop to seconds.
    """
    latest_s = leave_s + max_duration_s
    best, vehicles = {}, None
    for _ride in range(max_rides):
        arrived = {}
        for trip in range(len(timetable.trip_ids)):
            aboard = False
            for call in range(timetable.stop_time_offset[trip], timetable.stop_time_offset[trip + 1]):
                stop, arrival = int(timetable.stop_time_stop[call]), int(timetable.arrival_s[call])
                if aboard and arrival <= latest_s:
                    key = (trip, stop)
                    arrived[key] = min(arrival, arrived.get(key, math.inf))
                if vehicles is None:
                    ready = leave_s + access.get(stop, math.inf)
                else:
                    ready = min((there_s + _change(timetable, walks, at, (trip, stop), slack_s)
                                 for at, there_s in vehicles.items()), default=math.inf)  # fmt: skip
                if ready <= latest_s and timetable.departure_s[call] >= ready + slack_s:
                    aboard = True
        for (_trip, stop), arrival in arrived.items():
            best[stop] = min(arrival, best.get(stop, math.inf))
        vehicles = arrived
    return best


def _change(timetable, walks, arriving, departing, slack_s):
    """Seconds from alighting until one may wait out the slack for another vehicle; infinite if never."""
    walk_s = walks.get(arriving[1], {}).get(departing[1])
    kind, least_s = transfer_rule(timetable, arriving, departing) or (0, -1)
    if kind == 2 and least_s >= 0:
        return max(walk_s or 0, least_s - slack_s)
    if kind == 3 or walk_s is None:
        return math.inf
    return walk_s - slack_s if kind == 1 else walk_s


def best_way(day, transfers, access, egress, *, leave_s, max_rides, slack_s):
    """
    Arrival, rides, seconds walked and patterns of the best way of one departure, by trying every way.

    ``transfers`` maps a stop to {stop: (seconds, seconds walked)}. Best is the earliest arrival, then fewest
    rides, then least walking, then the lowest patterns from the first ride on; ``None`` where there is none.
    """
    ready = {(stop, leave_s + walk_s, walk_s, ()) for stop, walk_s in access.items()}
    ways = []
    for n_rides in range(1, max_rides + 1):
        alighted = {
            (stop, arrival, walked, (*patterns, pattern))
            for origin, ready_s, walked, patterns in ready
            for pattern, stop, arrival in _every_ride(day, origin, ready_s + slack_s)
        }
        ways += [
            (arrival + egress[stop], n_rides, walked + egress[stop], patterns)
            for stop, arrival, walked, patterns in alighted
            if stop in egress
        ]
        ready = {
            (other, arrival + pause_s, walked + walk_s, patterns)
            for stop, arrival, walked, patterns in alighted
            for other, (pause_s, walk_s) in transfers.get(stop, {}).items()
        }
    return min(ways, default=None)


def _every_ride(day, origin, from_s):
    """Give (pattern, stop, arrival) of every run that departs from a stop at a time or later."""
    for pattern in range(day.n_patterns):
        calls = range(day.pattern_offset[pattern], day.pattern_offset[pattern + 1])
        for run in range(day.run_offset[pattern + 1] - day.run_offset[pattern]):
            for board in calls:
                if day.pattern_stop[board] != origin or not day.can_board[board]:
                    continue
                if day.departure_s[day.time_offset[board] + run] < from_s:
                    continue
                for alight in calls:
                    if alight > board and day.can_alight[alight]:
                        arrival = int(day.arrival_s[day.time_offset[alight] + run])
                        yield pattern, int(day.pattern_stop[alight]), arrival
