"""From degrees to metres and back: one place that knows how streets are measured."""

from functools import lru_cache
from typing import Any

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.exceptions import CRSError, ProjError

from accessibility.errors import ModelError
from accessibility.messages import _

WGS84 = "EPSG:4326"
USE_MARGIN_DEG = 3.0
"""How far (degrees) beyond its area of use a projected system still counts as meant: one narrow zone."""

Column = NDArray[np.float64]
_ELLIPSOID = pyproj.Geod(ellps="WGS84")


def utm_crs(lon: Column, lat: Column) -> str:
    """
    Name the UTM zone of the middle of some points.

    Parameters
    ----------
    lon, lat
        Positions (degrees, WGS-84), at least one.

    Returns
    -------
    crs
        ``EPSG:326xx`` north of the equator, ``EPSG:327xx`` south of it.
    """
    middle_lon, middle_lat = float(np.median(lon)), float(np.median(lat))
    zone = min(max(int((middle_lon + 180) // 6) + 1, 1), 60)
    return f"EPSG:{(32600 if middle_lat >= 0 else 32700) + zone}"


def metric_crs(crs: Any) -> str:
    """
    Check that a coordinate system measures in metres.

    Parameters
    ----------
    crs
        Whatever pyproj understands: ``EPSG:4549``, a WKT text, a CRS.

    Returns
    -------
    crs
        Its shortest text, ``EPSG:...`` where it has a number.

    Raises
    ------
    ModelError
        If it is unknown, or not projected in metres.
    """
    try:
        known = pyproj.CRS.from_user_input(crs)
    except CRSError as error:
        raise ModelError(
            _("{crs} is no coordinate system", crs=crs),
            mend=_("Give an EPSG number such as EPSG:4549, or leave it out."),
            code="streets-crs",
        ) from error
    if not known.is_projected or known.axis_info[0].unit_conversion_factor != 1.0:
        raise ModelError(
            _("{crs} does not measure in metres", crs=crs),
            mend=_("Give a projected coordinate system in metres, such as EPSG:4549, or leave it out."),
            code="streets-crs",
        )
    return str(known.to_string())


def check_use(crs: str, lon: Column, lat: Column) -> None:
    """
    Refuse a coordinate system that is made for another part of the world: it would measure nonsense.

    Parameters
    ----------
    crs
        As `metric_crs` gives it.
    lon, lat
        Positions (degrees) to measure.

    Raises
    ------
    ModelError
        If the middle of the positions lies more than `USE_MARGIN_DEG` outside the area of use.
    """
    area = pyproj.CRS.from_user_input(crs).area_of_use
    if area is None or area.west > area.east:
        return
    x, y, margin = float(np.median(lon)), float(np.median(lat)), USE_MARGIN_DEG
    inside = area.west - margin <= x <= area.east + margin and area.south - margin <= y <= area.north + margin
    if not inside:
        raise ModelError(
            _("{crs} is made for {area}; these streets lie at {lon}, {lat}",
              crs=crs, area=area.name, lon=f"{x:.2f}", lat=f"{y:.2f}"),
            mend=_("Give a projected coordinate system of their own region, or leave it out."),
            code="streets-crs",
        )  # fmt: skip


def project(lon: Column, lat: Column, crs: str) -> tuple[Column, Column]:
    """
    Turn degrees (WGS-84) into metres.

    Raises
    ------
    ModelError
        If a point lies where the coordinate system is not defined.
    """
    return _transform(WGS84, crs, lon, lat)


def project_or_nan(lon: Column, lat: Column, crs: str) -> tuple[Column, Column]:
    """Turn degrees (WGS-84) into metres; NaN where unknown or where the coordinate system is not defined."""
    x_m, y_m = (np.array(axis, float) for axis in _transformer(WGS84, crs).transform(lon, lat))
    unknown = ~(np.isfinite(x_m) & np.isfinite(y_m))
    x_m[unknown] = y_m[unknown] = np.nan
    return x_m, y_m


def unproject(x_m: Column, y_m: Column, crs: str) -> tuple[Column, Column]:
    """Turn metres into degrees (WGS-84), longitude first."""
    return _transform(crs, WGS84, x_m, y_m)


def step_lengths_m(lon: Column, lat: Column) -> Column:
    """Measure from every point to the next on the WGS-84 ellipsoid (m), shape ``[n_points - 1]``."""
    if len(lon) < 2:
        return np.empty(0)
    length_m: Column = _ELLIPSOID.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
    return length_m


def moved(lon: float, lat: float, *, east_m: float, north_m: float) -> tuple[float, float]:
    """Move a position (degrees, WGS-84) by metres along the ellipsoid, in one straight line."""
    away_m = float(np.hypot(east_m, north_m))
    if not away_m:
        return lon, lat
    azimuth = float(np.degrees(np.arctan2(east_m, north_m)))
    new_lon, new_lat, _back = _ELLIPSOID.fwd(lon, lat, azimuth, away_m)
    return float(new_lon), float(new_lat)


def geodesic_m(start: tuple[Column, Column], end: tuple[Column, Column]) -> Column:
    """Measure straight lines (m) on the ellipsoid between pairs of (lon, lat) columns; NaN stays NaN."""
    length_m: Column = _ELLIPSOID.inv(*start, *end)[2]
    return length_m


@lru_cache(maxsize=32)
def _transformer(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _transform(source: str, target: str, x: Column, y: Column) -> tuple[Column, Column]:
    if len(x) == 0:
        return np.empty(0), np.empty(0)
    try:
        new_x, new_y = _transformer(source, target).transform(
            np.asarray(x, float), np.asarray(y, float), errcheck=True
        )
        if not (np.isfinite(new_x).all() and np.isfinite(new_y).all()):
            raise ProjError("infinite")
    except (CRSError, ProjError) as error:
        raise ModelError(
            _("some points lie outside the area of {crs}", crs=target if source == WGS84 else source),
            mend=_("Name the coordinate system of this area, or leave it out."),
            code="streets-crs",
        ) from error
    return new_x, new_y
