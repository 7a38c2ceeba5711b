"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.coverage import coverage
from accessibility.measures.dual_access import dual_access
from accessibility.measures.floating_catchment import floating_catchment
from accessibility.measures.gravity import gravity
from accessibility.measures.inequality import inequality
from accessibility.measures.isochrones import isochrones
from accessibility.measures.k_nearest import k_nearest
from accessibility.measures.nearest import nearest
from accessibility.measures.opportunities import opportunities
from accessibility.measures.ptal import ptal

__all__ = [
    "coverage",
    "dual_access",
    "floating_catchment",
    "gravity",
    "inequality",
    "isochrones",
    "k_nearest",
    "nearest",
    "opportunities",
    "ptal",
]
