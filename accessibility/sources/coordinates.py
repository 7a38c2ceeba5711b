"""Coordinate systems, always stated and never guessed, and the way between them.

``wgs84``, ``gcj02`` (shifted coordinates of map services in China), ``bd09`` (shifted once more),
``cgcs2000`` (EPSG:4490) and every horizontal ``EPSG:n`` that leads to WGS-84 by a known transformation.
"""

import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError, ProjError

from accessibility.errors import UsageError
from accessibility.messages import _

Coordinates = tuple[NDArray[np.float64], NDArray[np.float64]]

KNOWN_SYSTEMS = ("wgs84", "gcj02", "bd09", "cgcs2000", "EPSG:4549", "EPSG:<number>")
"""What a caller may state, as an error message lists it."""

_ALIASES = {
    **dict.fromkeys(("wgs84", "crs84", "ogccrs84", "urnogcdefcrsogc13crs84", "epsg4326"), "wgs84"),
    **dict.fromkeys(("gcj02", "gcj", "火星坐标", "火星坐标系", "高德坐标"), "gcj02"),
    **dict.fromkeys(("bd09", "bd09ll", "百度坐标", "百度坐标系"), "bd09"),
    **dict.fromkeys(("cgcs2000", "2000国家大地坐标系", "国家2000", "epsg4490"), "cgcs2000"),
}
_LABELS = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09", "cgcs2000": "CGCS2000"}
_EPSG = re.compile(r"(?:(?:urn:ogc:def:crs:)?epsg:(?:[\d.]*:)?)?(\d{4,6})", re.IGNORECASE)
_CGCS2000_EPSG = 4490

_GEOD = Geod(ellps="WGS84")
_SHIFT_BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""Where GCJ-02 differs from WGS-84, by its public formula: west, south, east, north (degrees)."""
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_SQUARED = 0.00669342162296594323
_BD09_OFFSET_DEG = (0.0065, 0.006)
_BD09_TURNS = np.pi * 3000.0 / 180.0
_INVERSE_STEPS = 10
"""Steps of the inverse; each leaves less than a hundredth of the error, and the first error is about 1 km."""
_AREA_MARGIN_DEG = 3.0
"""How far (degrees) beyond its area of use a projected system still counts as meant: one narrow zone."""


@lru_cache(maxsize=256)
def parse_system(name: str) -> str:
    """
    Read the name of a coordinate system as people write it.

    Parameters
    ----------
    name
        ``WGS-84``, ``GCJ-02``, ``BD-09``, ``CGCS2000``, ``EPSG:4549``, ``4549``, in any case, or an OGC name.

    Returns
    -------
    system
        ``wgs84``, ``gcj02``, ``bd09``, ``cgcs2000`` or ``epsg:<number>``.

    Raises
    ------
    UsageError
        If no such system is known, it has no horizontal position, or no transformation to WGS-84 is known.
    """
    text = str(name).strip()
    short = re.sub(r"[\s:._-]+", "", text.lower())
    if short in _ALIASES:
        return _ALIASES[short]
    match = _EPSG.fullmatch(re.sub(r"\s+", "", text))
    if match is None:
        raise _unknown(text)
    system = f"epsg:{int(match.group(1))}"
    if system in ("epsg:4326", "epsg:4490"):
        return "wgs84" if system == "epsg:4326" else "cgcs2000"
    _transformer(system, inverse=False)
    return system


def system_label(system: str) -> str:
    """Name a coordinate system for readers: ``GCJ-02``, ``EPSG:4549``."""
    parsed = parse_system(system)
    return _LABELS.get(parsed, parsed.upper())


def is_projected(system: str) -> bool:
    """Say whether coordinates of a system are lengths on a plane (easting, northing) instead of degrees."""
    parsed = parse_system(system)
    return parsed.startswith("epsg:") and bool(_crs(parsed).is_projected)


def to_wgs84(x: ArrayLike, y: ArrayLike, system: str) -> Coordinates:
    """
    Convert coordinates of a stated system to WGS-84.

    Parameters
    ----------
    x, y
        Longitude and latitude (degrees), or easting and northing in the unit of a projected system; shapes
        broadcast. NaN and infinity are allowed.
    system
        See `parse_system`.

    Returns
    -------
    lon, lat
        Degrees, WGS-84; both NaN where either was not finite or the projection does not reach.

    Notes
    -----
    GCJ-02 and BD-09 follow the formulas that are public; their inverses are iterated to far below 1 mm.
    Outside the box of that formula (72.004-137.8347 E, 0.8293-55.8271 N) they equal WGS-84, so within
    about 1 km of its edges, far from any street of China, the two directions are not each other's inverse.
    CGCS2000 is taken to coincide with WGS-84 (within decimetres).
    """
    parsed = parse_system(system)
    first, second = _finite_pair(x, y)
    if parsed in ("wgs84", "cgcs2000"):
        return first, second
    if parsed == "gcj02":
        return _inverse_where_shifted(_gcj02_from_wgs84, first, second)
    if parsed == "bd09":
        return _inverse_where_shifted(_bd09_from_wgs84, first, second)
    return _transformed(parsed, first, second, inverse=False)


def from_wgs84(lon: ArrayLike, lat: ArrayLike, system: str) -> Coordinates:
    """
    Convert WGS-84 to a stated system.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84; shapes broadcast.
    system
        See `parse_system`.

    Returns
    -------
    x, y
        Longitude and latitude (degrees), or easting and northing in the unit of a projected system; both
        NaN where the position was not finite or the projection does not reach.
    """
    parsed = parse_system(system)
    first, second = _finite_pair(lon, lat)
    if parsed in ("wgs84", "cgcs2000"):
        return first, second
    if parsed in ("gcj02", "bd09"):
        forward = _gcj02_from_wgs84 if parsed == "gcj02" else _bd09_from_wgs84
        inside = _in_shift_box(first, second)
        x, y = forward(first, second)
        return np.where(inside, x, first), np.where(inside, y, second)
    return _transformed(parsed, first, second, inverse=True)


def shift_m(x: ArrayLike, y: ArrayLike, system: str) -> NDArray[np.float64]:
    """
    Measure how far off positions would be if their system were taken for WGS-84.

    Parameters
    ----------
    x, y
        Coordinates in `system`.
    system
        See `parse_system`. Of a projected system the shift is that of its geographic base.

    Returns
    -------
    shift_m
        Distance on the ellipsoid (m); NaN where there is no position.
    """
    parsed = parse_system(system)
    first, second = _finite_pair(x, y)
    return _distance_m(_degrees(first, second, parsed), to_wgs84(first, second, parsed))


def moved_m(lon: ArrayLike, lat: ArrayLike, source: str, target: str) -> NDArray[np.float64]:
    """
    Measure how far apart the numbers of one position lie in two systems.

    Parameters
    ----------
    lon, lat
        Positions (degrees, WGS-84).
    source, target
        See `parse_system`. Of a projected system its geographic base counts.

    Returns
    -------
    moved_m
        Distance on the ellipsoid (m); NaN where there is no position.
    """
    ends = [_degrees(*from_wgs84(lon, lat, system), parse_system(system)) for system in (source, target)]
    return _distance_m(ends[0], ends[1])


def is_plausible(x: ArrayLike, y: ArrayLike, system: str) -> NDArray[np.bool_]:
    """
    Say which coordinates can be positions in a system.

    Parameters
    ----------
    x, y
        Coordinates in `system`.
    system
        See `parse_system`.

    Returns
    -------
    plausible
        Degrees on the globe, or, in a projected system, no further than 3 degrees outside its area of use;
        False where not finite.
    """
    parsed = parse_system(system)
    first, second = _finite_pair(x, y)
    west, south, east, north = -180.0, -90.0, 180.0, 90.0
    if is_projected(parsed):
        first, second = to_wgs84(first, second, parsed)
        area = _crs(parsed).area_of_use
        if area is not None and area.west < area.east:
            west, south = area.west - _AREA_MARGIN_DEG, area.south - _AREA_MARGIN_DEG
            east, north = area.east + _AREA_MARGIN_DEG, area.north + _AREA_MARGIN_DEG
    inside: NDArray[np.bool_] = (first >= west) & (first <= east) & (second >= south) & (second <= north)
    return inside


def _unknown(name: str) -> UsageError:
    return UsageError(
        _("coordinate system {name} is not known", name=repr(name)),
        mend=_("State one of: {systems}.", systems=", ".join(KNOWN_SYSTEMS)),
        code="unknown-coordinate-system",
    )


@lru_cache(maxsize=64)
def _crs(system: str) -> CRS:
    try:
        crs = CRS.from_epsg(int(system.removeprefix("epsg:")))
    except CRSError as error:
        raise _unknown(system.upper()) from error
    if not (crs.is_geographic or crs.is_projected) or crs.is_compound:
        raise _unknown(system.upper())
    return crs


def _transformer(system: str, *, inverse: bool) -> Transformer:
    """Make the transformation, never an approximate one: only CGCS2000 is taken to be WGS-84."""
    crs = _crs(system)
    ends: tuple[Any, Any] = ("EPSG:4326", crs) if inverse else (crs, "EPSG:4326")
    try:
        return Transformer.from_crs(*ends, always_xy=True, allow_ballpark=_is_cgcs2000(system))
    except ProjError as error:
        raise UsageError(
            _("no transformation from {system} to WGS-84 is known", system=system.upper()),
            mend=_(
                "Convert the file to WGS-84 or CGCS2000 with the parameters of its survey, then state that."
            ),
            code="unknown-coordinate-system",
        ) from error


@lru_cache(maxsize=64)
def _is_cgcs2000(system: str) -> bool:
    base = _crs(system).geodetic_crs
    return base is not None and base.to_epsg() == _CGCS2000_EPSG


def _transformed(
    system: str, x: NDArray[np.float64], y: NDArray[np.float64], *, inverse: bool
) -> Coordinates:
    return _run(_transformer(system, inverse=inverse), x, y)


def _run(transformer: Transformer, x: NDArray[np.float64], y: NDArray[np.float64]) -> Coordinates:
    return _finite_pair(*transformer.transform(x, y))


def _degrees(x: NDArray[np.float64], y: NDArray[np.float64], system: str) -> Coordinates:
    """Take coordinates back from the plane to the degrees of their own system, without any shift."""
    if not system.startswith("epsg:") or not _crs(system).is_projected:
        return x, y
    crs = _crs(system)
    return _run(Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True), x, y)


def _distance_m(start: Coordinates, end: Coordinates) -> NDArray[np.float64]:
    known = np.isfinite(start[0]) & np.isfinite(end[0])
    ends = [np.where(known, one, 0.0) for one in (*start, *end)]
    distance_m = np.asarray(_GEOD.inv(ends[0], ends[1], ends[2], ends[3])[2], dtype=np.float64)
    return np.where(known, distance_m, np.nan)


def _finite_pair(x: ArrayLike, y: ArrayLike) -> Coordinates:
    """Broadcast two columns and make both NaN where either is not finite."""
    first, second = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64))
    known = np.isfinite(first) & np.isfinite(second)
    return np.where(known, first, np.nan), np.where(known, second, np.nan)


def _in_shift_box(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
    west, south, east, north = _SHIFT_BOX
    inside: NDArray[np.bool_] = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return inside


def _gcj02_from_wgs84(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Coordinates:
    """Shift by the public formula, without its box."""
    x, y = lon - 105.0, lat - 35.0
    root, product = np.sqrt(np.abs(x)), x * y
    ripple = _waves(x, ((20.0, 6.0), (20.0, 2.0)))
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * product + 0.1 * root + ripple
    east_m = east_m + _waves(x, ((20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30)))
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * product + 0.2 * root + ripple
    north_m = north_m + _waves(y, ((20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30)))
    latitude = np.radians(lat)
    flattening = 1.0 - _ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    along_parallel_m = _SEMI_MAJOR_M / np.sqrt(flattening) * np.cos(latitude)
    along_meridian_m = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_SQUARED) / flattening**1.5
    return lon + np.degrees(east_m / along_parallel_m), lat + np.degrees(north_m / along_meridian_m)


def _waves(angle: NDArray[np.float64], terms: tuple[tuple[float, float], ...]) -> NDArray[np.float64]:
    total: NDArray[np.float64] = np.zeros_like(angle)
    for amplitude_m, frequency in terms:
        total = total + amplitude_m * np.sin(np.pi * frequency * angle)
    return total * (2.0 / 3.0)


def _bd09_from_wgs84(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Coordinates:
    """Shift twice: to GCJ-02, then turn and stretch about the origin by the public formula."""
    x, y = _gcj02_from_wgs84(lon, lat)
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * _BD09_TURNS)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * _BD09_TURNS)
    return radius * np.cos(angle) + _BD09_OFFSET_DEG[0], radius * np.sin(angle) + _BD09_OFFSET_DEG[1]


def _inverse_where_shifted(forward: Any, x: NDArray[np.float64], y: NDArray[np.float64]) -> Coordinates:
    """Find what `forward` shifts to (x, y), by a fixed number of steps: same point, same bytes."""
    inside = _in_shift_box(x, y)
    goal_x, goal_y = np.where(inside, x, np.nan), np.where(inside, y, np.nan)
    lon, lat = goal_x, goal_y
    for _step in range(_INVERSE_STEPS):
        shifted_x, shifted_y = forward(lon, lat)
        lon, lat = lon + (goal_x - shifted_x), lat + (goal_y - shifted_y)
    return np.where(inside, lon, x), np.where(inside, lat, y)
