"""Pack a study with its results, so that somebody else can run it again a year later."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.archive import (
    RESULTS,
    STUDY,
    ArchiveManifest,
    Environment,
    PackedInput,
    is_safe_entry,
)
from accessibility.model.provenance import Notice
from accessibility.outputs.archive import write_archive
from accessibility.outputs.manifest import file_hashes, file_sha256
from accessibility.outputs.writing import MANIFEST, check_not_input, check_zip_ending, earlier_manifest
from accessibility.sources.study_file import read_study, study_file
from accessibility.studies.archiving.environment import environment
from accessibility.studies.archiving.rerun import RERUNS, stated_files
from accessibility.studies.archiving.study_files import study_files
from accessibility.studies.data_folder import data_folder
from accessibility.studies.progress import Progress, silent

_SETTINGS = ".toml"
"""Files that are packed whatever is asked: what the study is, not what it is computed from."""


@dataclass(frozen=True)
class Archived:
    """
    An archive that was written.

    Parameters
    ----------
    path
        The zip.
    n_files
        How many files it holds, the lists of its own left out.
    hashed
        Files of the study that are known by their hash only.
    """

    path: Path
    n_files: int
    hashed: tuple[str, ...]


def archive_study(
    study: Path,
    results: Sequence[Path],
    out: Path,
    *,
    copy_inputs: bool = True,
    progress: Progress = silent,
) -> Archived:
    """
    Pack a study, what it is computed from, its results, and what they were computed with.

    Parameters
    ----------
    study
        ``study.toml``, or the folder that holds it.
    results
        Folders that ``run``, ``evidence``, ``compare`` or another command of `RERUNS` wrote.
    out
        Zip to write; an existing one is replaced as a whole.
    copy_inputs
        Whether to pack the inputs; else only their hashes, and where they lie.
    progress
        Is told the stages.

    Returns
    -------
    archived
        The same study and results give the same bytes.

    Raises
    ------
    UsageError
        If a folder holds no result, or one that cannot be made again.
    DataError
        If files are missing, results were changed, or made from other inputs than lie there now.
    """
    check_zip_ending(out)
    _check_results(results, out)
    settings = study_file(study)
    asked = read_study(settings)
    progress(_("collecting files"), 0, 1)
    found = {folder: _result(folder, asked.id) for folder in results}
    more = [
        file
        for manifest in found.values()
        for files in stated_files(settings.parent, manifest).values()
        for file in files.values()
    ]
    files = study_files(asked, settings, more)
    entries = _entries(files)
    check_not_input(out, files)
    hashes = {path: file_sha256(path) for path in files}
    now = environment()
    _check_fresh(found, settings.parent, hashes, now)
    inputs = tuple(
        PackedInput(
            entries[path], hashes[path], path.stat().st_size, copy_inputs or path.suffix.lower() == _SETTINGS
        )
        for path in files
    )
    packed = {entries[path]: path for path, one in zip(files, inputs, strict=True) if one.packed}
    for folder, manifest in found.items():
        name = RESULTS + folder.resolve().name
        packed |= {f"{name}/{file}": folder / file for file in (MANIFEST, *manifest["files"])}
    _check_names(packed)
    archive = ArchiveManifest(
        study=asked.id,
        study_file=entries[Path(os.path.abspath(settings))],
        inputs=inputs,
        results=tuple(sorted(RESULTS + folder.resolve().name for folder in found)),
        environment=now,
    )
    progress(_("packing"), 0, 1)
    write_archive(out, archive, packed)
    return Archived(out, len(packed), tuple(one.file for one in inputs if not one.packed))


def _check_results(results: Sequence[Path], out: Path) -> None:
    """Refuse results that would fall on each other in the archive, and an archive within a result."""
    names = [folder.resolve().name for folder in results]
    if len(set(names)) != len(names):
        what, mend = _("two folders of results bear the same name"), _("Rename one of them.")
        raise UsageError(what, where="--results", mend=mend, code="archive-names")
    if any(out.resolve().is_relative_to(folder.resolve()) for folder in results):
        what, mend = _("the archive would lie within a result"), _("Name a file elsewhere.")
        raise UsageError(what, where=str(out), mend=mend, code="archive-within")


def _result(folder: Path, study_id: str) -> dict[str, Any]:
    """Read the manifest of a result, and hold its files against it."""
    manifest = earlier_manifest(folder)
    if manifest is None:
        what, mend = _("this folder holds no result"), _("Name the folder that a command wrote.")
        raise UsageError(what, where=str(folder), mend=mend, code="archive-no-result")
    command = manifest.get("command")
    name = command.get("name") if isinstance(command, dict) else None
    if name not in RERUNS:
        what = _("the result does not say how it is made again")
        mend = _("Make it again with one of: {names}.", names=", ".join(sorted(RERUNS)))
        raise UsageError(what, where=str(folder), mend=mend, code="archive-no-command")
    if manifest.get("study") != study_id:
        what = _("the result belongs to another study: {id}", id=manifest.get("study"))
        mend = _("Name the study it was made from.")
        raise UsageError(what, where=str(folder), mend=mend, code="archive-other-study")
    now, then = file_hashes(folder), manifest["files"]
    _raise_if_any(folder, [
        Notice("result-changed", "error", _("the file is not what the command wrote"), file)
        for file in sorted({*now, *then})
        if now.get(file) != then.get(file)
    ])  # fmt: skip
    return manifest


def _entries(files: Sequence[Path]) -> dict[Path, str]:
    """Name the entry of every file, so that they lie to each other as they do here."""
    try:
        root = Path(os.path.commonpath([path.parent for path in files]))
    except ValueError as error:
        what, mend = _("the study lies on several disks"), _("Copy its files to one disk.")
        raise UsageError(what, where=str(files[0]), mend=mend, code="archive-disks") from error
    return {path: STUDY + path.relative_to(root).as_posix() for path in files}


def _check_fresh(
    found: Mapping[Path, Mapping[str, Any]], folder: Path, hashes: Mapping[Path, str], now: Environment
) -> None:
    """Refuse results that were made from other bytes than lie there now, or with other versions."""
    defaults = data_folder() / "defaults"
    known = {**hashes, **{path: file_sha256(path) for path in defaults.glob("*.csv")}}
    sums = set(known.values())
    installed = {**now.packages, "accessibility": now.program}
    for result, manifest in found.items():
        stale = []
        for source in manifest.get("inputs", ()):
            name = source.get("file", "")
            places = Path(os.path.abspath(folder / name)), defaults / name
            if any(path in known for path in places) and source.get("sha256") not in sums:
                message = _("the file is another one than the result was made from")
                stale.append(Notice("result-stale", "error", message, name))
        for package, version in manifest.get("versions", {}).items():
            if installed.get(package, version) != version:
                message = _(
                    "the result was made with version {then}, {now} is installed",
                    then=version,
                    now=installed[package],
                )
                stale.append(Notice("result-stale", "error", message, package))
        _raise_if_any(result, stale)


def _raise_if_any(folder: Path, problems: Sequence[Notice]) -> None:
    if problems:
        raise DataError(
            _("the result cannot be packed: {n} things are not as they were", n=len(problems)),
            notices=problems,
            where=str(folder),
            mend=_("Make the result again, then pack it."),
            code="archive-stale",
        )


def _check_names(packed: Mapping[str, Path]) -> None:
    """Refuse names that another system could not unpack."""
    for name, path in packed.items():
        if not is_safe_entry(name):
            what = _("the name of a file is not possible on every system, or too long")
            mend = _("Rename it, here and in the study.")
            raise UsageError(what, where=str(path), mend=mend, code="archive-name")
