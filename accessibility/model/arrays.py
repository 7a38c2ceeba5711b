"""Read-only columns: what keeps a frozen noun frozen."""

from dataclasses import fields
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from accessibility.errors import ModelError


class Rebuilt:
    """A frozen dataclass that comes out of another process through its constructor: checked, read-only."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process as the plain values of the fields."""
        values = (getattr(self, one.name) for one in fields(self))  # type: ignore[arg-type]
        return type(self), tuple(dict(v) if isinstance(v, MappingProxyType) else v for v in values)


def freeze(values: Any, dtype: DTypeLike, *, name: str, shape: tuple[int | None, ...]) -> NDArray[Any]:
    """
    Make a contiguous, read-only column of a noun.

    Parameters
    ----------
    values
        What the caller gave.
    dtype
        Type of the column.
    name
        Name of the column, for the error.
    shape
        Expected shape; ``None`` where any size is right.

    Returns
    -------
    column
        Contiguous array that cannot be written to.

    Raises
    ------
    ModelError
        If the shape is another one or the values cannot become `dtype` safely.
    """
    try:
        column = np.ascontiguousarray(values, dtype=dtype)
        given = np.asarray(values)
        fits = given.dtype == column.dtype or column.dtype.kind not in "iu" or np.array_equal(column, given)
    except (TypeError, ValueError, OverflowError) as error:
        raise ModelError(f"{name} cannot be read as {np.dtype(dtype)}", code="column-type") from error
    if not fits:
        raise ModelError(f"{name} holds numbers that {np.dtype(dtype)} cannot hold", code="column-type")
    if column.ndim != len(shape) or any(
        want is not None and got != want for got, want in zip(column.shape, shape, strict=False)
    ):
        raise ModelError(f"{name} has shape {column.shape}, expected {shape}", code="column-shape")
    if isinstance(values, np.ndarray) and np.may_share_memory(column, values) and _writeable(column):
        column = column.copy()
    column.flags.writeable = False
    return column


def ranges(
    first: NDArray[np.integer[Any]], count: NDArray[np.integer[Any]]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Lay runs of consecutive numbers end to end.

    Parameters
    ----------
    first, count
        Where every run begins and how long it is.

    Returns
    -------
    owner, number
        For every number the run it belongs to, and the number itself.
    """
    count = np.asarray(count, np.int64)
    owner = np.repeat(np.arange(len(count)), count)
    before = np.cumsum(count) - count
    number = np.arange(len(owner)) + np.repeat(np.asarray(first, np.int64) - before, count)
    return owner, number


def _writeable(column: NDArray[Any]) -> bool:
    """Say whether somebody may still write to the memory of a column, through it or through what it views."""
    owner: Any = column
    while isinstance(owner, np.ndarray):
        if owner.flags.writeable:
            return True
        owner = owner.base
    return False
