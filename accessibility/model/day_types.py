"""Types of days that services are laid out by: Chinese offices think in workdays and days of rest."""

from collections.abc import Iterable
from datetime import date

import numpy as np

WEEKDAY, SATURDAY, SUNDAY = 1, 2, 4
"""Kinds of day, as bits: Monday to Friday, Saturday, Sunday."""

DAY_TYPES = {
    "daily": WEEKDAY | SATURDAY | SUNDAY,
    "weekday": WEEKDAY,
    "weekend": SATURDAY | SUNDAY,
    "saturday": SATURDAY,
    "sunday": SUNDAY,
}
"""Name of a day type -> the kinds of day it holds."""

KIND_OF_WEEKDAY = (WEEKDAY,) * 5 + (SATURDAY, SUNDAY)
"""Kind of day from Monday on."""


def days_of(day_type: str, first: date, last: date) -> list[int]:
    """
    List the days of a type.

    Parameters
    ----------
    day_type
        One of `DAY_TYPES`.
    first, last
        Both included.

    Returns
    -------
    days
        Proleptic ordinals, ascending. Public holidays are days of the week like others: a calendar of
        holidays is a matter of the timetable.
    """
    return restricted(range(first.toordinal(), last.toordinal() + 1), day_type)


def restricted(days: Iterable[int], day_type: str) -> list[int]:
    """Keep the days (ordinals) of a type."""
    every = np.array(list(days), np.int64)
    kinds = np.array(KIND_OF_WEEKDAY)[(every - 1) % 7]
    kept: list[int] = every[(kinds & DAY_TYPES[day_type]) > 0].tolist()
    return kept


def types_meet(one: str, other: str) -> bool:
    """Say whether two day types share a day."""
    return bool(DAY_TYPES[one] & DAY_TYPES[other])
