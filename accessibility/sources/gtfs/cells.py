"""From the bytes of a file to coded columns of text, and from those to numbers, times and dates."""

import csv
import io
import math
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.cells import decode_text
from accessibility.sources.delimited import read_delimited
from accessibility.sources.gtfs.log import Log
from accessibility.sources.gtfs.times import BLANK, parse_clocks

CHUNK_ROWS = 200_000
NO_DATE = 0

_INTEGER = re.compile(r"[+-]?\d{1,12}(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Coded:
    """
    A column of text: every different text once.

    Parameters
    ----------
    codes
        Index into `texts` per row, -1 where blank.
    texts
        The different texts, without blanks around.
    """

    codes: NDArray[np.int32]
    texts: tuple[str, ...]

    def strings(self) -> list[str]:
        """Return the text of every row, ``""`` where blank."""
        texts = (*self.texts, "")
        return [texts[code] for code in self.codes.tolist()]

    def where(self, mask: NDArray[np.bool_]) -> "Coded":
        """Return the rows of a mask."""
        return Coded(self.codes[mask], self.texts)

    def mapped(self, values: NDArray[Any], blank: Any) -> NDArray[Any]:
        """Return per row the value of its text, `blank` where there is none."""
        table = np.append(values, np.array([blank], values.dtype))
        return table[self.codes]


@dataclass(frozen=True)
class RawTable:
    """Columns of a file as text, with the line of every row and whether the row itself is damaged."""

    columns: dict[str, Coded]
    lines: NDArray[np.int64]
    damaged: NDArray[np.bool_]


def read_cells(data: bytes, name: str, log: Log) -> RawTable:
    """
    Split a file of a feed into columns.

    Parameters
    ----------
    data
        Bytes: UTF-8, or GB18030, comma between cells, quotes as RFC 4180 has them.
    name
        Name of the file, for notices.
    log
        Takes what is wrong.

    Returns
    -------
    table
        Names of columns without blanks around; blank lines are left out; the later of two columns with one
        name is not read.

    Raises
    ------
    SourceError
        If it is no text.
    """
    text, notices = decode_text(data, log.file(name))
    log.notices.extend(notices)
    if "\0" in text:
        raise SourceError(
            _("the file holds NUL bytes; it is damaged or no text"), where=log.file(name), code="gtfs-damaged"
        )
    if not text.strip():
        return RawTable({}, np.empty(0, np.int64), np.empty(0, bool))
    blank_lines = len(text) - len(text.lstrip("\r\n"))
    start = text[:blank_lines].count("\n")
    columns = _read_fast(text[blank_lines:]) or _read_slow(data, name, log)
    if isinstance(columns, RawTable):
        return columns
    n_rows = len(next(iter(columns.values())).codes)
    breaks = np.zeros(n_rows, np.int64)
    for column in columns.values():
        broken = np.array([one.count("\n") for one in column.texts], np.int64)
        if broken.any():
            breaks += column.mapped(broken, 0)
    lines = start + 2 + np.arange(n_rows) + np.concatenate([[0], np.cumsum(breaks)[:-1]])[:n_rows]
    stripped = {key: _stripped(column) for key, column in columns.items()}
    filled = np.zeros(n_rows, bool)
    for column in stripped.values():
        filled |= column.codes >= 0
    kept = {key: column.where(filled) for key, column in stripped.items()}
    return RawTable(kept, lines[filled].astype(np.int64), np.zeros(int(filled.sum()), bool))


def _read_fast(text: str) -> dict[str, Coded] | None:
    """Read with pandas in chunks; ``None`` where rows have more cells than the header or quotes are open."""
    import pandas as pd

    try:
        header = _names(next(csv.reader(io.StringIO(text, newline=""))))
    except csv.Error:
        return None
    seen: list[dict[str, int]] = [{} for _name in header]
    codes: list[list[NDArray[np.int32]]] = [[np.empty(0, np.int32)] for _name in header]
    options: dict[str, Any] = {"header": 0, "dtype": object, "keep_default_na": False, "na_filter": False}
    options |= {"skip_blank_lines": False, "index_col": False, "chunksize": CHUNK_ROWS}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            with pd.read_csv(io.StringIO(text), **options) as chunks:
                for chunk in chunks:
                    for position in range(len(header)):
                        local, texts = pd.factorize(chunk.iloc[:, position].to_numpy(object))
                        known = seen[position]
                        table = [known.setdefault(str(one), len(known)) for one in texts]
                        codes[position].append(np.array(table, np.int32)[local])
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        return None
    found: dict[str, Coded] = {}
    for name, parts, texts in zip(header, codes, seen, strict=True):
        found.setdefault(name, Coded(np.concatenate(parts), tuple(texts)))
    return found


def _read_slow(data: bytes, name: str, log: Log) -> RawTable:
    """Read row by row and tell which rows are damaged."""
    numbered, notices = read_delimited(data, log.file(name))
    log.notices.extend(notice for notice in notices if notice.code != "encoding")
    numbered = [(line, cells) for line, cells in numbered if any(cell.strip() for cell in cells)]
    if not numbered:
        return RawTable({}, np.empty(0, np.int64), np.empty(0, bool))
    header = _names(numbered[0][1])
    rows = numbered[1:]
    damaged = np.array([any(cell.strip() for cell in cells[len(header) :]) for _line, cells in rows], bool)
    lines = np.array([line for line, _cells in rows], np.int64)
    log.tell_rows(
        Notice(
            "gtfs-ragged-row",
            "error",
            _("the row has more cells than the header; it is left out"),
            name,
            mend=_("Put texts that hold commas in quotation marks."),
        ),
        lines[damaged],
    )
    found: dict[str, Coded] = {}
    for position, column in enumerate(header):
        known: dict[str, int] = {}
        texts = (cells[position] if position < len(cells) else "" for _line, cells in rows)
        codes = np.array([known.setdefault(text, len(known)) for text in texts], np.int32)
        found.setdefault(column, _stripped(Coded(codes, tuple(known))))
    return RawTable(found, lines, damaged)


def _names(header: Sequence[str]) -> list[str]:
    return [name.replace("\ufeff", "").strip().strip('"').lower() for name in header]


def _stripped(column: Coded) -> Coded:
    known: dict[str, int] = {}
    table = np.empty(len(column.texts) + 1, np.int32)
    table[-1] = -1
    for position, text in enumerate(column.texts):
        plain = text.strip()
        table[position] = known.setdefault(plain, len(known)) if plain else -1
    return Coded(table[column.codes], tuple(known))


def integers(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Read whole numbers; also say which texts are none."""
    good = np.array([_INTEGER.fullmatch(text) is not None for text in texts], bool)
    pairs = zip(texts, good.tolist(), strict=True)
    return np.array([int(text.split(".")[0]) if fine else 0 for text, fine in pairs], np.int64), good


def numbers(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Read numbers; also say which texts are none."""
    good = np.array([_NUMBER.fullmatch(text) is not None for text in texts], bool)
    pairs = zip(texts, good.tolist(), strict=True)
    values = np.array([float(text) if fine else math.nan for text, fine in pairs], np.float64)
    return values, good & np.isfinite(values)


def dates(texts: Sequence[str]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Read ``YYYYMMDD`` as proleptic ordinals; also say which texts are no date."""
    ordinals = np.array([_ordinal(text) for text in texts], np.int64)
    return ordinals, ordinals != NO_DATE


def _ordinal(text: str) -> int:
    match = _DATE.fullmatch(text)
    try:
        return date(*(int(part) for part in match.groups())).toordinal() if match else NO_DATE
    except ValueError:
        return NO_DATE


_Reader = Callable[[Sequence[str]], tuple[NDArray[Any], NDArray[np.bool_]]]

READERS: dict[str, tuple[_Reader, Any]] = {
    "integer": (integers, 0),
    "number": (numbers, math.nan),
    "date": (dates, NO_DATE),
    "time": (parse_clocks, BLANK),
}
"""Kind of a column -> how its texts are read, and what stands for a blank."""
