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
from accessibility.model.runs import Run, band_runs
from accessibility.model.service_day import ServiceDay, service_days
from accessibility.model.timetable import Timetable
from accessibility.model.transfer_rules import Walks, ruled_transfers
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED

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


def drawn_days(timetable: Timetable, query: TransitQuery) -> Iterator[ServiceDay]:
    """Give the service day once per draw; once where every run has fixed times."""
    loose = np.flatnonzero(~timetable.frequency_exact).tolist()
    draws = range(query.n_draws if loose else 1)
    drawn = (list(_drawn_runs(timetable, query, loose, draw)) for draw in draws)
    return service_days(timetable, query.day, drawn)


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
        one_draw = np.empty((self.days[0].n_stops, n_minutes), np.int32)
        leave_s = np.tile(query.start_s + 60 * np.arange(n_minutes), len(self.days))
        n_pooled = len(leave_s)
        ranks = np.array([(p * n_pooled + 99) // 100 - 1 for p in query.percentiles])
        durations = np.empty((len(block), n_places, len(ranks)), np.int32)
        for row, origin in enumerate(block):
            stops, access_s = _walks_of(linkage.access, origin, query)
            for draw, day in enumerate(self.days):
                _ride(day, self.transfers, day.with_clones(stops, access_s), query, one_draw)
                arrival_s[:, draw * n_minutes : (draw + 1) * n_minutes] = day.by_stop(one_draw)
            direct_s = np.full(n_places, UNREACHED, np.int32)
            places, walk_s = _walks_of(linkage.direct, origin, query)
            direct_s[places] = walk_s
            propagate(arrival_s, leave_s, *egress, direct_s, query.max_duration_s, ranks, durations[row])
        return durations


def _timed(walks: WalkTable, query: TransitQuery) -> Walks:
    """Turn a table of lengths into one of seconds, without the walks that take too long."""
    walk_s = walks.seconds(query.walk_mps)
    kept = walk_s <= query.max_walk_s
    owner = np.repeat(np.arange(len(walks)), np.diff(walks.offset))[kept]
    offset = np.zeros(len(walks) + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=len(walks)), out=offset[1:])
    return offset, walks.target[kept], walk_s[kept]


def _walks_of(
    walks: WalkTable, index: int, query: TransitQuery
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    target, walk_s = walks.row(index)[0], walks.seconds(query.walk_mps, index)
    kept = walk_s <= query.max_walk_s
    return target[kept], walk_s[kept]


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
