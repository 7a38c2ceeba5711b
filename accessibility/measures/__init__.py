"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.isochrones import isochrones
from accessibility.measures.nearest import nearest, nearest_in_window
from accessibility.measures.opportunities import opportunities

__all__ = ["isochrones", "nearest", "nearest_in_window", "opportunities"]
