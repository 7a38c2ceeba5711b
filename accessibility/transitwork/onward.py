"""When places are reached from every event: the part of the search that all origins share."""

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.onward import arrivals_onward
from accessibility.model.transfer_rules import Walks
from accessibility.transitwork.ride_events import Changes, RideEvents

Arrivals = NDArray[np.signedinteger]
"""Seconds since the first departure that counts, by event and place."""


def times_type(longest_s: int) -> np.dtype[np.signedinteger]:
    """Choose the smallest type that holds every time up to the longest (s)."""
    return np.dtype(np.int16 if longest_s < np.iinfo(np.int16).max else np.int32)


def fill_arrivals(
    rides: RideEvents,
    change: Changes,
    egress: Walks,
    block: range,
    max_rides: int,
    room: tuple[Arrivals, Arrivals],
) -> None:
    """
    Find the earliest arrivals at a block of places from every event.

    Parameters
    ----------
    rides, change
        The rides of a draw, and the changes between them.
    egress
        Walks (s) by place, from stops.
    block
        The places.
    max_rides
        Vehicles boarded at most.
    room
        Two tables of events by places: one to work in, one for the answer.
    """
    before, now = room
    by_stop = _by_stop(egress, block, rides.day.n_stops)
    limits = rides.from_s, rides.until_s
    arrivals_onward(rides.runs, *change, *by_stop, *limits, before[:0], now)
    for _more in range(max_rides - 1):
        before[:] = now
        arrivals_onward(rides.runs, *change, *by_stop, *limits, before, now)
        if np.array_equal(now, before):
            break


def _by_stop(egress: Walks, block: range, n_stops: int) -> Walks:
    """Turn walks to a block of places round: by stop, places counted from the first of the block."""
    offset, stop, walk_s = egress
    some = slice(offset[block.start], offset[block.stop])
    place = np.repeat(np.arange(len(block), dtype=np.int32), np.diff(offset[block.start : block.stop + 1]))
    order = np.argsort(stop[some], kind="stable")
    by_stop = np.zeros(n_stops + 1, np.int64)
    np.cumsum(np.bincount(stop[some], minlength=n_stops), out=by_stop[1:])
    return by_stop, place[order], walk_s[some][order]
