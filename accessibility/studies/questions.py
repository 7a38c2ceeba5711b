"""A question that is answered for one block of origins after another, on whatever computer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from accessibility import measures
from accessibility.model.access_table import AccessTable
from accessibility.model.arrays import Rebuilt
from accessibility.model.linkage import Linkage, TransitLinkage
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.parquet import matrix_parquet, nearest_parquet
from accessibility.outputs.plain import matrix_csv, matrix_head, nearest_csv, nearest_head
from accessibility.transit import transit_times
from accessibility.travel import StreetSearch

MapBlocks = Callable[[Callable[[range], Any], Sequence[range]], Iterable[Any]]

BLOCK_PAIRS = 2**22
"""Pairs per block: about 40 MB of answers per level."""

MOST_ORIGINS = 4096
"""Origins per block at most, so that there is progress, and something kept, also where pairs are few."""

LEAST_TRANSIT_ORIGINS = 64
"""Origins per block at least, on public transport: what each makes anew must not outweigh its searches."""

MOST_TRANSIT_ORIGINS = 512
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
        fits = BLOCK_PAIRS // max(1, len(self.ids[1]) * len(self.levels))
        return min(MOST_TRANSIT_ORIGINS, max(fits, LEAST_TRANSIT_ORIGINS))

    @property
    def least_origins(self) -> int:
        """Say from how many origins on a block is worth it: each makes the service day anew."""
        return LEAST_TRANSIT_ORIGINS

    def times(self, block: range, *, map_blocks: MapBlocks = map) -> TravelTimes:
        """Answer for some origins."""
        linkage, ids = self.linkage.part(block), _part(self.ids, block)
        return transit_times(self.timetable, linkage, self.query, ids, map_blocks=map_blocks)


@dataclass(frozen=True)
class Rows:
    """
    Finished rows of a table.

    Parameters
    ----------
    content
        Lines of a CSV, or a Parquet file.
    n_reached
        How many rows have an answer.
    """

    content: bytes
    n_reached: int


@dataclass(frozen=True)
class MatrixRows:
    """
    A table of all pairs.

    Parameters
    ----------
    with_distance
        Whether the length of each way stands in it.
    parquet
        Whether the rows are a Parquet file, else lines of a CSV.
    """

    with_distance: bool = False
    parquet: bool = False

    def head(self, levels: tuple[str, ...]) -> bytes:
        """Give the first line of a CSV."""
        return matrix_head(levels, with_distance=self.with_distance)

    def rows_per_origin(self, n_destinations: int) -> int:
        """Count the rows of an origin."""
        return n_destinations

    def rows(self, times: TravelTimes) -> Rows:
        """Make the rows of some origins."""
        write = matrix_parquet if self.parquet else matrix_csv
        return Rows(write(times, with_distance=self.with_distance), int((times.reason == 0).sum()))


@dataclass(frozen=True)
class NearestRows:
    """
    A table of the nearest (or n-th nearest) destination of every origin.

    Parameters
    ----------
    rank
        1 for the nearest.
    parquet
        Whether the rows are a Parquet file, else lines of a CSV.
    """

    rank: int = 1
    parquet: bool = False

    def head(self, levels: tuple[str, ...]) -> bytes:
        """Give the first line of a CSV."""
        return nearest_head(levels)

    def rows_per_origin(self, n_destinations: int) -> int:  # noqa: ARG002
        """Count the rows of an origin."""
        return 1

    def rows(self, times: TravelTimes) -> Rows:
        """Make the rows of some origins."""
        table: AccessTable = measures.nearest(times, target="destinations", rank=self.rank)
        write = nearest_parquet if self.parquet else nearest_csv
        return Rows(write(table), int((table.reason == 0).sum()))


Table = MatrixRows | NearestRows


@dataclass(frozen=True, eq=False)
class Task(Rebuilt):
    """
    A question and the table its answer stands in: what a worker is sent once.

    Parameters
    ----------
    question, table
        Both of them.
    """

    question: StreetQuestion | TransitQuestion
    table: Table

    def rows(self, block: range, *, map_blocks: MapBlocks = map) -> Rows:
        """Work off a block of origins."""
        return self.table.rows(self.question.times(block, map_blocks=map_blocks))


def _part(
    ids: tuple[tuple[str, ...], tuple[str, ...]], block: range
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return ids[0][block.start : block.stop], ids[1]


def _bounded(n_origins: int) -> int:
    return max(1, min(MOST_ORIGINS, n_origins))
