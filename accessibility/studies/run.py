"""The main job: a study from its files to maps, tables and a page of findings."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.finding import Finding
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.study import Study
from accessibility.outputs import geo_layers, sheets
from accessibility.outputs.manifest import write_manifest
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.maps.line_layers import lines_sheet
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.outputs.maps.study_maps import grid_map, isochrone_map, journey_map, overview_map
from accessibility.outputs.page import PageContent, write_page
from accessibility.outputs.tables import write_csv, write_geojson, write_gpkg, write_xlsx
from accessibility.outputs.writing import staged_folder
from accessibility.sources.cache import NetworkCache
from accessibility.studies.answered import Answered, answer_study, study_parameters, terminal_times
from accessibility.studies.computed import Computed
from accessibility.studies.evidence.files import write_evidence
from accessibility.studies.load import LoadedStudy, load_study
from accessibility.studies.progress import Progress, silent


@dataclass(frozen=True, eq=False)
class RunResult:
    """
    What the main job made.

    Parameters
    ----------
    out
        Folder of the result.
    findings
        Answers to the study's questions.
    notices
        What to know about the data, like ones grouped.
    """

    out: Path
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]


def run_study(
    study: Study, out: Path, *, progress: Progress = silent, cache: NetworkCache | None = None
) -> RunResult:
    """
    Run the main job.

    Parameters
    ----------
    study
        What to compute.
    out
        Folder for the result; an earlier result there stays whole until the new one is complete.
    progress
        Is told the stages.
    cache
        Where networks are kept between runs; nowhere if not given.

    Returns
    -------
    result
        Where it lies, and what it says.
    """
    with staged_folder(out) as folder:
        progress(_("reading the study"), 0, 1)
        answered = answer_study(load_study(study, cache=cache), progress)
        progress(_("writing maps and tables"), 0, 1)
        if answered.evidence.verdicts:
            write_evidence(folder, answered.loaded, answered.evidence, answered.measured, answered.provenance)
        _write(folder, answered)
    about_cache = cache.notices if cache is not None else ()
    return RunResult(out, answered.findings, (*answered.provenance.notices, *about_cache))


def _write(folder: Path, answered: Answered) -> None:
    """Write everything the study gives, the manifest last."""
    loaded, computed, provenance = answered.loaded, answered.computed, answered.provenance
    study = loaded.study
    maps = _write_maps(folder / "maps", loaded, computed, provenance)
    _write_tables(folder, loaded, computed, provenance)
    parameters = study_parameters(loaded, computed)
    content = PageContent(
        study=study,
        findings=answered.findings,
        tables=_of_measure(computed.site_tables, "nearest"),
        times=tuple(computed.to_places.values()),
        places=loaded.places,
        provenance=provenance,
        terminal_s=terminal_times(computed),
        unknowns=loaded.unknowns,
        assumptions=loaded.defaults.assumptions,
        maps=maps,
        files=_files(evidence=bool(study.claims_file)),
        parameters=parameters,
    )
    write_page(folder / "index.html", content)
    write_manifest(
        folder, study_id=study.id, provenance=provenance, parameters=parameters, as_of=study.as_of,
        command="run",
    )  # fmt: skip


def _write_maps(
    folder: Path, loaded: LoadedStudy, computed: Computed, provenance: Provenance
) -> list[tuple[str, str, str]]:
    """Write the maps; return path, title and one sentence of each."""
    folder.mkdir()
    frame = MapFrame(loaded.study, loaded.places, base_layer(loaded.streets), provenance)
    overview_map(
        folder / "overview.html",
        frame,
        timetable=loaded.timetables[0] if loaded.timetables else None,
        overlays=loaded.overlays,
        times=tuple(computed.to_places.values()),
        tables=computed.site_tables,
    )
    nearest, counts = (_of_measure(computed.cell_tables, name) for name in ("nearest", "opportunities"))
    written = [("overview", _("Overview"), _("Sites, stations, schools, hospitals, and what is assumed."))]
    if nearest:
        nearest.sort(key=lambda table: table.mode != "drive")  # the map opens on its first table
        grid_map(folder / "nearest.html", frame, computed.grid, nearest)
        written += [
            ("nearest", _("Time to the nearest"), _("From every square to station, school and hospital."))
        ]
        grid_map(folder / "opportunities.html", frame, computed.grid, counts)
        written += [
            ("opportunities", _("Within reach"), _("How many lie within each cutoff of every square."))
        ]
    areas = sorted(computed.isochrones, key=lambda area: area.mode != "drive")
    isochrone_map(folder / "isochrones.html", frame, areas)
    written += [("isochrones", _("Isochrones"), _("Areas around the starting places."))]
    if computed.journeys:
        journey_map(folder / "journeys.html", frame, computed.journeys)
        written += [("journeys", _("Journeys"), _("The ways the questions ask for, road by road."))]
    return [(f"maps/{name}.html", title, sentence) for name, title, sentence in written]


def _write_tables(
    folder: Path,
    loaded: LoadedStudy,
    computed: Computed,
    provenance: Provenance,
) -> None:
    """Write every table as CSV, the ones people read as one workbook too, and the layers for a GIS."""
    sites, cells, goals = computed.sites, computed.cells, computed.destinations
    terminal_s = terminal_times(computed)
    book = [
        sheets.nearest_sheet(
            _of_measure(computed.site_tables, "nearest"), sites, goals, terminal_s=terminal_s
        ),
        sheets.matrix_sheet(tuple(computed.to_places.values()), sites, goals, name="matrix_to_places"),
        sheets.matrix_sheet(tuple(computed.from_places.values()), goals, sites, name="matrix_from_places"),
        sheets.opportunities_sheet(_of_measure(computed.site_tables, "opportunities"), sites),
        sheets.isochrone_sheet(computed.isochrones, sites),
        sheets.journey_sheet(computed.journeys, loaded.places),
        sheets.places_sheet(loaded.places),
        *(lines_sheet(timetable) for timetable in loaded.timetables[:1]),
        sheets.assumptions_sheet(loaded.defaults.assumptions),
        sheets.unknowns_sheet(loaded.unknowns),
        sheets.sources_sheet(provenance),
        sheets.notices_sheet(provenance),
    ]
    grid_nearest, grid_counts = (
        _of_measure(computed.cell_tables, name) for name in ("nearest", "opportunities")
    )
    grid = [
        sheets.nearest_sheet(grid_nearest, cells, goals, name="grid_nearest"),
        sheets.opportunities_sheet(grid_counts, cells, name="grid_opportunities"),
    ]
    (folder / "tables").mkdir(exist_ok=True)
    for sheet in [*book, *grid]:
        write_csv(folder / "tables" / f"{sheet.name}.csv", sheet)
    as_of = loaded.study.as_of[-1]
    write_xlsx(folder / "results.xlsx", book, title=loaded.study.name, as_of=as_of)
    layers = [
        geo_layers.places_layer(loaded.places),
        geo_layers.grid_layer(computed.grid, grid_nearest),
        geo_layers.isochrone_layer(computed.isochrones, sites),
        geo_layers.journey_layer(computed.journeys, loaded.places),
        geo_layers.streets_layer(loaded.streets),
    ]
    write_gpkg(folder / "results.gpkg", layers, as_of=as_of)
    write_geojson(folder / "isochrones.geojson", layers[2])


def _of_measure(tables: Sequence[AccessTable], measure: str) -> list[AccessTable]:
    return [table for table in tables if table.measure == measure]


def _files(*, evidence: bool) -> list[tuple[str, str]]:
    words = _("Claims with their words, the conditions they turn on, and what would settle them.")
    return [
        *([("evidence.html", words)] if evidence else []),
        ("results.xlsx", _("Workbook: every table a person reads, with sources and assumptions.")),
        ("results.gpkg", _("Places, grid, isochrones, journeys and streets for a GIS (GeoPackage, WGS-84).")),
        ("isochrones.geojson", _("Isochrones as GeoJSON.")),
        ("tables/grid_nearest.csv", _("Nearest of every target from every square of the grid.")),
        ("tables/grid_opportunities.csv", _("How many lie within reach of every square.")),
        ("tables/matrix_to_places.csv", _("From every site to every named place.")),
        ("tables/matrix_from_places.csv", _("From every named place to every site.")),
        (
            "manifest.json",
            _("Inputs with hashes, parameters, versions, notices, and the hash of every file."),
        ),
    ]
