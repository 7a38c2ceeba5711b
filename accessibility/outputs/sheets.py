"""Results as plain tables: one row per figure, units in the headings, a reason where there is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.defaults import Assumption
from accessibility.model.isochrone import Isochrone
from accessibility.model.journey import Journey
from accessibility.model.places import Places
from accessibility.model.provenance import Provenance, group_notices
from accessibility.model.reasons import REASON_CODES, reason_code
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import assumption_text, names_by_id
from accessibility.units import UNREACHED, minutes_from_seconds

Cell = str | int | float | None

LEVELS = ("low", "mid", "high")


@dataclass(frozen=True, eq=False)
class Sheet:
    """
    A plain table.

    Parameters
    ----------
    name
        Short ASCII name: the name of the file or the layer.
    title
        What readers see.
    columns
        Identifiers of the columns; what CSV and GIS files are headed with.
    rows
        Cells, None where there is nothing to say.
    heads
        What readers see above columns that are this table's own; `headings` knows the others.

    Raises
    ------
    ModelError
        If a row has another number of cells than there are columns.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heads: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the width of every row."""
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ModelError(f"sheet {self.name} has rows of another width than its head", code="sheet-width")

    def column(self, name: str) -> list[Cell]:
        """Return one column."""
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


def nearest_sheet(
    tables: Sequence[AccessTable],
    origins: Places,
    destinations: Places,
    *,
    terminal_s: Sequence[float] = (),
    name: str = "nearest",
) -> Sheet:
    """
    Tell the nearest destination of every origin, one row per origin, target, mode, period and date.

    Parameters
    ----------
    tables
        Nearest tables; others are skipped.
    origins, destinations
        Places that name the ids.
    terminal_s
        Access and parking time (s) of a car trip: low, mid, high; its middle is given in a column of its own.
    name
        Short ASCII name of the table.

    Returns
    -------
    sheet
        Minutes with one decimal; nearest place and distance are those of the middle.
    """
    columns = (
        *("as_of", "target", "mode", "period", "origin_id", "origin_name", "nearest_id", "nearest_name"),
        *("minutes_low", "minutes_mid", "minutes_high", "distance_km", "access_parking_minutes", "reason"),
    )
    names, far_names = names_by_id(origins), names_by_id(destinations)
    rows: list[tuple[Cell, ...]] = []
    for table in tables:
        if table.measure != "nearest":
            continue
        parking = (
            minutes_from_seconds(terminal_s[len(terminal_s) // 2])
            if terminal_s and table.mode == "drive"
            else None
        )
        for i, origin in enumerate(table.origin_ids):
            shown = _shown_column(table, i)
            nearest = table.nearest_ids[i][shown] if table.nearest_ids else ""
            metres = table.distance_m[i, shown] if table.distance_m is not None else np.nan
            rows.append((
                *(table.as_of, table.target, table.mode, table.period, origin, names.get(origin, origin)),
                *(nearest, far_names.get(nearest, nearest)),
                *_three(table.columns, table.values[i]),
                *(_km(metres), parking),
                reason_code(int(table.reason[i]), table.columns, np.isfinite(table.values[i])),
            ))  # fmt: skip
    return Sheet(name, _("Nearest destinations"), columns, tuple(rows))


def opportunities_sheet(
    tables: Sequence[AccessTable], origins: Places, *, name: str = "opportunities"
) -> Sheet:
    """
    Tell how many destinations lie within reach, one row per origin and cutoff.

    Parameters
    ----------
    tables
        Tables of cumulative opportunities; nearest tables are skipped.
    origins
        Places that name the ids.
    name
        Short ASCII name of the table.
    """
    columns = (
        "as_of",
        "target",
        "mode",
        "period",
        "origin_id",
        "origin_name",
        "cutoff_minutes",
        "count",
        "reason",
    )
    names = names_by_id(origins)
    rows: list[tuple[Cell, ...]] = []
    for table in tables:
        if table.measure == "nearest":
            continue
        for i, origin in enumerate(table.origin_ids):
            for k, label in enumerate(table.columns):
                head = (
                    table.as_of,
                    table.target,
                    table.mode,
                    table.period,
                    origin,
                    names.get(origin, origin),
                )
                cutoff = int(label) if label.isdigit() else label
                value = table.values[i, k]
                rows.append((*head, cutoff, _number(value), REASON_CODES[table.reason[i]]))
    return Sheet(name, _("Destinations within reach"), columns, tuple(rows))


def matrix_sheet(
    times: Sequence[TravelTimes], origins: Places, destinations: Places, *, name: str = "matrix"
) -> Sheet:
    """
    Tell the travel time of every pair, one row per pair, mode, period and, where lines run, date.

    Parameters
    ----------
    times
        Travel times.
    origins, destinations
        Places that name the ids, of both ends and both directions.
    name
        Short ASCII name of the table.
    """
    columns = (
        *("as_of", "mode", "period", "origin_id", "origin_name", "destination_id", "destination_name"),
        *("minutes_low", "minutes_mid", "minutes_high", "distance_km", "access_parking_minutes", "reason"),
    )
    names = {**names_by_id(destinations), **names_by_id(origins)}
    rows: list[tuple[Cell, ...]] = []
    for one in times:
        query = one.query
        middle = len(query.levels) // 2
        parking = minutes_from_seconds(query.terminal_s[middle]) if query.terminal_s else None
        for i, origin in enumerate(one.origin_ids):
            for j, destination in enumerate(one.destination_ids):
                seconds = one.duration_s[i, j].astype(float)
                seconds[seconds == UNREACHED] = np.nan
                rows.append((
                    *(query.as_of, query.mode, query.period, origin, names.get(origin, origin)),
                    *(destination, names.get(destination, destination)),
                    *_three(query.levels, seconds),
                    *(_km(float(one.distance_m[i, j, middle])), parking),
                    reason_code(int(one.reason[i, j]), query.levels, np.isfinite(seconds)),
                ))  # fmt: skip
    return Sheet(name, _("Travel times between named places"), columns, tuple(rows))


def isochrone_sheet(isochrones: Sequence[Isochrone], origins: Places, *, name: str = "isochrones") -> Sheet:
    """Tell the size of every isochrone."""
    columns = (
        "origin_id",
        "origin_name",
        "mode",
        "period",
        "level",
        "cutoff_minutes",
        "area_km2",
        "street_km",
    )
    names = names_by_id(origins)
    rows = tuple(
        (
            *(one.origin_id, names.get(one.origin_id, one.origin_id), one.mode, one.period, one.level),
            *(one.cutoff_s // 60, round(one.area_km2, 2), round(one.street_km, 2)),
        )
        for one in isochrones
    )
    return Sheet(name, _("Isochrones"), columns, rows)


def journey_sheet(journeys: Sequence[Journey], places: Places, *, name: str = "journeys") -> Sheet:
    """Tell every journey part by part."""
    columns = (
        *("origin_id", "origin_name", "destination_id", "destination_name", "mode", "period", "level"),
        *("part", "part_kind", "road", "road_class", "part_minutes", "part_km"),
    )
    names = names_by_id(places)
    rows: list[tuple[Cell, ...]] = []
    for one in journeys:
        ends = tuple(
            text for end in (one.origin_id, one.destination_id) for text in (end, names.get(end, end))
        )
        for number, part in enumerate(one.parts, start=1):
            what = (number, part.kind, part.name, part.road_class)
            length = (minutes_from_seconds(part.duration_s), _km(part.distance_m))
            rows.append((*ends, one.mode, one.period, one.level, *what, *length))
    return Sheet(name, _("Journeys, part by part"), columns, tuple(rows))


def places_sheet(places: Places, *, name: str = "places") -> Sheet:
    """List the places with their position, how sure it is, and every fact of their source."""
    facts = tuple(key for key in places.facts if key not in {"name_en"})
    columns = ("id", "kind", "name_zh", "name_en", "lon", "lat", "uncertainty_m", "count", *facts)
    columns = tuple(f"fact_{c}" if columns.index(c) != k else c for k, c in enumerate(columns))
    english = places.fact("name_en")
    rows = tuple(
        (
            *(places.ids[i], places.kinds[i], places.names[i], english[i]),
            *(_number(places.lon[i], 6), _number(places.lat[i], 6)),
            *(_number(places.uncertainty_m[i]), _number(places.count[i])),
            *(places.fact(key)[i] for key in facts),
        )
        for i in range(len(places))
    )
    return Sheet(name, _("Places"), columns, rows)


def sources_sheet(provenance: Provenance, *, name: str = "sources") -> Sheet:
    """List every input with its licence, date and hash."""
    rows = tuple((s.file, s.title, s.licence, s.date, s.sha256) for s in provenance.sources)
    return Sheet(name, _("Sources"), ("file", "title", "licence", "date", "sha256"), rows)


def notices_sheet(provenance: Provenance, *, name: str = "notices") -> Sheet:
    """List what readers must know about the data, like things grouped."""
    columns = ("severity", "code", "count", "message", "file", "row", "field", "value", "mend")
    rows = tuple(
        (n.severity, n.code, n.count, n.message, n.file, n.row or None, n.field, n.value, n.mend)
        for n in group_notices(provenance.notices)
    )
    return Sheet(name, _("Notices"), columns, rows)


def records_sheet(records: Iterable[Mapping[str, Any]], *, name: str, title: str) -> Sheet:
    """
    Take over records with text keys, e.g. the table of what is unknown.

    Parameters
    ----------
    records
        Records; columns are their keys in the order of first mention.
    name, title
        Short ASCII name and what readers see.
    """
    kept = list(records)
    columns = tuple(dict.fromkeys(key for record in kept for key in record))
    rows = tuple(tuple(_plain(record.get(key)) for key in columns) for record in kept)
    return Sheet(name, title, columns, rows)


def unknowns_sheet(unknowns: Iterable[Mapping[str, Any]], *, name: str = "unknown") -> Sheet:
    """List what is not known and what would settle it."""
    return records_sheet(unknowns, name=name, title=_("What is not known"))


def assumptions_sheet(
    assumptions: Iterable[Assumption | Mapping[str, Any]], *, name: str = "assumptions"
) -> Sheet:
    """
    List the assumptions.

    Parameters
    ----------
    assumptions
        The register, or mappings as they come.
    name
        Short ASCII name of the table.

    Returns
    -------
    sheet
        Of the register: the item as an identifier and in words, source and note in both languages.
    """
    records = [one if isinstance(one, Mapping) else _assumption(one) for one in assumptions]
    return records_sheet(records, name=name, title=_("Assumptions"))


def _assumption(one: Assumption) -> Mapping[str, Any]:
    return {
        "item": one.item,
        "what": assumption_text(one.item),
        "low": one.low,
        "mid": one.mid,
        "high": one.high,
        "unit": one.unit,
        "mark": one.mark,
        "source_zh": one.source_zh or one.source,
        "source_en": one.source,
        "note_zh": one.note_zh or one.note,
        "note_en": one.note,
    }


def _shown_column(table: AccessTable, row: int) -> int:
    """Choose the column whose nearest place is told: the middle, else the first that has an answer."""
    middle = len(table.columns) // 2
    if np.isfinite(table.values[row, middle]):
        return middle
    known = np.flatnonzero(np.isfinite(table.values[row]))
    return int(known[0]) if len(known) else middle


def _three(levels: Sequence[str], seconds: Sequence[float] | np.ndarray[Any, Any]) -> tuple[Cell, ...]:
    """Give low, mid and high in minutes; a single level stands for the middle."""
    by_level = {"mid": seconds[0]} if len(levels) == 1 else dict(zip(levels, seconds, strict=True))
    values = (by_level.get(level, np.nan) for level in LEVELS)
    return tuple(minutes_from_seconds(float(v)) if np.isfinite(v) else None for v in values)


def _km(metres: float) -> Cell:
    return round(float(metres) / 1000, 2) if np.isfinite(metres) else None


def _number(value: float, digits: int = 3) -> Cell:
    if not np.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else round(float(value), digits)


def _plain(value: Any) -> Cell:
    if value is None or isinstance(value, (str, int, float)):
        return None if isinstance(value, float) and not np.isfinite(value) else value
    return str(value)
