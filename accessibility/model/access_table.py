"""The noun ``AccessTable``: what every origin can reach, one row per origin."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Notice


@dataclass(frozen=True, eq=False)
class AccessTable(Rebuilt):
    """
    A measure for every origin; no origin is ever missing.

    Parameters
    ----------
    measure
        What is measured: ``nearest``, ``k_nearest``, ``dual_access`` (s), ``opportunities``, ``gravity``
        (count), ``floating_catchment`` (supply per person) or ``ptal`` (index).
    target
        Id of the set of destinations that is measured against.
    mode, period, as_of
        How people travel, when, and on which date the destinations exist (ISO); empty where that does not
        matter.
    origin_ids
        Identifiers of the rows.
    columns
        Labels of the columns: levels (``low``, ``mid``, ``high``), cutoffs in minutes (``15``, ``30``),
        ranks, amounts or decay functions.
    values
        Shape ``[n_origins, n_columns]``; NaN where there is no answer.
    nearest_ids
        For ``nearest`` and ``k_nearest``: the destination behind each value, same shape as `values`, ``""``
        where none.
    distance_m
        For ``nearest`` and ``k_nearest``: length (m) of the way behind each value, NaN where none.
    reason
        Why a row has no answer at all (`accessibility.model.reasons`), int8, shape ``[n_origins]``.
    notices
        What whoever tells the figures must tell with them, such as rules nobody compared with their text.

    Raises
    ------
    ModelError
        If shapes disagree, or a row without any value has no reason.
    """

    measure: str
    target: str
    mode: str
    period: str
    as_of: str
    origin_ids: tuple[str, ...]
    columns: tuple[str, ...]
    values: NDArray[np.float64]
    reason: NDArray[np.int8]
    nearest_ids: tuple[tuple[str, ...], ...] = ()
    distance_m: NDArray[np.float64] | None = None
    notices: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        """Freeze the arrays and check what the class promises."""
        shape = (len(self.origin_ids), len(self.columns))
        object.__setattr__(self, "values", freeze(self.values, np.float64, name="values", shape=shape))
        object.__setattr__(self, "reason", freeze(self.reason, np.int8, name="reason", shape=shape[:1]))
        if self.nearest_ids and [len(row) for row in self.nearest_ids] != [shape[1]] * shape[0]:
            raise ModelError("nearest_ids must have the shape of values", code="column-shape")
        if self.distance_m is not None:
            distance_m = freeze(self.distance_m, np.float64, name="distance_m", shape=shape)
            object.__setattr__(self, "distance_m", distance_m)
        empty = np.isnan(self.values).all(axis=1)
        if np.any(empty & (self.reason == 0)):
            raise ModelError("every row must have a value or a reason", code="table-reason")

    def column(self, label: str) -> NDArray[np.float64]:
        """
        Return one column, shape ``[n_origins]``.

        Raises
        ------
        ModelError
            If there is no such column.
        """
        if label not in self.columns:
            raise ModelError(f"no column {label!r}: {', '.join(self.columns)}", code="table-column")
        return self.values[:, self.columns.index(label)]

    def take(self, rows: range) -> "AccessTable":
        """Take a run of origins."""
        some = slice(rows.start, rows.stop)
        return replace(
            self,
            origin_ids=self.origin_ids[some],
            values=self.values[some],
            reason=self.reason[some],
            nearest_ids=self.nearest_ids[some],
            distance_m=None if self.distance_m is None else self.distance_m[some],
        )

    @staticmethod
    def joined(parts: Sequence["AccessTable"]) -> "AccessTable":
        """Put answers to one question for several sets of origins one after the other; one part at least."""
        lengths_m = [part.distance_m for part in parts if part.distance_m is not None]
        return replace(
            parts[0],
            origin_ids=tuple(i for part in parts for i in part.origin_ids),
            values=np.concatenate([part.values for part in parts]),
            reason=np.concatenate([part.reason for part in parts]),
            nearest_ids=tuple(row for part in parts for row in part.nearest_ids),
            distance_m=np.concatenate(lengths_m) if lengths_m else None,
        )
