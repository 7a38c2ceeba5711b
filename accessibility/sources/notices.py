"""What is wrong with files, in words; and places held against the streets they should lie at."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from accessibility.errors import AccessibilityError
from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, error_notices
from accessibility.model.streets import Streets
from accessibility.sources import osm_files
from accessibility.sources.coordinates import parse_system, system_label, to_wgs84
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.line_sheets import check_line_sheets, is_line_sheets
from accessibility.sources.osm import read_streets
from accessibility.sources.places import read_places
from accessibility.sources.study_file import read_study

SHIFT_RANGE_M = (300.0, 600.0)
"""Median distance (m) to the nearest street that betrays coordinates shifted by a map service of China."""
LEAST_FOR_SHIFT = 3
"""With fewer places nothing can be said about their coordinate system."""
FAR_M = 1600.0
"""Beyond this (m) no street serves a place; who reads the table of limits passes ``snap_radius_wide``."""

_SHIFTED_SYSTEMS = ("gcj02", "bd09")


def check_files(
    paths: Iterable[str | Path], *, system: str = "wgs84", streets: Streets | None = None
) -> tuple[Notice, ...]:
    """
    Find everything that is wrong with some files.

    Parameters
    ----------
    paths
        Streets (``.osm.pbf``, ``.osm``, …), studies (``.toml``), line sheets (a folder or workbook with
        sheets of stops and services), timetables (GTFS zips and folders), and tables of places (anything
        else).
    system
        Coordinate system of the tables and line sheets.
    streets
        Streets to hold the places against; the first among `paths` that can be read where not given.

    Returns
    -------
    notices
        In the order of the files, streets first; what cannot be read at all is a notice ``error`` too.

    Raises
    ------
    UsageError
        If the coordinate system is not known.
    """
    stated = parse_system(system)
    notices: list[Notice] = []
    files = [Path(path) for path in paths]
    street_files = [path for path in files if _is_streets(path)]
    for path in street_files:
        read, told = _check_streets(path)
        notices.extend(told)
        streets = streets if streets is not None else read
    for path in files:
        if path in street_files:
            continue
        if path.suffix.lower() == ".toml" or (path / "study.toml").is_file():
            notices.extend(_check_study(path))
        elif is_line_sheets(path):
            notices.extend(check_line_sheets(path, system=stated))
        elif path.suffix.lower() == ".zip" or path.is_dir():
            notices.extend(_check_timetable(path))
        else:
            notices.extend(_check_places(path, stated, streets))
    return tuple(notices)


def streets_shift_notices(
    places: Places,
    streets: Streets,
    *,
    far_m: float = FAR_M,
    at_most_m: NDArray[np.float64] | None = None,
) -> tuple[Notice, ...]:
    """
    Hold places against streets and name a coordinate shift where one shows.

    Parameters
    ----------
    places
        Places, WGS-84.
    streets
        Streets around them.
    far_m
        Distance (m) beyond which no street serves a place.
    at_most_m
        What each place lies from its nearest street at most (m), where something is known, NaN where not;
        without `far_m` (infinite) no distance is measured where these alone rule out a shift.

    Returns
    -------
    notices
        ``coordinates-look-shifted`` (warning) where the places inside the extent of the streets lie, in the
        median, 300-600 m off every street; ``place-far-from-streets`` (warning) for each place further off
        than `far_m`.
    """
    located = np.flatnonzero(places.located)
    if not located.size or not streets.n_segments:
        return ()
    file = places.provenance.sources[0].file if places.provenance.sources else ""
    nearest = _NearestStreet(streets)
    lon, lat = places.lon[located], places.lat[located]
    inside = nearest.inside(lon, lat)
    if at_most_m is not None and np.isinf(far_m):
        bound_m = np.nan_to_num(at_most_m[located][inside], nan=np.inf)
        if len(bound_m) < LEAST_FOR_SHIFT or np.median(bound_m) < SHIFT_RANGE_M[0]:
            return ()
    distance_m = nearest.distance_m(lon, lat)
    notices = []
    if inside.sum() >= LEAST_FOR_SHIFT:
        median_m = float(np.median(distance_m[inside]))
        if SHIFT_RANGE_M[0] <= median_m <= SHIFT_RANGE_M[1]:
            notices.append(_looks_shifted(nearest, lon[inside], lat[inside], median_m, file))
    for index in np.flatnonzero(distance_m > far_m).tolist():
        place_id = places.ids[located[index]]
        message = _("the nearest street lies {n} m away", n=round(float(distance_m[index])))
        mend = _("Check the position, and that the streets cover it.")
        notices.append(Notice("place-far-from-streets", "warning", message, file, 0, "id", place_id, mend))
    return tuple(notices)


class _NearestStreet:
    """Distances (m) from positions (degrees) to the nearest street."""

    def __init__(self, streets: Streets) -> None:
        self._streets = streets
        self._to_metres = Transformer.from_crs("EPSG:4326", streets.crs, always_xy=True)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        streets = self._streets
        owner = np.repeat(np.arange(streets.n_segments), np.diff(streets.shape_offset))
        shape_m = np.column_stack([streets.shape_x_m, streets.shape_y_m])
        return shapely.STRtree(shapely.linestrings(shape_m, indices=owner))

    def _metres(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        x_m, y_m = self._to_metres.transform(lon, lat)
        return np.asarray(x_m), np.asarray(y_m)

    def inside(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Say which positions lie inside the extent of the streets."""
        inside = np.ones(len(lon), bool)
        for axis_m, shape_m in zip(
            self._metres(lon, lat), (self._streets.shape_x_m, self._streets.shape_y_m), strict=True
        ):
            inside &= (axis_m >= shape_m.min()) & (axis_m <= shape_m.max())
        return inside

    def distance_m(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the distances."""
        x_m, y_m = self._metres(lon, lat)
        distance_m = np.full(len(x_m), np.inf)
        known = np.flatnonzero(np.isfinite(x_m) & np.isfinite(y_m))
        points = shapely.points(x_m[known], y_m[known])
        found, nearest_m = self._tree.query_nearest(points, return_distance=True, all_matches=False)
        distance_m[known[found[0]]] = nearest_m
        return distance_m


def _looks_shifted(
    nearest: _NearestStreet, lon: NDArray[np.float64], lat: NDArray[np.float64], median_m: float, file: str
) -> Notice:
    otherwise_m = {
        system: float(np.median(nearest.distance_m(*to_wgs84(lon, lat, system))))
        for system in _SHIFTED_SYSTEMS
    }
    likely = min(otherwise_m, key=lambda system: otherwise_m[system])
    message = _(
        "half of the places lie more than {n} m off every street: GCJ-02 or BD-09 coordinates were probably "
        "stated as WGS-84 (read as {system}, they would lie {m} m off)",
        n=round(median_m),
        system=system_label(likely),
        m=round(otherwise_m[likely]),
    )
    mend = _("Find out the coordinate system of the file and state it, e.g. gcj02.")
    value = f"{round(median_m)} m"
    return Notice(
        "coordinates-look-shifted", "warning", message, file, value=value, mend=mend, count=len(lon)
    )


def _is_streets(path: Path) -> bool:
    return path.name.lower().endswith(tuple(osm_files.SUFFIXES))


def _check_streets(path: Path) -> tuple[Streets | None, tuple[Notice, ...]]:
    try:
        streets = read_streets(path)
    except AccessibilityError as error:
        return None, error_notices(error)
    return streets, streets.provenance.notices


def _check_study(path: Path) -> tuple[Notice, ...]:
    try:
        read_study(path)
    except AccessibilityError as error:
        return error_notices(error)
    return ()


def _check_timetable(path: Path) -> tuple[Notice, ...]:
    try:
        timetable = read_gtfs([path])
    except AccessibilityError as error:
        return error_notices(error)
    return timetable.provenance.notices


def _check_places(path: Path, system: str, streets: Streets | None) -> tuple[Notice, ...]:
    try:
        places = read_places(path, system=system)
    except AccessibilityError as error:
        return error_notices(error)
    shifted = () if streets is None else streets_shift_notices(places, streets)
    return (*places.provenance.notices, *shifted)
