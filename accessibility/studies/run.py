"""The main job: a study from its files to maps, tables and a page of findings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import accessibility
from accessibility.messages import _
from accessibility.model.finding import Finding
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, group_notices
from accessibility.model.study import Study
from accessibility.outputs import geo_layers, sheets
from accessibility.outputs.base_layer import base_layer
from accessibility.outputs.manifest import write_manifest
from accessibility.outputs.map_frame import MapFrame
from accessibility.outputs.maps import grid_map, isochrone_map, journey_map, overview_map
from accessibility.outputs.page import PageContent, write_page
from accessibility.outputs.tables import write_csv, write_geojson, write_gpkg, write_xlsx
from accessibility.outputs.writing import staged_folder
from accessibility.sources.places import read_places
from accessibility.sources.tables import Table, read_table
from accessibility.studies.computed import Computed, compute
from accessibility.studies.findings import build_findings
from accessibility.studies.load import LoadedStudy, load_study
from accessibility.studies.progress import Progress, silent
from accessibility.travel import BLOCK_SIZE

_LIBRARIES = ("folium", "geopandas", "networkx", "numba", "numpy", "osmium", "osmnx", "pyproj", "shapely")


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


def run_study(study: Study, out: Path, *, progress: Progress = silent) -> RunResult:
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

    Returns
    -------
    result
        Where it lies, and what it says.
    """
    with staged_folder(out) as folder:
        progress(_("reading the study"), 0, 1)
        loaded = load_study(study)
        computed = compute(loaded, progress)
        findings = build_findings(loaded, computed)
        progress(_("writing maps and tables"), 0, 1)
        provenance = _provenance(loaded, computed)
        _write(folder, loaded, computed, findings, provenance)
    return RunResult(out, findings, provenance.notices)


def _provenance(loaded: LoadedStudy, computed: Computed) -> Provenance:
    everything = Provenance().joined(
        loaded.streets.provenance, loaded.places.provenance, loaded.defaults.provenance
    )
    versions = tuple((name, metadata.version(name)) for name in _LIBRARIES)
    return Provenance(
        sources=everything.sources,
        notices=group_notices([*everything.notices, *computed.notices]),
        versions=(("accessibility", accessibility.__version__), *versions),
    )
