"""The noun ``Inequality``: how unevenly something is shared among people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze


@dataclass(frozen=True, eq=False)
class Inequality(Rebuilt):
    """
    Indices of inequality of one column of a table of access, weighted by people.

    Parameters
    ----------
    measure, target, column
        What was shared: the measure, its set of destinations, the column.
    n, n_left_out
        Rows counted, and rows left out because they have no value.
    people, people_left_out
        People in those rows.
    gini
        Gini coefficient: 0 where all have the same, towards 1 where one has all.
    palma
        Mean of the best-served tenth of people over the mean of the worst-served two fifths, 1 where all have
        the same; ``inf`` where the latter have nothing.
    theil_t
        Theil's T: 0 where all have the same, up to the logarithm of the number of people.
    concentration
        Concentration index over a ranking from the worst off to the best off, -1 to 1, above 0 where the
        better off have more; NaN without a ranking.
    lorenz_people, lorenz_share
        Lorenz curve: share of people, worst-served first, and their share of the whole, both from 0 to 1.

    Raises
    ------
    ModelError
        If an index lies outside its range or the curve does not rise from 0 to 1.

    Notes
    -----
    All indices and the shares are NaN where there is nothing to share: nobody, or 0 for everybody.
    """

    measure: str
    target: str
    column: str
    n: int
    n_left_out: int
    people: float
    people_left_out: float
    gini: float
    palma: float
    theil_t: float
    concentration: float
    lorenz_people: NDArray[np.float64]
    lorenz_share: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Freeze the curve and check what the class promises."""
        curve = freeze(self.lorenz_people, np.float64, name="lorenz_people", shape=(None,))
        shares = freeze(self.lorenz_share, np.float64, name="lorenz_share", shape=curve.shape)
        object.__setattr__(self, "lorenz_people", curve)
        object.__setattr__(self, "lorenz_share", shares)
        below = any(index < 0 for index in (self.gini, self.palma, self.theil_t))
        if below or self.gini > 1 or abs(self.concentration) > 1:
            raise ModelError("an index of inequality lies outside its range", code="inequality-range")
        for axis in (curve, shares):
            if axis.size and (axis[0] != 0 or abs(axis[-1] - 1) > 1e-9 or np.any(np.diff(axis) < 0)):
                raise ModelError("a Lorenz curve rises from 0 to 1", code="inequality-curve")
