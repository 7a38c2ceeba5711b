"""Streets and places downloaded from OpenStreetMap, kept as a file with its hash and date.

Place names are looked up through OSMnx. The map data are asked from the Overpass servers that OSMnx uses too,
but in a request of our own, for three reasons: the graph functions of OSMnx leave out turn restrictions and
barriers; its request, once a server is busy, waits and asks the same server without end; and an answer in XML
is a file that any tool reads, so what is kept and hashed is what the server sent, byte for byte. An answer
that is not whole (a time-out reported inside it, a missing end, a web page) is refused, never kept.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import osmium
import requests

from accessibility.errors import DataError, OutputError, SourceError, UsageError
from accessibility.messages import _, system_reason
from accessibility.sources.fetch_area import Box, box_around, box_of_place
from accessibility.sources.osm import read_streets
from accessibility.sources.servers import (
    PUBLIC_SERVERS,
    Refused,
    Servers,
    check_status,
    failure_words,
    patiently,
    request_headers,
)

__all__ = ["Box", "Fetched", "Servers", "box_around", "box_of_place", "fetch_streets", "overpass_query"]

PLACE_TAGS: Mapping[str, tuple[str, ...]] = {
    "amenity": (
        "school",
        "kindergarten",
        "college",
        "university",
        "hospital",
        "clinic",
        "doctors",
        "pharmacy",
    ),
    "healthcare": (),
    "railway": ("station", "halt", "subway_entrance", "tram_stop"),
    "public_transport": (),
    "highway": ("bus_stop",),
}
"""Places that come with the streets; of a key without values, all."""

_REMARK = re.compile(rb"<remark>(.*?)</remark>", re.DOTALL)
_TAIL = 8192


@dataclass(frozen=True)
class Fetched:
    """A downloaded file: what it is, of when, and whether it was there already."""

    path: Path
    sha256: str
    server: str
    date: str
    box: Box
    reused: bool = False


def fetch_streets(
    box: Box, out: str | Path, *, now: datetime, servers: Servers = PUBLIC_SERVERS, refresh: bool = False
) -> Fetched:
    """
    Download streets, turn restrictions and places, and keep them as a file that `read_streets` reads.

    Parameters
    ----------
    box
        The area.
    out
        Where to: ``.osm``, ``.osm.gz`` or ``.osm.pbf``. Beside it comes ``<out>.json`` with the query, the
        server, the date, the hash and the licence.
    now
        The present, for that date.
    servers
        Whom to ask.
    refresh
        Ask again also where `out` exists.

    Returns
    -------
    fetched
        The file; one that the same query made before and nobody changed is used again without asking.

    Raises
    ------
    OfflineError
        If no server gives a usable answer.
    DataError
        If there is no street in the area.
    OutputError
        If the file cannot be written, or another one stands there.
    """
    out = Path(out)
    if not out.name.endswith((".osm", ".osm.gz", ".osm.pbf")):
        raise UsageError(
            _("streets are kept as .osm, .osm.gz or .osm.pbf"),
            where=out.name,
            mend=_("Name the result with one of these endings."),
            code="fetch-suffix",
        )
    query = overpass_query(box, timeout_s=servers.timeout_s)
    if out.exists() and not refresh:
        return _kept(out, box, query)
    part = out.with_name(f".{out.name}.part.osm")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        server = patiently(
            servers, servers.mirrors, lambda mirror: _download(mirror, query, part, servers.timeout_s)
        )
        _convert(part, out)
        record = {
            "file": out.name,
            "sha256": _sha256(out),
            "title": "OpenStreetMap",
            "licence": "ODbL 1.0, © OpenStreetMap contributors",
            "server": server,
            "date": now.isoformat(timespec="seconds"),
            "box": asdict(box),
            "query": query,
        }
        _beside(out).write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    except (OSError, RuntimeError) as error:
        raise OutputError(
            _("the file cannot be written: {reason}", reason=system_reason(error)),
            where=out.name,
            code="fetch-write",
        ) from error
    finally:
        for left in (part, part.with_suffix(".gz"), part.with_suffix(".pbf")):
            with suppress(OSError):
                left.unlink()
    return Fetched(out, str(record["sha256"]), server, str(record["date"]), box)


def overpass_query(box: Box, *, timeout_s: float = 180.0) -> str:
    """Write the request: all streets and platforms of a box, their turn restrictions, and places."""
    inside = f"({box.south:.7f},{box.west:.7f},{box.north:.7f},{box.east:.7f})"
    places = [
        f'nwr["{key}"~"^({"|".join(values)})$"]{inside};' if values else f'nwr["{key}"]{inside};'
        for key, values in PLACE_TAGS.items()
    ]
    return "\n".join(
        [
            f"[out:xml][timeout:{max(int(timeout_s), 1)}];",
            f'(way["highway"]{inside};way["railway"="platform"]{inside};)->.streets;',
            'rel(bw.streets)["type"="restriction"]->.turns;',
            f"({''.join(places)})->.places;",
            "(.streets;.streets>;.turns;.places;.places>;);",
            "out body;",
        ]
    )


def _download(mirror: str, query: str, part: Path, timeout_s: float) -> str:
    """Ask one server; its answer stands in `part` only if it is whole. Returns the server."""
    try:
        with requests.post(
            f"{mirror.rstrip('/')}/interpreter",
            data={"data": query},
            headers=request_headers(),
            timeout=timeout_s,
            stream=True,
        ) as answer:
            check_status(answer)
            with part.open("wb") as file:
                for chunk in answer.iter_content(1 << 20):
                    file.write(chunk)
    except requests.RequestException as error:
        raise Refused(failure_words(error)) from error
    _check_whole(part)
    return mirror


def _check_whole(part: Path) -> None:
    """Refuse an answer that is no map, has no end, or reports an error of its own."""
    with part.open("rb") as file:
        start = file.read(_TAIL)
        file.seek(max(part.stat().st_size - _TAIL, 0))
        end = file.read()
    remark = _REMARK.search(start) or _REMARK.search(end)
    if remark:
        raise Refused(_("reports: {remark}", remark=remark[1].decode(errors="replace").strip()))
    if b"<osm" not in start:
        raise Refused(_("answers with something that is no map"))
    if not end.rstrip().endswith(b"</osm>"):
        raise Refused(_("stopped in the middle of its answer"))
    try:
        read_streets(part)
    except SourceError as error:
        raise Refused(error.what) from error
    except DataError as error:
        raise DataError(
            _("there is no street in this area"),
            mend=_("Check the order: west, south, east, north."),
            code="osm-no-streets",
        ) from error


def _convert(part: Path, out: Path) -> None:
    """Bring the answer into the format of `out`, which appears only when it is complete."""
    ready = part
    if out.name.endswith(".osm.gz"):
        ready = part.with_suffix(".gz")
        with (
            part.open("rb") as source,
            ready.open("wb") as raw,
            gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as to,
        ):
            shutil.copyfileobj(source, to)
    elif out.name.endswith(".osm.pbf"):
        ready = part.with_suffix(".pbf")
        with osmium.SimpleWriter(str(ready), overwrite=True) as writer:
            for thing in osmium.FileProcessor(str(part)):
                writer.add(thing)
    os.replace(ready, out)


def _kept(out: Path, box: Box, query: str) -> Fetched:
    """Use a file again that the same query made."""
    try:
        record = json.loads(_beside(out).read_text(encoding="utf-8"))
        same = _asked(record["query"]) == _asked(query) and record["sha256"] == _sha256(out)
        server, date = str(record["server"]), str(record["date"])
    except (OSError, ValueError, KeyError, TypeError):
        same = False
    if not same:
        raise OutputError(
            _("another file stands there already"),
            where=out.name,
            mend=_("Choose another name, or ask for a fresh download."),
            code="fetch-exists",
        )
    return Fetched(out, str(record["sha256"]), server, date, box, reused=True)


def _asked(query: str) -> str:
    """Give what a query asks for, without its first line, which says how long the server may take."""
    return query.partition("\n")[2]


def _beside(out: Path) -> Path:
    return out.with_name(out.name + ".json")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
