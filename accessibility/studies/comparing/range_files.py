"""A scenario file with ranges against a study: what is said and written."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from accessibility.messages import _
from accessibility.model.modes import mode_text, transit_mode
from accessibility.model.range_result import RangeResult
from accessibility.model.study import Study
from accessibility.outputs.manifest import files_by_name, write_manifest
from accessibility.outputs.ranges.page import RangeContent, range_charts, write_range_page
from accessibility.outputs.ranges.sheets import range_sheets
from accessibility.outputs.ranges.words import interval_sentences
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.tables import write_csv, write_xlsx
from accessibility.outputs.text_file import write_text
from accessibility.outputs.wording import by_language, names_by_id, period_text
from accessibility.outputs.writing import staged_folder
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.comparing.files import CompareOptions
from accessibility.studies.comparing.ranges import compare_ranges
from accessibility.studies.progress import Progress, silent


@dataclass(frozen=True)
class RangeOptions:
    """
    Intervals of a scenario, as a face asks for them; what is empty is as in the scenario or the study.

    Parameters
    ----------
    asked
        Date, period, percentile, access, targets.
    n_samples, seed
        Size and seed of the sample.
    """

    asked: CompareOptions = CompareOptions()
    n_samples: int | None = None
    seed: int | None = None


def compare_range_file(
    study_file: Path,
    file: Path,
    options: RangeOptions,
    *,
    out: Path | None = None,
    progress: Progress = silent,
) -> list[str]:
    """
    Tell a scenario file with ranges as intervals, and write page, charts and tables where a folder is named.

    Parameters
    ----------
    study_file
        A ``study.toml``.
    file
        Scenario file with ranges.
    options
        What to ask.
    out
        Folder for the page ``index.html``, charts, tables and manifest.
    progress
        Is told the stages.

    Returns
    -------
    lines
        What to tell people.

    Raises
    ------
    UsageError
        If the scenario has no ranges, or the date is none.
    """
    scenario = read_scenario(file)
    study = read_study(study_file)
    progress(_("reading the study"), 0, 1)
    comparer = Comparer.of_study(study)
    progress(_("reading the study"), 1, 1)
    settings = options.asked.settings(comparer.settings)
    place = nullcontext() if out is None else staged_folder(out)
    with place as folder:  # a place that cannot be written to is told before the minutes of computing
        result = compare_ranges(
            comparer, scenario, settings,
            n_samples=options.n_samples, seed=options.seed, file=file.name, progress=progress,
        )  # fmt: skip
        content = _content(study, comparer, result)
        if folder is not None:
            _write(folder, content)
            _write_manifest(folder, study, comparer, result, files_by_name([file]))
    return [scenario.name, *interval_sentences(result, content.targets, content.sites)]


def _content(study: Study, comparer: Comparer, result: RangeResult) -> RangeContent:
    periods = {one.id: by_language(one.name, one.name_en) for one in study.periods}
    asked = period_text(result.settings.period, periods)
    if result.settings.access_mode != "walk":
        asked = f"{asked} · {mode_text(transit_mode(result.settings.access_mode))}"
    return RangeContent(
        study=by_language(study.name, study.name_en),
        result=result,
        names=Names([result.scenario], comparer.baseline.timetable),
        targets={target.id: by_language(target.name, target.name_en) for target in study.targets},
        sites=names_by_id(comparer.sites),
        period=asked,
        provenance=comparer.loaded.provenance,
    )


def _write(folder: Path, content: RangeContent) -> None:
    charts = range_charts(content)
    write_range_page(folder / "index.html", content, charts)
    for name, svg in charts.items():
        write_text(folder / f"{name}.svg", svg)
    sheets = range_sheets(content.result, content.names, content.targets, content.sites)
    for sheet in sheets:
        write_csv(folder / f"{sheet.name}.csv", sheet)
    scenario, as_of = content.result.scenario, content.result.settings.as_of
    write_xlsx(folder / "ranges.xlsx", sheets, title=scenario.name, as_of=as_of)


def _write_manifest(
    folder: Path, study: Study, comparer: Comparer, result: RangeResult, hashes: dict[str, str]
) -> None:
    asked = result.settings
    parameters = {
        "scenarios": hashes, "period": asked.period, "percentile": asked.percentile,
        "access_mode": asked.access_mode, "targets": asked.targets, "samples": len(result.sample),
        "sample_seed": result.seed, "weights": dict(result.weights),
        "n_draws": result.query.n_draws, "seed": result.query.seed,
    }  # fmt: skip
    write_manifest(
        folder,
        study_id=study.id,
        provenance=comparer.loaded.provenance.with_notices(result.notices),
        parameters=parameters,
        as_of=asked.as_of,
        command="ranges",
    )
