"""The plain tables of the command line: one row per pair or per origin, to be put end to end."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from io import StringIO

import numpy as np
from numpy.typing import NDArray

from accessibility.model.access_table import AccessTable
from accessibility.model.csv_text import harmless
from accessibility.model.reasons import REACHED, REASON_CODES, reason_code
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED, minutes_from_seconds


def minute_columns(levels: Sequence[str]) -> tuple[str, ...]:
    """Name the columns of minutes: ``minutes`` where there is one level, else ``minutes_low`` and so on."""
    return ("minutes",) if tuple(levels) == ("mid",) else tuple(f"minutes_{level}" for level in levels)


def matrix_head(levels: Sequence[str], *, with_distance: bool = False) -> bytes:
    """Write the first line of `matrix_csv`, with a byte order mark so that office programs read it."""
    names = ["origin", "destination", *minute_columns(levels), *(["km"] if with_distance else []), "reason"]
    return BOM_UTF8 + _lines([names])


def matrix_csv(times: TravelTimes, *, with_distance: bool = False) -> bytes:
    """
    Write travel times as lines ``origin,destination,minutes,reason``.

    Parameters
    ----------
    times
        Travel times; an empty cell and a reason where a pair is unreached, altogether or at some levels.
    with_distance
        Whether to add ``km``, the length of the way at the middle level.

    Returns
    -------
    lines
        UTF-8, without the head: what parts of the origins give may be put one after the other.
    """
    levels = times.query.levels
    middle = middle_level(levels)
    written = _MinuteTexts()
    goals = [harmless(goal) for goal in times.destination_ids]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for i, origin in enumerate(times.origin_ids):
        columns = [written.of(times.duration_s[i, :, level]) for level in range(len(levels))]
        if with_distance:
            columns.append(_kilometres(times.distance_m[i, :, middle]))
        reasons = [REASON_CODES[reason] for reason in times.reason[i]]
        known = times.duration_s[i] != UNREACHED
        for j in np.flatnonzero((times.reason[i] == REACHED) & ~known.all(axis=1)):
            reasons[j] = reason_code(REACHED, levels, known[j])
        writer.writerows(zip([harmless(origin)] * len(goals), goals, *columns, reasons, strict=True))
    return text.getvalue().encode()


def nearest_head(levels: Sequence[str]) -> bytes:
    """Write the first line of `nearest_csv`, with a byte order mark so that office programs read it."""
    return BOM_UTF8 + _lines([["origin", "nearest", *minute_columns(levels), "km", "reason"]])


def nearest_csv(table: AccessTable) -> bytes:
    """
    Write the nearest destination of every origin as lines ``origin,nearest,minutes,km,reason``.

    Parameters
    ----------
    table
        A table of the measure ``nearest``; ``nearest`` and ``km`` are those of the middle level.

    Returns
    -------
    lines
        UTF-8, without the head.
    """
    middle = middle_level(table.columns)
    assert table.distance_m is not None
    kilometres = _kilometres(table.distance_m[:, middle])
    rows = []
    for i, origin in enumerate(table.origin_ids):
        minutes = ["" if np.isnan(v) else f"{minutes_from_seconds(v):.1f}" for v in table.values[i]]
        nearest = harmless(table.nearest_ids[i][middle])
        rows.append([harmless(origin), nearest, *minutes, kilometres[i], row_reason_code(table, i)])
    return _lines(rows)


def row_reason_code(table: AccessTable, row: int) -> str:
    """Give the reason of a row in words of a table; ``""`` where all levels have a value."""
    return reason_code(int(table.reason[row]), table.columns, ~np.isnan(table.values[row]))


def middle_level(levels: Sequence[str]) -> int:
    """Find the level whose ways are told where only one is."""
    return levels.index("mid") if "mid" in levels else 0


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


class _MinuteTexts:
    """Minutes as text, each duration worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {UNREACHED: ""}

    def of(self, duration_s: NDArray[np.int32]) -> list[str]:
        known, texts = self._known, []
        for seconds in duration_s.tolist():
            text = known.get(seconds)
            if text is None:
                text = known[seconds] = f"{minutes_from_seconds(seconds):.1f}"
            texts.append(text)
        return texts


def _kilometres(length_m: NDArray[np.floating]) -> list[str]:
    return ["" if np.isnan(m) else f"{m / 1000:.3f}" for m in length_m.tolist()]
