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
from accessibility.studies.compare_files import CompareOptions, compare_files
from accessibility.studies.evidence_files import evidence_study
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
    parameters = again.manifest.get("parameters")
    pdf = bool(parameters.get("pdf")) if isinstance(parameters, dict) else False
    report_study(read_study(again.study_file), again.out, pdf=pdf, progress=again.progress)


def _compare(again: Rerun) -> None:
    try:
        parameters, (day,) = again.manifest["parameters"], again.manifest["as_of"]
        options = CompareOptions(str(day), str(parameters["period"]), int(parameters["percentile"]))
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            _("the result {name} does not say how it is made again", name=again.out.name),
            where=str(error),
            code="archive-no-command",
        ) from error
    files = scenario_files(again.study_file.parent, again.manifest)
    compare_files(again.study_file, files, options, out=again.out, progress=again.progress)


RERUNS: Mapping[str, Callable[[Rerun], None]] = {
    "run": _run,
    "evidence": _evidence,
    "compare": _compare,
    "report": _report,
}
"""Command -> how it makes its result from the study and a manifest. A new command adds its line here."""


def scenario_files(folder: Path, manifest: Mapping[str, Any]) -> list[Path]:
    """
    Find the scenario files a result was made from, by name and hash, anywhere within the study's folder.

    Raises
    ------
    DataError
        If one is not there, or another one bears its name.
    """
    parameters = manifest.get("parameters")
    stated = parameters.get("scenarios", {}) if isinstance(parameters, dict) else {}
    found, missing = [], []
    for name, sha256 in stated.items() if isinstance(stated, dict) else ():
        alike = [path for path in sorted(folder.rglob("*.toml")) if path.name == name]
        exact = [path for path in alike if file_sha256(path) == sha256]
        if exact:
            found.append(exact[0])
        else:
            message = _("the scenario the result was made from does not lie in the folder of the study")
            mend = _("Put the file there as it was.")
            missing.append(Notice("scenario-file", "error", message, name, mend=mend))
    if missing:
        raise DataError(
            _("{n} scenario files are missing", n=len(missing)),
            notices=missing,
            where=str(folder),
            code="archive-scenario",
        )
    return found
