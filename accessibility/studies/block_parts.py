"""What the answers of a block of origins become: rows of a table, or parts of a result made at the end."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from accessibility import measures
from accessibility.model.access_table import AccessTable
from accessibility.model.arrays import Rebuilt
from accessibility.model.catchments import Catchments
from accessibility.model.reasons import REACHED
from accessibility.outputs.parquet import matrix_parquet, nearest_parquet
from accessibility.outputs.plain import matrix_csv, matrix_head, nearest_csv, nearest_head
from accessibility.studies.on_transit import require_journeys
from accessibility.studies.questions import BLOCK_PAIRS, MOST_ORIGINS, MapBlocks, Question, TransitQuestion


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
    breakdown
        Whether the parts of each time by public transport do.
    parquet
        Whether the rows are a Parquet file, else lines of a CSV.
    """

    with_distance: bool = False
    breakdown: bool = False
    parquet: bool = False

    def head(self, levels: tuple[str, ...]) -> bytes:
        """Give the first line of a CSV."""
        return matrix_head(levels, with_distance=self.with_distance, breakdown=self.breakdown)

    def rows_per_origin(self, n_destinations: int) -> int:
        """Count the rows of an origin."""
        return n_destinations

    def rows(self, question: Question, block: range, *, map_blocks: MapBlocks = map) -> Rows:
        """Make the rows of some origins."""
        times = question.times(block, map_blocks=map_blocks)
        parts = None
        if self.breakdown and isinstance(question, TransitQuestion):
            parts = question.breakdowns(block, map_blocks=map_blocks)
        write = matrix_parquet if self.parquet else matrix_csv
        content = write(times, with_distance=self.with_distance, breakdown=parts)
        return Rows(content, int((times.reason == REACHED).sum()))


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
    at
        Longitudes and latitudes (degrees) of all origins, where they stand in the table too.
    """

    rank: int = 1
    parquet: bool = False
    at: NDArray[np.float64] | None = field(default=None, repr=False, compare=False)

    def head(self, levels: tuple[str, ...]) -> bytes:
        """Give the first line of a CSV."""
        return nearest_head(levels, with_position=self.at is not None)

    def rows_per_origin(self, n_destinations: int) -> int:  # noqa: ARG002
        """Count the rows of an origin."""
        return 1

    def rows(self, question: Question, block: range, *, map_blocks: MapBlocks = map) -> Rows:  # noqa: ARG002
        """Make the rows of some origins."""
        table, write = question.nearest(block, self.rank), nearest_parquet if self.parquet else nearest_csv
        at = None if self.at is None else self.at[:, block.start : block.stop]
        return Rows(write(table, at=at), int((table.reason == REACHED).sum()))


@dataclass(frozen=True)
class NearestParts:
    """
    The nearest destination of every origin, as it is.

    Parameters
    ----------
    rank
        1 for the nearest.
    """

    rank: int = 1
    parquet: ClassVar[bool] = False

    def rows(self, question: Question, block: range, *, map_blocks: MapBlocks = map) -> AccessTable:  # noqa: ARG002
        """Answer for some origins."""
        return question.nearest(block, self.rank)


@dataclass(frozen=True)
class CatchmentParts:
    """
    Who reaches every destination, counted.

    Parameters
    ----------
    cutoffs_s
        Longest times (s).
    people
        People at every origin, where they are known.
    with_members
        Whether to tell apart which origins are within the cutoffs.
    """

    cutoffs_s: tuple[int, ...]
    people: NDArray[np.float64] | None = None
    with_members: bool = False
    parquet: ClassVar[bool] = False

    def rows(self, question: Question, block: range, *, map_blocks: MapBlocks = map) -> Catchments:
        """Count some origins."""
        people = None if self.people is None else self.people[block.start : block.stop]
        times, near = question.times(block, map_blocks=map_blocks), question.nearest(block, 1)
        return measures.catchments(
            times, near, cutoffs_s=self.cutoffs_s, people=people, with_members=self.with_members
        )


Part = MatrixRows | NearestRows | NearestParts | CatchmentParts
Table = MatrixRows | NearestRows
"""Parts that are written as they come."""


@dataclass(frozen=True, eq=False)
class Task(Rebuilt):
    """
    A question and what becomes of its answers: what a worker is sent once.

    Parameters
    ----------
    question, table
        Both of them.

    Raises
    ------
    UsageError
        If the table tells single journeys and the question has none to tell.
    """

    question: Question
    table: Part

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if isinstance(self.table, MatrixRows) and self.table.breakdown:
            require_journeys(self.question.query)

    @property
    def block_origins(self) -> int:
        """Say how many origins are answered at a time: a matter of the task alone."""
        if self._backward:
            return MOST_ORIGINS
        own = self.question.block_origins
        if not isinstance(self.table, CatchmentParts):
            return own
        n_pairs_each = max(1, len(self.question.ids[1]) * len(self.question.levels))
        return max(own, min(MOST_ORIGINS, 4 * BLOCK_PAIRS // n_pairs_each))  # kept are counts, not pairs

    @property
    def least_origins(self) -> int:
        """Say from how many origins on a block is worth it."""
        return MOST_ORIGINS if self._backward else self.question.least_origins

    @property
    def _backward(self) -> bool:
        """Say whether what is searched backward serves all origins of a block."""
        return isinstance(self.table, NearestRows | NearestParts)

    def rows(self, block: range, *, map_blocks: MapBlocks = map) -> Any:
        """Work off a block of origins."""
        return self.table.rows(self.question, block, map_blocks=map_blocks)
