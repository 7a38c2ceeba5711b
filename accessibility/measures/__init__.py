"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.isochrones import isochrones
from accessibility.measures.nearest import nearest, nearest_in_window
from accessibility.measures.opportunities import opportunities
from accessibility.measures.transit_isochrones import street_nodes, transit_isochrones

__all__ = [
    "isochrones",
    "nearest",
    "nearest_in_window",
    "opportunities",
    "street_nodes",
    "transit_isochrones",
]
