"""Where a figure comes from: sources, notices, versions. Travels from file to report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from accessibility.errors import AccessibilityError, DataError

Severity = Literal["info", "warning", "error"]
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class Notice:
    """
    Something a reader of the result must know about the data.

    Parameters
    ----------
    code
        Short stable name, e.g. ``place-far-from-streets``.
    severity
        ``info``, ``warning``, or ``error`` where the row makes a result impossible.
    message
        What is the matter, in words.
    file, row, field, value
        Where it stands; row counts lines of the file from 1 and is 0 where there is none.
    mend
        What to do.
    count
        How many like it this one stands for.
    """

    code: str
    severity: Severity
    message: str
    file: str = ""
    row: int = 0
    field: str = ""
    value: str = ""
    mend: str = ""
    count: int = 1


@dataclass(frozen=True)
class SourceRecord:
    """
    One input file, so that a figure can be traced a year later.

    Parameters
    ----------
    file
        Name relative to the study, never an absolute path.
    sha256
        Hash of the bytes that were read.
    title, licence, date
        What it is, under what terms, of when; empty where not stated.
    """

    file: str
    sha256: str
    title: str = ""
    licence: str = ""
    date: str = ""


@dataclass(frozen=True)
class Provenance:
    """Sources and notices of a noun, and the versions of the program and its libraries."""

    sources: tuple[SourceRecord, ...] = ()
    notices: tuple[Notice, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()

    def joined(self, *others: "Provenance") -> "Provenance":
        """Join with others; what is named twice is kept once, in the order of first mention."""
        everyone = (self, *others)
        return Provenance(
            sources=_unique(source for one in everyone for source in one.sources),
            notices=_unique(notice for one in everyone for notice in one.notices),
            versions=_unique(version for one in everyone for version in one.versions),
        )

    def described(self, by_file: Mapping[str, "SourceRecord"]) -> "Provenance":
        """State title, licence and date of sources by file name; what is not stated stays as it was read."""
        sources = []
        for source in self.sources:
            told = by_file.get(source.file)
            if told is not None:
                source = replace(
                    source,
                    title=told.title or source.title,
                    licence=told.licence or source.licence,
                    date=told.date or source.date,
                )
            sources.append(source)
        return replace(self, sources=tuple(sources))

    def with_notices(self, notices: Iterable[Notice]) -> "Provenance":
        """Add notices."""
        return self.joined(Provenance(notices=tuple(notices)))


def error_notices(error: AccessibilityError) -> tuple[Notice, ...]:
    """
    Turn an error into notices, so that it can be told beside those of other files.

    Returns
    -------
    notices
        The error itself, then every notice it carries.
    """
    itself = Notice(error.code, "error", error.what, file=error.where, mend=error.mend)
    carried = error.notices if isinstance(error, DataError) else ()
    return (itself, *(notice for notice in carried if isinstance(notice, Notice)))


ONE_BY_ONE = "scenario"
"""Codes that begin so are of files written by hand: everything about each modification is told by itself."""


def group_notices(notices: Sequence[Notice], *, examples: int = 1) -> tuple[Notice, ...]:
    """
    Group like notices, errors first.

    Parameters
    ----------
    notices
        Notices in the order they were found.
    examples
        How many of each kind (code, file, field) to keep; the first of them carries the count of all.

    Returns
    -------
    grouped
        The examples; `Notice.count` of the first of a kind counts the whole kind, the others count 0.
    """
    kinds: dict[tuple[str, ...], list[Notice]] = {}
    for notice in notices:
        own = (notice.message, notice.value) if notice.code.startswith(ONE_BY_ONE) else ()
        kinds.setdefault((notice.code, notice.file, notice.field, *own), []).append(notice)
    rank = {"error": 0, "warning": 1, "info": 2}
    grouped: list[Notice] = []
    for members in sorted(kinds.values(), key=lambda kind: rank[kind[0].severity]):
        total = sum(member.count for member in members)
        for position, member in enumerate(members[:examples]):
            grouped.append(replace(member, count=total if position == 0 else 0))
    return tuple(grouped)


def _unique(items: Iterable[_Item]) -> tuple[_Item, ...]:
    return tuple(dict.fromkeys(items))
