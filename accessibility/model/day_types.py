"""Types of days that services are laid out by: Chinese offices think in workdays and days of rest."""

from collections.abc import Iterable
from datetime import date, timedelta

DAY_TYPES = ("daily", "weekday", "weekend", "saturday", "sunday")

_WEEKDAYS = {
    "daily": range(7),
    "weekday": range(5),
    "weekend": range(5, 7),
    "saturday": range(5, 6),
    "sunday": range(6, 7),
}


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
    n_days = (last - first).days + 1
    dates = (first + timedelta(days=i) for i in range(n_days))
    return [day.toordinal() for day in dates if day.weekday() in _WEEKDAYS[day_type]]


def restricted(days: Iterable[int], day_type: str) -> list[int]:
    """Keep the days (ordinals) of a type."""
    return [day for day in days if date.fromordinal(day).weekday() in _WEEKDAYS[day_type]]
