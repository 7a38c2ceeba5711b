"""The noun ``ReachChange``: how many destinations lie within reach, before and after a scenario."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze


@dataclass(frozen=True, eq=False)
class ReachChange(Rebuilt):
    """
    Cumulative opportunities of one target, before and after.

    Parameters
    ----------
    target
        Id of the target.
    origin_ids
        Identifiers of the rows: every site, and the squares that the change can touch within the cutoffs; no
        other square has another number than before.
    n_sites
        How many of the rows are sites; they come first.
    cutoffs_s
        Cutoffs (s), inclusive.
    before, after
        Numbers of destinations, int64, shape ``[n_rows, n_cutoffs]``.

    Raises
    ------
    ModelError
        If shapes disagree.
    """

    target: str
    origin_ids: tuple[str, ...]
    n_sites: int
    cutoffs_s: tuple[int, ...]
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    def __post_init__(self) -> None:
        """Freeze the columns and check what the class promises."""
        shape = (len(self.origin_ids), len(self.cutoffs_s))
        for name in ("before", "after"):
            column = freeze(getattr(self, name), np.int64, name=name, shape=shape)
            object.__setattr__(self, name, column)
        if not 0 <= self.n_sites <= len(self.origin_ids):
            raise ModelError("sites are some of the rows", code="reach-sites")

    @property
    def change(self) -> NDArray[np.int64]:
        """After less before: positive where more lies within reach."""
        change: NDArray[np.int64] = self.after - self.before
        return change
