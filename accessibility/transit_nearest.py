"""How far the nearest of a set is by public transport: the step that answers it for a whole city at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.model import reasons
from accessibility.model.linkage import TransitLinkage
from accessibility.model.nearest_times import NOBODY, NearestTimes
from accessibility.model.service_day import ServiceDay
from accessibility.model.timed_walks import TimedWalks
from accessibility.model.transit_query import PLANNED, TransitQuery
from accessibility.transitwork.nearest import backward_walks, values_of_nearest
from accessibility.transitwork.ranked import UNREACHED_VALUE, values_at_rank
from accessibility.transitwork.ride_events import served
from accessibility.units import UNREACHED

Members = Sequence[int]


def nearest_times(
    days: tuple[ServiceDay, ...],
    walks: TimedWalks,
    linkage: TransitLinkage,
    query: TransitQuery,
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    sets: Sequence[Members],
    *,
    rank: int = 1,
) -> tuple[NearestTimes, ...]:
    """
    Find how far the nearest of a set of destinations is, from every origin and for every minute.

    Parameters
    ----------
    days
        The service day, once per draw.
    walks, linkage, query, ids
        Walks in seconds, where places are attached, the question, and identifiers as for travel times. Where
        people arrive by a time, as `accessibility.transit.search_query` gives it.
    sets
        Sets of destinations, by index; of members equally near the one reached earlier counts, then the one
        named first.
    rank
        1 for the nearest, 2 for the second nearest, and so on.

    Returns
    -------
    times
        One answer per set, equal on every minute to the smallest (or n-th smallest) of the times to its
        members.

    Notes
    -----
    One search backward from each set, whatever the number of origins, where `rank` is 1 and the departure is
    not planned. Else the times to all members are found for all origins together: a planned time is not that
    of the earliest arrival, and several places need to be told apart. Percentiles are taken of the nearest of
    each minute.
    """
    answers, walks = [], backward_walks(days[0], walks)
    for members in sets:
        n_members, possible = max(1, len(members)), len(members) >= rank
        if possible:
            values = _values(rank, days, walks, np.array(members), query)
        else:
            values = np.full((len(ids[0]), query.n_minutes * len(days)), UNREACHED_VALUE)
        minute_s, minute_member = _split(values, n_members)
        duration_s, member = _split(_at_percentiles(values, query, n_members), n_members)
        reached = (duration_s != UNREACHED).any(axis=1)
        reason = _reasons(days, linkage, query, members if possible else ())
        answers.append(
            NearestTimes(
                origin_ids=ids[0],
                member_ids=tuple(ids[1][i] for i in members),
                minute_s=minute_s,
                minute_member=minute_member,
                duration_s=duration_s,
                member=member,
                reason=np.where(reached, np.int8(reasons.REACHED), reason),
                query=query,
            )
        )
    return tuple(answers)


def _values(
    rank: int,
    days: Sequence[ServiceDay],
    walks: TimedWalks,
    members: NDArray[np.intp],
    query: TransitQuery,
) -> NDArray[np.int64]:
    """Search backward where the nearest alone is asked for and is that of the merged set."""
    if rank == 1 and query.definition != PLANNED:
        return values_of_nearest(days, walks, members, query)
    return values_at_rank(rank, days, walks, members, query)


def _at_percentiles(values: NDArray[np.int64], query: TransitQuery, n_members: int) -> NDArray[np.int64]:
    """Take the values at the percentiles; of minutes that last equally long, one with the first member."""
    ordered, n_pooled = np.sort(values, axis=1), values.shape[1]
    ranks = [(p * n_pooled + 99) // 100 - 1 for p in query.percentiles]
    least = ordered[:, ranks] // n_members * n_members
    first = np.stack([(ordered < one[:, np.newaxis]).sum(axis=1) for one in least.T], axis=1)
    return np.take_along_axis(ordered, first, axis=1)


def _split(values: NDArray[np.int64], n_members: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Take durations (s) and members out of their common values."""
    never = values == UNREACHED_VALUE
    duration_s = np.where(never, UNREACHED, values // n_members).astype(np.int32)
    return duration_s, np.where(never, NOBODY, values % n_members).astype(np.int32)


def _reasons(
    days: Sequence[ServiceDay], linkage: TransitLinkage, query: TransitQuery, members: Members
) -> NDArray[np.int8]:
    """Name what would stand closest to an answer: the origin's own reason, then the best of the members'."""
    origins, destinations = linkage.origins, linkage.destinations
    if not len(members):
        return np.full(len(origins), reasons.NO_SUCH_DESTINATION, np.int8)
    otherwise = reasons.BEYOND_LIMITS if served(days, query) else reasons.NO_SERVICE
    if not destinations.linked[list(members)].any():
        located = destinations.located[list(members)].any()
        otherwise = reasons.DESTINATION_NOT_LINKED if located else reasons.DESTINATION_NO_POSITION
    reason = np.full(len(origins), otherwise, np.int8)
    reason[~origins.linked] = reasons.ORIGIN_NOT_LINKED
    reason[~origins.located] = reasons.ORIGIN_NO_POSITION
    return reason
