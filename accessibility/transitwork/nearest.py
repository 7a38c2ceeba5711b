"""The nearest of a set of places for every minute of a window, found backward from the set."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.profile import NEVER, nearest_by_minute, nearest_until, stop_profiles
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transfer_rules import Walks
from accessibility.model.transit_query import ARRIVE_BY, TransitQuery
from accessibility.transitwork.clones import with_clones
from accessibility.transitwork.ride_events import ride_events

UNREACHED_VALUE = np.iinfo(np.int64).max


def backward_walks(day: ServiceDay, walks: TimedWalks) -> TimedWalks:
    """
    Make walks ready for searches backward: to clones too, and the shortest transfers first.

    Parameters
    ----------
    day
        A service day; clones are the same every day.
    walks
        Walks in seconds.

    Returns
    -------
    walks
        What of a transfer is walked no longer belongs to it.
    """
    return replace(
        walks,
        access=with_clones(day, walks.access),
        egress=with_clones(day, walks.egress),
        transfers=_shortest_first(walks.transfers),
        transfer_walk_s=np.zeros_like(walks.transfer_walk_s),
    )


def _shortest_first(walks: Walks) -> Walks:
    """Order the walks of every row by seconds, of equals the first target first."""
    offset, target, walk_s = walks
    if not len(target):
        return walks
    owner = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    least, n_targets = int(walk_s.min()), int(target.max()) + 1
    span = int(walk_s.max()) - least + 1
    keys = np.sort((owner * span + (walk_s - least)) * n_targets + target)
    return (
        offset,
        (keys % n_targets).astype(np.int32),
        (keys // n_targets % span + least).astype(np.int32),
    )


def values_of_nearest(
    days: Sequence[ServiceDay],
    walks: TimedWalks,
    members: NDArray[np.intp],
    query: TransitQuery,
) -> NDArray[np.int64]:
    """
    Find the nearest of a set from every origin, for every minute of every draw, by one search backward.

    Parameters
    ----------
    days
        The service day, once per draw.
    walks
        Walks in seconds, as `backward_walks` gives them.
    members
        Places of the set, at least one.
    query
        Window and limits; counted from the departure or until the arrival, not planned.

    Returns
    -------
    values
        ``duration_s * n_members + member``, shape ``[n_origins, n_draws * n_minutes]``; the largest int64
        where none is reached. Of members equally near the one reached earlier counts, then the first one.
    """
    access, egress, direct = walks.access, walks.egress, walks.direct
    n_origins, n_members, n_minutes = len(access[0]) - 1, len(members), query.n_minutes
    member_of = np.full(len(egress[0]) - 1, -1)
    member_of[members[::-1]] = np.arange(n_members)[::-1]
    direct_value = np.full(n_origins, NEVER)
    origin, member = np.repeat(np.arange(n_origins), np.diff(direct[0])), member_of[direct[1]]
    _lower(direct_value, origin, member, direct[2], n_members)
    by_minute = nearest_until if query.definition == ARRIVE_BY else nearest_by_minute
    values = np.empty((n_origins, len(days) * n_minutes), np.int64)
    for draw, day in enumerate(days):
        egress_value = np.full(day.n_stops, NEVER)
        _lower(egress_value, egress[1], np.repeat(member_of, np.diff(egress[0])), egress[2], n_members)
        rides = ride_events(day, query)
        profiles = stop_profiles(
            rides.runs, day.at_offset, day.at_pattern, day.at_position,
            walks.transfers, egress_value, n_members, query.max_rides, query.board_slack_s,
            query.max_duration_s, rides.from_s, rides.until_s,
        )  # fmt: skip
        by_minute(
            profiles, access, direct_value, n_members, query.start_s, query.max_duration_s,
            values[:, draw * n_minutes : (draw + 1) * n_minutes],
        )  # fmt: skip
    return values


def _lower(
    values: NDArray[np.int64],
    row: NDArray[np.integer],
    member: NDArray[np.integer],
    walk_s: NDArray[np.int32],
    n_members: int,
) -> None:
    """Lower each row to the smallest value of its walks to members."""
    used = member >= 0
    np.minimum.at(values, row[used], walk_s[used].astype(np.int64) * n_members + member[used])
