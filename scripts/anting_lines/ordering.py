"""Order the stops of a line along the streets between its ends."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility import Places, link, read_defaults, read_streets, street_query, travel_times
from accessibility.model.study import StreetUse

Metres = NDArray[np.float64]
EXACT_INSIDE = 12
"""Up to so many stops between the ends the shortest order is found exactly."""


def street_metres(study: Path, lon: Sequence[float], lat: Sequence[float]) -> Metres:
    """
    Measure the ways between points over the streets of the study.

    Motorways are left out (people may not walk there, buses with stops do not use them); near points also
    have the straight line times the detour factor, because the streets are a sketch.

    Returns
    -------
    metres
        Shape ``[n, n]``.
    """
    streets = read_streets(study / "streets.osm", crs="EPSG:4549")
    defaults = read_defaults(study.parent / "defaults")
    query = street_query(
        defaults,
        "walk",
        max_duration_s=24 * 3600,
        ranged=False,
        use=StreetUse(generalised=True, off_network_m=1600.0),
    )
    n = len(lon)
    names = tuple(str(i) for i in range(n))
    points = Places(names, names, ("stop",) * n, np.array(lon), np.array(lat), np.ones(n), np.zeros(n))
    times = travel_times(streets, link(streets, points, points, query), query, (names, names))
    return np.asarray(times.distance_m[:, :, 0], np.float64)


def shortest_order(metres: Metres, first: int, last: int) -> list[int]:
    """
    Find the order of all points with the least way from the first to the last.

    Exact for few points, else the best of many insertions improved by moving and turning parts round; the
    same points in the same order give the same answer.
    """
    inside = [i for i in range(len(metres)) if i not in (first, last)]
    if len(inside) <= EXACT_INSIDE:
        return _exact(metres, first, last, inside)
    found = [
        _improved(metres, _inserted(metres, first, last, [seed, *(i for i in inside if i != seed)]))
        for seed in inside
    ]
    return min(found, key=lambda order: (round(way_metres(metres, order), 3), order))


def way_metres(metres: Metres, order: Sequence[int]) -> float:
    """Add up the hops of an order."""
    return float(sum(metres[a, b] for a, b in pairwise(order)))


def _exact(metres: Metres, first: int, last: int, inside: list[int]) -> list[int]:
    """Held and Karp: the best way through every set of stops, ending at each of them."""
    best = {(1 << k, k): (metres[first, stop], -1) for k, stop in enumerate(inside)}
    for subset in range(1, 1 << len(inside)):
        for end in (k for k in range(len(inside)) if subset >> k & 1):
            rest = subset & ~(1 << end)
            if rest:
                best[subset, end] = min(
                    (best[rest, k][0] + metres[inside[k], inside[end]], k)
                    for k in range(len(inside))
                    if rest >> k & 1
                )
    if not inside:
        return [first, last]
    subset = (1 << len(inside)) - 1
    end = min(range(len(inside)), key=lambda k: (best[subset, k][0] + metres[inside[k], last], k))
    order = [last]
    while end >= 0:
        order.append(inside[end])
        subset, end = subset & ~(1 << end), best[subset, end][1]
    return [first, *order[:0:-1], last]


def _inserted(metres: Metres, first: int, last: int, waiting: list[int]) -> list[int]:
    """Insert one point after the other where it lengthens the way least, the dearest first."""
    order = [first, waiting[0], last]
    left = waiting[1:]
    while left:
        choices = []
        for stop in left:
            extra = [
                (metres[a, stop] + metres[stop, b] - metres[a, b], at)
                for at, (a, b) in enumerate(pairwise(order), start=1)
            ]
            choices.append((*min(extra), stop))
        _, at, stop = max(choices)
        order.insert(at, stop)
        left.remove(stop)
    return order


def _improved(metres: Metres, order: list[int]) -> list[int]:
    """Turn parts round and move parts of up to three stops, as long as the way gets shorter."""
    length = way_metres(metres, order)
    while True:
        shorter = min(
            (change for change in _changes(order)),
            key=lambda change: way_metres(metres, change),
        )
        if way_metres(metres, shorter) > length - 1e-6:
            return order
        order, length = shorter, way_metres(metres, shorter)


def _changes(order: list[int]) -> list[list[int]]:
    """Give every order with one part turned round or one short part moved."""
    n = len(order)
    changes = [
        order[:i] + order[i : j + 1][::-1] + order[j + 1 :]
        for i in range(1, n - 2)
        for j in range(i + 1, n - 1)
    ]
    for size in (1, 2, 3):
        for i in range(1, n - size):
            part, rest = order[i : i + size], order[:i] + order[i + size :]
            changes.extend(rest[:at] + part + rest[at:] for at in range(1, len(rest)) if at != i)
    return changes
