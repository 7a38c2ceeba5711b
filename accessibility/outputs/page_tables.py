"""The key tables of the results page: from every site to the nearest of every target, by every mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.study import Study
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import (
    by_language,
    kilometres_text,
    names_by_id,
    period_text,
    range_text,
    reason_text,
    spoken_half,
)
from accessibility.units import UNREACHED


@dataclass(frozen=True)
class CellText:
    """What one cell of the table says: a time with its place, or why there is none."""

    time: str = ""
    with_parking: str = ""
    nearest: str = ""
    distance: str = ""
    reason: str = ""


Way = tuple[tuple[str, ...], tuple[CellText, ...]]
"""Period and date of a row, as far as they matter, and a cell per place."""


class _Row(NamedTuple):
    """One way of getting there, to or from every place."""

    mode: str
    period: str
    as_of: str
    cells: tuple[CellText, ...]


MOST_COLUMNS = 6
"""More places do not fit on a page; they go into a further table."""


@dataclass(frozen=True)
class NearestBlock:
    """
    One table: a target on a date, from or to several places, by several ways.

    Parameters
    ----------
    title, date
        What is reached or left, and when it holds.
    places
        Names of the columns.
    modes
        Per mode its name and its rows.
    """

    title: str
    date: str
    places: tuple[str, ...]
    modes: tuple[tuple[str, tuple[Way, ...]], ...]


def nearest_blocks(
    study: Study, tables: Sequence[AccessTable], places: Places, terminal_s: Sequence[float]
) -> list[NearestBlock]:
    """
    Arrange nearest tables for reading.

    Parameters
    ----------
    study
        Names of targets and periods.
    tables
        Nearest tables from the sites; others are skipped.
    places
        Places that name the ids.
    terminal_s
        Access and parking time (s) of a car trip: low, mid, high; empty where there is none.

    Returns
    -------
    blocks
        In the order of the tables; tables without a date hold for every date of the study. Lines run on a
        date: beside such tables theirs stand as columns of their own.
    """
    names = names_by_id(places)
    targets = {target.id: by_language(target.name, target.name_en) for target in study.targets}
    periods = {period.id: by_language(period.name, period.name_en) for period in study.periods}
    groups: dict[tuple[str, str], list[AccessTable]] = {}
    for table in tables:
        if table.measure == "nearest":
            undated = (table.target, "")
            key = undated if undated in groups else (table.target, table.as_of)
            groups.setdefault(key, []).append(table)
    blocks = []
    for (target, as_of), members in groups.items():
        origins = members[0].origin_ids
        rows = [
            _Row(
                mode_text(table.mode),
                period_text(table.period, periods),
                "" if as_of else table.as_of,
                tuple(_cell(table, i, names, terminal_s) for i in range(len(origins))),
            )
            for table in members
        ]
        date = as_of or _("all dates of the study")
        blocks += _split(targets.get(target, target), date, origins, rows)
    return blocks


def place_blocks(
    study: Study, wanted: Sequence[str], times: Sequence[TravelTimes], places: Places
) -> list[NearestBlock]:
    """
    Arrange the travel times from the site shown first to some places.

    Parameters
    ----------
    study
        Names its default origin and its periods.
    wanted
        Ids of the places; those without times are left out.
    times
        Travel times from the sites.
    places
        Places that name the ids.

    Returns
    -------
    blocks
        A column per place, a row per mode and period; none where nothing is known.
    """
    names = names_by_id(places)
    origin = study.default_origin
    chosen = [one for one in times if origin in one.origin_ids]
    periods = {period.id: by_language(period.name, period.name_en) for period in study.periods}
    known = [i for i in wanted if chosen and all(i in one.destination_ids for one in chosen)]
    rows = [
        _Row(
            mode_text(one.query.mode),
            period_text(one.query.period, periods),
            one.query.as_of,
            tuple(_time(one, origin, place) for place in known),
        )
        for one in chosen
    ]
    return _split(names.get(origin, origin), "", [names.get(i, i) for i in known], rows)


def _split(title: str, date: str, places: Sequence[str], rows: Sequence[_Row]) -> list[NearestBlock]:
    """Share out places over tables of about equal width; none where there is no place."""
    n_tables = -(-len(places) // MOST_COLUMNS)
    ends = [round(k * len(places) / max(n_tables, 1)) for k in range(n_tables + 1)]
    return [
        NearestBlock(
            title,
            date,
            tuple(places[start:end]),
            _by_mode([row._replace(cells=row.cells[start:end]) for row in rows]),
        )
        for start, end in pairwise(ends)
    ]


def _by_mode(rows: Sequence[_Row]) -> tuple[tuple[str, tuple[Way, ...]], ...]:
    """Put the rows of a mode together; where every date says the same, tell it once and without a date."""
    groups: dict[str, dict[str, list[_Row]]] = {}
    for row in rows:
        groups.setdefault(row.mode, {}).setdefault(row.period, []).append(row)
    return tuple(
        (mode, tuple(way for members in by_period.values() for way in _ways(members)))
        for mode, by_period in groups.items()
    )


def _ways(members: Sequence[_Row]) -> list[Way]:
    if len({row.cells for row in members}) == 1:
        members = [members[0]._replace(as_of="")]
    return [(tuple(part for part in (row.period, row.as_of) if part), row.cells) for row in members]


def _time(times: TravelTimes, origin: str, place: str) -> CellText:
    i, j = times.origin_ids.index(origin), times.destination_ids.index(place)
    if times.reason[i, j]:
        return CellText(reason=reason_text(int(times.reason[i, j])))
    seconds = [np.nan if value == UNREACHED else float(value) for value in times.duration_s[i, j]]
    terminal_s = times.query.terminal_s
    both = range_text([a + b for a, b in zip(seconds, terminal_s, strict=False)]) if terminal_s else ""
    metres = float(times.distance_m[i, j, len(seconds) // 2])
    distance = _("{km} km", km=kilometres_text(metres)) if np.isfinite(metres) else ""
    return CellText(time=range_text(seconds), with_parking=both, distance=distance)


def _cell(table: AccessTable, row: int, names: dict[str, str], terminal_s: Sequence[float]) -> CellText:
    values = table.values[row]
    if table.reason[row] or not np.isfinite(values).any():
        return CellText(reason=reason_text(int(table.reason[row])))
    middle = len(table.columns) // 2
    shown = middle if np.isfinite(values[middle]) else int(np.flatnonzero(np.isfinite(values))[0])
    nearest = table.nearest_ids[row][shown] if table.nearest_ids else ""
    metres = float(table.distance_m[row, shown]) if table.distance_m is not None else np.nan
    with_parking = ""
    if table.mode == "drive" and len(terminal_s) == len(values):
        with_parking = range_text((values + np.asarray(terminal_s, dtype=float)).tolist())
    distance = _("{km} km", km=kilometres_text(metres)) if np.isfinite(metres) else ""
    return CellText(range_text(values.tolist()), with_parking, names.get(nearest, nearest), distance)


def record_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> tuple[list[str], list[list[str]]]:
    """
    Choose the columns of the present language and write every cell as text.

    Parameters
    ----------
    columns, rows
        A plain table; of columns ``x_zh`` and ``x_en`` the reader's one is kept.

    Returns
    -------
    columns, rows
        What is shown; columns without any content are left out.
    """
    other = "_zh" if by_language("zh", "en") == "en" else "_en"
    base = {column[:-3] for column in columns if column.endswith(other)}
    twins = {f"{stem}{other}" for stem in base if f"{stem}{'_en' if other == '_zh' else '_zh'}" in columns}
    texts = [["" if cell is None else spoken_half(str(cell)) for cell in row] for row in rows]
    kept = [k for k, name in enumerate(columns) if name not in twins and any(row[k] for row in texts)]
    return [columns[k] for k in kept], [[row[k] for k in kept] for row in texts]
