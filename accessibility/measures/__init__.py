"""Measures of accessibility, one per file, all with the same first arguments."""

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
from accessibility.measures.opportunities import opportunities
from accessibility.measures.ptal import ptal
from accessibility.measures.rides import ride_times
from accessibility.measures.transit_isochrones import street_nodes, transit_isochrones

__all__ = [
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
    "opportunities",
    "ptal",
    "ride_times",
    "street_nodes",
    "transit_isochrones",
]
