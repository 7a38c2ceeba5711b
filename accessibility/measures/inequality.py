"""Inequality: how unevenly access is shared among people."""

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.measures.rows import amounts
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.inequality import Inequality

Column = NDArray[np.float64]

TOP, BOTTOM = 0.1, 0.4
"""Shares of people that the Palma ratio compares; they are its definition."""


def inequality(
    table: AccessTable, *, column: str, people: Column | None = None, ranked_by: Column | None = None
) -> Inequality:
    """
    Measure how unevenly a column of a table of access is shared.

    Parameters
    ----------
    table
        Access of every origin.
    column
        Which column; values of 0 or more. Of times, where less is better, the indices tell how uneven the
        burden is.
    people
        People at each origin, shape ``[n_origins]``; one each where not given.
    ranked_by
        What ranks the origins from the worst off to the best off (income, …), for the concentration index,
        shape ``[n_origins]``; NaN where unknown.

    Returns
    -------
    inequality
        Indices and the Lorenz curve. Rows without a value (or, for the concentration index, without a rank)
        are left out and counted.

    Raises
    ------
    ModelError
        If there is no such column, a value or a number of people is negative, or shapes disagree.

    Notes
    -----
    Origins with the same value (or rank) are one group, so that no index depends on the order of rows; the
    Palma ratio splits the group that lies across its border. Palma in the form used for access: Herszenhut et
    al. (2022), a ratio of means, four times the ratio of shares. Theil (1967); Wagstaff, Paci and van
    Doorslaer (1991), doi:10.1016/0277-9536(91)90212-U.
    """
    values = table.column(column)
    n_rows = len(table.origin_ids)
    weights = amounts(np.ones(n_rows) if people is None else people, n_rows, "people")
    if np.any(values < 0):
        message = _("inequality needs values of 0 or more")
        raise ModelError(message, where=column, mend=_("Measure changes in another way."), code="inequality")
    known = ~np.isnan(values)
    curve_people, curve_share = _curve(values[known], weights[known], values[known])
    counted = weights[known]
    return Inequality(
        measure=table.measure,
        target=table.target,
        column=column,
        n=int(known.sum()),
        n_left_out=int((~known).sum()),
        people=float(counted.sum()),
        people_left_out=float(weights[~known].sum()),
        gini=float(np.maximum(_index(curve_people, curve_share), 0.0)),
        palma=_palma(curve_people, curve_share),
        theil_t=_theil_t(values[known], counted),
        concentration=np.nan if ranked_by is None else _concentration(values, weights, ranked_by),
        lorenz_people=curve_people,
        lorenz_share=curve_share,
    )


def _curve(values: Column, people: Column, rank: Column) -> tuple[Column, Column]:
    """Draw people against what they share, in order of a rank; empty where there is nothing to share."""
    total = float(values @ people)
    if not total > 0:
        return np.empty(0), np.empty(0)
    groups, group = np.unique(rank, return_inverse=True)
    along = np.bincount(group, people, len(groups))
    owned = np.bincount(group, people * values, len(groups))
    axes = [np.concatenate([[0.0], np.cumsum(part)]) for part in (along, owned)]
    return axes[0] / axes[0][-1], axes[1] / axes[1][-1]


def _index(people: Column, share: Column) -> float:
    """Measure twice the area between the diagonal and a curve, below it counting as positive."""
    if not people.size:
        return np.nan
    return float(np.clip(1.0 - np.diff(people) @ (share[1:] + share[:-1]), -1.0, 1.0))


def _palma(people: Column, share: Column) -> float:
    if not people.size:
        return np.nan
    bottom = float(np.interp(BOTTOM, people, share)) / BOTTOM
    top = (1.0 - float(np.interp(1.0 - TOP, people, share))) / TOP
    return top / bottom if bottom > 0 else np.inf


def _theil_t(values: Column, people: Column) -> float:
    total = float(values @ people)
    if not total > 0:
        return np.nan
    ratio = values * (people.sum() / total)
    some = ratio > 0  # x ln x goes to 0 with x
    index = float((people[some] / people.sum()) @ (ratio[some] * np.log(ratio[some])))
    return max(index, 0.0)


def _concentration(values: Column, people: Column, ranked_by: Column) -> float:
    rank = np.asarray(ranked_by, dtype=np.float64)
    if rank.shape != values.shape:
        what = _("{name} has {found} values, expected {n}", name="ranked_by", found=rank.size, n=values.size)
        mend = _("Give one per place, in their order.")
        raise ModelError(what, where="ranked_by", mend=mend, code="amounts-shape")
    known = ~np.isnan(values) & ~np.isnan(rank)
    return _index(*_curve(values[known], people[known], rank[known]))
