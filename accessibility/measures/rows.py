"""What every measure asks of its arguments and says of its rows."""

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.measures.nearest import nearest
from accessibility.messages import _
from accessibility.model import reasons
from accessibility.model.travel_times import TravelTimes


def amounts(given: NDArray[np.float64], n: int, name: str) -> NDArray[np.float64]:
    """
    Take amounts (people, beds, 1), one per place.

    Parameters
    ----------
    given
        Amounts.
    n
        How many there must be.
    name
        What they are called, for the error.

    Raises
    ------
    ModelError
        If there are more or fewer, or one is negative or unknown.
    """
    found = np.asarray(given, dtype=np.float64)
    if found.shape != (n,):
        what = _("{name} has {found} values, expected {n}", name=name, found=found.size, n=n)
        raise ModelError(
            what, where=name, mend=_("Give one per place, in their order."), code="amounts-shape"
        )
    bad = np.flatnonzero(~(np.isfinite(found) & (found >= 0)))
    if bad.size:
        what = _("{name} holds {value} at position {n}", name=name, value=found[bad[0]], n=int(bad[0]) + 1)
        mend = _("Amounts are numbers of 0 or more; leave the place out where it is unknown.")
        raise ModelError(what, where=name, mend=mend, code="amounts-value")
    return found


def origin_reasons(times: TravelTimes) -> NDArray[np.int8]:
    """Give origins that stand nowhere on the network their reason; what they reach beside it counts."""
    row = np.full(len(times.origin_ids), reasons.REACHED, np.int8)
    for reason in (reasons.ORIGIN_NOT_LINKED, reasons.ORIGIN_NO_POSITION):
        row[np.any(times.reason == reason, axis=1)] = reason
    row[np.any(times.reason == reasons.REACHED, axis=1)] = reasons.REACHED
    return row


def unreached_reasons(
    times: TravelTimes, empty: NDArray[np.bool_], otherwise: int | NDArray[np.int_]
) -> NDArray[np.int8]:
    """
    Give every empty row a reason: why its nearest is not reached, or what the measure says.

    Parameters
    ----------
    times
        Travel times.
    empty
        Rows without any value.
    otherwise
        Reason of empty rows that do reach a destination, at some level; one, or one per row.
    """
    row = nearest(times, target="").reason
    row = np.where(row == reasons.REACHED, otherwise, row)
    return np.where(empty, row, reasons.REACHED).astype(np.int8)
