"""Workbooks of the old format (.xls), small, written record by record: no library writes them any more."""

import struct
from datetime import time

_BOF, _EOF, _CODEPAGE, _FONT, _XF, _SHEET, _NUMBER, _LABEL, _FILEPASS = (
    *(0x809, 0x0A, 0x42, 0x31, 0xE0, 0x85, 0x203, 0x204, 0x2F),
)
_SECTOR, _LEAST_STREAM = 512, 4096
_END, _FREE, _FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_GENERAL, _TIME, _SLANTED = 1, 2, 3


class Slanted(time):
    """A time set in italics."""


def xls(sheets, *, hidden=(), protected=False):
    """Make a workbook: name of a sheet to its rows of texts, numbers, times and None."""
    bodies = [_sheet_body(rows) for rows in sheets.values()]
    names = list(sheets)
    length = len(_globals(names, [0] * len(names), hidden, protected))
    offsets = [length + sum(map(len, bodies[:k])) for k in range(len(bodies))]
    return _compound(_globals(names, offsets, hidden, protected) + b"".join(bodies))


def _record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def _globals(names, offsets, hidden, protected):
    parts = [_record(_BOF, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6))]
    if protected:
        parts.append(_record(_FILEPASS, bytes(54)))
    parts.append(_record(_CODEPAGE, struct.pack("<H", 1200)))
    for slanted in (0, 0, 0, 0, 2):
        parts.append(
            _record(_FONT, struct.pack("<HHHHHBBBBBB", 200, slanted, 8, 400, 0, 0, 0, 0, 0, 1, 0) + b"A")
        )
    for font, form, kind in ((0, 0, 0xFFF5), (0, 0, 1), (0, 20, 1), (5, 20, 1)):
        parts.append(_record(_XF, struct.pack("<HHH", font, form, kind) + bytes(14)))
    for name, offset in zip(names, offsets, strict=True):
        text = name.encode("utf-16-le")
        head = struct.pack("<IBBBB", offset, int(name in hidden), 0, len(name), 1)
        parts.append(_record(_SHEET, head + text))
    return b"".join([*parts, _record(_EOF)])


def _sheet_body(rows):
    parts = [_record(_BOF, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 6))]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is None:
                continue
            if isinstance(value, time):
                look = _SLANTED if isinstance(value, Slanted) else _TIME
                part = (value.hour * 60 + value.minute) / 1440
                parts.append(_record(_NUMBER, struct.pack("<HHHd", r, c, look, part)))
            elif isinstance(value, str):
                head = struct.pack("<HHHHB", r, c, _GENERAL, len(value), 1)
                parts.append(_record(_LABEL, head + value.encode("utf-16-le")))
            else:
                parts.append(_record(_NUMBER, struct.pack("<HHHd", r, c, _GENERAL, value)))
    return b"".join([*parts, _record(_EOF)])


def _compound(stream):
    size = max(_LEAST_STREAM, -(-len(stream) // _SECTOR) * _SECTOR)
    n = size // _SECTOR
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += bytes(6) + struct.pack("<IIIIIIIII", 0, 1, 1, 0, _LEAST_STREAM, _END, 0, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    chain = [_FAT, _END, *range(3, n + 2), _END]
    fat = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    folder = _entry("Root Entry", 5, 1, _END, 0) + _entry("Workbook", 2, _FREE, 2, size) + bytes(256)
    return header + fat + folder + stream.ljust(size, b"\0")


def _entry(name, kind, child, start, size):
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", _FREE, _FREE, child) + bytes(36) + struct.pack("<IQ", start, size)
