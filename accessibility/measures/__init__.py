"""Measures of accessibility, one per file, all with the same first arguments."""

from accessibility.measures.fit import fits
from accessibility.measures.interchange import interchanges
from accessibility.measures.isochrones import isochrones
from accessibility.measures.nearest import nearest
from accessibility.measures.opportunities import opportunities
from accessibility.measures.rides import ride_times

__all__ = ["fits", "interchanges", "isochrones", "nearest", "opportunities", "ride_times"]
