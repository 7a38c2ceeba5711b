"""Zips that are the same bytes for the same contents: sorted entries, one fixed date, plain rights."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from accessibility.errors import OutputError
from accessibility.messages import _
from accessibility.model.archive import ARCHIVE_FORMAT, ARCHIVE_MANIFEST, SUMS, ArchiveManifest
from accessibility.outputs.manifest import file_sha256
from accessibility.outputs.writing import MADE_BY, staged_file

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CHUNK, _ZIP64_FROM = 1 << 20, 1 << 31


def zip_entry(name: str) -> zipfile.ZipInfo:
    """Make an entry that depends on its name only: no clock, no owner, no system."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    return entry


def write_archive(path: str | Path, manifest: ArchiveManifest, files: Mapping[str, Path]) -> Path:
    """
    Pack files with a manifest and the hash of each.

    Parameters
    ----------
    path
        Zip to write; an existing one is replaced as a whole.
    manifest
        What is packed.
    files
        Entry -> file.

    Returns
    -------
    path
        The zip.

    Raises
    ------
    OutputError
        If it cannot be written, or a file changes while it is packed.
    """
    path = Path(path)
    described = {"made_by": MADE_BY, "archive": ARCHIVE_FORMAT, **_plain(manifest)}
    text = json.dumps(described, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    sums = {name: file_sha256(file) for name, file in files.items()}
    sums[ARCHIVE_MANIFEST] = hashlib.sha256(text.encode()).hexdigest()
    lines = "".join(f"{sums[name]}  {name}\n" for name in sorted(sums))
    own = {ARCHIVE_MANIFEST: text.encode(), SUMS: lines.encode()}
    with staged_file(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in sorted([*files, *own]):
            if name in own:
                archive.writestr(zip_entry(name), own[name])
            elif _copied(archive, name, files[name]) != sums[name]:
                raise OutputError(
                    _("a file changed while it was packed: {name}", name=name),
                    where=str(path),
                    mend=_("Wait until nothing writes to it, and pack again."),
                    code="archive-changing",
                )
    return path


def _copied(archive: zipfile.ZipFile, name: str, file: Path) -> str:
    """Pack one file; return the hash of what was packed."""
    digest = hashlib.sha256()
    large = file.stat().st_size > _ZIP64_FROM
    with file.open("rb") as source, archive.open(zip_entry(name), "w", force_zip64=large) as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()


def _plain(manifest: ArchiveManifest) -> dict[str, object]:
    """Turn a manifest into what JSON can hold."""
    environment = vars(manifest.environment) | {"packages": dict(manifest.environment.packages)}
    return {
        "study": manifest.study,
        "study_file": manifest.study_file,
        "inputs": [asdict(one) for one in manifest.inputs],
        "results": list(manifest.results),
        "environment": environment,
    }
