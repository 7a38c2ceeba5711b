"""The lines that a scenario changes, as they run before and after: what is new, what stays, what is left."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.comparison import Comparison
from accessibility.model.projection import project, unproject
from accessibility.model.timetable import NONE, Timetable
from accessibility.outputs.embedding import packed_lines
from accessibility.outputs.geo_layers import GeoLayer
from accessibility.outputs.maps.map_layers import ASSUMED_COLOUR, layer_head
from accessibility.outputs.sheets import Sheet

NEW, KEPT, LEFT = "new", "kept", "left"
"""What becomes of a piece of course."""

ALIKE_M = 25.0
"""Courses closer than this are drawn as one: both directions of a street, shapes of different makers."""

CHANGED_COLOUR = "#00573f"
LEFT_COLOUR = "#4a5563"


@dataclass(frozen=True, eq=False)
class ChangedPiece:
    """
    A piece of the course of a line that a scenario changes.

    Parameters
    ----------
    route, name
        Identifier, and what riders read.
    part
        ``new``, ``kept`` (served before and after) or ``left`` (no longer served).
    course
        Positions (degrees, WGS-84), shape ``[n, 2]``: lon, lat.
    """

    route: str
    name: str
    part: str
    course: NDArray[np.float64]


def changed_pieces(
    comparison: Comparison, before: Timetable, after: Timetable, crs: str
) -> tuple[ChangedPiece, ...]:
    """
    Cut the courses of changed lines into what is new, what stays and what is left.

    Parameters
    ----------
    comparison
        Names the lines that run otherwise than before.
    before, after
        Lines without and with the scenario.
    crs
        Projected coordinate system to measure in.
    """
    routes = dict.fromkeys(cost.route for cost in (*comparison.costs_before, *comparison.costs_after))
    pieces: list[ChangedPiece] = []
    for route in routes:
        old, new = (_courses(one, route, crs) for one in (before, after))
        name = _name(after, route) or _name(before, route)
        ground = old.buffer(ALIKE_M), new.buffer(ALIKE_M)
        for part, course in (
            (LEFT, old.difference(ground[1])),
            (KEPT, new.intersection(ground[0])),
            (NEW, new.difference(ground[0])),
        ):
            pieces += [ChangedPiece(route, name, part, line) for line in _degrees(course, crs)]
    return tuple(pieces)


def changed_layers(pieces: Sequence[ChangedPiece], *, assumed: bool) -> list[dict[str, Any]]:
    """Draw the pieces, a layer for each of new, kept and left; an assumed line is dashed and says so."""
    titles = {
        NEW: _("New course (assumption, not official)") if assumed else _("New course"),
        KEPT: _("Changed line, course as before (service: assumption)")
        if assumed
        else _("Changed line, course as before"),
        LEFT: _("Course no longer served"),
    }
    colour = ASSUMED_COLOUR if assumed else CHANGED_COLOUR
    looks = {
        NEW: {"weight": 5, "colour": colour, "dash": "9 7" if assumed else None},
        KEPT: {"weight": 3, "colour": colour, "dash": "9 7" if assumed else None},
        LEFT: {"weight": 3, "colour": LEFT_COLOUR, "dash": "1 7"},
    }
    layers = []
    for part in (LEFT, KEPT, NEW):
        lines = []
        for piece in pieces:
            if piece.part == part:
                card = {"title": piece.name, "kind": titles[part], "facts": []}
                lines.append({"course": packed_lines([piece.course]), "card": card, **looks[part]})
        if lines:
            symbol = "line" if looks[part]["dash"] is None else "dash"
            head = layer_head(f"changed-{part}", titles[part], symbol, str(looks[part]["colour"]), "")
            count = len({piece.route for piece in pieces if piece.part == part})
            layers.append({**head, "lines": lines, "rank": 3, "count": count})
    return layers


def changed_lines_layer(pieces: Sequence[ChangedPiece], *, assumed: bool) -> GeoLayer:
    """Give the pieces as lines for a GIS."""
    rows = tuple((piece.route, piece.name, piece.part, "assumed" if assumed else "") for piece in pieces)
    geometry = np.empty(len(pieces), dtype=object)
    geometry[:] = [shapely.LineString(piece.course) for piece in pieces]
    columns = ("line", "name", "part", "assumed")
    return GeoLayer(Sheet("changed_lines", _("Changed lines"), columns, rows), "LineString", geometry)


def _name(timetable: Timetable, route: str) -> str:
    if route not in timetable.route_ids:
        return ""
    at = timetable.route_ids.index(route)
    return timetable.route_short_names[at] or timetable.route_long_names[at] or route


def _courses(timetable: Timetable, route: str, crs: str) -> Any:
    """Give the usual course of each direction (m); nothing where the line does not exist."""
    lines = []
    if route in timetable.route_ids:
        trips = np.flatnonzero(timetable.trip_route == timetable.route_ids.index(route))
        for trip in _usual(timetable, trips.tolist()):
            lon, lat = _course(timetable, trip)
            known = np.isfinite(lon) & np.isfinite(lat)
            if known.sum() > 1:
                lines.append(np.column_stack(project(lon[known], lat[known], crs)))
    return shapely.union_all([shapely.LineString(xy) for xy in lines]) if lines else shapely.MultiLineString()


def _usual(timetable: Timetable, trips: Iterable[int]) -> Iterator[int]:
    """Choose the trip with the commonest stops of each direction, the longest of equals."""
    by_direction: dict[int, list[int]] = {}
    for trip in trips:
        by_direction.setdefault(int(timetable.trip_direction[trip]), []).append(trip)
    for some in by_direction.values():
        calls = {trip: _stops(timetable, trip).tobytes() for trip in some}
        often = Counter(calls.values())
        yield max(some, key=lambda trip: (often[calls[trip]], len(calls[trip]), -trip))


def _stops(timetable: Timetable, trip: int) -> NDArray[np.int32]:
    return timetable.stop_time_stop[timetable.stop_time_offset[trip] : timetable.stop_time_offset[trip + 1]]


def _course(timetable: Timetable, trip: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the course along the trip's shape, from stop to stop where it has none."""
    shape = int(timetable.trip_shape[trip])
    if shape != NONE:
        part = slice(timetable.shape_offset[shape], timetable.shape_offset[shape + 1])
        return timetable.shape_lon[part], timetable.shape_lat[part]
    stops = _stops(timetable, trip)
    return timetable.stop_lon[stops], timetable.stop_lat[stops]


def _degrees(course: Any, crs: str) -> Iterator[NDArray[np.float64]]:
    """Give the lines of a geometry (m) in degrees, joined where they meet, scraps left out."""
    lines = [part for part in shapely.get_parts(course) if part.length > 0]
    if not lines:
        return
    joined = shapely.line_merge(shapely.MultiLineString(lines))
    for line in shapely.get_parts(joined):
        if line.length > ALIKE_M:
            xy = shapely.get_coordinates(line)
            yield np.column_stack(unproject(xy[:, 0], xy[:, 1], crs))
