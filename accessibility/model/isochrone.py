"""The noun ``Isochrone``: the area that can be reached from a place within some minutes."""

from dataclasses import dataclass

import shapely


@dataclass(frozen=True, eq=False)
class Isochrone:
    """
    Area reached from one origin within a cutoff.

    Parameters
    ----------
    origin_id
        Where people start.
    mode, period, level
        How, when, and at which level of the range of speeds.
    cutoff_s
        Time (s) people travel.
    area
        Polygon or multipolygon (degrees, WGS-84) around the streets reached, empty where none is.
    area_km2
        Its size (km2), measured in the coordinate system of the streets.
    street_km
        Length (km) of the streets reached.
    """

    origin_id: str
    mode: str
    period: str
    level: str
    cutoff_s: int
    area: shapely.Geometry
    area_km2: float
    street_km: float
