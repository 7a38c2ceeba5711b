"""Values of graph attributes: numbers, texts, lists or NaN, depending on where a graph has been."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.model.osm_rules import ACCESS_KEYS, DENIED

Data = Mapping[str, Any]
Points = NDArray[np.float64]

_ACCESS = frozenset(key for keys in ACCESS_KEYS.values() for key in keys)


def as_words(value: Any) -> list[str]:
    """Give a tag as a list of words: several where OSMnx merged several, none where it is missing."""
    if isinstance(value, list | tuple | set):
        return [word for part in value for word in as_words(part)]
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return []
    return [str(value)]


def tags_of(data: Data) -> dict[str, str]:
    """Give every tag as one word: of several the first, of several access values the one that forbids."""
    tags = {}
    for key, value in data.items():
        words = as_words(value)
        if key in _ACCESS:
            words = [word for word in words if word in DENIED] or words
        if words:
            tags[key] = words[0]
    return tags


def as_truth(value: Any) -> bool:
    """Read a truth value, also as the text that a file makes of it."""
    return str(value) in {"True", "true"}


def as_number(value: Any) -> float:
    """Read a number; NaN where there is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def as_whole(value: Any) -> int:
    """Read a whole number >= 0, also as the text or fraction a table makes of it; -1 where there is none."""
    text = str(value).removesuffix(".0")
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def as_way_id(text: str) -> int:
    """Read the number of a way (below 0 where it was never uploaded); 0 where there is none."""
    way_id = as_whole(text.removeprefix("-"))
    if way_id < 0:
        return 0
    return -way_id if text.startswith("-") else way_id


def as_points(geometry: Any) -> Points | None:
    """Read a line, drawn or as WKT; ``None`` where there is none of at least two points."""
    if isinstance(geometry, str):
        try:
            geometry = shapely.from_wkt(geometry)
        except shapely.errors.ShapelyError:
            return None
    if not isinstance(geometry, shapely.LineString) or geometry.is_empty:
        return None
    points: Points = shapely.get_coordinates(geometry)
    return points if np.isfinite(points).all() else None
