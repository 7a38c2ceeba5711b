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
from accessibility.model.provenance import Provenance
from accessibility.model.service_day import Run, ServiceDay, band_runs, service_day
from accessibility.model.timed_walks import TimedWalks, Walks
from accessibility.model.timetable import NONE, Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED

GUARANTEED, LEAST_TIME, FORBIDDEN = 1, 2, 3
"""Types of ``transfers.txt`` that change a walk between stops."""

Block = range
MapBlocks = Callable[[Callable[[Block], NDArray[np.int32]], Sequence[Block]], Iterable[NDArray[np.int32]]]

BLOCK_SIZE = 16
"""Origins per block: a transit search is some hundred times dearer than one on streets."""


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
    blocks = [range(i, min(i + BLOCK_SIZE, n_origins)) for i in range(0, n_origins, BLOCK_SIZE)]
    for block, answer in zip(blocks, map_blocks(search.answer, blocks), strict=True):
        duration_s[block.start : block.stop] = answer
    return TravelTimes(
        origin_ids=ids[0],
        destination_ids=ids[1],
        duration_s=duration_s,
        distance_m=np.full(duration_s.shape, np.nan, np.float32),
        reason=_reasons(search, (duration_s != UNREACHED).any(axis=2)),
        query=query,
        provenance=Provenance().joined(timetable.provenance),
    )


def timed_walks(timetable: Timetable, linkage: TransitLinkage, query: TransitQuery) -> TimedWalks:
    """
    Give the walks that a search of a query takes, in seconds, as `transit_times` takes them.

    Returns
    -------
    walks
        Without those that take too long; the transfers by the rules of the timetable.
    """
    plain = _timed(linkage.transfers, query)
    ruled = ruled_transfers(timetable, plain, query.board_slack_s)
    walked_s = ruled[2]
    if ruled is not plain:
        known = dict(zip(_pairs_of(plain), plain[2].tolist(), strict=True))
        there = zip(_pairs_of(ruled), ruled[2].tolist(), strict=True)
        walked_s = np.array([known.get(pair, pause_s) for pair, pause_s in there], np.int32)
    return TimedWalks(
        access=_timed(linkage.access, query),
        transfers=ruled,
        transfer_walk_s=walked_s,
        egress=_timed(linkage.egress, query),
        direct=_timed(linkage.direct, query),
    )


def _pairs_of(walks: Walks) -> list[tuple[int, int]]:
    """List start and target of every walk."""
    offset, target, _walk_s = walks
    owner = np.repeat(np.arange(len(offset) - 1), np.diff(offset))
    return list(zip(owner.tolist(), target.tolist(), strict=True))


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

    def answer(self, block: Block) -> NDArray[np.int32]:
        """Give durations (s) from the origins of a block, shape ``[n_origins, n_destinations, n_levels]``."""
        query, linkage = self.query, self.linkage
        n_places, n_minutes = len(linkage.egress), query.n_minutes
        egress = _timed(linkage.egress, query)
        arrival_s = np.empty((linkage.access.n_targets, n_minutes * len(self.days)), np.int32)
        one_draw = np.empty((linkage.access.n_targets, n_minutes), np.int32)
        leave_s = np.tile(query.start_s + 60 * np.arange(n_minutes), len(self.days))
        n_pooled = len(leave_s)
        ranks = np.array([(p * n_pooled + 99) // 100 - 1 for p in query.percentiles])
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


def _reasons(search: _Search, reached: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Name the first thing that stands in the way of every pair, in the order a person would ask."""
    linkage, query = search.linkage, search.query
    origins, destinations = linkage.origins, linkage.destinations
    until_s = query.start_s + 60 * query.n_minutes + query.max_duration_s
    served = any(
        np.any((day.departure_s >= query.start_s) & (day.departure_s < until_s)) for day in search.days
    )
    reason = np.full(reached.shape, reasons.BEYOND_LIMITS if served else reasons.NO_SERVICE, np.int8)
    reason[:, ~destinations.linked] = reasons.DESTINATION_NOT_LINKED
    reason[~origins.linked, :] = reasons.ORIGIN_NOT_LINKED
    reason[:, ~destinations.located] = reasons.DESTINATION_NO_POSITION
    reason[~origins.located, :] = reasons.ORIGIN_NO_POSITION
    reason[reached] = reasons.REACHED
    return reason
