"""Before and after: who gains, who loses, how much, and the sentence that says so."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _, language
from accessibility.outputs.wording import decimal_text

SAME_S = 60.0
"""Changes of up to a minute count as none: no reader could tell them apart, no timetable promises them."""

GAIN, LOSE, SAME, NEW, LOST, NEITHER = 1, 2, 0, 3, 4, 5
"""Classes of a cell: quicker, slower, the same, reached only after, reached only before, never reached."""

HISTOGRAM_MIN = (-30, -20, -15, -10, -5, -1, 1, 5, 10, 15, 20, 30)
N_WORST = 10


@dataclass(frozen=True, eq=False)
class ChangeTable:
    """
    Times before and after.

    Parameters
    ----------
    target
        Identifier of the set of destinations, or of the origin.
    origin_ids
        Cells.
    before_s, after_s
        Times (s), NaN where unreached.
    before_to, after_to
        Which destination is nearest, ``""`` where none.
    reason
        Why a cell that is reached neither before nor after is not, as codes of `accessibility.model.reasons`.
    """

    target: str
    origin_ids: tuple[str, ...]
    before_s: NDArray[np.float64]
    after_s: NDArray[np.float64]
    before_to: tuple[str, ...]
    after_to: tuple[str, ...]
    reason: NDArray[np.int8]

    @property
    def change_s(self) -> NDArray[np.float64]:
        """After less before (s): negative is quicker; NaN where either is unreached."""
        return self.after_s - self.before_s

    def classes(self) -> NDArray[np.int8]:
        """Return the class of every cell."""
        before, after = np.isfinite(self.before_s), np.isfinite(self.after_s)
        change_s = np.where(before & after, self.change_s, 0.0)
        found = np.select(
            [~before & ~after, ~before, ~after, change_s < -SAME_S, change_s > SAME_S],
            [NEITHER, NEW, LOST, GAIN, LOSE],
            SAME,
        )
        return found.astype(np.int8)


def summary(table: ChangeTable, target: str, names: dict[str, str]) -> dict[str, Any]:
    """
    Sum up a change.

    Parameters
    ----------
    table
        Times before and after.
    target
        What readers call the destinations.
    names
        Names of the destinations by id.

    Returns
    -------
    summary
        Numbers of cells per class; mean, median and P90 change (s) of the cells reached both times; the ten
        that lose and the ten that gain most; a histogram of the changes; the sentence.
    """
    classes, change_s = table.classes(), table.change_s
    both = np.isfinite(change_s)
    moved = change_s[both]
    counts = {
        name: int((classes == code).sum())
        for name, code in (("gain", GAIN), ("lose", LOSE), ("same", SAME), ("new", NEW), ("lost", LOST),
                           ("neither", NEITHER))
    }  # fmt: skip
    figures: dict[str, float | None] = {"mean_s": None, "median_s": None, "p90_s": None}
    if moved.size:
        figures = {"mean_s": round(float(moved.mean()), 1), "median_s": _ranked(moved, 50),
                   "p90_s": _ranked(moved, 90)}  # fmt: skip
    return {
        "n": len(classes),
        "counts": counts,
        **figures,
        "worst": _extremes(table, classes, names, sign=1),
        "best": _extremes(table, classes, names, sign=-1),
        "histogram": _histogram(moved),
        "sentence": _sentence(counts, moved, target, len(classes)),
    }


def _ranked(values: NDArray[np.float64], percentile: int) -> float:
    """Take a percentile by nearest rank."""
    ordered = np.sort(values)
    return float(ordered[(percentile * len(ordered) + 99) // 100 - 1])


def _extremes(
    table: ChangeTable, classes: NDArray[np.int8], names: dict[str, str], *, sign: int
) -> list[dict[str, Any]]:
    """List the cells that lose (sign 1) or gain (-1) most; those no longer or newly reached come first."""
    jump, moved = (LOST, LOSE) if sign > 0 else (NEW, GAIN)
    key = np.where(classes == jump, np.inf, np.where(classes == moved, sign * table.change_s, -np.inf))
    order = np.argsort(-key, kind="stable")[:N_WORST]
    return [
        {
            "cell": int(cell),
            "id": table.origin_ids[cell],
            "before_s": _whole(table.before_s[cell]),
            "after_s": _whole(table.after_s[cell]),
            "before_to": names.get(table.before_to[cell], ""),
            "after_to": names.get(table.after_to[cell], ""),
        }
        for cell in order.tolist()
        if key[cell] > -np.inf
    ]


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None


def _histogram(moved: NDArray[np.float64]) -> dict[str, Any]:
    edges_s = [-np.inf, *(60.0 * edge for edge in HISTOGRAM_MIN), np.inf]
    # a change of exactly a minute is none, as in the classes: it belongs to the bar in the middle
    nudged = np.where(np.abs(moved) == SAME_S, 0.0, moved)
    counts, _edges = np.histogram(nudged, edges_s)
    return {"edges_min": list(HISTOGRAM_MIN), "counts": counts.tolist()}


def _sentence(counts: dict[str, int], moved: NDArray[np.float64], target: str, n: int) -> str:
    better, worse = counts["gain"] + counts["new"], counts["lose"] + counts["lost"]
    if not better and not worse:
        return _("Time to the nearest {target}: nothing changes by more than a minute in any of {n} squares.",
                 target=target, n=n)  # fmt: skip
    changed = moved[np.abs(moved) > SAME_S]
    parts = [
        _("Time to the nearest {target}: of {n} squares {better} gain and {worse} lose; {same} change by no "
          "more than a minute.", target=target, n=n, better=better, worse=worse, same=counts["same"])
    ]  # fmt: skip
    if changed.size:
        parts.append(
            _("Where it changes, the mean is {mean} min, the median {median} min and the 90th percentile "
              "{p90} min (minus: quicker).", mean=_signed(float(changed.mean())),
              median=_signed(_ranked(changed, 50)),              p90=_signed(_ranked(changed, 90)))
        )  # fmt: skip
    if counts["new"] or counts["lost"]:
        parts.append(_("{new} squares are reached only after the change, {lost} no longer.",
                       new=counts["new"], lost=counts["lost"]))  # fmt: skip
    return ("" if language() == "zh" else " ").join(parts)


def _signed(seconds: float) -> str:
    text = decimal_text(abs(seconds) / 60, 1)
    return f"−{text}" if seconds < 0 and text != "0.0" else f"+{text}" if text != "0.0" else text
