"""Travel times by public transport: the step that answers a transit query."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.kernels.planned import planned_durations
from accessibility.kernels.propagate import propagate
from accessibility.kernels.raptor import departure_profile, range_raptor
from accessibility.model import reasons
from accessibility.model.linkage import FeederTable, TransitLinkage, WalkTable
from accessibility.model.mirrored_day import mirrored
from accessibility.model.provenance import Provenance
from accessibility.model.runs import DAY_S, Run, repeated_runs, trip_run
from accessibility.model.service_day import ServiceDay, service_days
from accessibility.model.timed_walks import TimedWalks, walks_of
from accessibility.model.timetable import SAME_BAND, Timetable
from accessibility.model.transfer_rules import Walks, clones, ruled_transfers
from accessibility.model.transit_query import ARRIVE_BY, PLANNED, TransitQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.transitwork.all_pairs import all_pairs
from accessibility.transitwork.clones import with_clones
from accessibility.units import UNREACHED

Row = tuple[NDArray[np.int32], NDArray[np.int32]]
"""Walks of one place: targets, seconds."""

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
    Find percentiles of the travel time from every origin to every destination over a window.

    Parameters
    ----------
    timetable
        Everything announced.
    linkage
        Walks, complete up to the query's longest, and ways to stops for the query's access and egress.
    query
        Date, window, percentiles, limits, definition.
    ids
        Identifiers of origins and of destinations.
    map_blocks
        How to work off blocks of origins; answers must come back in order.

    Returns
    -------
    times
        Durations (s) as the query defines them. A pair that can be walked within the limits is never answered
        by anything longer.

    Raises
    ------
    ModelError
        If the date lies outside the timetable, or the linkage was made for another access or egress.
    """
    _check_feeders(linkage, query)
    walks = timed_walks(timetable, linkage, query)
    searched = _with_the_night_before(timetable, query)
    days = drawn_days(timetable, searched)
    search = _Search.of(days, walks, searched)
    n_from, n_to = search.shape
    duration_s = np.empty((n_from, n_to, len(query.percentiles)), np.int32)
    if n_from < FEW_ORIGINS or query.definition == PLANNED:
        blocks = [range(i, min(i + BLOCK_SIZE, n_from)) for i in range(0, n_from, BLOCK_SIZE)]
        for block, answer in zip(blocks, map_blocks(search.answer, blocks), strict=True):
            duration_s[block.start : block.stop] = answer
    else:
        search.answer_all(duration_s, map_blocks)
    if query.definition == ARRIVE_BY:
        duration_s = np.ascontiguousarray(duration_s.swapaxes(0, 1))
    distance_m = np.full(duration_s.shape, np.nan, np.float32)
    duration_s.flags.writeable = distance_m.flags.writeable = False  # the noun need not copy them
    return TravelTimes(
        origin_ids=ids[0],
        destination_ids=ids[1],
        duration_s=duration_s,
        distance_m=distance_m,
        reason=_reasons(days, linkage, searched, (duration_s != UNREACHED).any(axis=2)),
        query=query,
        provenance=Provenance().joined(timetable.provenance),
    )


def timed_walks(timetable: Timetable, linkage: TransitLinkage, query: TransitQuery) -> TimedWalks:
    """
    Give the legs on streets that a search of a query takes, in seconds, as `transit_times` takes them.

    Returns
    -------
    walks
        Without those that take too long; the transfers by the rules of the timetable, from and to clones too.
    """
    plain = _timed(linkage.transfers, query.walk_mps, query.max_walk_s)
    ruled = ruled_transfers(timetable, plain, query.board_slack_s)
    return TimedWalks(
        access=_best(linkage.access, linkage.access_feeder, query),
        transfers=ruled,
        transfer_walk_s=ruled[2] if ruled is plain else _walked_s(plain, ruled, clones(timetable).clone_of),
        egress=_best(linkage.egress, linkage.egress_feeder, query),
        direct=_timed(linkage.direct, query.walk_mps, query.max_walk_s),
    )


def _walked_s(plain: Walks, ruled: Walks, clone_of: NDArray[np.int32]) -> NDArray[np.int32]:
    """Say how much of every transfer is walked (s): all of it where only a rule joins two stops."""

    def pairs(walks: Walks, stop_of: NDArray[np.int32]) -> NDArray[np.int64]:
        owner = np.repeat(np.arange(len(walks[0]) - 1), np.diff(walks[0]))
        return stop_of[owner].astype(np.int64) * len(clone_of) + stop_of[walks[1]]

    known, wanted = pairs(plain, np.arange(len(clone_of), dtype=np.int32)), pairs(ruled, clone_of)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known[order], wanted), max(len(known) - 1, 0))
    if not len(known):
        return ruled[2]
    found = known[order][at] == wanted
    return np.where(found, plain[2][order][at], ruled[2]).astype(np.int32)


def _with_the_night_before(timetable: Timetable, query: TransitQuery) -> TransitQuery:
    """Ask from the day before where people may have to leave before midnight to arrive in time."""
    early = query.definition == ARRIVE_BY and query.start_s < query.max_duration_s
    if not early or timetable.first_day is None or query.day <= timetable.first_day:
        return query
    return replace(query, day=query.day - timedelta(days=1), start_s=query.start_s + DAY_S)


def drawn_days(timetable: Timetable, query: TransitQuery) -> tuple[ServiceDay, ...]:
    """
    Give the service day once per draw; once where every run has fixed times.

    Returns
    -------
    days
        Runs that are under way while people of the query can be; those of the last queries are remembered.
    """
    return _drawn_days(
        timetable, query.day, query.start_s, query.n_minutes, query.max_duration_s, query.n_draws, query.seed
    )


@lru_cache(maxsize=8)
def _drawn_days(
    timetable: Timetable, day: date, start_s: int, n_minutes: int, max_s: int, n_draws: int, seed: int
) -> tuple[ServiceDay, ...]:
    """Draw every headway band by its own phase: an unchanged line keeps its phases whatever else changes."""
    span_s = (start_s - max_s, start_s + 60 * n_minutes + max_s)
    bands = list(_bands_within(timetable, day, span_s))

    def runs(draw: int) -> Iterator[Run]:
        for template, frequency_id, headway_s, starts_s in bands:
            key = f"{seed}/{frequency_id.rstrip(SAME_BAND)}/{draw}".encode()
            phase_s = int.from_bytes(hashlib.blake2b(key, digest_size=8).digest()) % headway_s
            lasts_s = int(template.arrival_s[-1] - template.departure_s[0])
            first_s = starts_s[0] + phase_s
            skipped = max(0, -((first_s + lasts_s - span_s[0]) // headway_s))
            end_s = min(starts_s[1], span_s[1] + 1)
            yield from repeated_runs(template, range(first_s + skipped * headway_s, end_s, headway_s))

    draws = range(1 if timetable.frequency_exact.all() else n_draws)
    return tuple(service_days(timetable, day, (list(runs(draw)) for draw in draws), span_s=span_s))


def _bands_within(
    timetable: Timetable, day: date, span_s: tuple[int, int]
) -> Iterator[tuple[Run, str, int, tuple[int, int]]]:
    """Give the bands without exact times that matter: trip, identifier, headway, first start and end (s)."""
    loose = np.flatnonzero(~timetable.frequency_exact).tolist()
    for ahead in (-1, 0, 1):
        running = timetable.operates(day + timedelta(days=ahead))[timetable.trip_service]
        for band in loose:
            trip = int(timetable.frequency_trip[band])
            start_s = int(timetable.frequency_start_s[band]) + ahead * DAY_S
            end_s = int(timetable.frequency_end_s[band]) + ahead * DAY_S
            if not running[trip] or start_s > span_s[1]:
                continue
            template = trip_run(timetable, trip)
            if end_s + int(template.arrival_s[-1] - template.departure_s[0]) >= span_s[0]:
                headway_s = int(timetable.headway_s[band])
                yield template, timetable.frequency_ids[band], headway_s, (start_s, end_s)


@dataclass(frozen=True, eq=False)
class _Search:
    """Everything a block of origins needs, so that a worker is sent it once."""

    days: tuple[ServiceDay, ...]
    walks: TimedWalks
    query: TransitQuery
    start_s: int
    slack_s: int

    @classmethod
    def of(cls, days: tuple[ServiceDay, ...], walks: TimedWalks, query: TransitQuery) -> "_Search":
        """Search as the query defines: where people arrive by a time, from destinations back in time."""
        if query.definition == PLANNED:
            walks = replace(walks, egress=with_clones(days[0], walks.egress))
        if query.definition != ARRIVE_BY:
            return cls(days, walks, query, query.start_s, query.board_slack_s)
        last_s = query.start_s + 60 * (query.n_minutes - 1)
        back = tuple(mirrored(day, last_s) for day in days)
        return cls(back, walks.mirrored(query.board_slack_s), query, start_s=0, slack_s=0)

    @property
    def shape(self) -> tuple[int, int]:
        """Count the places searched from and to."""
        return len(self.walks.access[0]) - 1, len(self.walks.egress[0]) - 1

    @property
    def minute_s(self) -> NDArray[np.int64]:
        """Give the departures (s) of the window."""
        return self.start_s + 60 * np.arange(self.query.n_minutes)

    def answer_all(self, duration_s: NDArray[np.int32], map_blocks: MapBlocks) -> None:
        """Write the durations (s) between all places, working off blocks of those searched to."""
        query = replace(self.query, start_s=self.start_s, board_slack_s=self.slack_s)
        for begin in range(0, len(duration_s), MOST_ORIGINS):
            some = slice(begin, begin + MOST_ORIGINS)
            pairs = all_pairs(self.days, self.walks, some, query)
            blocks = pairs.blocks()
            for block, answer in zip(blocks, map_blocks(pairs.answer, blocks), strict=True):
                duration_s[some, block.start : block.stop] = answer

    def answer(self, block: Block) -> NDArray[np.int32]:
        """Give durations (s) from the places of a block, shape ``[n_from, n_to, n_levels]``."""
        n_pooled = self.query.n_minutes * len(self.days)
        ranks = np.array([(p * n_pooled + 99) // 100 - 1 for p in self.query.percentiles])
        durations = np.empty((len(block), self.shape[1], len(ranks)), np.int32)
        of_one = self._planned if self.query.definition == PLANNED else self._from_departure
        for row, place in enumerate(block):
            direct_s = np.full(self.shape[1], UNREACHED, np.int32)
            goals, walk_s = walks_of(self.walks.direct, place)
            direct_s[goals] = walk_s
            of_one(walks_of(self.walks.access, place), direct_s, ranks, durations[row])
        return durations

    def _from_departure(
        self, access: Row, direct_s: NDArray[np.int32], ranks: NDArray[np.int64], out: NDArray[np.int32]
    ) -> None:
        n_minutes, query = self.query.n_minutes, self.query
        arrival_s = np.empty((self.days[0].n_timetable_stops, n_minutes * len(self.days)), np.int32)
        one_draw = np.empty((self.days[0].n_stops, n_minutes), np.int32)
        for draw, day in enumerate(self.days):
            range_raptor(
                *_columns(day), *self.walks.transfers, *day.with_clones(*access),
                self.start_s, query.max_rides, self.slack_s, query.max_duration_s, one_draw,
            )  # fmt: skip
            arrival_s[:, draw * n_minutes : (draw + 1) * n_minutes] = day.by_stop(one_draw)
        leave_s = np.tile(self.minute_s, len(self.days))
        propagate(arrival_s, leave_s, *self.walks.egress, direct_s, query.max_duration_s, ranks, out)

    def _planned(
        self, access: Row, direct_s: NDArray[np.int32], ranks: NDArray[np.int64], out: NDArray[np.int32]
    ) -> None:
        query, minute_s = self.query, self.minute_s
        duration_s = np.empty((len(self.days), len(direct_s), len(minute_s)), np.int32)
        end_s = int(minute_s[-1]) + query.max_duration_s + 1
        for day, one_draw in zip(self.days, duration_s, strict=True):
            pairs = departure_profile(
                *_columns(day), *self.walks.transfers, *day.with_clones(*access),
                self.start_s, end_s, query.max_rides, self.slack_s, query.max_duration_s,
            )  # fmt: skip
            planned_durations(*pairs, minute_s, *self.walks.egress, direct_s, query.max_duration_s, one_draw)
        out[:] = np.sort(np.concatenate(duration_s, axis=1), axis=1)[:, ranks]


def _columns(day: ServiceDay) -> tuple[NDArray[Any], ...]:
    """Give the columns of a service day in the order in which kernels take them."""
    return (
        day.pattern_offset, day.pattern_stop, day.can_board, day.can_alight,
        day.time_offset, day.arrival_s, day.departure_s, day.at_offset, day.at_pattern, day.at_position,
    )  # fmt: skip


def _check_feeders(linkage: TransitLinkage, query: TransitQuery) -> None:
    """Refuse tables of access and egress that were made for another query."""
    for asked, table in ((query.access, linkage.access_feeder), (query.egress, linkage.egress_feeder)):
        if asked != (None if table is None else table.query):
            raise ModelError("the linkage was made for another access or egress", code="linkage-feeder")


def _timed(walks: WalkTable, walk_mps: float, max_s: int) -> Walks:
    """Turn a table of lengths into one of seconds, without the ways that take too long."""
    time_s = walks.seconds(walk_mps)
    kept = time_s <= max_s
    owner = np.repeat(np.arange(len(walks)), np.diff(walks.offset))[kept]
    return _offsets(owner, len(walks)), walks.target[kept], time_s[kept]


def _best(walks: WalkTable, feeder: FeederTable | None, query: TransitQuery) -> Walks:
    """Take for every place and stop the quicker of walking and what the query offers beside it."""
    on_foot = _timed(walks, query.walk_mps, query.max_walk_s)
    if feeder is None:
        return on_foot
    other = _timed(feeder.ways, query.walk_mps, feeder.query.max_duration_s)
    if feeder.query.mode == "walk":
        return other
    both = (on_foot, other)
    owner = np.concatenate([np.repeat(np.arange(len(walks)), np.diff(offset)) for offset, _to, _s in both])
    target, time_s = (np.concatenate([ways[column] for ways in both]) for column in (1, 2))
    order = np.lexsort((time_s, target, owner))
    owner, target, time_s = owner[order], target[order], time_s[order]
    first = np.ones(len(owner), bool)
    first[1:] = (owner[1:] != owner[:-1]) | (target[1:] != target[:-1])
    return _offsets(owner[first], len(walks)), target[first], time_s[first]


def _offsets(owner: NDArray[np.int64], n_owners: int) -> NDArray[np.int64]:
    offset = np.zeros(n_owners + 1, np.int64)
    np.cumsum(np.bincount(owner, minlength=n_owners), out=offset[1:])
    return offset


def _reasons(
    days: Sequence[ServiceDay], linkage: TransitLinkage, query: TransitQuery, reached: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """Name the first thing that stands in the way of every pair, in the order a person would ask."""
    origins, destinations = linkage.origins, linkage.destinations
    back_s = query.max_duration_s if query.definition == ARRIVE_BY else 0
    from_s = query.start_s - back_s
    until_s = query.start_s + 60 * query.n_minutes + query.max_duration_s - back_s
    served = any(np.any((day.departure_s >= from_s) & (day.departure_s < until_s)) for day in days)
    reason = np.full(reached.shape, reasons.BEYOND_LIMITS if served else reasons.NO_SERVICE, np.int8)
    reason[:, ~destinations.linked] = reasons.DESTINATION_NOT_LINKED
    reason[~origins.linked, :] = reasons.ORIGIN_NOT_LINKED
    reason[:, ~destinations.located] = reasons.DESTINATION_NO_POSITION
    reason[~origins.located, :] = reasons.ORIGIN_NO_POSITION
    reason[reached] = reasons.REACHED
    return reason
