"""From the bytes of a file to the text of a cell: encodings, signatures, numbers and dates as text."""

import json
import math
from datetime import date, datetime, time
from typing import Any

from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.model.provenance import Notice

ERROR_VALUES = frozenset(
    ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA")
)
"""What a spreadsheet shows where a formula failed."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = (
    (b"SQLite format 3\x00", "sqlite"),
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
)
_HTML_STARTS = (b"<html", b"<table", b"<!doctype html", b"<meta", b"<head")
_WHOLE = 1e15
"""Below this, a number without a fraction is written without a decimal point."""


def content_of(data: bytes) -> str:
    """
    Tell what a file really is, by its first bytes.

    Returns
    -------
    content
        ``zip``, ``encrypted``, ``ole`` (Excel of before 2007), ``sqlite``, ``json``, ``html``, ``xml``,
        ``pdf``, ``gzip``, ``rar``, ``7z``, ``image`` or ``text``.
    """
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(_OLE):
        return "encrypted" if _ENCRYPTED in data else "ole"
    for signature, content in _SIGNATURES:
        if data.startswith(signature):
            return content
    start = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"{", b"[")):
        return "json"
    if start.startswith(_HTML_STARTS):
        return "html"
    return "xml" if start.startswith(b"<") else "text"


def content_label(content: str) -> str:
    """Name what `content_of` found, for readers."""
    labels = {
        "zip": _("a ZIP archive or an office document"),
        "encrypted": _("a document protected by a password"),
        "ole": _("an Excel file of the old format (.xls)"),
        "sqlite": _("an SQLite database"),
        "json": _("JSON text"),
        "html": _("a web page (HTML)"),
        "xml": _("XML text"),
        "pdf": _("a PDF document"),
        "gzip": _("a gzip archive"),
        "rar": _("a RAR archive"),
        "7z": _("a 7z archive"),
        "image": _("an image"),
        "text": _("plain text"),
    }
    return labels[content]


def decode_text(data: bytes, file: str) -> tuple[str, tuple[Notice, ...]]:
    """
    Decode text: UTF-16 where its mark stands, else strict UTF-8, else strict GB18030; never by statistics.

    Parameters
    ----------
    data
        Bytes of the file.
    file
        Its name, for notices.

    Returns
    -------
    text, notices
        The text without a byte order mark, and a notice where it was not UTF-8.

    Raises
    ------
    SourceError
        If it is none of these.
    """
    marked = data.startswith(_UTF16_MARKS)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig":
            return text, ()
        label = encoding.upper()
        message = _("the file is not UTF-8 and was read as {encoding}", encoding=label)
        return text, (Notice("encoding", "info", message, file, value=label),)
    raise SourceError(
        _("the text is neither UTF-8, GB18030 nor UTF-16"),
        where=file,
        mend=_("Save it as CSV UTF-8."),
        code="encoding",
    )


def cell_text(value: Any, number_format: str = "") -> str:
    """
    Write a value as the text of a cell.

    Parameters
    ----------
    value
        What a library read.
    number_format
        Format of the cell in its workbook: zeros alone (``000``) pad a whole number.

    Returns
    -------
    text
        Whole numbers without ``.0``, dates as ISO, ``""`` for nothing.
    """
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        value = value.item()
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _number_text(value, number_format)
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.date().isoformat() if at_midnight else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (list, tuple, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _number_text(value: float, number_format: str) -> str:
    whole = isinstance(value, int) or (math.isfinite(value) and value.is_integer() and abs(value) < _WHOLE)
    if not whole:
        return repr(value)
    text = str(int(value))
    padded = len(number_format) > 1 and set(number_format) == {"0"} and value >= 0
    return text.zfill(len(number_format)) if padded else text
