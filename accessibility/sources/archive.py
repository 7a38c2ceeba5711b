"""Unpack an archive that may come from anybody: every entry is checked before anything is written."""

import hashlib
import json
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from accessibility.errors import DataError, ModelError, SourceError
from accessibility.messages import _
from accessibility.model.archive import (
    ARCHIVE_FORMAT,
    ARCHIVE_MANIFEST,
    LONGEST_ENTRY,
    SUMS,
    ArchiveManifest,
    Environment,
    PackedInput,
    is_safe_entry,
)
from accessibility.model.provenance import Notice

_CHUNK = 1 << 20
_MB = 1_000_000
_PACKED_BY = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


def unpack_archive(path: Path, folder: Path, limits: Mapping[str, float]) -> ArchiveManifest:
    """
    Unpack an archive and hold every file against its hash.

    Parameters
    ----------
    path
        The archive.
    folder
        An existing, empty folder. Nothing is written outside it.
    limits
        ``archive_max_files``, ``archive_max_mb``, ``archive_max_ratio``.

    Returns
    -------
    manifest
        What it holds.

    Raises
    ------
    SourceError
        If it is missing, no zip, damaged, protected or larger than the limits, before anything is written.
    DataError
        If entries lead outside the folder, files were changed, left out or added after packing, or the
        manifest says what is not so; all of it is told at once.
    """
    with _opened(path) as archive:
        entries = archive.infolist()
        _check_size(path, entries, limits)
        _raise_if_any(path, "archive-unsafe", list(_unsafe(path, entries)))
        sums, problems = _sums(path, archive, {entry.orig_filename for entry in entries}, limits)
        for entry in entries:
            if entry.orig_filename in sums:
                problems += _unpacked(path, archive, entry, folder, sums[entry.orig_filename])
        (folder / SUMS).write_bytes(archive.read(SUMS))
    _raise_if_any(path, "archive-changed", problems)
    return _manifest(path, folder / ARCHIVE_MANIFEST, sums)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; whatever is wrong with it as a zip is told in words."""
    damaged = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError)
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        what, mend = _("there is no such file"), _("Check the name and the folder.")
        raise SourceError(what, where=str(path), mend=mend, code="archive-missing") from error
    except damaged as error:
        what = _("this is no zip, or it is damaged or not complete")
        mend = _("Copy or download it again.")
        raise SourceError(what, where=str(path), mend=mend, code="archive-damaged") from error


def _check_size(path: Path, entries: Sequence[zipfile.ZipInfo], limits: Mapping[str, float]) -> None:
    """Refuse what grows beyond the limits, by what the zip itself states; reading stops there too."""
    unpacked, packed = sum(entry.file_size for entry in entries), path.stat().st_size
    if any(not 0 <= entry.header_offset < packed for entry in entries):
        raise zipfile.BadZipFile(path.name)
    for figure, limit, name in (
        (len(entries), limits["archive_max_files"], "archive_max_files"),
        (unpacked / _MB, limits["archive_max_mb"], "archive_max_mb"),
        (unpacked / max(packed, 1), limits["archive_max_ratio"], "archive_max_ratio"),
    ):
        if figure > limit:
            raise SourceError(
                _(
                    "the archive is beyond a limit: {name} is {limit}, here {figure}",
                    name=name,
                    limit=f"{limit:g}",
                    figure=f"{figure:.0f}",
                ),
                where=str(path),
                mend=_("Check where it comes from; the limits are rows of data/defaults/limits.csv."),
                code="archive-too-large",
            )


def _unsafe(path: Path, entries: Sequence[zipfile.ZipInfo]) -> Iterator[Notice]:
    """Find entries that lead outside, are no plain files, or would fall on each other."""
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if not is_safe_entry(name):
            yield _told(path, name, _("the name of an entry leads outside, or is not possible everywhere"))
        elif kind not in (0, stat.S_IFREG):
            yield _told(path, name, _("an entry is a link or a device, only files are unpacked"))
        elif entry.compress_type not in _PACKED_BY:
            yield _told(path, name, _("an entry is packed in a way that is not used here"))
        elif entry.flag_bits & 1:
            yield _told(path, name, _("an entry is protected by a password"))
        same = _as_one(name)
        if same in seen:
            yield _told(path, name, _("an entry stands twice"))
        seen.add(same)
    for name in sorted(seen):
        parts = name.split("/")
        if any("/".join(parts[:n]) in seen for n in range(1, len(parts))):
            yield _told(path, name, _("an entry is a file and a folder at once"))


def _as_one(name: str) -> str:
    """Write names alike that some systems take for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _sums(
    path: Path, archive: zipfile.ZipFile, names: set[str], limits: Mapping[str, float]
) -> tuple[dict[str, str], list[Notice]]:
    """Read the hashes; tell entries without one, and hashes without an entry."""
    longest = int(limits["archive_max_files"]) * (LONGEST_ENTRY * 4 + 67)
    if SUMS not in names or archive.getinfo(SUMS).file_size > longest:
        what = _("this zip is no archive of a study: it holds no {name}", name=SUMS)
        mend = _("Make one with: accessibility archive")
        raise SourceError(what, where=str(path), mend=mend, code="archive-foreign")
    sums: dict[str, str] = {}
    problems = []
    for number, line in enumerate(archive.read(SUMS).decode("utf-8", "replace").splitlines(), start=1):
        found = _SUM.fullmatch(line)
        if found is None or found[2] in sums:
            where = f"{path.name}/{SUMS}"
            problems.append(Notice("archive-file", "error", _("this line is no hash"), where, number))
        else:
            sums[found[2]] = found[1]
    for name in sorted({*sums, ARCHIVE_MANIFEST} - names):
        problems.append(_told(path, name, _("a file was left out after packing")))
    for name in sorted(names - {*sums, SUMS}):
        problems.append(_told(path, name, _("a file was added after packing")))
    return sums, problems


def _unpacked(
    path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, sha256: str
) -> list[Notice]:
    """Unpack one file; tell where it is not what was packed."""
    target = folder / entry.orig_filename
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    changed = [_told(path, entry.orig_filename, _("the file was changed after packing"))]
    try:
        with archive.open(entry) as source, target.open("xb") as file:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return changed
    return [] if digest.hexdigest() == sha256 else changed


def _told(path: Path, name: str, message: str) -> Notice:
    return Notice("archive-file", "error", message, path.name, 0, "entry", name)


def _raise_if_any(path: Path, code: str, problems: Sequence[Notice]) -> None:
    if problems:
        raise DataError(
            _("the archive has {n} problems; nothing of it was run", n=len(problems)),
            notices=problems,
            where=str(path),
            mend=_("Ask for the archive again, from whoever made it."),
            code=code,
        )


def _manifest(path: Path, file: Path, sums: Mapping[str, str]) -> ArchiveManifest:
    """Read what is said to be packed, and hold it against what is."""
    try:
        manifest = _parsed(json.loads(file.read_text(encoding="utf-8")))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, ModelError) as error:
        reason = error.what if isinstance(error, ModelError) else type(error).__name__
        problem = _told(path, ARCHIVE_MANIFEST, _("the manifest cannot be read: {reason}", reason=reason))
        raise DataError(
            problem.message,
            notices=[problem],
            where=str(path),
            mend=_("Make the archive again with: accessibility archive"),
            code="archive-manifest",
        ) from error
    problems = [
        _told(path, one.file, _("the manifest says that the file is packed, and it is not as said"))
        for one in manifest.inputs
        if sums.get(one.file) != (one.sha256 if one.packed else None)
    ]
    problems += [
        _told(path, folder, _("the manifest names a result that is not there"))
        for folder in manifest.results
        if f"{folder}/{ARCHIVE_MANIFEST}" not in sums
    ]
    told = {ARCHIVE_MANIFEST, *(one.file for one in manifest.inputs)}
    problems += [
        _told(path, name, _("the manifest does not say what this file is"))
        for name in sorted(sums)
        if name not in told and not name.startswith(tuple(f"{folder}/" for folder in manifest.results))
    ]
    _raise_if_any(path, "archive-manifest", problems)
    return manifest


def _parsed(read: Any) -> ArchiveManifest:
    """Take a manifest from JSON; anything of another type than it must be is a ``TypeError``."""
    if read["archive"] != ARCHIVE_FORMAT:
        raise ModelError(_("format {n}, this version reads {known}", n=read["archive"], known=ARCHIVE_FORMAT))
    environment = read["environment"]
    texts = {name: _text(environment[name]) for name in environment if name != "packages"}
    packages = {_text(name): _text(version) for name, version in environment["packages"].items()}
    return ArchiveManifest(
        study=_text(read["study"]),
        study_file=_text(read["study_file"]),
        inputs=tuple(
            PackedInput(
                _text(one["file"]), _text(one["sha256"]), _of(one["size"], int), _of(one["packed"], bool)
            )
            for one in read["inputs"]
        ),
        results=tuple(_text(folder) for folder in _of(read["results"], list)),
        environment=Environment(**texts, packages=packages),
    )


def _text(value: Any) -> str:
    text: str = _of(value, str)
    return text


def _of(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise TypeError(kind.__name__)
    return value
