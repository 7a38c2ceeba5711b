"""Scenario files against a study: what is said and written."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.comparison import CompareSettings, Comparison
from accessibility.outputs.comparison_sheets import comparison_sheets
from accessibility.outputs.comparison_words import comparison_sentences
from accessibility.outputs.manifest import write_manifest
from accessibility.outputs.tables import write_csv, write_xlsx
from accessibility.outputs.wording import by_language
from accessibility.outputs.writing import staged_folder
from accessibility.sources.study_file import read_study
from accessibility.studies.all_problems import check_scenarios_apply, read_scenarios
from accessibility.studies.compare import Comparer
from accessibility.studies.progress import Progress, silent


@dataclass(frozen=True)
class CompareOptions:
    """
    A comparison, as a face hands it over; what is empty is as in the study.

    Parameters
    ----------
    as_of
        Date (ISO).
    period
        Period of the study.
    percentile
        Percentile of the travel times.
    """

    as_of: str = ""
    period: str = ""
    percentile: int = 50


def compare_files(
    study_file: Path,
    files: Sequence[Path],
    options: CompareOptions,
    *,
    out: Path | None = None,
    progress: Progress = silent,
) -> list[str]:
    """
    Compare scenario files with a study, and write tables where a folder is named.

    Parameters
    ----------
    study_file
        A ``study.toml``.
    files
        Scenario files; all are read before anything is computed.
    options
        What to ask.
    out
        Folder for tables and manifest, one folder per scenario within it.
    progress
        Is told the stages.

    Returns
    -------
    lines
        What to tell people.

    Raises
    ------
    UsageError
        If two files bear the same name, or the date is none.
    """
    if len({path.stem for path in files}) != len(files):
        what, mend = _("two scenario files bear the same name"), _("Give every file a name of its own.")
        raise UsageError(what, where="--scenario", mend=mend, code="compare-names")
    scenarios = read_scenarios(files)
    study = read_study(study_file)
    comparer = Comparer.of_study(study, progress=progress)
    check_scenarios_apply(comparer.changed, scenarios, files)
    usual = comparer.settings
    settings = CompareSettings(
        _day(options.as_of) if options.as_of else usual.as_of,
        options.period or usual.period,
        options.percentile,
    )
    targets = {target.id: by_language(target.name, target.name_en) for target in study.targets}
    compared = [
        comparer.compare(scenario, settings, file=path.name)
        for scenario, path in zip(scenarios, files, strict=True)
    ]
    if out is not None:
        with staged_folder(out) as folder:
            for path, comparison in zip(files, compared, strict=True):
                _write(folder / path.stem, comparison)
            hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
            asked = compared[0].settings
            parameters = {
                "scenarios": hashes, "period": asked.period, "percentile": asked.percentile,
                "access_mode": asked.access_mode, "targets": asked.targets,
                "n_draws": compared[0].query.n_draws, "seed": compared[0].query.seed,
            }  # fmt: skip
            write_manifest(
                folder,
                study_id=study.id,
                provenance=comparer.loaded.provenance,
                parameters=parameters,
                as_of=asked.as_of,
            )
    return [line for one in compared for line in (one.scenario, *comparison_sentences(one, targets), "")]


def _write(folder: Path, comparison: Comparison) -> None:
    folder.mkdir()
    sheets = comparison_sheets(comparison)
    for sheet in sheets:
        write_csv(folder / f"{sheet.name}.csv", sheet)
    as_of = comparison.settings.as_of
    write_xlsx(folder / "comparison.xlsx", sheets, title=comparison.scenario, as_of=as_of)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        what = _("a date is written like 2019-05-13, a time like 14:00")
        raise UsageError(what, where=f"--as-of {text}", code="clock") from error
