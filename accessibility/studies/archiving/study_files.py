"""Every file that a study rests on, so that it can be packed whole and run elsewhere."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.study import Study
from accessibility.sources.claims_file import scenario_names

_LITTER = (".", "~$")
"""What systems and office programs leave in folders begins so."""


def study_files(
    study: Study, settings: Path, more: Iterable[Path] = (), *, within: Path | None = None
) -> tuple[Path, ...]:
    """
    List the files of a study: its settings and whatever they name, folders with all that lies in them.

    Parameters
    ----------
    study
        The study.
    settings
        Its ``study.toml``.
    more
        Further files that results rest on.
    within
        Folder outside which nothing is even looked at, for studies that are not trusted.

    Returns
    -------
    files
        Absolute and sorted; links are not followed, so that names stay what the study calls them.

    Raises
    ------
    DataError
        If one is missing, or named in a way that only this computer understands; all of them are told.
    """
    problems: list[Notice] = []
    found = {_absolute(settings), *(_absolute(path) for path in more)}
    for name in _names(study):
        path = _absolute(study.folder / name)
        if Path(name).is_absolute():
            message = _("the file is named by its place on this computer")
            mend = _("Name it relative to the study.")
            problems.append(Notice("study-file", "error", message, settings.name, 0, "file", name, mend))
        elif within is not None and not path.is_relative_to(_absolute(within)):
            message = _("the file lies outside the archive")
            problems.append(Notice("study-file", "error", message, settings.name, 0, "file", name))
        elif path.is_dir():
            found |= {one for one in path.rglob("*") if one.is_file() and not one.name.startswith(_LITTER)}
        elif path.is_file():
            found.add(path)
        else:
            message = _("the file does not exist")
            problems.append(Notice("study-file", "error", message, settings.name, 0, "file", name))
    if problems:
        raise DataError(
            _("{n} files that the study names cannot be taken", n=len(problems)),
            notices=problems,
            where=str(settings),
            mend=_("Mend the settings named; docs/archive.md says what is packed."),
            code="study-files",
        )
    return tuple(sorted(found))


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _names(study: Study) -> Iterator[str]:
    """Give every file that the settings name, and those that the claims name."""
    yield study.streets_file
    yield from (source.file for source in study.places_files if source.file)
    yield from study.overlay_files
    if study.transit is not None:
        yield from (*study.transit.line_sheets, *study.transit.gtfs)
    texts = (study.unknown_file, study.sources_file, study.speeds_file, study.measured_file)
    yield from (name for name in texts if name)
    if study.claims_file:
        yield study.claims_file
        claims = study.folder / study.claims_file
        if claims.is_file():
            yield from scenario_names(claims)
