"""The base map of every map: the same streets that were measured on, drawn as lines."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from accessibility.model.streets import Streets
from accessibility.outputs.embedding import packed_lines

CLASS_RANKS = {
    "motorway": 0,
    "trunk": 1,
    "primary": 2,
    "secondary": 3,
    "tertiary": 4,
    "unclassified": 5,
    "residential": 5,
    "living_street": 5,
    "road": 5,
    "service": 6,
    "pedestrian": 6,
}
"""Class of road -> rank of its line; every other class (footways, tracks) is of the last rank."""

LAST_RANK = 7
MAX_LABEL_RANK = 4
BUDGET_BYTES = 3_500_000
TOLERANCE_M = 4.0
LABEL_EVERY_M = 2500.0
MIN_LABEL_ROAD_M = 250.0


@dataclass(frozen=True)
class BaseLayer:
    """
    Streets ready to be drawn.

    Parameters
    ----------
    lines
        Per rank of road, main roads first: rank and packed courses.
    labels
        Where names may stand: lon, lat (degrees), turn (degrees clockwise), name, rank, length of road (m).
    left_out
        OSM classes that were left out to keep pages small.
    bounds
        West, south, east, north (degrees) of everything drawn.
    """

    lines: tuple[tuple[int, dict[str, str]], ...]
    labels: tuple[tuple[float, float, float, str, int, int], ...]
    left_out: tuple[str, ...]
    bounds: tuple[float, float, float, float]

    def as_data(self) -> dict[str, Any]:
        """Return what a page needs to draw it."""
        return {
            "lines": [{"rank": rank, **columns} for rank, columns in self.lines],
            "labels": [list(label) for label in self.labels],
        }


def base_layer(streets: Streets, *, budget_bytes: int = BUDGET_BYTES) -> BaseLayer:
    """
    Simplify the streets to a base map of limited size.

    Parameters
    ----------
    streets
        The network.
    budget_bytes
        Largest size of the lines in a page; minor classes are left out until the rest fits.

    Returns
    -------
    base
        Lines, names and the classes that were left out.
    """
    to_degrees = Transformer.from_crs(streets.crs, "EPSG:4326", always_xy=True)
    ranks = np.array([_rank(name) for name in streets.road_classes], dtype=np.int64)[streets.road_class]
    lines: list[tuple[int, dict[str, str]]] = []
    labels: list[tuple[float, float, float, str, int, int]] = []
    spent, dropped_ranks = 0, set[int]()
    for rank in sorted(set(ranks.tolist())):
        merged = _merged_by_name(streets, np.flatnonzero(ranks == rank))
        courses = [
            _degrees(shapely.get_coordinates(part), to_degrees)
            for parts in merged.values()
            for part in shapely.simplify(parts, TOLERANCE_M)
        ]
        columns = packed_lines(courses)
        size = sum(len(text) for text in columns.values())
        if dropped_ranks or (lines and spent + size > budget_bytes):
            dropped_ranks.add(rank)
            continue
        spent += size
        lines.append((rank, columns))
        if rank <= MAX_LABEL_RANK:
            labels.extend(_labels(merged, rank, to_degrees))
    left_out = tuple(sorted({c for c in streets.road_classes if _rank(c) in dropped_ranks}))
    x, y = streets.shape_x_m, streets.shape_y_m
    bounds = (
        to_degrees.transform_bounds(x.min(), y.min(), x.max(), y.max()) if len(x) else (0.0, 0.0, 0.0, 0.0)
    )
    west, south, east, north = (round(float(value), 5) for value in bounds)
    return BaseLayer(tuple(lines), tuple(labels), left_out, (west, south, east, north))


def _rank(road_class: str) -> int:
    return CLASS_RANKS.get(road_class.removesuffix("_link"), LAST_RANK)


def _merged_by_name(streets: Streets, segments: NDArray[np.intp]) -> dict[str, list[Any]]:
    """Join segments of one name to long lines (m)."""
    by_name: dict[int, list[int]] = defaultdict(list)
    for segment in segments.tolist():
        by_name[int(streets.name[segment])].append(segment)
    merged: dict[str, list[Any]] = {}
    for name in sorted(by_name):
        lines = [shapely.LineString(streets.shape(segment)) for segment in by_name[name]]
        joined = shapely.line_merge(shapely.MultiLineString(lines))
        merged[streets.names[name]] = list(shapely.get_parts(joined))
    return merged


def _degrees(points_m: NDArray[np.float64], to_degrees: Transformer) -> NDArray[np.float64]:
    lon, lat = to_degrees.transform(points_m[:, 0], points_m[:, 1])
    return np.column_stack([lon, lat])


def _labels(
    merged: dict[str, list[Any]], rank: int, to_degrees: Transformer
) -> list[tuple[float, float, float, str, int, int]]:
    """Choose where the names of roads may stand, the longest pieces first."""
    labels = []
    for name, parts in merged.items():
        if not name:
            continue
        for line in sorted(parts, key=lambda part: -part.length):
            if line.length < MIN_LABEL_ROAD_M:
                break
            n_labels = max(1, round(line.length / LABEL_EVERY_M))
            for number in range(n_labels):
                along_m = line.length * (number + 0.5) / n_labels
                before, at, after = (line.interpolate(along_m + step) for step in (-80.0, 0.0, 80.0))
                lon, lat = to_degrees.transform(at.x, at.y)
                turn = -np.degrees(np.arctan2(after.y - before.y, after.x - before.x))
                turn = (turn + 90.0) % 180.0 - 90.0
                place = (round(float(lon), 5), round(float(lat), 5), round(float(turn), 1))
                labels.append((*place, name, rank, round(line.length / n_labels)))
    return labels
