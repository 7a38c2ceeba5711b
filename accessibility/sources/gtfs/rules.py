"""Rules between the rows of a feed: names that stand once, references that lead somewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.gtfs.cells import Coded
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.tables import FeedTable

NOWHERE = -1


@dataclass(frozen=True)
class Target:
    """
    What references may name.

    Parameters
    ----------
    index
        Position by name.
    usable
        Which positions are kept; the reason why others are not was told.
    """

    index: Mapping[str, int]
    usable: NDArray[np.bool_]

    @classmethod
    def of_rows(cls, table: FeedTable, field: str) -> "Target":
        """Name the rows of a table by a column; the first row of a name counts."""
        index: dict[str, int] = {}
        for row, name in enumerate(table.texts[field].strings()):
            index.setdefault(name, row)
        index.pop("", None)
        return cls(index, ~table.bad)

    def compact(self) -> NDArray[np.int32]:
        """Return per position its place among those kept, `NOWHERE` for the others and at the end."""
        places = np.append(np.cumsum(self.usable) - 1, NOWHERE)
        places[:-1][~self.usable] = NOWHERE
        return places.astype(np.int32)


def check_unique(table: FeedTable, log: Log) -> None:
    """Leave out rows that repeat the key of an earlier row, each with a notice."""
    key = table.spec.key
    if not key or not len(table):
        return
    combined = np.zeros(len(table), np.int64)
    for name in key:
        column: NDArray[Any] = table.texts[name].codes if name in table.texts else table.values[name]
        values, codes = np.unique(column, return_inverse=True)
        combined = combined * (len(values) + 1) + codes
    _keys, first = np.unique(np.where(table.bad, -1 - np.arange(len(table)), combined), return_index=True)
    repeated = ~table.bad
    repeated[first] = False
    texts = [table.texts[name].where(repeated).strings() for name in key if name in table.texts]
    log.tell_rows(
        Notice(
            "gtfs-duplicate",
            "error",
            _("the name stands in an earlier row already; this row is left out"),
            table.spec.name,
            field=key[0],
            mend=_("Give every row a name of its own, or delete one of them."),
        ),
        table.lines[repeated],
        values=[" ".join(parts) for parts in zip(*texts, strict=True)],
    )
    table.bad |= repeated


def resolve(table: FeedTable, field: str, target: Target, log: Log) -> NDArray[np.int32]:
    """
    Find what a column of a table names.

    Parameters
    ----------
    table
        The table; rows with an essential reference that leads nowhere become bad.
    field
        Column of identifiers.
    target
        What can be named.
    log
        Takes references to nothing (``error`` or ``warning``) and to rows left out (``warning``).

    Returns
    -------
    positions
        Position in the target per row, `NOWHERE` for a blank and where there is nothing usable.
    """
    spec, column = table.spec.field(field), table.texts[field]
    positions = look_up(column, target)
    stated = (column.codes >= 0) & ~table.bad
    unknown = stated & (positions == NOWHERE)
    gone = np.zeros(len(table), bool)
    found = stated & (positions != NOWHERE)
    gone[found] = ~target.usable[positions[found]]
    without = _("the row is left out") if spec.essential else _("it is read as if it were blank")
    told = (
        ("gtfs-unknown-reference", _("nothing bears the name {field} states", field=field), unknown),
        ("gtfs-reference-left-out", _("what {field} names was left out", field=field), gone),
    )
    for code, what, rows in told:
        log.tell_rows(
            Notice(
                code,
                "error" if spec.essential else "warning",
                _("{what}; {without}", what=what, without=without),
                table.spec.name,
                field=field,
                mend=_("Correct the name, or add the row in {file}.", file=_file_of(spec.refers)),
            ),
            table.lines[rows],
            values=column.where(rows).strings(),
        )
    if spec.essential:
        table.bad |= unknown | gone
    return np.where(unknown | gone, NOWHERE, positions).astype(np.int32)


def look_up(column: Coded, target: Target) -> NDArray[np.int32]:
    """Return the position that every row names, `NOWHERE` for a blank and for names that are not known."""
    table = np.array([target.index.get(text, NOWHERE) for text in column.texts], np.int32)
    return column.mapped(table, NOWHERE)


def _file_of(refers: str) -> str:
    return "calendar.txt" if refers == "services" else f"{refers}.txt"
