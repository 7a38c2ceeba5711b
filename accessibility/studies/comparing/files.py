"""Scenario files against a study: what is said and written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.comparison import CompareSettings, Comparison
from accessibility.model.provenance import Notice, Provenance
from accessibility.outputs.comparison.words import comparison_sentences
from accessibility.outputs.manifest import files_by_name, write_manifest
from accessibility.outputs.writing import staged_folder
from accessibility.sources.study_file import read_study
from accessibility.studies.all_problems import check_scenarios_apply, read_scenarios
from accessibility.studies.comparing.comparer import Compared, Comparer
from accessibility.studies.comparing.out import ComparisonWriter
from accessibility.studies.comparing.people import people_of_cells
from accessibility.studies.progress import Progress, silent
from accessibility.studies.queries import day_of


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
    access_mode
        How people get to the first stop.
    targets
        Targets of the study.
    people
        Table of places with how many people live there.
    system
        Coordinate system of that table.
    """

    as_of: str = ""
    period: str = ""
    percentile: int = 50
    access_mode: str = ""
    targets: tuple[str, ...] = ()
    people: Path | None = None
    system: str = "wgs84"

    def settings(self, usual: CompareSettings) -> CompareSettings:
        """
        Fill in what is left open.

        Parameters
        ----------
        usual
            As the study has it.

        Returns
        -------
        settings
            What is asked; whether the study has it is checked when it is compared.

        Raises
        ------
        UsageError
            If the date is none.
        """
        return CompareSettings(
            as_of=day_of(self.as_of, "--as-of") if self.as_of else usual.as_of,
            period=self.period or usual.period,
            percentile=self.percentile,
            targets=tuple(dict.fromkeys(self.targets)) or usual.targets,
            access_mode=self.access_mode or usual.access_mode,
        )


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
        Folder for pages, maps, tables and manifest, one folder per scenario within it.
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
    comparer = Comparer.of_study(read_study(study_file), progress=progress)
    check_scenarios_apply(comparer.changed, scenarios, files)
    settings, provenance = options.settings(comparer.settings), comparer.loaded.provenance
    people, notices = None, tuple[Notice, ...]()
    if options.people is not None:
        people, table, notices = people_of_cells(options.people, comparer.grid, system=options.system)
        provenance = Provenance(sources=table.provenance.sources).joined(provenance)

    def compared() -> Iterator[tuple[Path, Compared]]:
        """Compare one after the other, so that only one network beside the baseline is held."""
        for scenario, path in zip(scenarios, files, strict=True):
            one = comparer.compared(comparer.changed(scenario, file=path.name), scenario, settings)
            found = replace(one.comparison, people=people, notices=(*one.comparison.notices, *notices))
            yield path, replace(one, comparison=found)

    writer = ComparisonWriter(comparer)
    if out is None:
        found = [one.comparison for _path, one in compared()]
    else:
        found = _written(out, writer, compared(), provenance, options, progress)
    told = [(one.scenario, *comparison_sentences(one, writer.targets), *_warned(one), "") for one in found]
    return [line for lines in told for line in lines]


def _warned(comparison: Comparison) -> Iterator[str]:
    """Tell at the screen, too, what makes the figures incomplete."""
    for notice in comparison.notices:
        if notice.severity == "warning":
            yield _("Warning: {message}. {mend}", message=notice.message, mend=notice.mend).rstrip()


def _written(
    out: Path,
    writer: ComparisonWriter,
    compared: Iterator[tuple[Path, Compared]],
    provenance: Provenance,
    options: CompareOptions,
    progress: Progress,
) -> list[Comparison]:
    """Write a folder per scenario, the list of them, and the manifest."""
    found: dict[Path, Comparison] = {}
    with staged_folder(out) as folder:
        for path, one in compared:
            progress(_("writing {scenario}", scenario=one.comparison.scenario), 0, 1)
            writer.write(folder / path.stem, one, provenance)
            found[path] = one.comparison
        comparisons = list(found.values())
        if len(found) > 1:
            writer.write_list(folder, [(path.stem, one) for path, one in found.items()])
        write_manifest(
            folder,
            study_id=writer.comparer.loaded.study.id,
            provenance=provenance,
            parameters=_parameters(list(found), comparisons[0], options),
            as_of=comparisons[0].settings.as_of,
            command="compare",
        )
    return comparisons


def _parameters(files: Sequence[Path], one: Comparison, options: CompareOptions) -> dict[str, Any]:
    asked = one.settings
    people = [] if options.people is None else [options.people]
    return {
        "scenarios": files_by_name(files),
        "order": [path.name for path in files],
        "people": files_by_name(people),
        "people_system": options.system,
        "period": asked.period,
        "percentile": asked.percentile,
        "access_mode": asked.access_mode,
        "targets": asked.targets,
        "n_draws": one.query.n_draws,
        "seed": one.query.seed,
    }
