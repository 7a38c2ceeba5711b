"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.isochrones import isochrones
from accessibility.measures.nearest import nearest
from accessibility.measures.nearest_on_streets import nearest_on_streets
from accessibility.measures.on_nodes import NodeTimes, nearest_of_nodes, times_to_nodes
from accessibility.measures.opportunities import opportunities

__all__ = [
    "NodeTimes",
    "isochrones",
    "nearest",
    "nearest_of_nodes",
    "nearest_on_streets",
    "opportunities",
    "times_to_nodes",
]
