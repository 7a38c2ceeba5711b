"""Travel times and accessibility from OpenStreetMap and timetables, for people who must defend a figure.

The public nouns and verbs; each is loaded when it is first used, so that importing the package is quick.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "AccessTable": "model.access_table",
    "AccessibilityError": "errors",
    "Asked": "evidence.questions",
    "Attachment": "model.linkage",
    "Claim": "model.claim",
    "Coverage": "model.coverage",
    "Defaults": "model.defaults",
    "Evidence": "studies.evidence",
    "Exponential": "measures.decay",
    "Figure": "model.claim",
    "Finding": "model.finding",
    "Gaussian": "measures.decay",
    "Grid": "model.grid",
    "Inequality": "model.inequality",
    "Isochrone": "model.isochrone",
    "Journey": "model.journey",
    "JourneySearch": "transit_journeys",
    "Linear": "measures.decay",
    "Linkage": "model.linkage",
    "LoadedStudy": "studies.load",
    "Logistic": "measures.decay",
    "NearestTimes": "model.nearest_times",
    "Notice": "model.provenance",
    "Period": "model.study",
    "Places": "model.places",
    "Provenance": "model.provenance",
    "PtalRules": "model.ptal",
    "RoadSpeeds": "model.speeds",
    "Scenario": "model.scenario",
    "Standard": "model.standard",
    "Standards": "model.standard",
    "Stated": "model.claim",
    "Step": "measures.decay",
    "StopServices": "model.stop_services",
    "Streets": "model.streets",
    "Study": "model.study",
    "Timetable": "model.timetable",
    "TransitLinkage": "model.linkage",
    "TransitQuery": "model.transit_query",
    "TransitUse": "model.study",
    "TransportNetwork": "model.transport_network",
    "TravelQuery": "model.travel_query",
    "TravelTimes": "model.travel_times",
    "UNREACHED": "units",
    "Verdict": "model.claim",
    "Verification": "model.archive",
    "Within": "measures.decay",
    "Zones": "measures.decay",
    "apply_scenario": "scenarios",
    "archive_study": "studies.archive",
    "build_evidence": "studies.evidence",
    "coverage": "measures",
    "data_folder": "studies.data_folder",
    "drawn_days": "transit",
    "dual_access": "measures",
    "embedded_defaults": "studies.data_folder",
    "evidence_scope": "studies.evidence_times",
    "evidence_study": "studies.evidence_files",
    "explain": "studies.explain",
    "fetch_area": "studies.fetch",
    "floating_catchment": "measures",
    "gravity": "measures",
    "inequality": "measures",
    "interval_word": "evidence.verdicts",
    "isochrones": "measures",
    "join_timetables": "model.joining",
    "k_nearest": "measures",
    "link": "linking",
    "link_transit": "linking",
    "load_study": "studies.load",
    "nearest": "measures",
    "nearest_in_window": "measures",
    "nearest_of_nodes": "measures",
    "nearest_on_streets": "measures",
    "nearest_times": "transit_nearest",
    "opportunities": "measures",
    "ptal": "measures",
    "questions": "evidence.questions",
    "read_defaults": "sources.speeds",
    "read_gtfs": "sources.gtfs",
    "read_line_sheets": "sources.line_sheets",
    "read_osm_places": "sources.osm_places",
    "read_places": "sources.places",
    "read_ptal": "sources.ptal",
    "read_road_speeds": "sources.speeds",
    "read_scenario": "sources.scenario_file",
    "read_standards": "sources.standards",
    "read_streets": "sources.osm",
    "read_study": "sources.study_file",
    "run_study": "studies.run",
    "stop_services": "model.stop_services",
    "street_query": "studies.queries",
    "study_claims": "studies.evidence",
    "tell_journey": "transit_telling",
    "timed_walks": "transit",
    "times_to_nodes": "measures",
    "transit_query": "studies.queries",
    "transit_times": "transit",
    "travel_times": "travel",
    "verify_archive": "studies.verify",
    "write_gtfs": "outputs.gtfs",
}
"""Public name -> the module it lives in."""

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
