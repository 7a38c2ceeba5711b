"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.interchange import interchanges
from accessibility.measures.isochrones import isochrones
from accessibility.measures.nearest import nearest
from accessibility.measures.opportunities import opportunities

__all__ = ["interchanges", "isochrones", "nearest", "opportunities"]
