"""The plain tables of the command line: one row per pair or per origin, to be put end to end."""

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import StringIO
from itertools import chain
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
    levels, n_goals = times.query.levels, len(times.destination_ids)
    middle = middle_level(levels)
    told = iter(breakdown or ())
    parts = []
    for some in _runs_of(len(times.origin_ids), max(1, _ROWS_AT_A_TIME // max(1, n_goals))):
        seconds = times.duration_s[some.start : some.stop]
        shape = seconds.shape[:2]
        columns = [
            np.broadcast_to(_cells(times.origin_ids)[some.start : some.stop, np.newaxis], shape),
            np.broadcast_to(_cells(times.destination_ids), shape),
            *(_minute_cells(seconds[:, :, level]) for level in range(len(levels))),
        ]
        if with_distance:
            columns.append(_kilometre_cells(times.distance_m[some.start : some.stop, :, middle]))
        if breakdown is not None:
            columns += _breakdown_cells([breakdown_texts(next(told)) for _ in some], shape)
        columns.append(_reason_cells(times.reason[some.start : some.stop], seconds, levels))
        parts.append("".join(np.stack(columns, axis=2).ravel().tolist()).encode())
    return b"".join(parts)


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


_ROWS_AT_A_TIME = 2**14
"""Rows whose cells are put together at a time: enough that numpy does the work, few enough for the cache."""


def _runs_of(n: int, size: int) -> Iterator[range]:
    return (range(i, min(i + size, n)) for i in range(0, n, size))


@lru_cache(maxsize=4)
def _cells(ids: tuple[str, ...]) -> NDArray[np.object_]:
    """Write identifiers as cells with the separator behind them; remembered from block to block."""
    return _quoted([harmless(one) for one in ids])


def _quoted(texts: Sequence[str]) -> NDArray[np.object_]:
    """Write texts as cells with the separator behind them; the library quotes those that need it."""
    cells = [_lines([[text, ""]]).decode()[:-1] if _SPECIAL.search(text) else f"{text}," for text in texts]
    return np.array(cells, object)


_SPECIAL = re.compile(r'[,"\r\n]')


def _minute_cells(duration_s: NDArray[np.int32]) -> NDArray[np.object_]:
    """Write minutes as cells, each text made once; the first one is that of no answer."""
    tenths = np.where(duration_s == UNREACHED, -1, (duration_s.astype(np.int64) * 10 + 30) // 60)
    texts = ["", *(f"{tenth / 10:.1f}" for tenth in range(int(tenths.max(initial=-1)) + 1))]
    cells: NDArray[np.object_] = np.array([f"{text}," for text in texts], object)[tenths + 1]
    return cells


def _kilometre_cells(length_m: NDArray[np.floating]) -> NDArray[np.object_]:
    return np.array([f"{text}," for text in _kilometres(length_m.ravel())], object).reshape(length_m.shape)


def _reason_cells(
    reason: NDArray[np.int8], duration_s: NDArray[np.int32], levels: Sequence[str]
) -> NDArray[np.object_]:
    """Write reasons as cells that end the line; of a pair reached at some levels only, which it lacks."""
    cells: NDArray[np.object_] = np.array([f"{code}\n" for code in REASON_CODES], object)[reason]
    known = duration_s != UNREACHED
    for i, j in np.argwhere((reason == REACHED) & ~known.all(axis=2)).tolist():
        cells[i, j] = f"{reason_code(REACHED, levels, known[i, j])}\n"
    return cells


def _breakdown_cells(told: Sequence[list[list[str]]], shape: tuple[int, ...]) -> list[NDArray[np.object_]]:
    """Put the columns of several origins one after the other."""
    columns = zip(*told, strict=True)
    return [_quoted(list(chain.from_iterable(column))).reshape(shape) for column in columns]


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


def write_levels(path: Path, table: AccessTable, levels: Sequence[str], *, marks: Sequence[str]) -> None:
    """
    Write public transport access levels as ``origin,index,level,marks,reason``.

    Parameters
    ----------
    path
        CSV file (UTF-8 with byte order mark).
    table
        A table of the measure ``ptal``.
    levels
        Level of every origin, empty where it has none.
    marks
        Marks of the rules; how many bear which stands beside every figure, like ``U 9/23, W 14/23``.
    """
    counts = ", ".join(f"{mark} {marks.count(mark)}/{len(marks)}" for mark in sorted(set(marks)))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["origin", "index", "level", "marks", "reason"])
        for i, origin in enumerate(table.origin_ids):
            value = float(table.values[i, 0])
            known = ["", "", ""] if np.isnan(value) else [f"{value:.2f}", levels[i], counts]
            writer.writerow([harmless(origin), *known, REASON_CODES[table.reason[i]]])


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
