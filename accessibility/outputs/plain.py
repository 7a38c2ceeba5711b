"""The plain tables of the command line: one row per pair or per origin, to be put end to end."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.model.access_table import AccessTable
from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.coverage import Coverage
from accessibility.model.csv_text import harmless
from accessibility.model.reasons import REACHED, REASON_CODES, reason_code
from accessibility.model.transit_journey import PARTS
from accessibility.model.travel_query import middle_level
from accessibility.model.travel_times import TravelTimes
from accessibility.units import UNREACHED, minutes_from_seconds


def minute_columns(levels: Sequence[str]) -> tuple[str, ...]:
    """Name the columns of minutes: ``minutes`` where there is one level, else ``minutes_low`` and so on."""
    return ("minutes",) if tuple(levels) == ("mid",) else tuple(f"minutes_{level}" for level in levels)


def matrix_head(levels: Sequence[str], *, with_distance: bool = False, breakdown: bool = False) -> bytes:
    """Write the first line of `matrix_csv`, with a byte order mark so that office programs read it."""
    names = ["origin", "destination", *minute_columns(levels), *(["km"] if with_distance else [])]
    if breakdown:
        names += breakdown_columns(levels)
    return BOM_UTF8 + _lines([[*names, "reason"]])


def breakdown_columns(levels: Sequence[str]) -> list[str]:
    """Name what times consist of: per level the parts (min), ``rides_…`` and ``lines_…``."""
    return [f"{name}_{level}" for level in levels for name in (*PARTS, "rides", "lines")]


def matrix_csv(
    times: TravelTimes, *, with_distance: bool = False, breakdown: Iterable[OriginBreakdown] | None = None
) -> bytes:
    """
    Write travel times as lines ``origin,destination,minutes,reason``.

    Parameters
    ----------
    times
        Travel times; an empty cell and a reason where a pair is unreached, altogether or at some levels.
    with_distance
        Whether to add ``km``, the length of the way at the middle level.
    breakdown
        What the times of every origin consist of, origin by origin: adds `breakdown_columns`.

    Returns
    -------
    lines
        UTF-8, without the head: what parts of the origins give may be put one after the other.
    """
    levels = times.query.levels
    middle = middle_level(levels)
    written = _MinuteTexts()
    goals = [harmless(goal) for goal in times.destination_ids]
    told = iter(breakdown or ())
    lines = []
    for i, origin in enumerate(times.origin_ids):
        columns = [written.of(times.duration_s[i, :, level]) for level in range(len(levels))]
        if with_distance:
            columns.append(_kilometres(times.distance_m[i, :, middle]))
        if breakdown is not None:
            columns += breakdown_texts(next(told))
        reasons = [REASON_CODES[reason] for reason in times.reason[i]]
        known = times.duration_s[i] != UNREACHED
        for j in np.flatnonzero((times.reason[i] == REACHED) & ~known.all(axis=1)):
            reasons[j] = reason_code(REACHED, levels, known[j])
        lines.append(_lines(zip([harmless(origin)] * len(goals), goals, *columns, reasons, strict=True)))
    return b"".join(lines)


def nearest_head(levels: Sequence[str], *, with_position: bool = False) -> bytes:
    """Write the first line of `nearest_csv`, with a byte order mark so that office programs read it."""
    position = ["lon", "lat"] if with_position else []
    return BOM_UTF8 + _lines([["origin", *position, "nearest", *minute_columns(levels), "km", "reason"]])


def nearest_csv(table: AccessTable, *, at: NDArray[np.float64] | None = None) -> bytes:
    """
    Write the nearest destination of every origin as lines ``origin,nearest,minutes,km,reason``.

    Parameters
    ----------
    table
        A table of the measure ``nearest``; ``nearest`` and ``km`` are those of the middle level.
    at
        Longitudes and latitudes (degrees) of the origins, where they stand in the table too.

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
        position = [] if at is None else ["" if np.isnan(x) else f"{x:.6f}" for x in at[:, i]]
        told = [*position, nearest, *minutes, kilometres[i], row_reason_code(table, i)]
        rows.append([harmless(origin), *told])
    return _lines(rows)


def row_reason_code(table: AccessTable, row: int) -> str:
    """Give the reason of a row in words of a table; ``""`` where all levels have a value."""
    return reason_code(int(table.reason[row]), table.columns, ~np.isnan(table.values[row]))


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def breakdown_texts(told: OriginBreakdown) -> list[list[str]]:
    """Write parts as minutes: differences of the rounded running sum, so that they add up to the minutes."""
    columns = []
    for level in range(told.rides.shape[1]):
        elapsed_s = np.zeros(len(told.rides), np.int64)
        before = np.zeros(len(told.rides), np.int64)
        walked = told.rides[:, level] >= 0
        for part in range(len(PARTS)):
            elapsed_s = elapsed_s + told.seconds[:, level, part]
            tenths = (elapsed_s * 10 + 30) // 60
            columns.append(_where(walked, [f"{t / 10:.1f}" for t in (tenths - before).tolist()]))
            before = tenths
        columns.append(_where(walked, [str(n) for n in told.rides[:, level].tolist()]))
        columns.append([lines[level] for lines in told.lines])
    return columns


def _where(known: NDArray[np.bool_], texts: list[str]) -> list[str]:
    return [text if good else "" for good, text in zip(known.tolist(), texts, strict=True)]


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


def write_measure(path: Path, table: AccessTable) -> None:
    """
    Write a measure as ``origin``, one column per value, ``reason``.

    Parameters
    ----------
    path
        CSV file (UTF-8 with byte order mark).
    table
        Access of every origin. Times are written in minutes, in columns ``minutes_…``; the nearest
        destinations stand beside them as ``nearest_…``.
    """
    timed = table.measure in ("nearest", "k_nearest", "dual_access")
    heads = [f"minutes_{column}" if timed else column for column in table.columns]
    ids = [f"nearest_{column}" for column in table.columns] if table.nearest_ids else []
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["origin", *heads, *ids, "reason"])
        for i, origin in enumerate(table.origin_ids):
            known = ["" if np.isnan(v) else _written(v, timed=timed) for v in table.values[i].tolist()]
            near = [harmless(one) for one in table.nearest_ids[i]] if ids else []
            writer.writerow([harmless(origin), *known, *near, REASON_CODES[table.reason[i]]])


def write_coverage(path: Path, coverages: Sequence[Coverage]) -> None:
    """
    Write the coverage of standards, one row per figure and way of measuring.

    Parameters
    ----------
    path
        CSV file (UTF-8 with byte order mark).
    coverages
        What was measured; shares are those of known cells, then of all, unknown ones left out and taken in.
        An empty cell means that people are not known or that the standard asks for no share.
    """
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COVERAGE_COLUMNS)
        for one in coverages:
            shares = (one.cell_share, *one.cell_range, one.people_share, *one.people_range)
            asked = one.standard.share
            writer.writerow(
                [
                    *(one.standard.id, harmless(one.standard.title), f"{one.figure:g}", one.standard.unit),
                    *(one.way, len(one.origin_ids), one.n_unknown, one.n_places, one.n_places_unknown),
                    *("" if np.isnan(share) else f"{share:.4f}" for share in shares),
                    *("" if asked is None else f"{asked:g}", harmless(one.standard.share_of)),
                    {True: "yes", False: "no", None: ""}[one.met],
                    *(one.standard.mark, harmless(one.standard.source)),
                ]
            )


_COVERAGE_COLUMNS = (
    *("standard", "title", "figure", "unit", "way", "cells", "cells_unknown", "places", "places_unknown"),
    *("cell_share", "cell_share_low", "cell_share_high"),
    *("people_share", "people_share_low", "people_share_high"),
    *("required_share", "share_of", "met", "mark", "source"),
)


def _written(value: float, *, timed: bool) -> str:
    return f"{minutes_from_seconds(value):.1f}" if timed else f"{value:.6g}"
