"""The manifest beside every result: what went in, what came out, and their hashes."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from accessibility.messages import language
from accessibility.model.provenance import Provenance
from accessibility.outputs.text_file import write_text
from accessibility.outputs.writing import MADE_BY, MANIFEST


def write_manifest(
    folder: str | Path,
    *,
    study_id: str,
    provenance: Provenance,
    parameters: Mapping[str, Any],
    as_of: Sequence[date] | date | str,
    name: str = MANIFEST,
    command: str = "",
) -> Path:
    """
    Write ``manifest.json`` over everything that lies in a folder.

    Parameters
    ----------
    folder
        Folder of results; every file in it is listed with its hash.
    study_id
        Identifier of the study.
    provenance
        Sources, notices and versions of the result.
    parameters
        Everything else that a figure depends on; what JSON can hold, tuples and dates too.
    as_of
        Dates of the study, or one of them.
    name
        Name of the manifest.
    command
        Command that makes the result from the study and the parameters, for ``accessibility verify``; the
        language spoken is told with it.

    Returns
    -------
    path
        The manifest: UTF-8, sorted keys, no clock time, no path outside the folder or the study.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    folder = Path(folder)
    manifest = {
        "made_by": MADE_BY,
        "study": study_id,
        "as_of": [str(day) for day in ([as_of] if isinstance(as_of, (date, str)) else as_of)],
        "inputs": [
            {"file": s.file, "sha256": s.sha256, "title": s.title, "licence": s.licence, "date": s.date}
            for s in sorted(provenance.sources, key=lambda source: (source.file, source.sha256))
        ],
        "parameters": _plain(parameters),
        "versions": dict(provenance.versions),
        "notices": [
            {key: value for key, value in vars(notice).items() if value not in ("", 0)}
            for notice in provenance.notices
        ],
        "files": file_hashes(folder, name=name),
    }
    if command:
        manifest["command"] = {"name": command, "language": language()}
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return write_text(folder / name, text + "\n")


def file_hashes(folder: Path, *, name: str = MANIFEST) -> dict[str, str]:
    """Return path within the folder -> SHA-256 of every file but the manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / name)
    return {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}


def file_sha256(path: Path) -> str:
    """Hash the bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_by_name(files: Iterable[Path]) -> dict[str, str]:
    """State files as the parameters of a manifest do: bare name -> hash."""
    return {path.name: file_sha256(path) for path in files}


def _plain(value: Any) -> Any:
    """Make parameters plain: JSON's own types, everything else as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)
