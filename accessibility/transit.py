"""Travel times by public transport: the step that answers a transit query."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.kernels.propagate import propagate
from accessibility.kernels.raptor import range_raptor
from accessibility.model import reasons
from accessibility.model.linkage import TransitLinkage, WalkTable
from accessibility.model.nearest_times import NOBODY, NearestTimes
from accessibility.model.provenance import Provenance
from accessibility.model.service_day import Run, ServiceDay, band_runs, service_day
from accessibility.model.timetable import NONE, Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.transitwork.all_pairs import all_pairs
from accessibility.transitwork.nearest import UNREACHED_VALUE, shortest_first, values_at_rank
from accessibility.transitwork.ride_events import Walks
from accessibility.units import UNREACHED

GUARANTEED, LEAST_TIME, FORBIDDEN = 1, 2, 3
"""Types of ``transfers.txt`` that change a walk between stops."""

Block = range
MapBlocks = Callable[[Callable[[Block], NDArray[np.int32]], Sequence[Block]], Iterable[NDArray[np.int32]]]

BLOCK_SIZE = 16
"""Origins per block where each is searched from by itself: some hundred times dearer than on streets."""

FEW_ORIGINS = 16
"""Below this it is quicker to search from every origin than to work out what all have in common."""

MOST_ORIGINS = 4096
"""Origins worked off together, so that what they can board fits into memory."""


def transit_times(
    timetable: Timetable,
    linkage: TransitLinkage,
    query: TransitQuery,
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    *,
    map_blocks: MapBlocks = map,
) -> TravelTimes:
    """
    Find percentiles of the travel time from every origin to every destination over a departure window.

    Parameters
    ----------
    timetable
        Everything announced.
    linkage
        Walks, complete up to the query's longest.
    query
        Date, window, percentiles, limits.
    ids
        Identifiers of origins and of destinations.
    map_blocks
        How to work off blocks of origins; answers must come back in order.

    Returns
    -------
    times
        Durations (s) from the departure on, the first wait included. A pair that can be walked within the
        limits is never answered by anything longer.

    Raises
    ------
    ModelError
        If the date lies outside the timetable.
    """
    transfers = ruled_transfers(timetable, _timed(linkage.transfers, query), query.board_slack_s)
    search = _Search(tuple(drawn_days(timetable, query)), transfers, linkage, query)
    n_origins, n_destinations = len(ids[0]), len(ids[1])
    duration_s = np.empty((n_origins, n_destinations, len(query.percentiles)), np.int32)
    if n_origins < FEW_ORIGINS:
        blocks = [range(i, min(i + BLOCK_SIZE, n_origins)) for i in range(0, n_origins, BLOCK_SIZE)]
        for block, answer in zip(blocks, map_blocks(search.answer, blocks), strict=True):
            duration_s[block.start : block.stop] = answer
    else:
        search.answer_all(duration_s, map_blocks)
    distance_m = np.full(duration_s.shape, np.nan, np.float32)
    duration_s.flags.writeable = distance_m.flags.writeable = False  # the noun need not copy them
    return TravelTimes(
        origin_ids=ids[0],
        destination_ids=ids[1],
        duration_s=duration_s,
        distance_m=distance_m,
        reason=_reasons(search, (duration_s != UNREACHED).any(axis=2)),
        query=query,
        provenance=Provenance().joined(timetable.provenance),
    )


def nearest_times(
    timetable: Timetable,
    linkage: TransitLinkage,
    query: TransitQuery,
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    sets: Sequence[Sequence[int]],
    *,
    rank: int = 1,
) -> tuple[NearestTimes, ...]:
    """
    Find how far the nearest of a set of destinations is, from every origin and for every minute.

    Parameters
    ----------
    timetable, linkage, query, ids
        As for `transit_times`.
    sets
        Sets of destinations, by index; of members equally near the one named first counts.
    rank
        1 for the nearest, 2 for the second nearest, and so on.

    Returns
    -------
    times
        One answer per set, equal on every minute to the smallest (or n-th smallest) of the times to its
        members.

    Raises
    ------
    ModelError
        If the date lies outside the timetable.

    Notes
    -----
    One search backward from each set (from each member, where `rank` is above 1), whatever the number of
    origins; percentiles are those of the
    minute-wise nearest.
    """
    transfers = ruled_transfers(timetable, _timed(linkage.transfers, query), query.board_slack_s)
    search = _Search(tuple(drawn_days(timetable, query)), shortest_first(transfers), linkage, query)
    ends = search.ends()
    provenance = Provenance().joined(timetable.provenance)
    return tuple(_nearest_of(search, ends, ids, (members, rank), provenance) for members in sets)


def _nearest_of(
    search: "_Search",
    ends: tuple[Walks, Walks, Walks],
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    wanted: tuple[Sequence[int], int],
    provenance: Provenance,
) -> NearestTimes:
    query, (members, rank) = search.query, wanted
    n_members = max(1, len(members))
    if len(members) >= rank:
        values = values_at_rank(rank, search.days, search.transfers, ends, np.array(members), query)
    else:
        values = np.full((len(ids[0]), query.n_minutes * len(search.days)), UNREACHED_VALUE)
    ordered = np.sort(values, axis=1)
    least = ordered[:, _ranks(query, values.shape[1])] // n_members * n_members
    first = np.stack([(ordered < one[:, np.newaxis]).sum(axis=1) for one in least.T], axis=1)
    at_rank = np.take_along_axis(ordered, first, axis=1)
    minute_s, minute_member = _split(values, n_members)
    duration_s, member = _split(at_rank, n_members)
    reached = (duration_s != UNREACHED).any(axis=1)
    return NearestTimes(
        origin_ids=ids[0],
        member_ids=tuple(ids[1][i] for i in members),
        minute_s=minute_s,
        minute_member=minute_member,
        duration_s=duration_s,
        member=member,
        reason=_reasons_of_nearest(search, members if len(members) >= rank else (), reached),
        query=query,
        provenance=provenance,
    )


def _split(values: NDArray[np.int64], n_members: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Take durations (s) and members out of their common values."""
    never = values == UNREACHED_VALUE
    duration_s = np.where(never, UNREACHED, values // n_members).astype(np.int32)
    return duration_s, np.where(never, NOBODY, values % n_members).astype(np.int32)


def ruled_transfers(timetable: Timetable, walks: Walks, slack_s: int) -> Walks:
    """
    Apply the rules of ``transfers.txt`` between stops to the walks between them.

    Parameters
    ----------
    timetable
        Its rules; one for a station holds for all its stops. Rules narrowed to routes or trips are not
        applied here.
    walks
        Offsets, targets and seconds (s) by stop.
    slack_s
        Slack (s) that every boarding adds.

    Returns
    -------
    walks
        Without forbidden ones (type 3). A least time (type 2) and the slack count together, not one after the
        other; a guaranteed change (type 1) needs no slack.
    """
    narrowed = (timetable.transfer_from_route, timetable.transfer_to_route,
                timetable.transfer_from_trip, timetable.transfer_to_trip)  # fmt: skip
    plain = np.all([column == NONE for column in narrowed], axis=0) & np.isin(
        timetable.transfer_type, (1, 2, 3)
    )
    rules = np.flatnonzero(
        plain & (timetable.transfer_from_stop != NONE) & (timetable.transfer_to_stop != NONE)
    )
    if not rules.size:
        return walks
    offset, target, walk_s = walks
    rows = [dict(zip(target[a:b].tolist(), walk_s[a:b].tolist(), strict=True))
            for a, b in zip(offset[:-1], offset[1:], strict=True)]  # fmt: skip
    for rule in rules:
        kind, least_s = int(timetable.transfer_type[rule]), int(timetable.transfer_min_s[rule])
        for start in _stops_of(timetable, int(timetable.transfer_from_stop[rule])):
            for goal in _stops_of(timetable, int(timetable.transfer_to_stop[rule])):
                known_s = rows[start].get(goal)
                if kind == FORBIDDEN:
                    rows[start].pop(goal, None)
                elif kind == GUARANTEED and known_s is not None:
                    rows[start][goal] = known_s - slack_s
                elif kind == LEAST_TIME and least_s >= 0:
                    rows[start][goal] = max(known_s or 0, least_s - slack_s)
    counts = [len(row) for row in rows]
    return (
        np.concatenate([[0], np.cumsum(counts)]),
        np.array([goal for row in rows for goal in sorted(row)], np.int32),
        np.array([row[goal] for row in rows for goal in sorted(row)], np.int32),
    )


def _stops_of(timetable: Timetable, stop: int) -> list[int]:
    """Give the stop itself, or all stops of a station."""
    children = np.flatnonzero((timetable.stop_parent == stop) & (timetable.stop_kind == 0)).tolist()
    return children if timetable.stop_kind[stop] == 1 else [stop]


def drawn_days(timetable: Timetable, query: TransitQuery) -> Iterator[ServiceDay]:
    """Give the service day once per draw; once where every run has fixed times."""
    loose = np.flatnonzero(~timetable.frequency_exact).tolist()
    for draw in range(query.n_draws if loose else 1):
        yield service_day(timetable, query.day, list(_drawn_runs(timetable, query, loose, draw)))


def _drawn_runs(timetable: Timetable, query: TransitQuery, bands: Sequence[int], draw: int) -> Iterator[Run]:
    """Place every headway band by its own phase: an unchanged line keeps its phases whatever else changes."""
    running = timetable.operates(query.day)[timetable.trip_service]
    for band in bands:
        if running[timetable.frequency_trip[band]]:
            headway_s = int(timetable.headway_s[band])
            key = f"{query.seed}/{timetable.frequency_ids[band]}/{draw}".encode()
            phase_s = int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()) % headway_s
            start_s, end_s = int(timetable.frequency_start_s[band]), int(timetable.frequency_end_s[band])
            yield from band_runs(timetable, band, range(start_s + phase_s, end_s, headway_s))


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything a block of origins needs, so that a worker is sent it once."""

    days: tuple[ServiceDay, ...]
    transfers: Walks
    linkage: TransitLinkage
    query: TransitQuery

    def ends(self) -> tuple[Walks, Walks, Walks]:
        """Give the walks (s) to stops, from stops by place, and all the way."""
        linkage, query = self.linkage, self.query
        return _timed(linkage.access, query), _timed(linkage.egress, query), _timed(linkage.direct, query)

    def answer_all(self, duration_s: NDArray[np.int32], map_blocks: MapBlocks) -> None:
        """Write the durations (s) between all origins and places, working off blocks of places."""
        access, egress, direct = self.ends()
        for begin in range(0, len(duration_s), MOST_ORIGINS):
            some = slice(begin, begin + MOST_ORIGINS)
            ends = _rows(access, some), egress, _rows(direct, some)
            pairs = all_pairs(self.days, self.transfers, ends, self.query)
            blocks = pairs.blocks()
            for block, answer in zip(blocks, map_blocks(pairs.answer, blocks), strict=True):
                duration_s[some, block.start : block.stop] = answer

    def answer(self, block: Block) -> NDArray[np.int32]:
        """Give durations (s) from the origins of a block, shape ``[n_origins, n_destinations, n_levels]``."""
        query, linkage = self.query, self.linkage
        n_places, n_minutes = len(linkage.egress), query.n_minutes
        egress = _timed(linkage.egress, query)
        arrival_s = np.empty((linkage.access.n_targets, n_minutes * len(self.days)), np.int32)
        one_draw = np.empty((linkage.access.n_targets, n_minutes), np.int32)
        leave_s = np.tile(query.start_s + 60 * np.arange(n_minutes), len(self.days))
        ranks = _ranks(query, len(leave_s))
        durations = np.empty((len(block), n_places, len(ranks)), np.int32)
        for row, origin in enumerate(block):
            stops, access_s = _walks_of(linkage.access, origin, query)
            for draw, day in enumerate(self.days):
                _ride(day, self.transfers, (stops, access_s), query, one_draw)
                arrival_s[:, draw * n_minutes : (draw + 1) * n_minutes] = one_draw
            direct_s = np.full(n_places, UNREACHED, np.int32)
            places, walk_s = _walks_of(linkage.direct, origin, query)
            direct_s[places] = walk_s
            propagate(arrival_s, leave_s, *egress, direct_s, query.max_duration_s, ranks, durations[row])
        return durations


def _ranks(query: TransitQuery, n_pooled: int) -> NDArray[np.int64]:
    """Say which of the sorted durations of the window the percentiles are."""
    return np.array([(p * n_pooled + 99) // 100 - 1 for p in query.percentiles])


def _rows(walks: Walks, some: slice) -> Walks:
    """Take a run of rows."""
    offset, target, walk_s = walks
    offset = offset[some.start : some.stop + 1]
    part = slice(offset[0], offset[-1])
    return offset - offset[0], target[part], walk_s[part]


def _timed(walks: WalkTable, query: TransitQuery) -> Walks:
    """Turn a table of lengths into one of seconds, without the walks that take too long."""
    walk_s = _seconds(walks.length_m, query)
    kept = walk_s <= query.max_walk_s
    owner = np.repeat(np.arange(len(walks)), np.diff(walks.offset))[kept]
    offset = np.zeros(len(walks) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(walks)), out=offset[1:])
    return offset, walks.target[kept], walk_s[kept]


def _walks_of(
    walks: WalkTable, index: int, query: TransitQuery
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    target, length_m = walks.row(index)
    walk_s = _seconds(length_m, query)
    kept = walk_s <= query.max_walk_s
    return target[kept], walk_s[kept]


def _seconds(length_m: NDArray[np.float64], query: TransitQuery) -> NDArray[np.int32]:
    """Round walking times half up to whole seconds."""
    return np.floor(length_m / query.walk_mps + 0.5).astype(np.int32)


def _ride(
    day: ServiceDay,
    transfers: Walks,
    access: tuple[NDArray[np.int32], NDArray[np.int32]],
    query: TransitQuery,
    out_arrival_s: NDArray[np.int32],
) -> None:
    range_raptor(
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight,
        day.time_offset, day.arrival_s, day.departure_s, day.at_offset, day.at_pattern, day.at_position,
        *transfers, *access,
        query.start_s, query.max_rides, query.board_slack_s, query.max_duration_s, out_arrival_s,
    )  # fmt: skip


def _served(search: _Search) -> bool:
    """Say whether anything runs in the time of the query."""
    query = search.query
    until_s = query.start_s + 60 * query.n_minutes + query.max_duration_s
    return any(
        np.any((day.departure_s >= query.start_s) & (day.departure_s < until_s)) for day in search.days
    )


def _reasons(search: _Search, reached: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Name the first thing that stands in the way of every pair, in the order a person would ask."""
    origins, destinations = search.linkage.origins, search.linkage.destinations
    otherwise = reasons.BEYOND_LIMITS if _served(search) else reasons.NO_SERVICE
    reason = np.full(reached.shape, otherwise, np.int8)
    reason[:, ~destinations.linked] = reasons.DESTINATION_NOT_LINKED
    reason[~origins.linked, :] = reasons.ORIGIN_NOT_LINKED
    reason[:, ~destinations.located] = reasons.DESTINATION_NO_POSITION
    reason[~origins.located, :] = reasons.ORIGIN_NO_POSITION
    reason[reached] = reasons.REACHED
    return reason


def _reasons_of_nearest(
    search: _Search, members: Sequence[int], reached: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Name what stands closest to an answer: the origin's own reason, then the best of the members'."""
    origins, destinations = search.linkage.origins, search.linkage.destinations
    if not len(members):
        return np.full(len(reached), reasons.NO_SUCH_DESTINATION, np.int8)
    otherwise = reasons.BEYOND_LIMITS if _served(search) else reasons.NO_SERVICE
    if not destinations.linked[list(members)].any():
        located = destinations.located[list(members)].any()
        otherwise = reasons.DESTINATION_NOT_LINKED if located else reasons.DESTINATION_NO_POSITION
    reason = np.full(len(reached), otherwise, np.int8)
    reason[~origins.linked] = reasons.ORIGIN_NOT_LINKED
    reason[~origins.located] = reasons.ORIGIN_NO_POSITION
    reason[reached] = reasons.REACHED
    return reason
