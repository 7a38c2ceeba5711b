"""The files of a feed as typed columns, read by the table of rules in `accessibility.model.gtfs_schema`."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.gtfs_schema import ONE_OF, SCHEMA, GtfsField, GtfsFile
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.archive import FeedFiles
from accessibility.sources.gtfs.cells import READERS, Coded, RawTable, read_cells
from accessibility.sources.gtfs.log import Log


@dataclass
class FeedTable:
    """
    One file of a feed.

    Parameters
    ----------
    spec
        Rules of the file.
    lines
        Line of every row in the file.
    bad
        Rows that cannot be used; why was told.
    texts
        Columns of identifiers and words.
    values
        Columns of numbers, times (s) and dates (ordinals).
    present
        Whether the feed has the file.
    """

    spec: GtfsFile
    lines: NDArray[np.int64]
    bad: NDArray[np.bool_]
    texts: dict[str, Coded] = field(default_factory=dict)
    values: dict[str, NDArray[Any]] = field(default_factory=dict)
    present: bool = True

    def __len__(self) -> int:
        """Count the rows, those that cannot be used too."""
        return len(self.lines)


def read_tables(files: FeedFiles, log: Log) -> dict[str, FeedTable]:
    """
    Read every file of a feed.

    Parameters
    ----------
    files
        Bytes of the files; they are let go as they are read.
    log
        Takes what is wrong with rows.

    Returns
    -------
    tables
        By the name of the file without its end; files that are missing have no rows.

    Raises
    ------
    DataError
        If a required file or column is missing; all of them are told.
    """
    missing: list[str] = []
    for spec in SCHEMA:
        if spec.required and spec.name not in files.contents:
            missing.append(spec.name)
    missing.extend(" / ".join(group) for group in ONE_OF if not set(group) & set(files.contents))
    for name in missing:
        log.tell(
            Notice(
                "gtfs-file-missing",
                "error",
                _("the timetable has no {file}", file=name),
                value=name,
                mend=_("Export the feed again with this file."),
            )
        )
    tables: dict[str, FeedTable] = {}
    n_missing = len(missing)
    for spec in SCHEMA:
        data = files.contents.pop(spec.name, None)
        raw = RawTable({}, np.empty(0, np.int64), np.empty(0, bool))
        if data is not None:
            raw = read_cells(data, spec.name, log)
            n_missing += _columns_missing(spec, raw, log)
        tables[spec.name.removesuffix(".txt")] = _typed(spec, raw, log, present=data is not None)
    if n_missing:
        raise DataError(
            _("the timetable cannot be read: required files or columns are missing"),
            notices=log.notices,
            where=log.label,
            code="gtfs-incomplete",
        )
    return tables


def _columns_missing(spec: GtfsFile, raw: RawTable, log: Log) -> int:
    absent = [one for one in spec.fields if (one.required or one.column) and one.name not in raw.columns]
    for one in absent:
        log.tell(
            Notice(
                "gtfs-column-missing",
                "error",
                _("the column {name} is missing", name=one.name),
                spec.name,
                row=1,
                field=one.name,
                mend=_("The first row must name it; export the feed again with this column."),
            )
        )
    return len(absent)


def _typed(spec: GtfsFile, raw: RawTable, log: Log, *, present: bool) -> FeedTable:
    n_rows = len(raw.lines)
    table = FeedTable(spec, raw.lines, raw.damaged.copy(), present=present)
    blank = Coded(np.full(n_rows, -1, np.int32), ())
    for one in spec.fields:
        column = raw.columns.get(one.name, blank)
        if one.required and one.name in raw.columns:
            _tell_blank(table, one, column, log)
        if one.kind in ("id", "text"):
            table.texts[one.name] = column
        else:
            table.values[one.name] = _read_values(table, one, column, log)
    return table


def _tell_blank(table: FeedTable, one: GtfsField, column: Coded, log: Log) -> None:
    empty = (column.codes < 0) & ~table.bad
    log.tell_rows(
        Notice(
            "gtfs-value-missing",
            "error",
            _("a required value is blank; the row is left out"),
            table.spec.name,
            field=one.name,
            mend=_("Fill in {name}.", name=one.name),
        ),
        table.lines[empty],
    )
    table.bad |= empty


def _read_values(table: FeedTable, one: GtfsField, column: Coded, log: Log) -> NDArray[Any]:
    read, blank = READERS[one.kind]
    default = one.default if one.kind == "integer" else blank
    values, good = read(column.texts)
    if one.low is not None:
        good &= values >= one.low
    if one.high is not None:
        good &= values <= one.high
    values = np.where(good, values, default)
    wrong = column.mapped(~good, blank=False) & ~table.bad
    if wrong.any():
        _tell_malformed(table, one, column, wrong, log)
    return column.mapped(values, default)


def _tell_malformed(
    table: FeedTable, one: GtfsField, column: Coded, wrong: NDArray[np.bool_], log: Log
) -> None:
    unusable = one.essential or one.required
    message = (
        _("the value cannot be used; the row is left out")
        if unusable
        else _("the value cannot be used; the row is read as if it were blank")
    )
    log.tell_rows(
        Notice(
            "gtfs-value",
            "error" if unusable else "warning",
            message,
            table.spec.name,
            field=one.name,
            mend=_expected(one),
        ),
        table.lines[wrong],
        values=column.where(wrong).strings(),
    )
    if unusable:
        table.bad |= wrong


def _expected(one: GtfsField) -> str:
    if one.kind == "time":
        return _("Write times as HH:MM:SS.")
    if one.kind == "date":
        return _("Write dates as YYYYMMDD.")
    if one.low is not None and one.high is not None:
        return _("Write a number from {low} to {high}.", low=f"{one.low:g}", high=f"{one.high:g}")
    return _("Write a number, not below 0.")
