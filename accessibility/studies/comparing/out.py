"""A comparison as a folder: page, maps, tables, layers, journeys in words."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from accessibility.messages import _
from accessibility.model.comparison import Comparison
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.provenance import Provenance
from accessibility.model.reach_change import ReachChange
from accessibility.model.scenario import Scenario
from accessibility.model.told_change import ToldChange
from accessibility.outputs.comparison.changed_lines import (
    ChangedPiece,
    changed_layers,
    changed_lines_layer,
    changed_pieces,
)
from accessibility.outputs.comparison.list_page import write_comparisons_page
from accessibility.outputs.comparison.maps import before_after_map, difference_map
from accessibility.outputs.comparison.page import (
    ComparisonContent,
    write_comparison_page,
)
from accessibility.outputs.comparison.sheets import (
    change_layers,
    comparison_sheets,
    journeys_sheet,
    reach_sheet,
)
from accessibility.outputs.comparison.words import asked_text
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import scenario_sentences
from accessibility.outputs.tables import write_csv, write_gpkg, write_xlsx
from accessibility.outputs.wording import by_language, decimal_text, names_by_id
from accessibility.studies.comparing.comparer import Compared, Comparer
from accessibility.studies.comparing.reach import ReachCounter
from accessibility.studies.comparing.told_journeys import told_changes


@dataclass(frozen=True, eq=False)
class ComparisonWriter:
    """
    Writes comparisons with one study; what they share is made once.

    Parameters
    ----------
    comparer
        The study.
    """

    comparer: Comparer

    @cached_property
    def targets(self) -> Mapping[str, str]:
        """Identifier -> name of the targets."""
        study = self.comparer.loaded.study
        return {target.id: by_language(target.name, target.name_en) for target in study.targets}

    @cached_property
    def frame(self) -> MapFrame:
        """What all maps share."""
        loaded = self.comparer.loaded
        return MapFrame(loaded.study, loaded.places, base_layer(loaded.streets), loaded.provenance)

    @cached_property
    def counter(self) -> ReachCounter:
        """Counts destinations within reach."""
        comparer = self.comparer
        cutoffs_s = comparer.loaded.study.cutoffs_s
        return ReachCounter(comparer.baseline.timetable, cutoffs_s, len(comparer.sites))

    def write(self, folder: Path, compared: Compared, provenance: Provenance) -> None:
        """
        Write everything about one scenario.

        Parameters
        ----------
        folder
            Folder to make.
        compared
            The comparison.
        provenance
            Sources of everything in it.

        Raises
        ------
        OutputError
            If a file cannot be written.
        """
        folder.mkdir()
        comparer, comparison = self.comparer, compared.comparison
        study, timetable = comparer.loaded.study, comparer.baseline.timetable
        with ThreadPoolExecutor(1) as pool:  # the search lets go of the interpreter while files are written
            counting = pool.submit(self.counter.changes, compared)
            pieces = changed_pieces(comparison, timetable, compared.network.timetable, study.crs)
            told = told_changes(compared, timetable)
            frame = MapFrame(study, _places(comparer, compared), self.frame.base, provenance)
            self._write_maps(folder, frame, comparison, pieces)
            reach = counting.result()
        _write_tables(folder, comparison, reach, told)
        content = ComparisonContent(
            study=frame.name,
            asked=asked_text(comparison, frame.period_names()),
            scenario=compared.scenario,
            changes=scenario_sentences(compared.scenario, Names([compared.scenario], timetable)),
            comparison=comparison,
            reach=reach,
            told=told,
            targets=self.targets,
            places=names_by_id(frame.places),
            grid=comparer.grid,
            streets=comparer.loaded.streets,
            pieces=pieces,
            maps=_maps(),
            files=_files(),
            settings=_settings(comparison, compared.scenario),
            provenance=provenance,
        )
        write_comparison_page(folder / "index.html", content)

    def _write_maps(
        self, folder: Path, frame: MapFrame, comparison: Comparison, pieces: Sequence[ChangedPiece]
    ) -> None:
        """Write both maps, and the layers for a GIS."""
        grid, assumed = self.comparer.grid, comparison.assumed
        lines = changed_layers(pieces, assumed=assumed)
        difference_map(folder / "difference.html", frame, grid, comparison, lines)
        before_after_map(folder / "before_after.html", frame, grid, comparison, lines)
        layers = [*change_layers(comparison, grid), changed_lines_layer(pieces, assumed=assumed)]
        write_gpkg(folder / "comparison.gpkg", layers, as_of=comparison.settings.as_of)

    def write_list(self, folder: Path, rows: Sequence[tuple[str, Comparison]]) -> None:
        """
        Write the page that lists all scenarios.

        Raises
        ------
        OutputError
            If the file cannot be written.
        """
        asked = asked_text(rows[0][1], self.frame.period_names())
        write_comparisons_page(
            folder / "index.html", study=self.frame.name, asked=asked, rows=rows, targets=self.targets
        )


def _write_tables(
    folder: Path, comparison: Comparison, reach: Sequence[ReachChange], told: Sequence[ToldChange]
) -> None:
    """Write every table as CSV, and those that people read as one workbook."""
    assumed = comparison.assumed
    most = comparison_sheets(comparison)
    journeys = journeys_sheet(told, assumed=assumed)
    for sheet in (*most, reach_sheet(reach, assumed=assumed), journeys):
        write_csv(folder / f"{sheet.name}.csv", sheet)
    read = reach_sheet(reach, assumed=assumed, changed_only=True)
    as_of = comparison.settings.as_of
    write_xlsx(folder / "comparison.xlsx", [*most, read, journeys], title=comparison.scenario, as_of=as_of)


def _places(comparer: Comparer, compared: Compared) -> Places:
    """Give the places of the study, those of the scenario in place of theirs."""
    places = compared.network.places
    return comparer.loaded.places if places is None else places


def _maps() -> list[tuple[str, str, str]]:
    return [
        ("difference.html", _("Difference"), _("Where it gets quicker and slower, target by target.")),
        ("before_after.html", _("Before and after"), _("Both travel times side by side, in one scale.")),
    ]


def _files() -> list[tuple[str, str]]:
    return [
        ("comparison.xlsx", _("Workbook: every table of this comparison.")),
        ("comparison.gpkg", _("Squares with their changes, and the changed lines, for a GIS (WGS-84).")),
        ("changes.csv", _("Times before and after from every square.")),
        ("site_changes.csv", _("Times before and after from the sites.")),
        ("summary.csv", _("Who gains and who loses, group by group.")),
        ("costs.csv", _("What the changed lines take to run.")),
        ("opportunities.csv", _("Destinations within reach before and after.")),
        ("journeys.csv", _("The journeys told on this page, leg by leg.")),
    ]


def _settings(comparison: Comparison, scenario: Scenario) -> list[tuple[str, str]]:
    """List what the figures depend on."""
    query = comparison.query
    rows = [
        (_("date"), comparison.settings.as_of.isoformat()),
        (_("way to the first stop"), mode_text(comparison.settings.access_mode)),
        (_("departures"), _("{n} minutes, one each", n=query.n_minutes)),
        (_("percentile"), str(query.percentiles[0])),
        (_("draws of assumed headways"), str(query.n_draws)),
        (_("seed of the draws"), str(query.seed)),
        (_("vehicles boarded at most"), str(query.max_rides)),
        (_("longest journey (min)"), decimal_text(query.max_duration_s / 60, 0)),
        (_("longest walk (min)"), decimal_text(query.max_walk_s / 60, 0)),
        (_("walking speed (km/h)"), decimal_text(query.walk_mps * 3.6, 2)),
        (_("reserve at every boarding (s)"), str(query.board_slack_s)),
    ]
    if query.access is not None:
        longest = decimal_text(query.access.max_duration_s / 60, 0)
        rows.append((_("longest way to the first stop (min)"), longest))
    if scenario.as_of is not None and scenario.as_of != comparison.settings.as_of:
        rows.append((_("date that the scenario names"), scenario.as_of.isoformat()))
    return rows
