"""Why a pair has no answer: one small code, stored with every travel time."""

from collections.abc import Iterable, Sequence

REACHED = 0
ORIGIN_NO_POSITION = 1
DESTINATION_NO_POSITION = 2
ORIGIN_NOT_LINKED = 3
DESTINATION_NOT_LINKED = 4
BEYOND_LIMITS = 5
NO_WAY = 6
NO_SERVICE = 7
NO_SUCH_DESTINATION = 8
NO_DEMAND = 9

REASON_CODES = (
    "",
    "origin-no-position",
    "destination-no-position",
    "origin-not-linked",
    "destination-not-linked",
    "beyond-limits",
    "no-way",
    "no-service",
    "no-such-destination",
    "no-demand",
)
"""Reason -> what tables print; the empty text means reached."""


def reason_code(reason: int, levels: Sequence[str], reached: Iterable[bool]) -> str:
    """
    Say why a row lacks values, all of them or some.

    Parameters
    ----------
    reason
        Why the row has no value at all; `REACHED` where it has one.
    levels
        Levels of the row.
    reached
        Whether each of them has a value.

    Returns
    -------
    code
        A code of `REASON_CODES`; of a row that has a value only at some levels ``beyond-limits:`` and the
        levels that have none, like ``beyond-limits:mid+high``.
    """
    open_levels = [level for level, known in zip(levels, reached, strict=True) if not known]
    if reason != REACHED or not open_levels:
        return REASON_CODES[reason]
    return f"{REASON_CODES[BEYOND_LIMITS]}:{'+'.join(open_levels)}"
