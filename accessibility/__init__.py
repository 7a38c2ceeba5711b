"""Travel times and accessibility from OpenStreetMap and timetables, for people who must defend a figure.

The public nouns and verbs; each is loaded when it is first used, so that importing the package is quick.
"""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "AccessTable": "model.access_table",
    "AccessibilityError": "errors",
    "Attachment": "model.linkage",
    "Defaults": "model.defaults",
    "Finding": "model.finding",
    "Grid": "model.grid",
    "Isochrone": "model.isochrone",
    "Journey": "model.journey",
    "Linkage": "model.linkage",
    "Notice": "model.provenance",
    "Places": "model.places",
    "Provenance": "model.provenance",
    "RoadSpeeds": "model.speeds",
    "Streets": "model.streets",
    "Study": "model.study",
    "TravelQuery": "model.travel_query",
    "TravelTimes": "model.travel_times",
    "UNREACHED": "units",
    "data_folder": "studies.data_folder",
    "embedded_defaults": "studies.data_folder",
    "explain": "studies.explain",
    "fetch_area": "studies.fetch",
    "isochrones": "measures",
    "link": "linking",
    "nearest": "measures",
    "nearest_of_nodes": "measures",
    "nearest_on_streets": "measures",
    "opportunities": "measures",
    "read_defaults": "sources.speeds",
    "read_osm_places": "sources.osm_places",
    "read_places": "sources.places",
    "read_road_speeds": "sources.speeds",
    "read_streets": "sources.osm",
    "read_study": "sources.study_file",
    "run_study": "studies.run",
    "street_query": "studies.queries",
    "times_to_nodes": "measures",
    "travel_times": "travel",
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
