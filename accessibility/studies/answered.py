"""A study answered: everything that a result or a report is written from, computed once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from typing import Any

import accessibility
from accessibility.messages import _
from accessibility.model.finding import Finding
from accessibility.model.provenance import Provenance, group_notices
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.studies.computed import Computed, compute
from accessibility.studies.evidence.build import Evidence, build_evidence
from accessibility.studies.findings import build_findings
from accessibility.studies.load import LoadedStudy, source_descriptions
from accessibility.studies.measured import Measured, compare_measured
from accessibility.studies.progress import Progress
from accessibility.units import clock_from_seconds

_LIBRARIES = ("folium", "geopandas", "networkx", "numba", "numpy", "osmium", "osmnx", "pyproj", "shapely")


@dataclass(frozen=True, eq=False)
class Answered:
    """
    A study with everything computed for it.

    Parameters
    ----------
    loaded, computed
        The study, and its travel times, tables, isochrones, journeys.
    evidence, measured
        Claims with their words, and measured times beside the model; empty where the study has none.
    findings
        Answers to its questions, with the word of the claim of the same id.
    provenance
        Sources, notices and versions of all of it.
    """

    loaded: LoadedStudy
    computed: Computed
    evidence: Evidence
    measured: Measured
    findings: tuple[Finding, ...]
    provenance: Provenance


def answer_study(loaded: LoadedStudy, progress: Progress) -> Answered:
    """
    Compute everything a study asks for; nothing is written.

    Parameters
    ----------
    loaded
        The study.
    progress
        Is told the stages.
    """
    computed = compute(loaded, progress)
    evidence = build_evidence(loaded, progress, (computed.to_places, computed.headway_ends))
    measured = compare_measured(loaded)
    findings = _worded(build_findings(loaded, computed), evidence)
    of_claims = Provenance().joined(evidence.provenance, measured.provenance)
    described = of_claims.described(source_descriptions(loaded.study))
    provenance = _provenance(loaded, computed).joined(described)
    return Answered(loaded, computed, evidence, measured, findings, provenance)


def _worded(findings: Sequence[Finding], evidence: Evidence) -> tuple[Finding, ...]:
    """Set the word of a claim beside the question of the same id."""
    words = {verdict.claim.id: verdict.word for verdict in evidence.verdicts}
    return tuple(replace(finding, word=words.get(finding.question.id, "")) for finding in findings)


def _provenance(loaded: LoadedStudy, computed: Computed) -> Provenance:
    versions = tuple((name, metadata.version(name)) for name in _LIBRARIES)
    return Provenance(
        sources=loaded.provenance.sources,
        notices=group_notices([*loaded.provenance.notices, *computed.notices]),
        versions=(("accessibility", accessibility.__version__), *versions),
    )


def terminal_times(computed: Computed) -> tuple[float, ...]:
    """Give access and parking time (s) of a car trip: low, mid, high; empty without cars."""
    queries = computed.queries.values()
    return next((tuple(query.terminal_s) for query in queries if query.terminal_s), ())


def study_parameters(loaded: LoadedStudy, computed: Computed) -> Mapping[str, Any]:
    """List what a figure depends on beside the inputs."""
    queries = {" ".join(key).strip(): _settings(query) for key, query in computed.queries.items()}
    study = loaded.study
    return {
        "crs": study.crs,
        "area": study.area,
        "grid_cell_m": study.cell_m,
        "grid_cells": len(computed.grid),
        "cutoffs_s": study.cutoffs_s,
        "periods": {
            period.id: f"{clock_from_seconds(period.start_s)}-{clock_from_seconds(period.end_s)}"
            for period in study.periods
        },
        "isochrone_buffer_m": loaded.defaults.limits["isochrone_buffer"],
        "rounding": _("durations: half up to whole seconds; at the faces half up to 0.1 minute"),
        "queries": queries,
    }


def _settings(query: TravelQuery | TransitQuery) -> dict[str, Any]:
    """List the settings of a query that has any, those of the way to the stop within it."""
    return {
        name: _settings(value) if isinstance(value, TravelQuery) else value
        for name, value in vars(query).items()
        if name != "road_speeds" and value is not None and value not in ((), "")
    }
