"""How a result is made again: the command its manifest names, as a small register."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.ranked import BY
from accessibility.outputs.manifest import file_sha256
from accessibility.sources.study_file import read_study
from accessibility.sources.sweep_file import sweep_template
from accessibility.studies.comparing.files import CompareOptions, compare_files
from accessibility.studies.comparing.range_files import RangeOptions, compare_range_file
from accessibility.studies.comparing.rank import RankInput, rank_files
from accessibility.studies.evidence.files import evidence_study
from accessibility.studies.progress import Progress
from accessibility.studies.report import report_study
from accessibility.studies.run import run_study


@dataclass(frozen=True)
class Rerun:
    """
    A result to be made again.

    Parameters
    ----------
    study_file
        Settings of the study.
    manifest
        Manifest of the result: its command, parameters and date.
    out
        Folder to write to.
    progress
        Is told the stages.
    """

    study_file: Path
    manifest: Mapping[str, Any]
    out: Path
    progress: Progress


def _run(again: Rerun) -> None:
    run_study(read_study(again.study_file), again.out, progress=again.progress)


def _evidence(again: Rerun) -> None:
    evidence_study(read_study(again.study_file), again.out, progress=again.progress)


def _report(again: Rerun) -> None:
    template = _only(_files(again)["template"])
    pdf = again.manifest["parameters"].get("pdf") is True
    study = read_study(again.study_file)
    report_study(study, again.out, template=template, pdf=pdf, progress=again.progress)


def _compare(again: Rerun) -> None:
    files = _files(again)
    with _as_stated(again) as parameters:
        options = replace(
            _asked(again), people=_only(files["people"]), system=str(parameters["people_system"])
        )
        scenarios = [files["scenarios"][name] for name in parameters["order"]]
    compare_files(again.study_file, scenarios, options, out=again.out, progress=again.progress)


def _ranges(again: Rerun) -> None:
    files = _files(again)
    with _as_stated(again) as parameters:
        options = RangeOptions(_asked(again), int(parameters["samples"]), int(parameters["sample_seed"]))
        (scenario,) = files["scenarios"].values()
    compare_range_file(again.study_file, scenario, options, out=again.out, progress=again.progress)


def _rank(again: Rerun) -> None:
    files = _files(again)
    with _as_stated(again) as parameters:
        scenarios = tuple(files["scenarios"][name] for name in parameters["order"])
        given = RankInput(str(parameters["folder"]), scenarios, _only(files["sweep"]))
        by = str(parameters["by"])
        if by not in BY or bool(scenarios) == (given.sweep is not None):
            raise ValueError("order, sweep, by")
    if given.sweep is not None:
        _check_template(given.sweep, files["template"])
    rank_files(again.study_file, given, by=by, out=again.out, progress=again.progress)


def _asked(again: Rerun) -> CompareOptions:
    """Read what a comparison was asked, the study's own choices among it."""
    parameters, (day,) = again.manifest["parameters"], again.manifest["as_of"]
    return CompareOptions(
        as_of=str(day),
        period=str(parameters["period"]),
        percentile=int(parameters["percentile"]),
        access_mode=str(parameters["access_mode"]),
        targets=tuple(map(str, parameters["targets"])),
    )


@contextmanager
def _as_stated(again: Rerun) -> Iterator[Mapping[str, Any]]:
    """Give the parameters; what is missing or of another kind is told as such."""
    try:
        yield again.manifest["parameters"]
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            _("the result {name} does not say how it is made again", name=again.out.name),
            where=str(error),
            code="archive-no-command",
        ) from error


def _files(again: Rerun) -> dict[str, dict[str, Path]]:
    return stated_files(again.study_file.parent, again.manifest)


def _only(files: Mapping[str, Path]) -> Path | None:
    return next(iter(files.values()), None)


def _check_template(sweep: Path, stated: Mapping[str, Path]) -> None:
    """Refuse a sweep that leads to another file than the one that was stated, perhaps outside the study."""
    place = Path(os.path.abspath(sweep.parent / sweep_template(sweep)))
    if place not in [Path(os.path.abspath(path)) for path in stated.values()]:
        raise DataError(
            _("the sweep names another template than the one the result was made from"),
            where=sweep.name,
            mend=_("Put the template where the sweep names it, within the folder of the study."),
            code="archive-sweep-template",
        )


RERUNS: Mapping[str, Callable[[Rerun], None]] = {
    "run": _run, "evidence": _evidence, "report": _report,
    "compare": _compare, "ranges": _ranges, "rank": _rank,
}  # fmt: skip
"""Command -> how it makes its result from the study and a manifest. A new command adds its line here."""

_STATED = ("scenarios", "people", "template", "sweep")
"""Parameters that state files beside those the study names: bare name -> hash."""


def stated_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, dict[str, Path]]:
    """
    Find the files a result was made from beside those of the study, anywhere within the study's folder.

    Parameters
    ----------
    folder
        Folder of the study.
    manifest
        Manifest of the result: its parameters state scenarios, people, template and sweep by name and hash.

    Returns
    -------
    files
        Parameter -> bare name -> where it lies.

    Raises
    ------
    DataError
        If one is not there, or another one bears its name.
    """
    parameters = manifest.get("parameters")
    found: dict[str, dict[str, Path]] = {key: {} for key in _STATED}
    missing = []
    for key in _STATED:
        for name, sha256 in _stated(parameters, key).items():
            alike = [path for path in sorted(folder.rglob("*")) if path.name == name and path.is_file()]
            exact = [path for path in alike if file_sha256(path) == sha256]
            if exact:
                found[key][name] = exact[0]
            else:
                message = _("the file the result was made from does not lie in the folder of the study")
                mend = _("Put the file there as it was.")
                missing.append(Notice("stated-file", "error", message, name, mend=mend))
    if missing:
        raise DataError(
            _("{n} files that the result was made from are missing", n=len(missing)),
            notices=missing,
            where=str(folder),
            code="archive-stated-file",
        )
    return found


def _stated(parameters: Any, key: str) -> Mapping[str, Any]:
    """Read the files of one parameter; what is none states nothing."""
    files = parameters.get(key) if isinstance(parameters, dict) else None
    return files if isinstance(files, dict) else {}
