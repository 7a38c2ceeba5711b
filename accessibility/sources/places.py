"""Places from tables: who they are, where they lie, how many they count."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, Severity
from accessibility.sources.coordinates import parse_system, system_label
from accessibility.sources.positions import Positions, number, position_columns, read_positions
from accessibility.sources.tables import Table, find_column, read_table

ID_NAMES = ("id", "编号", "代码")
_OPTIONAL_NAMES = {
    "name": ("name", "name_zh", "名称"),
    "kind": ("kind", "类别"),
    "count": ("count", "population", "people", "人数", "数量"),
    "uncertainty_m": ("uncertainty_m", "误差"),
}
_FACT_NAMES = {
    "英文名": "name_en",
    "地址": "address",
    "线路": "line",
    "启用日期": "valid_from",
    "停用日期": "valid_to",
    "来源": "source",
    "备注": "note",
}
"""Chinese header of a further column -> the fact it is; every other column keeps its own name."""
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_places(
    path: str | Path,
    *,
    system: str = "wgs84",
    kind: str | None = None,
    sheet: str | None = None,
    label: str = "",
    counted: bool = False,
) -> Places:
    """
    Read places from a table.

    Parameters
    ----------
    path
        Anything `accessibility.sources.tables.read_table` reads, with at least ``id``, ``lon`` and ``lat``
        (or ``编号``, ``经度``, ``纬度``; ``x``, ``y`` for projected coordinates).
    system
        Coordinate system of the positions, as stated by who knows; where this is left at ``wgs84``, the
        one that a file with geometry states counts.
    kind
        What the places are where the table does not say it.
    sheet
        Sheet of a workbook or layer of a GeoPackage.
    label
        What notices and sources call the file; its bare name where not given.
    counted
        Whether the numbers are what matters, so that a table without them is none.

    Returns
    -------
    places
        In the order of the table. A place without a usable position is kept with NaN and a notice; further
        columns are facts. The count is 1 where no column counts, 0 with a notice where a cell is empty.

    Raises
    ------
    DataError
        If a column is missing, rows are malformed (all of them are told at once), longitude and latitude
        are swapped throughout, or no place has a position.
    """
    stated = parse_system(system)
    reader = _Reader(read_table(path, sheet=sheet, label=label))
    table, stated = reader.table, reader.effective_system(stated)
    where = reader.columns(stated)
    if counted and where.get("count") is None:
        reader.stop_without_numbers()
    ids = reader.ids(where["id"])
    counts = reader.amounts(where.get("count"), absent=1.0, told=True)
    uncertainty_m = reader.amounts(where.get("uncertainty_m"), absent=0.0, told=False)
    facts = reader.facts(where.values())
    reader.check_dates(facts)
    positions = read_positions(table, where["x"], where["y"], stated)
    reader.notices.extend(positions.notices)
    reader.stop_unless_usable(positions)
    reader.tell_coincident(ids, positions)
    names, kinds = reader.texts(where.get("name")), reader.texts(where.get("kind"))
    return Places(
        ids=ids,
        names=tuple(name or place_id for name, place_id in zip(names, ids, strict=True)),
        kinds=tuple(given or kind or "" for given in kinds),
        lon=positions.lon,
        lat=positions.lat,
        count=counts,
        uncertainty_m=uncertainty_m,
        facts={name: reader.texts(column) for name, column in facts.items()},
        provenance=Provenance(sources=(table.source,), notices=tuple(reader.notices)),
    )


@dataclass
class _Reader:
    """Takes the columns of a table one after the other and collects what is wrong."""

    table: Table
    notices: list[Notice] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.notices.extend(self.table.notices)

    def effective_system(self, stated: str) -> str:
        """Take what the file states where the caller left the default; tell where they differ."""
        told = self.table.system
        if told in ("", stated):
            return stated
        if stated == "wgs84":
            return told
        file_label, call_label = system_label(told), system_label(stated)
        message = _(
            "the file states {told}; it was read as {stated}, as asked", told=file_label, stated=call_label
        )
        self.notices.append(Notice("system-overruled", "info", message, self.table.source.file))
        return stated

    def columns(self, system: str) -> dict[str, int]:
        """Find the columns that have a meaning of their own."""
        x, y = position_columns(self.table, system)
        ids = find_column(self.table, (*ID_NAMES, "fid") if self.table.has_geometry else ID_NAMES)
        found = {"id": ids, "x": x, "y": y}
        missing = [
            name for name, column in zip(("id", "lon", "lat"), found.values(), strict=True) if column is None
        ]
        if missing:
            columns = ", ".join(name for name in self.table.columns if name)
            what = _("required columns are missing: {missing}", missing=", ".join(missing))
            mend = _("Found: {columns}. Needed: id (编号), lon (经度), lat (纬度).", columns=columns)
            raise self._failure(what, "missing-column", mend)
        found |= {name: find_column(self.table, names) for name, names in _OPTIONAL_NAMES.items()}
        return {name: column for name, column in found.items() if column is not None}

    def texts(self, column: int | None) -> tuple[str, ...]:
        """Take a column as text, blanks around removed; empty texts where there is no such column."""
        if column is None:
            return ("",) * len(self.table)
        return tuple(text.strip() for text in self.table.column(column))

    def ids(self, column: int) -> tuple[str, ...]:
        """Take the identifiers as text."""
        ids = self.texts(column)
        first: dict[str, int] = {}
        for row, place_id in enumerate(ids):
            if not place_id:
                message, mend = _("the identifier is empty"), _("Give every place an identifier of its own.")
                self._tell(row, column, "id-empty", "error", message, mend)
            elif place_id in first:
                message = _(
                    "the identifier stands in row {row} too", row=self.table.row_numbers[first[place_id]]
                )
                mend = _("Give every place an identifier of its own.")
                self._tell(row, column, "id-twice", "error", message, mend)
            first.setdefault(place_id, row)
        return ids

    def amounts(self, column: int | None, *, absent: float, told: bool) -> NDArray[np.float64]:
        """Take a column of numbers >= 0; `absent` where there is none or it is empty throughout."""
        texts = self.texts(column)
        if column is None or not any(texts):
            return np.full(len(self.table), absent)
        values = np.zeros(len(self.table))
        for row, text in enumerate(texts):
            value = number(text)
            if not text:
                if told:
                    message, mend = (
                        _("the number is missing and counts as 0"),
                        _("Type the number, 0 if it is none."),
                    )
                    self._tell(row, column, "count-missing", "warning", message, mend)
            elif value is None or not 0 <= value < float("inf"):
                message, mend = (
                    _("this is not a number of 0 or more"),
                    _("Write a plain number without separators."),
                )
                self._tell(row, column, "number-malformed", "error", message, mend)
            else:
                values[row] = value
        return values

    def facts(self, taken: Iterable[int]) -> dict[str, int]:
        """Name the further columns: which fact stands where."""
        used = set(taken)
        found: dict[str, int] = {}
        for column, name in enumerate(self.table.columns):
            if name and column not in used:
                key = _FACT_NAMES.get(name, name.lower())
                found[name if key in found else key] = column
        return found

    def check_dates(self, facts: dict[str, int]) -> None:
        """Check the dates between which a place exists."""
        for fact in ("valid_from", "valid_to"):
            for row, text in enumerate(self.texts(facts.get(fact))):
                if text and not _is_date(text):
                    message, mend = _("this is not a date"), _("Write it like 2021-12-30.")
                    self._tell(row, facts[fact], "date-malformed", "error", message, mend)
        periods = zip(self.texts(facts.get("valid_from")), self.texts(facts.get("valid_to")), strict=True)
        for row, (start, end) in enumerate(periods):
            if _is_date(start) and _is_date(end) and end < start:
                message, mend = _("valid_to lies before valid_from"), _("Mend one of the two dates.")
                self._tell(row, facts["valid_to"], "dates-reversed", "error", message, mend)

    def tell_coincident(self, ids: tuple[str, ...], positions: Positions) -> None:
        """Tell how many places share their point with another."""
        groups: dict[tuple[float, float], list[int]] = {}
        for row in np.flatnonzero(np.isfinite(positions.lon)).tolist():
            groups.setdefault((positions.lon[row], positions.lat[row]), []).append(row)
        shared = [rows for rows in groups.values() if len(rows) > 1]
        if shared:
            one, other = shared[0][:2]
            message = _(
                "places lie at exactly the same point as another, for example {a} and {b}",
                a=ids[one],
                b=ids[other],
            )
            file, count = self.table.source.file, sum(map(len, shared))
            row = self.table.row_numbers[one]
            self.notices.append(
                Notice("places-coincident", "info", message, file, row, value=ids[one], count=count)
            )

    def stop_without_numbers(self) -> NoReturn:
        """Raise where every place would silently count as one."""
        names = ", ".join(_OPTIONAL_NAMES["count"])
        what = _("no column says how many people there are")
        raise self._failure(what, "count-column", _("Name it one of: {names}.", names=names))

    def stop_unless_usable(self, positions: Positions) -> None:
        """Raise where rows are malformed, or nothing in the table has a position."""
        malformed = sum(notice.severity == "error" for notice in self.notices)
        if malformed:
            what = _("{n} entries are malformed; nothing was read", n=malformed)
            raise self._failure(what, "malformed-rows", _("Mend the rows named."))
        if not len(self.table):
            what = _("the table has a header but no rows")
            raise self._failure(what, "no-rows", _("Add a row for each place."))
        if positions.swapped:
            what = _("longitude and latitude (or easting and northing) are swapped in every row")
            raise self._failure(what, "coordinates-swapped", _("Swap the names of the two columns."))
        if not np.isfinite(positions.lon).any():
            what = _("none of the {n} places has a usable position", n=len(self.table))
            mend = _("Check the coordinates and the stated system.")
            raise self._failure(what, "no-usable-places", mend)

    def _tell(self, row: int, column: int, code: str, severity: Severity, message: str, mend: str) -> None:
        line, value = self.table.row_numbers[row], self.table.rows[row][column].strip()
        name = self.table.columns[column]
        self.notices.append(Notice(code, severity, message, self.table.source.file, line, name, value, mend))

    def _failure(self, what: str, code: str, mend: str) -> DataError:
        return DataError(what, notices=self.notices, where=self.table.source.file, mend=mend, code=code)


def _is_date(text: str) -> bool:
    try:
        return _ISO_DATE.fullmatch(text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
