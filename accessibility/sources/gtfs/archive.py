"""The bytes of a feed: a zip, a zip with a folder inside, or a folder."""

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.model.gtfs_schema import SCHEMA
from accessibility.sources.cells import content_label, content_of
from accessibility.sources.tables import read_bytes

MAX_UNPACKED_BYTES = 4_000_000_000
"""A feed whose files are larger in all is refused."""
MAX_RATIO, RATIO_FROM_BYTES = 200, 50_000_000
"""A packed file that grows more than this, and beyond this size, is no timetable."""

_NAMES = {file.name for file in SCHEMA}


@dataclass
class FeedFiles:
    """
    The files of one feed, not yet understood.

    Parameters
    ----------
    label
        What notices and sources call the feed: its bare name.
    sha256
        Hash of the zip, or of the names and bytes of the files of a folder.
    contents
        Bytes by the name of the file, those of the schema only.
    """

    label: str
    sha256: str
    contents: dict[str, bytes]


def open_feed(path: str | Path, *, label: str = "") -> FeedFiles:
    """
    Take the files of a feed out of its zip or folder.

    Parameters
    ----------
    path
        Zip or folder.
    label
        What notices and sources call it; its bare name where not given.

    Returns
    -------
    files
        The files that the schema knows; others are not read.

    Raises
    ------
    SourceError
        If it does not exist, is no zip, is damaged, protected by a password, or far too large.
    """
    path = Path(path)
    if path.is_dir():
        return _folder(path, label or path.resolve().name)
    label = label or path.name
    data = read_bytes(path, label)
    if not data:
        mend = _("Download it again.")
        raise SourceError(_("the file is empty"), where=label, mend=mend, code="gtfs-empty")
    found = content_of(data)
    if found != "zip":
        raise SourceError(
            _("a timetable must be a zip or a folder; this is {what}", what=content_label(found)),
            where=label,
            mend=_("Give the zip as it was published."),
            code="gtfs-no-zip",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            contents = _unpack(archive, label)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise SourceError(
            _("the zip is damaged or was not downloaded in full"),
            where=label,
            mend=_("Download it again."),
            code="gtfs-zip-damaged",
        ) from error
    return FeedFiles(label, hashlib.sha256(data).hexdigest(), contents)


def _folder(path: Path, label: str) -> FeedFiles:
    inside = sorted(one for one in path.iterdir() if one.name.lower() in _NAMES and one.is_file())
    if sum(one.stat().st_size for one in inside) > MAX_UNPACKED_BYTES:
        raise _too_large(label)
    contents = {one.name.lower(): read_bytes(one, f"{label}/{one.name}") for one in inside}
    whole = hashlib.sha256()
    for name in sorted(contents):
        whole.update(f"{name}\0{len(contents[name])}\0".encode())
        whole.update(contents[name])
    return FeedFiles(label, whole.hexdigest(), contents)


def _unpack(archive: zipfile.ZipFile, label: str) -> dict[str, bytes]:
    members = _members(archive.infolist())
    if sum(member.file_size for member in members.values()) > MAX_UNPACKED_BYTES:
        raise _too_large(label)
    contents: dict[str, bytes] = {}
    for name, member in members.items():
        if member.flag_bits & 1:
            raise SourceError(
                _("the zip is protected by a password"),
                where=label,
                mend=_("Unpack it and give the folder."),
                code="gtfs-zip-protected",
            )
        bomb = member.file_size > MAX_RATIO * max(member.compress_size, 1)
        if bomb and member.file_size > RATIO_FROM_BYTES:
            raise _too_large(label)
        contents[name] = archive.read(member)
    return contents


def _members(entries: Iterable[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Choose the folder with most files of the schema, the outermost of equals."""
    folders: dict[PurePosixPath, dict[str, zipfile.ZipInfo]] = {}
    for entry in entries:
        place = PurePosixPath(entry.filename.replace("\\", "/"))
        if place.name.lower() in _NAMES and "__MACOSX" not in place.parts and not entry.is_dir():
            folders.setdefault(place.parent, {})[place.name.lower()] = entry
    if not folders:
        return {}
    return folders[min(folders, key=lambda folder: (-len(folders[folder]), len(folder.parts), str(folder)))]


def _too_large(label: str) -> SourceError:
    return SourceError(
        _("unpacked, the files are far too large for a timetable"),
        where=label,
        mend=_("Check where the zip comes from; unpack it and give the folder if it is right."),
        code="gtfs-too-large",
    )
