"""The noun ``Catchments``: who reaches every destination of a set, counted."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze

MICRO = 1_000_000
"""People are summed as whole millionths, so that no sum depends on its order."""


@dataclass(frozen=True, eq=False)
class Catchments(Rebuilt):
    """
    Origins from which a destination is reached within some time, and those whose nearest it is.

    Parameters
    ----------
    destination_ids
        Identifiers of the rows.
    cutoffs_s, levels
        Longest times (s, inclusive), and the levels at which they are held against.
    n_within, people_within
        Origins, and millionths of people, int64, shape ``[n_destinations, n_cutoffs, n_levels]``.
    n_nearest, people_nearest
        Those whose nearest the destination is, at the middle level; of equals the one that `nearest` names.
    knows_people
        Whether the origins count people; else the people are the origins.
    members
        Which origins are within, at the middle level, shape ``[n_origins, n_destinations, n_cutoffs]``; of no
        origin where nobody asked.

    Raises
    ------
    ModelError
        If shapes disagree.
    """

    destination_ids: tuple[str, ...]
    cutoffs_s: tuple[int, ...]
    levels: tuple[str, ...]
    n_within: NDArray[np.int64]
    people_within: NDArray[np.int64]
    n_nearest: NDArray[np.int64]
    people_nearest: NDArray[np.int64]
    knows_people: bool
    members: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        n_rows = len(self.destination_ids)
        within = n_rows, len(self.cutoffs_s), len(self.levels)
        for name, shape in (
            ("n_within", within),
            ("people_within", within),
            ("n_nearest", (n_rows,)),
            ("people_nearest", (n_rows,)),
        ):
            object.__setattr__(self, name, freeze(getattr(self, name), np.int64, name=name, shape=shape))
        members = freeze(self.members, np.bool_, name="members", shape=(None, *within[:2]))
        object.__setattr__(self, "members", members)

    def plus(self, other: "Catchments") -> "Catchments":
        """
        Add further origins of the same question.

        Raises
        ------
        ModelError
            If destinations, cutoffs or levels differ.
        """
        same = ("destination_ids", "cutoffs_s", "levels", "knows_people")
        if any(getattr(self, name) != getattr(other, name) for name in same):
            raise ModelError("catchments of different questions are not added", code="catchments-unlike")
        return replace(
            self,
            n_within=self.n_within + other.n_within,
            people_within=self.people_within + other.people_within,
            n_nearest=self.n_nearest + other.n_nearest,
            people_nearest=self.people_nearest + other.people_nearest,
            members=np.concatenate([self.members, other.members]),
        )
