"""Before and after: who gains, who loses, how much, and the sentence that says so."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.comparison import (
    GAIN,
    LOSE,
    NEVER_REACHED,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    SAME,
    SAME_WITHIN_S,
    ChangeTable,
)
from accessibility.model.modes import mode_text
from accessibility.model.study import Study
from accessibility.outputs.comparison.words import WORST, change_sentence
from accessibility.outputs.wording import by_language
from accessibility.workbench.settings import PageSettings

HISTOGRAM_MIN = (-30, -20, -15, -10, -5, -1, 1, 5, 10, 15, 20, 30)
COUNTS = {"gain": GAIN, "lose": LOSE, "same": SAME, "new": NEWLY_REACHED, "lost": NO_LONGER_REACHED,
          "neither": NEVER_REACHED}  # fmt: skip


def summary(table: ChangeTable, names: dict[str, str]) -> dict[str, Any]:
    """
    Sum up a change.

    Parameters
    ----------
    table
        Times before and after.
    names
        Names of the destinations by id.

    Returns
    -------
    summary
        Numbers of squares per class; the ten that lose and the ten that gain most; a histogram of the
        changes of the squares reached both times.
    """
    moved = table.change_s[~np.isnan(table.change_s)]
    return {
        "n": len(table),
        "counts": {name: table.count(code) for name, code in COUNTS.items()},
        "worst": _rows(table, table.worst[:WORST], names),
        "best": _rows(table, _best(table)[:WORST], names),
        "histogram": _histogram(moved),
    }


def report_sentence(table: ChangeTable, settings: PageSettings, study: Study) -> str:
    """Tell a change so that it can stand in a report: the conditions, then what the command line says."""
    target = next(one for one in study.targets if one.id == table.target)
    told = change_sentence(table, by_language(target.name, target.name_en))
    return _("{conditions}, {n} squares. {told}", conditions=conditions_text(settings, study), n=len(table),
             told=told)  # fmt: skip


def conditions_text(settings: PageSettings, study: Study) -> str:
    """Name date, departure window, mode and percentile, as far as they matter to the mode."""
    question = settings.question
    period = next(one for one in study.periods if one.id == question.period)
    parts = [question.as_of.isoformat()]
    if not settings.on_streets or settings.mode == "drive":
        parts.append(by_language(period.name, period.name_en))
    parts.append(mode_text(settings.mode))
    if not settings.on_streets:
        parts.append(_("percentile {p}", p=question.percentile))
    return _(", ").join(parts)


def _best(table: ChangeTable) -> NDArray[np.int64]:
    """Order the origins that gain, the most first: those newly reached, then by the time saved."""
    classes = table.classes
    saved_s = np.where(classes == NEWLY_REACHED, np.inf, -table.change_s)
    gaining = np.flatnonzero((classes == GAIN) | (classes == NEWLY_REACHED))
    return gaining[np.argsort(-saved_s[gaining], kind="stable")]


def _rows(table: ChangeTable, cells: NDArray[np.int64], names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "cell": cell,
            "id": table.origin_ids[cell],
            "before_s": _whole(table.before_s[cell]),
            "after_s": _whole(table.after_s[cell]),
            "before_to": names.get(table.to_before[cell], ""),
            "after_to": names.get(table.to_after[cell], ""),
        }
        for cell in cells.tolist()
    ]


def _whole(value: float) -> int | None:
    return int(value) if np.isfinite(value) else None


def _histogram(moved: NDArray[np.float64]) -> dict[str, Any]:
    edges_s = [-np.inf, *(60.0 * edge for edge in HISTOGRAM_MIN), np.inf]
    # a change of exactly a minute is none, as in the classes: it belongs to the bar in the middle
    nudged = np.where(np.abs(moved) == SAME_WITHIN_S, 0.0, moved)
    counts, _edges = np.histogram(nudged, edges_s)
    return {"edges_min": list(HISTOGRAM_MIN), "counts": counts.tolist()}
