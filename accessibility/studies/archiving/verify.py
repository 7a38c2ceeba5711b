"""Run an archive again and say, file by file, whether the same comes out."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from accessibility.errors import DataError, UsageError
from accessibility.messages import _, speaking
from accessibility.model.archive import (
    DIFFERS,
    EXTRA,
    MISSING,
    SAME,
    STUDY,
    ArchiveManifest,
    FileCheck,
    PackedInput,
    Verification,
)
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.outputs.archive_sheets import checks_sheet
from accessibility.outputs.manifest import file_hashes, file_sha256, write_manifest
from accessibility.outputs.tables import write_csv
from accessibility.outputs.writing import earlier_manifest, staged_folder
from accessibility.sources.archive import unpack_archive
from accessibility.sources.differences import first_difference
from accessibility.sources.study_file import read_study
from accessibility.studies.archiving.environment import environment
from accessibility.studies.archiving.rerun import RERUNS, Rerun
from accessibility.studies.archiving.study_files import study_files
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.progress import Progress, silent

PACKED, AGAIN = "packed", "again"
"""Folders for what was packed, and for what is made again."""


def verify_archive(
    path: Path, *, out: Path | None = None, inputs_from: Path | None = None, progress: Progress = silent
) -> Verification:
    """
    Unpack an archive aside, make its results again, and compare them byte for byte.

    Parameters
    ----------
    path
        The archive.
    out
        Folder to leave everything in: what was packed, what was made again, the table of files. Where not
        given, all of it is removed again.
    inputs_from
        Folder with the inputs that the archive knows by their hash only, lying to each other as they did.
    progress
        Is told the stages.

    Returns
    -------
    verification
        Every file of the results, and what is installed otherwise than then.

    Raises
    ------
    SourceError
        If it is no archive, damaged, or beyond the limits.
    DataError
        If it was changed after packing, says what is not so, leads outside its folder, or inputs are missing.
    """
    with _work_folder(out) as folder:
        progress(_("unpacking"), 0, 1)
        packed = folder / PACKED
        packed.mkdir()
        manifest = unpack_archive(path, packed, embedded_defaults().limits)
        _fetch_inputs(manifest, packed, inputs_from)
        settings = packed / manifest.study_file
        study_files(read_study(settings), settings, within=packed / STUDY)  # nothing outside is read
        known = [(name, _stated(packed / name, path)) for name in manifest.results]
        checks = []
        for name, stated in known:
            again = folder / AGAIN / Path(name).name
            command = stated["command"]
            with speaking(command["language"]):
                RERUNS[command["name"]](Rerun(settings, stated, again, progress))
            progress(_("comparing files"), 0, 1)
            checks += list(_compared(name, packed / name, again))
        found = Verification(tuple(checks), manifest.environment.differences(environment()))
        if out is not None:
            write_csv(folder / "files.csv", checks_sheet(found))
            source = SourceRecord(path.name, file_sha256(path))
            write_manifest(
                folder, study_id=manifest.study, provenance=Provenance((source,)), parameters={}, as_of=()
            )
    return found


@contextmanager
def _work_folder(out: Path | None) -> Iterator[Path]:
    """Give an empty folder: one that is kept as a whole, or one that is gone afterwards."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="accessibility-") as name:
            yield Path(name)
    else:
        with staged_folder(out) as folder:
            yield folder


def _fetch_inputs(manifest: ArchiveManifest, folder: Path, inputs_from: Path | None) -> None:
    """Bring the inputs that were only hashed; all that are missing or others are told."""
    problems = []
    for one in manifest.inputs:
        if one.packed:
            continue
        places = () if inputs_from is None else _places(manifest, one, inputs_from)
        present = [place for place in places if place.is_file()]
        right = [p for p in present if p.stat().st_size == one.size and file_sha256(p) == one.sha256]
        if right:
            target = folder / one.file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(right[0], target)
            continue
        message = (
            _("another file of this name lies there")
            if present
            else _("the archive holds only the hash of this file")
        )
        about = _("{n} bytes, SHA-256 {hash}", n=one.size, hash=one.sha256)
        problems.append(Notice("archive-input", "error", message, one.file, 0, "", about))
    if problems:
        raise DataError(
            _("{n} inputs are missing", n=len(problems)),
            notices=problems,
            where=str(inputs_from) if inputs_from is not None else "--inputs-from",
            mend=_("Name the folder they lie in, as they lay in the study: --inputs-from DIR"),
            code="archive-inputs-missing",
        )


def _places(manifest: ArchiveManifest, one: PackedInput, folder: Path) -> tuple[Path, ...]:
    """Say where an input may lie: as in the archive, or as the study names it."""
    entry = one.file.removeprefix(STUDY)
    home = os.path.dirname(manifest.study_file.removeprefix(STUDY)) or "."
    return folder / entry, folder / os.path.relpath(entry, home)


def _stated(folder: Path, path: Path) -> Mapping[str, Any]:
    """Read how a result was made; what does not say it, or names an unknown command, is refused."""
    manifest = earlier_manifest(folder)
    command = manifest.get("command") if manifest is not None else None
    if (
        manifest is None
        or not isinstance(command, dict)
        or command.get("name") not in RERUNS
        or not isinstance(command.get("language"), str)
        or not isinstance(manifest.get("parameters"), dict)
    ):
        raise UsageError(
            _("the result {name} does not say how it is made again", name=folder.name),
            where=str(path),
            mend=_("This version makes again: {names}.", names=", ".join(sorted(RERUNS))),
            code="archive-no-command",
        )
    return manifest


def _compared(name: str, then: Path, now: Path) -> Iterator[FileCheck]:
    """Hold every file of a result against the same file made again."""
    before, after = (set(file_hashes(folder, name="")) for folder in (then, now))
    for file in sorted(before | after):
        entry = f"{name}/{file}"
        if file not in after:
            yield FileCheck(entry, MISSING)
        elif file not in before:
            yield FileCheck(entry, EXTRA)
        else:
            where = first_difference(then / file, now / file)
            yield FileCheck(entry, DIFFERS if where else SAME, where)
