"""Clock times of a feed: reading them, and filling in those that are blank by distance."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BLANK = -1
"""Seconds of a time that is not stated."""

_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)", re.ASCII)


def parse_clocks(texts: Sequence[str]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """
    Read clock times.

    Parameters
    ----------
    texts
        ``H:MM:SS``; 24 hours and more belong to the night after the service day.

    Returns
    -------
    seconds
        Seconds since the start of the service day, `BLANK` where the text is no time.
    good
        Which texts are times.
    """
    seconds = np.array([_seconds(text) for text in texts], np.int32)
    return seconds, seconds != BLANK


def _seconds(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return BLANK
    hours, minutes, seconds = match.groups()
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def clock_text(seconds: int) -> str:
    """Write seconds as ``HH:MM:SS``."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def fill_blanks(
    arrival_s: NDArray[np.int32],
    departure_s: NDArray[np.int32],
    measures: Sequence[NDArray[np.float64]],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int8]]:
    """
    Fill in blank times in proportion to distance.

    Parameters
    ----------
    arrival_s, departure_s
        Seconds per call, `BLANK` in both where not stated. The calls of a trip stand together in order; the
        first and the last of them have times.
    measures
        Distances along the trip per call (any unit, NaN where unknown), the most trusted first. A gap takes
        the first that is known from end to end, never runs back and grows.

    Returns
    -------
    arrival_s, departure_s
        Whole seconds, rounded half up, blanks filled in.
    used
        Per call the index of the measure that filled it, ``len(measures)`` where it was the number of the
        call because no distance was known, -1 where the time was stated.
    """
    blank = arrival_s == BLANK
    used = np.full(len(arrival_s), -1, np.int8)
    if not blank.any():
        return arrival_s, departure_s, used
    calls = np.arange(len(arrival_s))
    before = np.maximum.accumulate(np.where(blank, -1, calls))[blank]
    after = np.minimum.accumulate(np.where(blank, len(calls), calls)[::-1])[::-1][blank]
    share = np.full(len(before), np.nan)
    chosen = np.full(len(before), len(measures), np.int8)
    candidates = [*measures, calls.astype(float)]
    for position, measure in enumerate(candidates):
        with np.errstate(invalid="ignore"):
            broken = ~(np.diff(measure) >= 0)
        n_broken = np.concatenate([[0], np.cumsum(broken)])
        start, end = measure[before], measure[after]
        fits = np.isnan(share) & (n_broken[after] == n_broken[before]) & (end > start)
        share[fits] = ((measure[blank] - start) / np.where(fits, end - start, 1.0))[fits]
        chosen[fits] = position
    leave_s, arrive_s = departure_s[before].astype(np.int64), arrival_s[after].astype(np.int64)
    filled = np.floor(leave_s + share * (arrive_s - leave_s) + 0.5).astype(np.int32)
    arrival_s, departure_s = arrival_s.copy(), departure_s.copy()
    arrival_s[blank] = departure_s[blank] = filled
    used[blank] = chosen
    return arrival_s, departure_s, used
