"""The plain tables as Parquet: the columns of the CSV as numbers, several parts beside each other."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.reasons import REACHED, REASON_CODES, reason_code
from accessibility.model.travel_query import middle_level
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.plain import (
    breakdown_columns,
    breakdown_texts,
    minute_columns,
    row_reason_code,
)
from accessibility.units import UNREACHED


def require_parquet() -> None:
    """
    Make sure that Parquet can be written.

    Raises
    ------
    UsageError
        If its library is not installed.
    """
    try:
        _arrow("pyarrow.parquet")
    except ImportError as error:
        what = _("Parquet needs the library pyarrow, which is not installed")
        mend = _("Install it: pip install accessibility[cluster] — or name the result ….csv.")
        raise UsageError(what, mend=mend, code="cluster-missing") from error


def matrix_parquet(
    times: TravelTimes, *, with_distance: bool = False, breakdown: Iterable[OriginBreakdown] | None = None
) -> bytes:
    """
    Write travel times as a Parquet file ``origin, destination, minutes, reason``.

    Parameters
    ----------
    times, with_distance, breakdown
        As for `accessibility.outputs.plain.matrix_csv`.

    Returns
    -------
    file
        Minutes and km as numbers, null where unreached; reason null where all levels are reached.
    """
    n_origins, n_destinations, n_levels = times.duration_s.shape
    columns = {
        "origin": _named(times.origin_ids, np.repeat(np.arange(n_origins, dtype=np.int32), n_destinations)),
        "destination": _named(
            times.destination_ids, np.tile(np.arange(n_destinations, dtype=np.int32), n_origins)
        ),
    }
    for level, name in zip(range(n_levels), minute_columns(times.query.levels), strict=True):
        seconds = times.duration_s[:, :, level].ravel()
        columns[name] = _number(_minutes(seconds), seconds == UNREACHED)
    if with_distance:
        columns["km"] = _kilometres(times.distance_m[:, :, middle_level(times.query.levels)].ravel())
    if breakdown is not None:
        columns |= _breakdown(breakdown, times.query.levels)
    columns["reason"] = _pair_reasons(times)
    return _file(columns)


def nearest_parquet(table: AccessTable, *, at: NDArray[np.float64] | None = None) -> bytes:
    """
    Write the nearest destination of every origin as a Parquet file.

    Parameters
    ----------
    table, at
        As for `accessibility.outputs.plain.nearest_csv`.

    Returns
    -------
    file
        Minutes and km as numbers; null where there is no answer.
    """
    middle = middle_level(table.columns)
    assert table.distance_m is not None
    n_rows = len(table.origin_ids)
    columns = {"origin": _named(table.origin_ids, np.arange(n_rows, dtype=np.int32))}
    if at is not None:
        columns |= {"lon": _number(at[0], np.isnan(at[0])), "lat": _number(at[1], np.isnan(at[1]))}
    columns["nearest"] = _texts([row[middle] for row in table.nearest_ids])
    for level, name in enumerate(minute_columns(table.columns)):
        missing = np.isnan(table.values[:, level])
        seconds = np.where(missing, 0, table.values[:, level]).astype(np.int64)
        columns[name] = _number(_minutes(seconds), missing)
    columns["km"] = _kilometres(table.distance_m[:, middle])
    columns["reason"] = _texts([row_reason_code(table, i) for i in range(n_rows)])
    return _file(columns)


def _arrow(module: str = "pyarrow") -> Any:
    """Load the library where it is needed: it belongs to an extra."""
    return import_module(module)


def _minutes(seconds: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Round as `accessibility.units.minutes_from_seconds`, a column at a time."""
    return (seconds.astype(np.int64) * 10 + 30) // 60 / 10


def _kilometres(length_m: NDArray[np.floating[Any]]) -> Any:
    """Round to whole metres, half up."""
    return _number(np.floor(length_m.astype(np.float64) + 0.5) / 1000, np.isnan(length_m))


def _number(values: NDArray[np.float64], missing: NDArray[np.bool_]) -> Any:
    arrow = _arrow()
    return arrow.array(values, mask=missing)


def _named(names: Sequence[str], which: NDArray[np.int32]) -> Any:
    arrow = _arrow()
    return arrow.DictionaryArray.from_arrays(arrow.array(which), arrow.array(names, arrow.string()))


def _pair_reasons(times: TravelTimes) -> Any:
    """Give the reason of every pair; null where all levels are reached, as in the CSV."""
    known = (times.duration_s != UNREACHED).reshape(times.reason.size, -1)
    reason = times.reason.ravel().astype(np.int32)
    in_part = (reason == REACHED) & ~known.all(axis=1)
    patterns, which = np.unique(known[in_part], axis=0, return_inverse=True)
    names = [*REASON_CODES, *(reason_code(REACHED, times.query.levels, pattern) for pattern in patterns)]
    reason[in_part] = len(REASON_CODES) + which.ravel()
    arrow = _arrow()
    index = arrow.array(reason, mask=reason == REACHED)
    return arrow.DictionaryArray.from_arrays(index, arrow.array(names, arrow.string()))


def _breakdown(told: Iterable[OriginBreakdown], levels: Sequence[str]) -> dict[str, Any]:
    """Give the breakdown as the CSV has it: lines as text, all else as numbers."""
    by_origin = [breakdown_texts(one) for one in told]
    columns = {}
    for position, name in enumerate(breakdown_columns(levels)):
        texts = [text for columns_of_one in by_origin for text in columns_of_one[position]]
        numbers = None if name.startswith("lines_") else [float(text) if text else None for text in texts]
        columns[name] = _texts(texts) if numbers is None else _arrow().array(numbers, _arrow().float64())
    return columns


def _texts(texts: Sequence[str]) -> Any:
    arrow = _arrow()
    return arrow.array([text or None for text in texts], arrow.string()).dictionary_encode()


def _file(columns: dict[str, Any]) -> bytes:
    arrow, parquet = _arrow(), _arrow("pyarrow.parquet")
    file = BytesIO()
    parquet.write_table(arrow.table(columns), file, compression="zstd")
    return file.getvalue()
