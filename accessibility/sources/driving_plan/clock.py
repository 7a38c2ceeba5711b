"""Times of day as operators type them: 6:05, 6.05, 605, a full-width colon, a star behind."""

import re
import unicodedata
from dataclasses import dataclass

DAY_S = 86_400
_HOUR_S, _MINUTE_S = 3_600, 60
_LAST_HOUR = 30
"""No service day runs beyond 30 o'clock; a larger number is no clock."""
_CLOCK = re.compile(r"(\d{1,2})\s*[:.;,]+\s*(\d{2})(?::\d{2})?\s*(\D*)")
_BARE = re.compile(r"(\d{1,2})(\d{2})\s*(\D*)")
_TOLERANCE_MIN = 0.02
"""How far (minutes) a fraction of a day may lie from a whole minute: 19:24:59 is 19:25."""


@dataclass(frozen=True)
class Clock:
    """
    A time of day.

    Parameters
    ----------
    time_s
        Seconds after midnight, whole minutes.
    mark
        What stands behind the digits, e.g. ``*``.
    mended
        Whether it was typed in another way than ``6:05``.
    """

    time_s: int
    mark: str = ""
    mended: bool = False


def clock_of(value: str | float | None, *, typed_s: int | None = None) -> Clock | None:
    """
    Read a time of day.

    Parameters
    ----------
    value
        Text or number of a cell.
    typed_s
        Seconds where the workbook itself says that it is a time.

    Returns
    -------
    clock
        The time, or None where the cell holds none.
    """
    if typed_s is not None:
        return Clock((typed_s + _MINUTE_S // 2) // _MINUTE_S * _MINUTE_S)
    if isinstance(value, str):
        return _from_text(value)
    return None if value is None else _from_number(value)


def _from_text(text: str) -> Clock | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    dotted, bare = _CLOCK.fullmatch(plain), _BARE.fullmatch(plain)
    match = dotted or bare
    if match is None:
        return None
    time_s = _time_s(int(match[1]), int(match[2]))
    if time_s is None:
        return None
    as_usual = re.fullmatch(r"\d{1,2}:\d{2}(:\d{2})?\D*", text.strip()) is not None
    return Clock(time_s, match[3].strip(), not as_usual)


def _from_number(number: float) -> Clock | None:
    if number <= 0:
        return None
    minutes = number * DAY_S / _MINUTE_S
    if number < 2 and abs(minutes - round(minutes)) < _TOLERANCE_MIN:
        return Clock(round(minutes) * _MINUTE_S, mended=True)
    if number == int(number):
        whole = int(number)
        time_s = _time_s(whole // 100, whole % 100) if whole >= 100 else None
    else:
        hundredths = round(number * 100)
        exact = abs(number * 100 - hundredths) < 1e-6
        time_s = _time_s(hundredths // 100, hundredths % 100) if exact else None
    return None if time_s is None else Clock(time_s, mended=True)


def _time_s(hour: int, minute: int) -> int | None:
    return hour * _HOUR_S + minute * _MINUTE_S if hour < _LAST_HOUR and minute < 60 else None
