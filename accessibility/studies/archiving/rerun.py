"""How a result is made again: the command its manifest names, as a small register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.outputs.manifest import file_sha256
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.files import CompareOptions, compare_files
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
    files = stated_files(again.study_file.parent, again.manifest)
    parameters = again.manifest["parameters"]
    template = next((files[name] for name in _stated(parameters, "template")), None)
    study = read_study(again.study_file)
    report_study(
        study, again.out, template=template, pdf=parameters.get("pdf") is True, progress=again.progress
    )


def _compare(again: Rerun) -> None:
    files = stated_files(again.study_file.parent, again.manifest)
    try:
        parameters, (day,) = again.manifest["parameters"], again.manifest["as_of"]
        options = CompareOptions(
            as_of=str(day),
            period=str(parameters["period"]),
            percentile=int(parameters["percentile"]),
            people=next((files[name] for name in _stated(parameters, "people")), None),
            system=str(parameters["people_system"]),
        )
        scenarios = [files[name] for name in parameters["order"]]
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            _("the result {name} does not say how it is made again", name=again.out.name),
            where=str(error),
            code="archive-no-command",
        ) from error
    compare_files(again.study_file, scenarios, options, out=again.out, progress=again.progress)


RERUNS: Mapping[str, Callable[[Rerun], None]] = {
    "run": _run, "evidence": _evidence, "report": _report, "compare": _compare,
}  # fmt: skip
"""Command -> how it makes its result from the study and a manifest. A new command adds its line here."""

_FILES = ("scenarios", "people", "template")
"""Parameters that state files beside those the study names: bare name -> hash."""


def stated_files(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Path]:
    """
    Find the files a result was made from beside those of the study, anywhere within the study's folder.

    Parameters
    ----------
    folder
        Folder of the study.
    manifest
        Manifest of the result: its parameters state scenarios, people and template by name and hash.

    Returns
    -------
    files
        Bare name -> where it lies.

    Raises
    ------
    DataError
        If one is not there, or another one bears its name.
    """
    parameters = manifest.get("parameters")
    stated = {name: sha256 for key in _FILES for name, sha256 in _stated(parameters, key).items()}
    found, missing = {}, []
    for name, sha256 in stated.items():
        alike = [path for path in sorted(folder.rglob("*")) if path.name == name and path.is_file()]
        exact = [path for path in alike if file_sha256(path) == sha256]
        if exact:
            found[name] = exact[0]
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
