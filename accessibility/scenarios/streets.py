"""Changes to streets: built, closed, changed. How many segments a name selects is told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import substring

from accessibility.messages import _, listed
from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.osm_rules import CLASS_MODES, NO_STOPPING
from accessibility.model.projection import project_or_nan
from accessibility.model.street_changes import AddStreet, ChangeStreet, CloseStreet
from accessibility.model.streets import Streets
from accessibility.scenarios.junctions import (
    Point,
    SegmentDraft,
    next_way_id,
    with_junction,
    with_node,
    with_segment,
)
from accessibility.scenarios.work import Work, nearest_names
from accessibility.streetwork.snapping import segment_lines
from accessibility.units import mps_from_kmh

BITS = {"walk": WALK, "cycle": CYCLE, "drive": DRIVE}
TOUCH_M = 0.01
"""Points nearer than this (m) are one."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class _Anchor:
    """A place where a new street may be joined: how far along its course (m), where, and whether it must."""

    along_m: float
    at: Point
    key: str


def add_street(work: Work, change: AddStreet) -> None:
    """
    Build a street.

    Both ends are joined to the nearest street within the joining radius, which is split there; streets that
    it crosses are joined at the stated junctions only, for a crossing may be a bridge.
    """
    bits = _class_modes(work, change)
    course = _course(work, change.course, "course")
    streets = work.streets
    if course is None or streets is None or work.problems:
        return
    line = shapely.LineString(course)
    if line.length < TOUCH_M:
        work.say("course", _("the street has no length"))
        return
    anchors = [_Anchor(0.0, course[0], "course"), _Anchor(line.length, course[-1], "course")]
    for at in _course(work, change.junctions, "junctions") or ():
        if line.distance(shapely.Point(at)) > max(work.join_m, TOUCH_M):
            work.say("junctions", _("the junction does not lie on the course"), at)
        anchors.append(_Anchor(float(line.project(shapely.Point(at))), at, "junctions"))
    if work.problems:
        return
    joined = _join(work, streets, sorted(anchors, key=lambda one: one.along_m), change.road_class, bits)
    if work.problems or joined is None:
        return
    streets, nodes = joined
    if any(a == b for a, b in pairwise(nodes)):
        work.say("course", _("the street would begin and end at the same junction"))
        return
    ordered = sorted(anchor.along_m for anchor in anchors)
    way_id = next_way_id(streets)
    for span_m, ends in zip(pairwise(ordered), pairwise(nodes), strict=True):
        streets = with_segment(streets, _piece(streets, change, line, span_m, ends, way_id, bits))
    work.tell(_("the street was added as way {way}: {n} segments, {metres} m", way=way_id, n=len(nodes) - 1,
                metres=round(float(streets.length_m[1 - len(nodes) :].sum()))))  # fmt: skip
    work.streets = streets


def close_street(work: Work, change: CloseStreet) -> None:
    """Close streets to some modes, in both directions."""
    bits = _bits(work, change.modes)
    chosen = _selected(work, change.ways, change.name)
    streets = work.streets
    if chosen is None or streets is None or work.problems:
        return
    if not ((streets.forward | streets.backward)[chosen] & bits).any():
        work.say("modes", _("these streets are closed to these modes already"), ", ".join(change.modes))
        return
    kept = np.where(chosen, np.uint8(EVERYONE & ~bits), np.uint8(EVERYONE))
    _put(work, chosen, replace(streets, forward=streets.forward & kept, backward=streets.backward & kept))


def change_street(work: Work, change: ChangeStreet) -> None:
    """
    Change speed limit, permissions or direction of streets.

    A mode that is let in goes where vehicles or others go already; on foot always both ways.
    """
    if change.speed_kmh is None and change.modes is None and change.one_way is None:
        work.say("speed_kmh", _("state speed_kmh, modes or one_way"))
    bits = None if change.modes is None else _bits(work, change.modes)
    chosen = _selected(work, change.ways, change.name)
    streets = work.streets
    if chosen is None or streets is None or work.problems:
        return
    forward, backward = streets.forward[chosen], streets.backward[chosen]
    vehicles = np.uint8(CYCLE | DRIVE)
    if bits is not None:
        forward, backward = _let_in(forward, backward, bits)
    if change.one_way is not None:
        let_in = (forward | backward) & vehicles
        forward = forward | let_in
        backward = backward & np.uint8(WALK) if change.one_way else backward | let_in
    columns = {name: getattr(streets, name).copy() for name in ("forward", "backward", "speed_cap_mps")}
    columns["forward"][chosen], columns["backward"][chosen] = forward, backward
    if change.speed_kmh is not None:
        columns["speed_cap_mps"][chosen] = mps_from_kmh(change.speed_kmh)
    if all(np.array_equal(column, getattr(streets, name)) for name, column in columns.items()):
        work.say("speed_kmh" if change.speed_kmh else "modes", _("these streets are like that already"))
        return
    _put(work, chosen, replace(streets, **columns))


def _let_in(
    forward: NDArray[np.uint8], backward: NDArray[np.uint8], bits: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Keep the directions of modes that were let in before; give the others those of vehicles."""
    new_forward, new_backward = forward & bits, backward & bits
    vehicles = CYCLE | DRIVE
    open_to_none = ((forward | backward) & vehicles) == 0
    for bit in (WALK, CYCLE, DRIVE):
        fresh = ((forward | backward) & bit) == 0
        if bits & bit:
            along, against = ((side & vehicles) > 0 for side in (forward, backward))
            both = open_to_none | (bit == WALK)
            new_forward = np.where(fresh & (along | both), new_forward | bit, new_forward)
            new_backward = np.where(fresh & (against | both), new_backward | bit, new_backward)
    return new_forward.astype(np.uint8), new_backward.astype(np.uint8)


def _put(work: Work, chosen: Mask, streets: Streets) -> None:
    before, work.streets = work.streets, streets
    work.tell(_("{n} segments were changed", n=int(chosen.sum())))
    if before is None:
        return
    lost = (before.forward & ~streets.forward) | (before.backward & ~streets.backward)
    if (lost & DRIVE).any():
        work.tell(_("lines keep their course and times: lead those that run here another way (reroute)"))


def _selected(work: Work, ways: Sequence[int], name: str) -> Mask | None:
    """Find the segments of some ways, of a name, or of both."""
    streets = _streets(work)
    if streets is None:
        return None
    if not ways and not name:
        work.say("name", _("no street is named: state ways or name"))
        return None
    chosen = np.ones(streets.n_segments, bool)
    known = set(streets.way_ids.tolist())
    for way in ways:
        if way not in known:
            near = sorted(known, key=lambda other: (abs(other - way), other))[:3]
            work.say("ways", _("there is no way {way}", way=way), way,
                     _("Nearest numbers: {numbers}", numbers=listed(map(str, near))))  # fmt: skip
    if ways:
        chosen &= np.isin(streets.way_ids, ways)
    if name:
        if name not in streets.names:
            work.say("name", _("there is no street {name}", name=name), name,
                     nearest_names(name, streets.names))  # fmt: skip
            return None
        chosen &= streets.name == streets.names.index(name)
    if not work.problems and not chosen.any():
        work.say("ways", _("none of these ways bears the name {name}", name=name), name)
    return chosen


def _streets(work: Work) -> Streets | None:
    if work.streets is None:
        work.say("", _("no streets are given that this could change"))
    return work.streets


def _bits(work: Work, modes: Iterable[str]) -> int:
    bits = 0
    for mode in modes:
        if mode not in BITS:
            what = _("there is no mode {mode}; there are {choices}", mode=mode, choices=listed(BITS))
            work.say("modes", what, mode)
        bits |= BITS.get(mode, 0)
    return bits


def _class_modes(work: Work, change: AddStreet) -> int:
    """Say who may use a street of a class, or refuse what no street of that class lets in."""
    usual = CLASS_MODES.get(change.road_class)
    if usual is None:
        what = _("there is no class of street {name}", name=change.road_class)
        work.say("class", what, change.road_class, nearest_names(change.road_class, tuple(CLASS_MODES)))
        return 0
    bits = usual if change.modes is None else _bits(work, change.modes)
    if not bits:
        work.say("modes", _("a street that nobody may use is no street"))
    on_foot_only = usual == WALK and change.road_class != "pedestrian" and bits & DRIVE
    if on_foot_only or (usual == DRIVE and bits & ~DRIVE):
        work.say("modes", _("no street of the class {name} lets these modes in", name=change.road_class),
                 ", ".join(change.modes or ()))  # fmt: skip
    return bits


def _course(work: Work, positions: Sequence[tuple[float, float]], key: str) -> list[Point] | None:
    """Turn positions into metres."""
    streets = _streets(work)
    if streets is None or not positions:
        return None
    lon, lat = np.array(positions, float).T
    x_m, y_m = project_or_nan(lon, lat, streets.crs)
    if not np.isfinite(x_m).all():
        work.say(key, _("a position lies outside the area of the streets"), positions)
        return None
    if not all(work.is_near(key, *position) for position in positions):
        return None
    return list(zip(x_m.tolist(), y_m.tolist(), strict=True))


def _join(
    work: Work, streets: Streets, anchors: Sequence[_Anchor], road_class: str, bits: int
) -> tuple[Streets, list[int]] | None:
    """Join every anchor to a street, or end there without a junction."""
    nodes, free = [], []
    for anchor in anchors:
        found = _nearest_segment(streets, anchor.at, max(work.join_m, TOUCH_M), road_class, bits)
        if found is None:
            free.append(anchor)
            streets, node = with_node(streets, anchor.at)
        else:
            streets, node = with_junction(streets, *found)
        nodes.append(node)
    radius = round(work.join_m)
    for anchor in free:
        if anchor.key == "junctions":
            work.say("junctions", _("no street lies within {radius} m", radius=radius), anchor.at)
    if len(free) == len(anchors):
        work.say("course", _("no street lies within {radius} m of either end", radius=radius), "",
                 _("Lead the course to the streets it joins."))  # fmt: skip
        return None
    if any(anchor.key == "course" for anchor in free):
        work.tell(_("one end joins no street within {radius} m: a dead end", radius=radius))
    return streets, nodes


def _nearest_segment(
    streets: Streets, at: Point, radius_m: float, road_class: str, bits: int
) -> tuple[int, float] | None:
    """Find the nearest segment that one of the modes may use, and how far along it the point lies."""
    usable = ((streets.forward | streets.backward) & bits) != 0
    if road_class not in NO_STOPPING:
        usable &= ~np.isin(np.array(streets.road_classes, dtype=object), NO_STOPPING)[streets.road_class]
    candidates = np.flatnonzero(usable)
    if not candidates.size:
        return None
    lines, point = segment_lines(streets)[candidates], shapely.Point(at)
    distance_m = shapely.distance(lines, point)
    nearest = int(np.argmin(distance_m))
    if distance_m[nearest] > radius_m:
        return None
    return int(candidates[nearest]), float(lines[nearest].project(point, normalized=True))


def _piece(
    streets: Streets, change: AddStreet, line: shapely.LineString, span_m: tuple[float, float],
    ends: tuple[int, int], way_id: int, bits: int,
) -> SegmentDraft:  # fmt: skip
    """Cut a piece out of the course and lead it to the junctions at both ends."""
    start, end = ((float(streets.x_m[node]), float(streets.y_m[node])) for node in ends)
    middle = [(float(x), float(y)) for x, y in substring(line, *span_m).coords]
    points = [start, *middle, end]
    kept = [
        p
        for i, p in enumerate(points)
        if i == 0 or np.hypot(p[0] - points[i - 1][0], p[1] - points[i - 1][1]) > 0
    ]
    return SegmentDraft(
        start=ends[0],
        end=ends[1],
        course=tuple(kept) if len(kept) > 1 else (start, end),
        way_id=way_id,
        road_class=change.road_class,
        name=change.name,
        speed_cap_mps=np.inf if change.speed_kmh is None else mps_from_kmh(change.speed_kmh),
        forward=bits,
        backward=bits & WALK if change.one_way else bits,
    )
