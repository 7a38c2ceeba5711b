"""Networks kept between runs: read once, loaded in a moment, never trusted blindly.

A kept network is one file: a line that says what it was made from and the hash of what follows, then the
texts (JSON) and columns (npz). Its key is made of the hash of the inputs, of the program that reads them, and
of the settings; nothing in a result depends on whether a network was kept.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from functools import cache as remembered
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

import accessibility
from accessibility.errors import ModelError
from accessibility.messages import _, language, system_reason
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.osm import read_streets

_Noun = TypeVar("_Noun", Streets, Timetable)

MAX_BYTES = 2_000_000_000
"""What the kept networks may take in all; beyond it those not used for longest are dropped."""

_ASIDE, _KEPT = ".aside-", ".network"
_READERS = ("sources", "model", "messages")
_LIBRARIES = ("numpy", "osmium", "pyproj")
_ABANDONED_S = 86400


@dataclass(frozen=True, eq=False)
class NetworkCache:
    """
    A folder of kept networks.

    Parameters
    ----------
    folder
        Where they lie; made when the first is kept.
    max_bytes
        What they may take in all.
    notices
        What went wrong with the folder in this run. It is for the person at the screen and never part of a
        result.
    """

    folder: Path
    max_bytes: int = MAX_BYTES
    notices: list[Notice] = field(default_factory=list)

    def fetch(self, key: Mapping[str, Any], noun: type[_Noun]) -> _Noun | None:
        """Load what was kept under a key; nothing, with a notice, where it is damaged or another's."""
        path = self._path(key)
        try:
            found = _unpacked(path.read_bytes(), key, noun)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._told(
                "cache-unreadable", _("a kept network cannot be read: {reason}", reason=system_reason(error))
            )
            return None
        except _UNUSABLE:
            self._told("cache-damaged", _("a kept network is damaged or belongs to other inputs; built anew"))
            return None
        with suppress(OSError):  # another run may just have dropped it
            os.utime(path)
        return found

    def keep(self, key: Mapping[str, Any], noun: Streets | Timetable) -> None:
        """Keep a network: written aside, then put in place as a whole. Failing at that harms nothing."""
        path = self._path(key)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            number, aside = tempfile.mkstemp(prefix=_ASIDE, dir=self.folder)
            try:
                with os.fdopen(number, "wb") as file:
                    file.write(_packed(key, noun))
                now = os.stat(aside).st_mtime
                os.replace(aside, path)
            except BaseException:
                with suppress(OSError):
                    os.unlink(aside)
                raise
            self._make_room(now)
        except OSError as error:
            reason = system_reason(error)
            self._told(
                "cache-not-kept", _("the network could not be kept for the next run: {reason}", reason=reason)
            )

    def _path(self, key: Mapping[str, Any]) -> Path:
        return self.folder / (hashlib.sha256(_line(key)).hexdigest() + _KEPT)

    def _make_room(self, now: float) -> None:
        """Drop the networks not used for longest, and what killed runs left half written."""
        kept = []
        for entry in os.scandir(self.folder):
            with suppress(OSError):
                about = entry.stat()
                if entry.name.startswith(_ASIDE) and about.st_mtime < now - _ABANDONED_S:
                    os.unlink(entry.path)
                elif entry.name.endswith(_KEPT):
                    kept.append((about.st_mtime, about.st_size, entry.path))
        total = sum(size for _time, size, _path in kept)
        for _time, size, path in sorted(kept):
            if total <= self.max_bytes:
                break
            with suppress(OSError):
                os.unlink(path)
                total -= size

    def _told(self, code: str, message: str) -> None:
        mend = _("The result does not depend on it. To use another folder, set ACCESSIBILITY_CACHE.")
        self.notices.append(Notice(code, "info", message, value=str(self.folder), mend=mend))


def kept_streets(path: str | Path, *, crs: str | None = None, cache: NetworkCache | None = None) -> Streets:
    """
    Read streets as `read_streets` does, from the cache where the same file was read before.

    Parameters
    ----------
    path, crs
        As for `accessibility.sources.osm.read_streets`.
    cache
        Where networks are kept; ``None`` to read the file in any case.

    Returns
    -------
    streets
        The same columns, sources and notices either way.
    """
    return _kept(Streets, lambda: read_streets(path, crs=crs), [path], {"crs": crs}, cache)


def kept_timetable(
    paths: Sequence[str | Path], *, names: Sequence[str] = (), cache: NetworkCache | None = None
) -> Timetable:
    """
    Read a timetable as `read_gtfs` does, from the cache where the same feeds were read before.

    Parameters
    ----------
    paths, names
        As for `accessibility.sources.gtfs.read_gtfs`.
    cache
        Where networks are kept; ``None`` to read the feeds in any case.

    Returns
    -------
    timetable
        The same columns, sources and notices either way.
    """
    return _kept(Timetable, lambda: read_gtfs(paths, names=names), paths, {"names": list(names)}, cache)


def _kept(
    noun: type[_Noun],
    read: Callable[[], _Noun],
    paths: Sequence[str | Path],
    settings: Mapping[str, Any],
    cache: NetworkCache | None,
) -> _Noun:
    hashes = _input_hashes(paths) if cache is not None else None
    if cache is None or hashes is None:
        return read()
    key = {
        "noun": noun.__name__,
        "program": _program_hash(),
        "language": language(),
        "files": [Path(path).resolve().name for path in paths],
        "inputs": hashes,
        **settings,
    }
    found = cache.fetch(key, noun)
    if found is None:
        found = read()
        if _input_hashes(paths) == hashes:  # a file that changed while it was read is not kept
            cache.keep(key, found)
    return found


def _input_hashes(paths: Sequence[str | Path]) -> list[str] | None:
    """Hash every input file or folder; nothing where one cannot be read, for its reader says why."""
    try:
        return [_hash_of(Path(path)) for path in paths]
    except OSError:
        return None


def _hash_of(path: Path) -> str:
    if not path.is_dir():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    names = sorted(one.name for one in path.iterdir() if one.is_file())
    return hashlib.sha256(_line({name: _hash_of(path / name) for name in names})).hexdigest()


@remembered
def _program_hash() -> str:
    """Hash what reads: code of the readers and nouns, words of their notices, libraries behind them."""
    package = Path(accessibility.__file__).parent
    whole = hashlib.sha256(_line({name: metadata.version(name) for name in _LIBRARIES}))
    for folder in _READERS:
        for path in sorted((package / folder).rglob("*")):
            if path.suffix in (".py", ".mo"):
                whole.update(f"{path.relative_to(package).as_posix()}\0".encode() + path.read_bytes())
    return whole.hexdigest()


class _Unusable(Exception):
    """What is kept is not what its first line says."""


_UNUSABLE = (_Unusable, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, ModelError)


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def _packed(key: Mapping[str, Any], noun: Streets | Timetable) -> bytes:
    columns: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    for one in fields(noun):
        value = getattr(noun, one.name)
        if isinstance(value, np.ndarray):
            columns[one.name] = value
        elif isinstance(value, Provenance):
            texts[one.name] = asdict(value)
        else:
            texts[one.name] = dict(value) if isinstance(value, Mapping) else value
    body = io.BytesIO()
    np.savez(body, **columns)
    content = _line(texts) + body.getvalue()
    return _line({"key": key, "sha256": hashlib.sha256(content).hexdigest()}) + content


def _unpacked(data: bytes, key: Mapping[str, Any], noun: type[_Noun]) -> _Noun:
    head, content = _split(data)
    wanted = {"key": json.loads(_line(key)), "sha256": hashlib.sha256(content).hexdigest()}
    if json.loads(head) != wanted:
        raise _Unusable
    line, body = _split(content)
    values: dict[str, Any] = {}
    for name, value in json.loads(line).items():
        values[name] = tuple(value) if isinstance(value, list) else value
    values["provenance"] = _provenance(values["provenance"])
    with np.load(io.BytesIO(body), allow_pickle=False) as columns:
        values.update({name: columns[name] for name in columns.files})
    return noun(**values)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Cut off the first line."""
    head, end, rest = data.partition(b"\n")
    if not end:
        raise _Unusable
    return head, rest


def _provenance(told: Mapping[str, Any]) -> Provenance:
    return Provenance(
        sources=tuple(SourceRecord(**source) for source in told["sources"]),
        notices=tuple(Notice(**notice) for notice in told["notices"]),
        versions=tuple((name, version) for name, version in told["versions"]),
    )
