"""Where two files begin to differ, in words that a person can follow: cell, line, or byte."""

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path

from accessibility.errors import AccessibilityError
from accessibility.messages import _
from accessibility.sources.spreadsheets import read_sheet, sheet_names

_CHUNK = 1 << 20
_SHOWN = 40
_TEXTS = {".css", ".csv", ".geojson", ".html", ".js", ".json", ".md", ".svg", ".toml", ".txt", ".xml"}


def first_difference(then: Path, now: Path) -> str:
    """
    Find where two files begin to differ.

    Parameters
    ----------
    then, now
        Files of one name.

    Returns
    -------
    where
        Row and column of a table, sheet and cell of a workbook, line and column of a text, else the byte;
        ``""`` where the bytes are the same.
    """
    byte = _first_byte(then, now)
    if byte < 0:
        return ""
    by_byte = _("byte {n}", n=byte + 1)
    ending = then.suffix.lower()
    try:
        if ending == ".xlsx":
            return _in_workbooks(then, now) or _("{where}, in no cell", where=by_byte)
        if ending == ".csv":
            return _in_tables(_rows(then), _rows(now)) or by_byte
        if ending in _TEXTS:
            return _in_lines(_lines(then), _lines(now)) or by_byte
    except (UnicodeDecodeError, csv.Error, AccessibilityError):  # not what its name says: bytes remain
        return by_byte
    return by_byte


def _first_byte(then: Path, now: Path) -> int:
    """Count the bytes that are the same at the beginning; -1 where all are."""
    at = 0
    with then.open("rb") as one, now.open("rb") as other:
        while True:
            a, b = one.read(_CHUNK), other.read(_CHUNK)
            if a != b:
                same = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
                return at + (min(len(a), len(b)) if same is None else same)
            if not a:
                return -1
            at += len(a)


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _in_tables(then: Sequence[Sequence[str]], now: Sequence[Sequence[str]]) -> str:
    heads = then[0] if then else ()
    for row, column, old, new in _cells(then, now):
        name = heads[column] if column < len(heads) else str(column + 1)
        return _("row {row}, column {name}: {change}", row=row + 1, name=name, change=_change(old, new))
    return ""


def _cells(
    then: Sequence[Sequence[str]], now: Sequence[Sequence[str]]
) -> Iterator[tuple[int, int, str | None, str | None]]:
    """Give every cell that differs; ``None`` for one that is not there."""
    for row, (old, new) in enumerate(zip_longest(then, now, fillvalue=())):
        for column, (a, b) in enumerate(zip_longest(old, new)):
            if a != b:
                yield row, column, a, b


def _in_workbooks(then: Path, now: Path) -> str:
    one, other = then.read_bytes(), now.read_bytes()
    sheets = sheet_names(one, then.name), sheet_names(other, now.name)
    if sheets[0] != sheets[1]:
        return _("the sheets: {change}", change=_change(", ".join(sheets[0]), ", ".join(sheets[1])))
    for sheet in sheets[0]:
        (old, _told), (new, _told_too) = (read_sheet(data, then.name, sheet) for data in (one, other))
        where = _in_tables([cells for _n, cells in old], [cells for _n, cells in new])
        if where:
            return _("sheet {sheet}, {where}", sheet=sheet, where=where)
    return ""


def _in_lines(then: Sequence[str], now: Sequence[str]) -> str:
    for number, (old, new) in enumerate(zip_longest(then, now), start=1):
        if old != new:
            a, b = old or "", new or ""
            at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
            start = max(0, at - _SHOWN // 2)
            parts = (None if text is None else text[start : start + _SHOWN] for text in (old, new))
            return _("line {row}, column {name}: {change}", row=number, name=at + 1, change=_change(*parts))
    return ""


def _change(old: str | None, new: str | None) -> str:
    then, now = (_("nothing") if text is None else repr(text[:_SHOWN]) for text in (old, new))
    return _("then {then}, now {now}", then=then, now=now)
