"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.catchments import catchments
from accessibility.measures.coverage import coverage
from accessibility.measures.dual_access import dual_access
from accessibility.measures.fit import fits
from accessibility.measures.floating_catchment import floating_catchment
from accessibility.measures.gravity import gravity
from accessibility.measures.inequality import inequality
from accessibility.measures.interchange import interchanges
from accessibility.measures.isochrones import isochrones
from accessibility.measures.k_nearest import k_nearest
from accessibility.measures.nearest import nearest, nearest_in_window
from accessibility.measures.nearest_on_streets import nearest_on_streets
from accessibility.measures.on_nodes import NodeTimes, nearest_of_nodes, times_to_nodes
from accessibility.measures.opportunities import opportunities
from accessibility.measures.ptal import ptal
from accessibility.measures.rides import ride_times
from accessibility.measures.transit_isochrones import street_nodes, transit_isochrones

__all__ = [
    "NodeTimes",
    "catchments",
    "coverage",
    "dual_access",
    "fits",
    "floating_catchment",
    "gravity",
    "inequality",
    "interchanges",
    "isochrones",
    "k_nearest",
    "nearest",
    "nearest_in_window",
    "nearest_of_nodes",
    "nearest_on_streets",
    "opportunities",
    "ptal",
    "ride_times",
    "street_nodes",
    "times_to_nodes",
    "transit_isochrones",
]
