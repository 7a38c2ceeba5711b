"""Files of OpenStreetMap: what one really is, of when, and how it failed."""

import bz2
import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import osmium

from accessibility.errors import SourceError
from accessibility.messages import _, system_reason
from accessibility.model.provenance import SourceRecord

SUFFIXES = {
    ".osm.pbf": "pbf",
    ".pbf": "pbf",
    ".osm.gz": "osm.gz",
    ".osm.bz2": "osm.bz2",
    ".osm.xml": "osm",
    ".osm": "osm",
}
"""End of a file name -> format; the longest that fits holds."""

_HEAD = 4096
_TIMESTAMP = re.compile(rb'(?:osm_base|timestamp)="([0-9T:Z.+-]{10,30})"')
_XML_START = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<osm[\s>/]", re.DOTALL)
_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\xfd7zXZ\x00": "xz",
    b"Rar!": "rar",
    b"%PDF": "pdf",
    b"SQLite format 3": "sqlite",
    b"\xff\xe0\x04o5m2": "o5m",
    b"{": "json",
    b"[": "json",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


@dataclass(frozen=True)
class OsmFile:
    """
    A file that has the format its name says.

    Parameters
    ----------
    path
        Where it lies.
    format
        One of the values of `SUFFIXES`, as osmium names them.
    """

    path: Path
    format: str

    def open(self) -> osmium.io.File:
        """Give it to osmium."""
        return osmium.io.File(str(self.path), self.format)

    def record(self) -> SourceRecord:
        """Hash the bytes and read the date."""
        with self.path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return SourceRecord(
            file=self.path.name, sha256=sha256, title="OpenStreetMap", licence="ODbL 1.0", date=self._date()
        )

    def _date(self) -> str:
        header = osmium.io.Reader(self.open(), osmium.osm.NOTHING).header()
        stated = str(header.get("osmosis_replication_timestamp") or header.get("timestamp"))
        if not stated and self.format != "pbf":
            found = _TIMESTAMP.search(_head(self.path, self.format).partition(b"<node")[0])
            stated = found[1].decode() if found else ""
        return stated


def osm_file(path: str | Path) -> OsmFile:
    """
    Check that a file exists and is what its name says.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.pbf``, ``.osm``, ``.osm.xml``, ``.osm.gz`` or ``.osm.bz2``.

    Returns
    -------
    file
        The file and its format.

    Raises
    ------
    SourceError
        If it is missing, a folder, empty, not readable, of an unknown name, or of another format than its
        name says.
    """
    path = Path(path)
    name = path.name.lower()
    suffix = next((suffix for suffix in sorted(SUFFIXES, key=len, reverse=True) if name.endswith(suffix)), "")
    _check_readable(path)
    if not suffix:
        raise SourceError(
            _("the name does not say which format it has"),
            where=path.name,
            mend=_("Streets come as {suffixes}.", suffixes=", ".join(SUFFIXES)),
            code="osm-suffix",
        )
    expected = SUFFIXES[suffix]
    with told_as_damage(path):
        found = _format(path)
    if found != expected:
        raise SourceError(
            _("this is {found}, not {wanted}", found=_format_words(found), wanted=_format_words(expected)),
            where=path.name,
            mend=_("Rename it, or download it again."),
            code="osm-format",
        )
    return OsmFile(path, expected)


@contextmanager
def told_as_damage(path: Path) -> Iterator[None]:
    """
    Tell whatever goes wrong while a file is read as a damaged file.

    Raises
    ------
    SourceError
        Instead of the error of the library.
    """
    try:
        yield
    except (RuntimeError, ValueError, OSError, EOFError, zlib.error, osmium.InvalidLocationError) as error:
        reason = " ".join(str(error).split())[:200]
        raise SourceError(
            _("the file is damaged or not complete: {reason}", reason=reason or type(error).__name__),
            where=path.name,
            mend=_("Download it again and compare its size with the one the server states."),
            code="osm-damaged",
        ) from error


def _check_readable(path: Path) -> None:
    try:
        if path.is_dir():
            problem, code = _("this is a folder, not a file"), "osm-folder"
        elif not path.exists():
            problem, code = _("there is no such file"), "osm-missing"
        elif path.stat().st_size == 0:
            problem, code = _("the file is empty"), "osm-empty"
        else:
            with path.open("rb") as stream:
                stream.read(1)
            return
    except (OSError, ValueError) as error:
        problem = _("the file cannot be read: {reason}", reason=system_reason(error))
        code = "osm-unreadable"
    raise SourceError(
        problem,
        where=path.name,
        mend=_("Give an extract of OpenStreetMap (.osm.pbf), e.g. from download.geofabrik.de."),
        code=code,
    )


def _head(path: Path, kind: str) -> bytes:
    """Read the first bytes, unpacked."""
    with path.open("rb") as raw:
        if kind == "osm.gz":
            with gzip.open(raw) as stream:
                return stream.read(_HEAD)
        if kind == "osm.bz2":
            with bz2.open(raw) as stream:
                return stream.read(_HEAD)
        return raw.read(_HEAD)


def _format(path: Path) -> str:
    """Recognise a file by its first bytes: a value of `SUFFIXES`, or another word of `_format_words`."""
    start = _head(path, "")
    for magic, suffix in ((b"\x1f\x8b", "gz"), (b"BZh", "bz2")):
        if start.startswith(magic):
            inside = _text_format(_head(path, f"osm.{suffix}"))
            return f"osm.{suffix}" if inside == "osm" else f"{suffix}:{inside}"
    if start[:1] == b"\x00" and b"OSMHeader" in start[:64]:
        return "pbf"
    return next((kind for magic, kind in _SIGNATURES.items() if start.startswith(magic)), _text_format(start))


def _text_format(start: bytes) -> str:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _XML_START.match(text):
        return "osm"
    lower = text[:512].lower()
    if lower.startswith(b"<!doctype html") or b"<html" in lower:
        return "html"
    if b"<osmchange" in lower:
        return "osmchange"
    if b"<!entity" in lower or b"<!doctype" in lower:
        return "entities"
    if lower.startswith(b"<"):
        return "xml"
    return "text" if all(byte >= 32 or byte in b"\t\r\n\f" for byte in start) else "unknown"


def _format_words(kind: str) -> str:
    packer, _colon, inside = kind.partition(":")
    if inside:
        return _("{words} packed with {packer}", words=_format_words(inside), packer=packer)
    words = {
        "pbf": _("OpenStreetMap PBF"),
        "osm": _("OpenStreetMap XML"),
        "osm.gz": _("OpenStreetMap XML packed with gzip"),
        "osm.bz2": _("OpenStreetMap XML packed with bzip2"),
        "zip": _("a ZIP archive"),
        "pdf": _("a PDF document"),
        "json": _("JSON"),
        "utf-16": _("text in UTF-16"),
        "html": _("a web page (HTML)"),
        "osmchange": _("a file of changes (osmChange)"),
        "entities": _("XML with definitions of its own, which is refused"),
        "xml": _("XML of another kind"),
        "text": _("plain text"),
        "unknown": _("data of an unknown kind"),
    }
    return words.get(kind, _("a file of the kind {kind}", kind=kind))
