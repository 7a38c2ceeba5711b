"""The area of a surface: a box of four numbers, or the polygons of a file."""

import re
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.errors import ShapelyError

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.sources.coordinates import to_wgs84
from accessibility.sources.geofiles import GeoRows, geojson_features, geopackage_features
from accessibility.sources.tables import read_bytes

_BOX = re.compile(r"\s*[-+.\d]+(\s*,\s*[-+.\d]+){3}\s*")


def read_area(area: str, *, system: str = "wgs84") -> tuple[shapely.Geometry, tuple[Notice, ...]]:
    """
    Read an area.

    Parameters
    ----------
    area
        ``west,south,east,north``, or a GeoJSON or GeoPackage file whose polygons are taken together.
    system
        Coordinate system of the box, and of a file that states none and is no GeoJSON.

    Returns
    -------
    polygon, notices
        Polygon or polygons (degrees, WGS-84), and what to know about the file.

    Raises
    ------
    UsageError
        If the box is empty or turned round, or the file is of another kind.
    DataError
        If the file holds no polygon, or one that lies nowhere on the globe.
    SourceError
        If the file cannot be read.
    """
    if _BOX.fullmatch(area):
        return _box(area, system), ()
    path = Path(area)
    found = GeoRows(path.name)
    suffix = path.suffix.lower()
    if suffix in (".geojson", ".json"):
        features = list(geojson_features(read_bytes(path, path.name), found))
    elif suffix == ".gpkg":
        read_bytes(path, path.name)
        features = list(geopackage_features(path, found, None))
    else:
        mend = _("Name a .geojson or .gpkg file, or give west,south,east,north.")
        raise UsageError(_("this is no area"), where=f"--area {area}", mend=mend, code="area-format")
    parts = [part for _n, _facts, geometry in features for part in shapely.get_parts(geometry)]
    polygons = [part for part in parts if part is not None and part.geom_type == "Polygon"]
    if not polygons or any(notice.severity == "error" for notice in found.notices):
        what, mend = _("the file holds no usable polygon"), _("Draw the area as a polygon.")
        raise DataError(what, notices=found.notices, where=path.name, mend=mend, code="area-no-polygon")
    union = shapely.union_all([shapely.make_valid(one) for one in polygons])
    return _on_the_globe(union, found.system or system, path.name), tuple(found.notices)


def _box(area: str, system: str) -> shapely.Geometry:
    mend = _("Give west,south,east,north with west below east and south below north.")
    try:
        west, south, east, north = (float(part) for part in area.split(","))
    except ValueError as error:
        raise UsageError(_("this is no area"), where=f"--area {area}", mend=mend, code="area-box") from error
    if not (west < east and south < north):
        raise UsageError(_("the area is empty"), where=f"--area {area}", mend=mend, code="area-box")
    return _on_the_globe(shapely.box(west, south, east, north), system, f"--area {area}")


def _on_the_globe(area: shapely.Geometry, system: str, where: str) -> shapely.Geometry:
    """Turn an area into degrees of WGS-84, and keep its polygons."""

    def turned(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_wgs84(corners[:, 0], corners[:, 1], system))

    mend = _("Check the coordinates and their system (--system).")
    try:
        area = shapely.transform(area, turned)
        corners = shapely.get_coordinates(area)
        fine = bool(np.all(np.isfinite(corners)) and np.all(np.abs(corners) <= (180, 90)))
    except (ShapelyError, ValueError):
        fine = False
    if not fine:
        what = _("the area does not lie on the globe")
        raise DataError(what, where=where, mend=mend, code="area-position")
    return shapely.MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])
