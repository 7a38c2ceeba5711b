"""A question that is answered for one block of origins after another, on whatever computer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accessibility import measures
from accessibility.model.access_table import AccessTable
from accessibility.model.arrays import Rebuilt
from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.linkage import Linkage, TransitLinkage
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.studies.breakdown import breakdowns
from accessibility.studies.on_transit import journey_search
from accessibility.transit import drawn_days, search_query, timed_walks, transit_times
from accessibility.transit_journeys import JourneySearch
from accessibility.transit_nearest import nearest_times
from accessibility.travel import StreetSearch

MapBlocks = Callable[[Callable[[range], Any], Sequence[range]], Iterable[Any]]

BLOCK_PAIRS = 2**20
"""Pairs per block: about 10 MB of answers per level, 25 MB of text."""

TARGET = "destinations"
"""Name of the set of destinations in a table of the nearest."""

MOST_ORIGINS = 4096
"""Origins per block at most, so that there is progress, and something kept, also where pairs are few."""

LEAST_TRANSIT_ORIGINS = 64
"""Origins per block at least, on public transport: what each makes anew must not outweigh its searches."""

MOST_TRANSIT_ORIGINS = 1024
"""Origins per block at most, on public transport: some seconds of work."""


@dataclass(frozen=True, eq=False)
class StreetQuestion(Rebuilt):
    """
    A question on streets.

    Parameters
    ----------
    streets, linkage, query, ids
        As for `accessibility.travel.travel_times`.
    """

    streets: Streets
    linkage: Linkage
    query: TravelQuery
    ids: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def levels(self) -> tuple[str, ...]:
        """Label the answers per pair."""
        return self.query.levels

    @property
    def block_origins(self) -> int:
        """Say how many origins are answered at a time."""
        return _bounded(BLOCK_PAIRS // max(1, len(self.ids[1]) * len(self.levels)))

    @property
    def least_origins(self) -> int:
        """Say from how many origins on a block is worth it: a search backward repeats itself in each."""
        return 1 if self._search.forwards else len(self.ids[1])

    @cached_property
    def _search(self) -> StreetSearch:
        return StreetSearch.of(self.streets, self.linkage, self.query)

    def prepare(self) -> None:
        """Prepare the search, before several threads do."""
        self._search  # noqa: B018 - kept from now on

    def times(self, block: range, *, map_blocks: MapBlocks = map) -> TravelTimes:
        """Answer for some origins."""
        return self._search.times(block, _part(self.ids, block), map_blocks=map_blocks)

    def nearest(self, block: range, rank: int) -> AccessTable:
        """Find the nearest destination of some origins, by one search backward from all of them."""
        linkage, ids = self.linkage.of_origins(block), _part(self.ids, block)
        return measures.nearest_on_streets(self.streets, linkage, self.query, ids, target=TARGET, rank=rank)


@dataclass(frozen=True, eq=False)
class TransitQuestion(Rebuilt):
    """
    A question on public transport.

    Parameters
    ----------
    timetable, linkage, query, ids
        As for `accessibility.transit.transit_times`.
    """

    timetable: Timetable
    linkage: TransitLinkage
    query: TransitQuery
    ids: tuple[tuple[str, ...], tuple[str, ...]]

    @property
    def levels(self) -> tuple[str, ...]:
        """Label the answers per pair."""
        return self.query.levels

    @property
    def block_origins(self) -> int:
        """Say how many origins are answered at a time."""
        fits = 4 * BLOCK_PAIRS // max(1, len(self.ids[1]) * len(self.levels))
        return min(MOST_TRANSIT_ORIGINS, max(fits, LEAST_TRANSIT_ORIGINS))

    @property
    def least_origins(self) -> int:
        """Say from how many origins on a block is worth it: each makes the service day anew."""
        return LEAST_TRANSIT_ORIGINS

    def times(self, block: range, *, map_blocks: MapBlocks = map) -> TravelTimes:
        """Answer for some origins."""
        linkage, ids = self.linkage.of_origins(block), _part(self.ids, block)
        return transit_times(self.timetable, linkage, self.query, ids, map_blocks=map_blocks)

    def nearest(self, block: range, rank: int) -> AccessTable:
        """Find whichever destination is nearest to some origins at each minute, and its percentiles."""
        linkage, query = self.linkage.of_origins(block), search_query(self.timetable, self.query)
        (by_minute,) = nearest_times(
            drawn_days(self.timetable, query),
            timed_walks(self.timetable, linkage, query),
            linkage,
            query,
            _part(self.ids, block),
            [range(len(self.ids[1]))],
            rank=rank,
        )
        return measures.nearest_in_window(by_minute, target=TARGET)

    @cached_property
    def _journeys(self) -> JourneySearch:
        return journey_search(self.timetable, self.linkage, self.query)

    def breakdowns(self, block: range, *, map_blocks: MapBlocks = map) -> Iterator[OriginBreakdown]:
        """Say what the times from some origins consist of."""
        n_destinations = len(self.ids[1])
        return breakdowns(self.timetable, self._journeys, block, n_destinations, map_blocks)


Question = StreetQuestion | TransitQuestion


def _part(
    ids: tuple[tuple[str, ...], tuple[str, ...]], block: range
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return ids[0][block.start : block.stop], ids[1]


def _bounded(n_origins: int) -> int:
    return max(1, min(MOST_ORIGINS, n_origins))
