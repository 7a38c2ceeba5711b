"""Units and clock times.

Names carry their unit: ``_s`` seconds, ``_m`` metres, ``_mps`` metres per second, ``_ids`` identifiers,
``n_`` counts. Minutes and kilometres exist only at the faces (command line, maps, tables), which convert
with the functions below and nowhere else.
"""

import re

import numpy as np

UNREACHED = np.iinfo(np.int32).max
"""Duration (s) of a journey that does not exist within the limits; sorts after every real one."""

_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?")


def seconds_from_clock(clock: str) -> int:
    """
    Read a clock time as seconds since the start of the service day.

    Parameters
    ----------
    clock
        ``H:MM``, ``HH:MM`` or ``HH:MM:SS``; hours of 24 and more belong to the night after the service day.

    Returns
    -------
    seconds
        Seconds (s) since the start of the service day.

    Raises
    ------
    ValueError
        If `clock` is not a clock time.
    """
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        raise ValueError(clock)
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def clock_from_seconds(seconds: int) -> str:
    """Write seconds (s) since the start of the service day as ``HH:MM`` or, off the minute, ``HH:MM:SS``."""
    hours, rest = divmod(int(seconds), 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours:02d}:{minutes:02d}" + (f":{secs:02d}" if secs else "")


def minutes_from_seconds(duration_s: int | float) -> float:
    """Convert seconds (s) to minutes rounded half up to one decimal, the one rounding that readers see."""
    return int((duration_s * 10 + 30) // 60) / 10


def mps_from_kmh(speed_kmh: float) -> float:
    """Convert km/h to m/s."""
    return speed_kmh / 3.6
