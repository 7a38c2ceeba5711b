"""The noun ``Coverage``: who has what a standard asks for, measured in one way."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.standard import Standard


@dataclass(frozen=True, eq=False)
class Coverage(Rebuilt):
    """
    Coverage of a standard, as a share of cells and, where people are known, of people.

    Parameters
    ----------
    standard
        The standard.
    figure
        The figure that was held against, in the unit of the standard.
    way
        ``network`` (length of the quickest way), ``straight`` (geodesic) or ``time``.
    target, mode, as_of
        Id of the set of places, how people go there (empty for a straight line), and on which date it was
        taken.
    origin_ids
        The cells.
    measured
        Distance (m) or time (min) to the nearest place, shape ``[n_origins]``; ``inf`` where none is reached,
        NaN where nobody can know: the cell has no position or, along streets, no street.
    people
        People in each cell, ``None`` where they are not known.
    n_places, n_places_unknown
        Places of the set, and those of them whose position (or street) is unknown: a cell might be nearer to
        one of them than `measured` says.

    Raises
    ------
    ModelError
        If shapes disagree or `way` is none of the three.
    """

    standard: Standard
    figure: float
    way: str
    target: str
    mode: str
    as_of: str
    origin_ids: tuple[str, ...]
    measured: NDArray[np.float64]
    people: NDArray[np.float64] | None
    n_places: int
    n_places_unknown: int

    def __post_init__(self) -> None:
        """Freeze the columns and check what the class promises."""
        shape = (len(self.origin_ids),)
        object.__setattr__(self, "measured", freeze(self.measured, np.float64, name="measured", shape=shape))
        if self.people is not None:
            object.__setattr__(self, "people", freeze(self.people, np.float64, name="people", shape=shape))
        if self.way not in ("network", "straight", "time"):
            raise ModelError(f"coverage is not measured by {self.way!r}", code="coverage-way")

    @property
    def covered(self) -> NDArray[np.float64]:
        """1 where a cell has what the standard asks for, 0 where not, NaN where nobody can know."""
        return np.where(np.isnan(self.measured), np.nan, self.measured <= self.figure)

    @property
    def n_unknown(self) -> int:
        """Count the cells of which nobody can know."""
        return int(np.isnan(self.measured).sum())

    @property
    def cell_share(self) -> float:
        """Share of the cells of which it is known; NaN where there are none."""
        return self._share(np.ones(len(self.origin_ids)))[0]

    @property
    def people_share(self) -> float:
        """Share of the people of whom it is known; NaN where people are not given or there are none."""
        return np.nan if self.people is None else self._share(self.people)[0]

    @property
    def cell_range(self) -> tuple[float, float]:
        """Share of all cells, those of which nobody can know counted as left out, then as covered."""
        return self._share(np.ones(len(self.origin_ids)))[1:]

    @property
    def people_range(self) -> tuple[float, float]:
        """Share of all people, those of whom nobody can know counted as left out, then as covered."""
        return (np.nan, np.nan) if self.people is None else self._share(self.people)[1:]

    @property
    def met(self) -> bool | None:
        """
        Whether the required share is met, by people where they are given, else by cells.

        ``None`` where the standard asks for no share, where there is nothing to share, or where it depends
        on cells of which nobody can know.
        """
        low, high = self.cell_range if self.people is None else self.people_range
        if self.standard.share is None or np.isnan(low):
            return None
        if low >= self.standard.share:
            return True
        return False if high < self.standard.share else None

    @property
    def verified(self) -> bool:
        """Whether the figure of the standard was compared with its text; a result must say where not."""
        return self.standard.verified

    def _share(self, weight: NDArray[np.float64]) -> tuple[float, float, float]:
        unknown = np.isnan(self.measured)
        total, hidden = float(weight.sum()), float(weight[unknown].sum())
        inside = float(weight[self.covered == 1].sum())
        known = total - hidden
        among_known = inside / known if known > 0 else np.nan
        if total <= 0:
            return among_known, np.nan, np.nan
        return among_known, inside / total, (inside + hidden) / total
