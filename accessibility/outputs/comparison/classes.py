"""How a change in travel time is shown: classes, colours and signs, the same on every map and page."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.comparison import (
    NEVER_REACHED,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    SAME,
    ChangeTable,
)

LIMITS_MIN = (5, 10)
"""Changes up to 5, up to 10, and above 10 minutes are told apart, either way."""


@dataclass(frozen=True)
class ShownClass:
    """
    A class of changes as it is shown.

    Parameters
    ----------
    code
        Short stable name.
    colour
        Purple where people gain, orange where they lose (after ColorBrewer PuOr), safe for the colour-blind;
        empty where hatched.
    sign
        What stands in its squares, so that colour is never alone.
    ink
        Colour of the sign.
    """

    code: str
    colour: str
    sign: str
    ink: str


SHOWN = (
    ShownClass("gain-3", "#542788", "−", "#fff"),
    ShownClass("gain-2", "#8073ac", "−", "#fff"),
    ShownClass("gain-1", "#c3bde0", "−", "#1d2733"),
    ShownClass("same", "#f6f5f2", "", "#1d2733"),
    ShownClass("lose-1", "#fdc682", "+", "#1d2733"),
    ShownClass("lose-2", "#e08214", "+", "#1d2733"),
    ShownClass("lose-3", "#9c4a04", "+", "#fff"),
    ShownClass("newly", "#2d004b", "●", "#fff"),
    ShownClass("lost", "#7f1d08", "○", "#fff"),
    ShownClass("never", "", "", "#1d2733"),
)
"""Classes in the order of the legend."""

_MIDDLE = 3
_JUMPS = {NEWLY_REACHED: 7, NO_LONGER_REACHED: 8, NEVER_REACHED: 9}


def shown_classes(table: ChangeTable) -> NDArray[np.int8]:
    """Return an index of `SHOWN` per origin; a change of up to a minute counts as none, as in every table."""
    classes, change_s = table.classes, table.change_s
    size_s = np.where(np.isfinite(change_s), np.abs(change_s), 0.0)
    step = np.searchsorted([60.0 * limit for limit in LIMITS_MIN], size_s, side="left") + 1
    shown = np.where(classes == SAME, _MIDDLE, _MIDDLE + np.sign(change_s) * step)
    for of_class, number in _JUMPS.items():
        shown = np.where(classes == of_class, number, shown)
    found: NDArray[np.int8] = shown.astype(np.int8)
    return found


def class_labels() -> tuple[str, ...]:
    """Name the classes, in their order."""
    low, high = LIMITS_MIN
    return (
        _("quicker, below −{high}", high=high),
        _("quicker, −{high} to −{low}", low=low, high=high),
        _("quicker, −{low} to −1", low=low),
        _("the same, ±1"),
        _("slower, +1 to +{low}", low=low),
        _("slower, +{low} to +{high}", low=low, high=high),
        _("slower, above +{high}", high=high),
        _("newly reached"),
        _("no longer reached"),
        _("not reached, before or after"),
    )
