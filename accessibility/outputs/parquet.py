"""The plain tables as Parquet: the columns and roundings of the CSV, several parts beside each other."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.reasons import REACHED, REASON_CODES
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.plain import middle_level, minute_columns, pair_reason_codes, row_reason_code
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
        import pyarrow.parquet  # noqa: F401
    except ImportError as error:
        what = _("Parquet needs the library pyarrow, which is not installed")
        mend = _("Install it: pip install accessibility[cluster] — or name the result ….csv.")
        raise UsageError(what, mend=mend, code="cluster-missing") from error


def matrix_parquet(times: TravelTimes, *, with_distance: bool = False) -> bytes:
    """
    Write travel times as a Parquet file ``origin, destination, minutes, reason``.

    Parameters
    ----------
    times, with_distance
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
    codes = list(REASON_CODES.values()) if isinstance(REASON_CODES, dict) else list(REASON_CODES)
    columns["reason"] = _reasons([code for i in range(n_origins) for code in pair_reason_codes(times, i)])
    assert codes[REACHED] == ""
    return _file(columns)


def nearest_parquet(table: AccessTable) -> bytes:
    """
    Write the nearest destination of every origin as a Parquet file.

    Parameters
    ----------
    table
        As for `accessibility.outputs.plain.nearest_csv`.

    Returns
    -------
    file
        Minutes and km as numbers; null where there is no answer.
    """
    middle = middle_level(table.columns)
    assert table.distance_m is not None
    n_rows = len(table.origin_ids)
    columns = {
        "origin": _named(table.origin_ids, np.arange(n_rows, dtype=np.int32)),
        "nearest": _reasons([row[middle] for row in table.nearest_ids]),
    }
    for level, name in enumerate(minute_columns(table.columns)):
        missing = np.isnan(table.values[:, level])
        seconds = np.where(missing, 0, table.values[:, level]).astype(np.int64)
        columns[name] = _number(_minutes(seconds), missing)
    columns["km"] = _kilometres(table.distance_m[:, middle])
    columns["reason"] = _reasons([row_reason_code(table, i) for i in range(n_rows)])
    return _file(columns)


def _minutes(seconds: NDArray[np.integer[Any]]) -> NDArray[np.float64]:
    """Round as `accessibility.units.minutes_from_seconds`, a column at a time."""
    return (seconds.astype(np.int64) * 10 + 30) // 60 / 10


def _kilometres(length_m: NDArray[np.floating[Any]]) -> Any:
    return _number(np.round(length_m.astype(np.float64) / 1000, 3), np.isnan(length_m))


def _number(values: NDArray[np.float64], missing: NDArray[np.bool_]) -> Any:
    import pyarrow

    return pyarrow.array(values, mask=missing)


def _named(names: Sequence[str], which: NDArray[np.int32]) -> Any:
    import pyarrow

    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(which), pyarrow.array(names, pyarrow.string()))


def _reasons(texts: Sequence[str]) -> Any:
    import pyarrow

    return pyarrow.array([text or None for text in texts], pyarrow.string()).dictionary_encode()


def _file(columns: dict[str, Any]) -> bytes:
    import pyarrow
    import pyarrow.parquet

    file = BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file, compression="zstd")
    return file.getvalue()
