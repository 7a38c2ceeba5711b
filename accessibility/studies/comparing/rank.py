"""Which scenario of a folder, or of a sweep, saves most, and for what?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from accessibility.errors import DataError, UsageError
from accessibility.measures.ranking import ranked
from accessibility.messages import _
from accessibility.model.comparison import Comparison
from accessibility.model.provenance import Notice
from accessibility.model.ranked import Dropped, Ranking
from accessibility.model.scenario import Scenario
from accessibility.model.service_cost import vehicles_needed
from accessibility.model.sweep import Sweep, Variant
from accessibility.outputs.comparison.ranking_chart import ranking_chart
from accessibility.outputs.comparison.ranking_page import (
    RankingContent,
    ranking_lines,
    ranking_sheet,
    write_ranking_page,
)
from accessibility.outputs.comparison.words import asked_text
from accessibility.outputs.manifest import files_by_name, write_manifest
from accessibility.outputs.tables import write_csv, write_xlsx
from accessibility.outputs.wording import by_language, minutes_text
from accessibility.outputs.writing import staged_folder
from accessibility.sources.study_file import read_study
from accessibility.sources.sweep_file import read_sweep
from accessibility.studies.all_problems import check_scenarios_apply, read_scenarios
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.progress import Progress, silent


@dataclass(frozen=True)
class RankInput:
    """
    What is ranked: scenario files, or the variants of a sweep.

    Parameters
    ----------
    folder
        Name of the folder the scenarios lie in.
    files
        Scenario files.
    sweep
        Sweep file in place of them.
    """

    folder: str = ""
    files: tuple[Path, ...] = ()
    sweep: Path | None = None


@dataclass(frozen=True, eq=False)
class _Ranked:
    """A ranking, the template of its sweep, and one of its comparisons, to say what was asked."""

    ranking: Ranking
    comparison: Comparison | None
    template: Path | None = None


def rank_input(folder: Path | None, sweep: Path | None) -> RankInput:
    """
    Take a folder of scenario files or a sweep file.

    Raises
    ------
    UsageError
        If not just one of them is given, or the folder holds no scenario.
    """
    if sweep is not None and folder is None:
        return RankInput(sweep=sweep)
    if folder is None or sweep is not None:
        what, mend = _("name a folder of scenarios or a sweep"), _("Write rank STUDY DIR or --sweep FILE.")
        raise UsageError(what, where="rank", mend=mend, code="rank-what")
    files = tuple(_files(folder))
    return RankInput(files[0].resolve().parent.name, files)


def rank_files(
    study_file: Path,
    given: RankInput,
    *,
    by: str = "saved",
    out: Path | None = None,
    progress: Progress = silent,
) -> list[str]:
    """
    Rank scenarios, and write table, chart and page where a folder is named.

    Parameters
    ----------
    study_file
        A ``study.toml``.
    given
        The scenarios, or the sweep.
    by
        In which order (`accessibility.model.ranked.BY`).
    out
        Folder for the result.
    progress
        Is told the stages.

    Returns
    -------
    lines
        What to tell people.

    Raises
    ------
    DataError
        If a scenario cannot be; every problem of every one is told at once.
    """
    sweep = read_sweep(given.sweep) if given.sweep is not None else None
    scenarios = read_scenarios(given.files)
    comparer = Comparer.of_study(read_study(study_file), progress=progress)
    check_scenarios_apply(comparer.changed, scenarios, given.files)
    if sweep is not None and given.sweep is not None:
        found = _sweep(comparer, sweep, by, given.sweep)
    else:
        named = [(path.name, one) for path, one in zip(given.files, scenarios, strict=True)]
        compared = _compared(comparer, named)
        name = _("Scenarios: {folder}", folder=given.folder)
        found = _Ranked(Ranking(name, by, ranked(compared, by=by)), compared[0])
    if out is not None:
        _write(out, comparer, found, given)
    return ranking_lines(found.ranking)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        what, mend = _("there is no such folder"), _("Name a folder with scenario files (.toml).")
        raise UsageError(what, where=str(folder), mend=mend, code="rank-missing")
    files = sorted(folder.glob("*.toml"))
    if not files:
        what, mend = _("the folder holds no scenario"), _("Put scenario files (.toml) into it.")
        raise UsageError(what, where=str(folder), mend=mend, code="rank-empty")
    return files


def _sweep(comparer: Comparer, sweep: Sweep, by: str, file: Path) -> _Ranked:
    """Compare the variants that the vehicles suffice for."""
    variants = [replace(one, scenario=_named(one)) for one in sweep.variants()]
    needed = _vehicles(comparer, sweep, variants, file)
    kept = [one.scenario for one, n in zip(variants, needed, strict=True) if n <= sweep.vehicles]
    dropped = tuple(
        Dropped(one.scenario.name, n) for one, n in zip(variants, needed, strict=True) if n > sweep.vehicles
    )
    compared = _compared(comparer, [(file.name, scenario) for scenario in kept])
    ranking = Ranking(sweep.name, by, ranked(compared, by=by), dropped, sweep.vehicles)
    return _Ranked(ranking, compared[0] if compared else None, file.parent / sweep.template_file)


def _named(variant: Variant) -> Scenario:
    every = _("every {minutes} min", minutes=minutes_text(variant.every_s).removesuffix(".0"))
    name = _(", ").join(part for part in (variant.candidate, every) if part)
    return replace(variant.scenario, name=name)


def _vehicles(comparer: Comparer, sweep: Sweep, variants: Sequence[Variant], file: Path) -> list[int]:
    """Count the vehicles that the line of each variant needs; tell all that cannot be, each problem once."""
    needed, problems = [], dict[Notice, None]()
    for variant in variants:
        try:
            network = comparer.changed(variant.scenario, file=file.name)
        except DataError as error:
            problems.update(dict.fromkeys(_of(variant, error)))
            continue
        costs = comparer.costs(network, comparer.baseline, comparer.settings.as_of)
        own = [cost for cost in costs if cost.route == sweep.line]
        needed.append(vehicles_needed(own or costs))
    if problems:
        raise DataError(
            _("the sweep has {n} problems", n=len(problems)),
            notices=tuple(problems),
            where=str(file),
            mend=_("Mend the stops and lines named, in the sweep or in its template."),
            code="sweep-scenarios",
        )
    return needed


def _of(variant: Variant, error: DataError) -> Iterator[Notice]:
    """Say of which candidate a problem is; the headway is seldom its cause."""
    for notice in error.notices:
        if isinstance(notice, Notice):
            who = variant.candidate
            yield replace(notice, message=f"{who}: {notice.message}" if who else notice.message)


def _compared(comparer: Comparer, scenarios: Sequence[tuple[str, Scenario]]) -> list[Comparison]:
    return [comparer.compare(scenario, file=file) for file, scenario in scenarios]


def _write(out: Path, comparer: Comparer, found: _Ranked, given: RankInput) -> None:
    loaded, ranking = comparer.loaded, found.ranking
    study, sheet = loaded.study, ranking_sheet(ranking)
    periods = {period.id: by_language(period.name, period.name_en) for period in study.periods}
    asked = asked_text(found.comparison, periods) if found.comparison is not None else ""
    as_of = comparer.settings.as_of
    with staged_folder(out) as folder:
        write_csv(folder / "ranking.csv", sheet)
        write_xlsx(folder / "ranking.xlsx", [sheet], title=ranking.name, as_of=as_of)
        ranking_chart(folder / "ranking.svg", ranking)
        content = RankingContent(by_language(study.name, study.name_en), asked, ranking, loaded.provenance)
        write_ranking_page(folder / "index.html", content)
        write_manifest(
            folder,
            study_id=study.id,
            provenance=loaded.provenance,
            parameters=_parameters(comparer, found, given),
            as_of=as_of,
            command="rank",
        )


def _parameters(comparer: Comparer, found: _Ranked, given: RankInput) -> dict[str, Any]:
    asked, query = comparer.settings, comparer.query(comparer.settings)
    return {
        "folder": given.folder,
        "scenarios": files_by_name(given.files),
        "order": [path.name for path in given.files],
        "sweep": files_by_name([given.sweep] if given.sweep is not None else []),
        "template": files_by_name([found.template] if found.template is not None else []),
        "vehicles": found.ranking.vehicles,
        "by": found.ranking.by,
        "period": asked.period,
        "percentile": asked.percentile,
        "access_mode": asked.access_mode,
        "targets": asked.targets,
        "n_draws": query.n_draws,
        "seed": query.seed,
    }
