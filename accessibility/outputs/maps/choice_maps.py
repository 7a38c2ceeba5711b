"""Maps that show one of several areas or ways, chosen by fields: isochrones and journeys."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.isochrone import Isochrone
from accessibility.model.journey import Journey
from accessibility.model.modes import mode_text
from accessibility.outputs.embedding import packed_lines
from accessibility.outputs.maps.map_frame import MapFrame, MapPage, dates_text, write_map
from accessibility.outputs.maps.map_layers import place_layers, site_layer, station_layers
from accessibility.outputs.wording import (
    class_text,
    kilometres_text,
    level_text,
    minutes_text,
    names_by_id,
    part_text,
)

AREA_COLOURS = ("#08589e", "#2b8cbe", "#4eb3d3", "#7bccc4", "#a8ddb5", "#ccebc5")
"""Sequential blue-green (after ColorBrewer GnBu): darker is nearer."""

EDGE_COLOUR = "#0a3d66"
SIMPLIFIED_DEG = 5e-5


def isochrone_map(path: str | Path, frame: MapFrame, isochrones: Sequence[Isochrone]) -> Path:
    """
    Map the areas reached from the starting places within some minutes.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps of the study share.
    isochrones
        The areas; readers choose origin, mode with period, and level; all cutoffs are shown together.

    Returns
    -------
    path
        The file.

    Raises
    ------
    ModelError
        If there is no isochrone.
    """
    if not isochrones:
        raise ModelError("a map of isochrones needs at least one", code="isochrone-map-empty")
    names = names_by_id(frame.places)
    hows = {_how_key(i.mode, i.period): _how_text(frame, i.mode, i.period) for i in isochrones}
    page = MapPage(
        title=_("Isochrones"),
        subtitle=f"{frame.name} · {dates_text(frame.study)}",
        lead=_("Where one gets to within so many minutes. Choose:"),
        layers=[*site_layer(frame), *station_layers(frame), *place_layers(frame, on=())],
        notes=[
            _("The area is drawn around the streets reached; between streets it is only a picture."),
            _("Inner areas lie on top of outer ones; the figures give each whole area."),
        ],
        data={
            "view": "isochrones",
            "legend": True,
            "looks": _looks(sorted({i.cutoff_s // 60 for i in isochrones})),
            "isochrones": [_isochrone_data(frame, one, names) for one in isochrones],
            "names": {
                "origin": {
                    i.origin_id: f"{i.origin_id} {names.get(i.origin_id, '')}".strip() for i in isochrones
                },
                "how": hows,
                "level": {i.level: level_text(i.level) for i in isochrones},
            },
            "first": {"origin": frame.study.default_origin, "how": next(iter(hows)), "level": "mid"},
            "words": {
                "nothing": _("nothing reached"),
                "size": _("streets reached") if frame.study.street_use.generalised else _("area"),
            },
        },
        selects={"origin": _("From"), "how": _("Mode"), "level": _("Range")},
        scripts=("map_choice.js",),
        find=_("Find a place"),
    )
    return write_map(path, frame, page)


def journey_map(path: str | Path, frame: MapFrame, journeys: Sequence[Journey]) -> Path:
    """
    Map ways from door to door, told road by road.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps of the study share.
    journeys
        The ways; readers choose both ends, mode with period, and level.

    Returns
    -------
    path
        The file.

    Raises
    ------
    ModelError
        If there is no journey.
    """
    if not journeys:
        raise ModelError("a map of journeys needs at least one", code="journey-map-empty")
    names = names_by_id(frame.places)
    short = {
        i: i if len(i) <= 3 else names.get(i, i) for j in journeys for i in (j.origin_id, j.destination_id)
    }
    ways = {_way_key(j): f"{short[j.origin_id]} → {short[j.destination_id]}" for j in journeys}
    hows = {_how_key(j.mode, j.period): _how_text(frame, j.mode, j.period) for j in journeys}
    page = MapPage(
        title=_("Journeys, road by road"),
        subtitle=f"{frame.name} · {dates_text(frame.study)}",
        lead=_("The way behind a travel time. Choose:"),
        layers=[*site_layer(frame), *station_layers(frame), *place_layers(frame, on=())],
        notes=[
            _("The parts add up to the travel time. A car's access and parking are named apart."),
            _("The way is the quickest one under the assumed speeds, not a recommendation."),
        ],
        data={
            "view": "journeys",
            "detail": True,
            "journeys": [_journey_data(frame, one, names) for one in journeys],
            "names": {"way": ways, "how": hows, "level": {j.level: level_text(j.level) for j in journeys}},
            "first": {"way": next(iter(ways)), "how": next(iter(hows)), "level": "mid"},
        },
        selects={"way": _("Way"), "how": _("Mode"), "level": _("Range")},
        scripts=("map_choice.js",),
    )
    return write_map(path, frame, page)


def _looks(minutes: Sequence[int]) -> dict[str, dict[str, str]]:
    """Give every cutoff its colour, darker for nearer."""
    return {
        str(limit): {"fill": AREA_COLOURS[_shade(k, len(minutes))], "edge": EDGE_COLOUR}
        for k, limit in enumerate(minutes)
    }


def _shade(position: int, n_cutoffs: int) -> int:
    return round(position * (len(AREA_COLOURS) - 1) / max(1, n_cutoffs - 1)) if n_cutoffs > 1 else 2


def _how_key(mode: str, period: str) -> str:
    return f"{mode} {period}".strip()


def _how_text(frame: MapFrame, mode: str, period: str) -> str:
    return f"{mode_text(mode)} · {frame.period(period)}" if period else mode_text(mode)


def _way_key(journey: Journey) -> str:
    return f"{journey.origin_id}>{journey.destination_id}"


def _isochrone_data(frame: MapFrame, one: Isochrone, names: dict[str, str]) -> dict[str, Any]:
    minutes = one.cutoff_s // 60
    area = shapely.simplify(one.area, SIMPLIFIED_DEG)
    polygons = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon" and not part.is_empty]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    label = _("up to {limit} min", limit=minutes)
    size = _("{km2} km²", km2=f"{one.area_km2:.1f}")
    card = {
        "title": f"{names.get(one.origin_id, one.origin_id)} · {label}",
        "kind": f"{_how_text(frame, one.mode, one.period)} · {level_text(one.level)}",
        "facts": [
            [_("area"), size],
            [_("streets reached"), _("{km} km", km=f"{one.street_km:.1f}")],
        ],
        "why": _(
            "Streets reached in this time, with a strip around them. Position of the start: see its circle."
        ),
    }
    return {
        "origin": one.origin_id,
        "how": _how_key(one.mode, one.period),
        "level": one.level,
        "minutes": minutes,
        "label": label,
        "size": _("{km} km", km=f"{one.street_km:.1f}") if frame.study.street_use.generalised else size,
        "area": {
            "rings": packed_lines([shapely.get_coordinates(ring) for ring in rings]),
            "parts": [1 + len(polygon.interiors) for polygon in polygons],
        },
        "card": card,
    }


def _journey_data(frame: MapFrame, one: Journey, names: dict[str, str]) -> dict[str, Any]:
    course = np.column_stack([one.lon, one.lat])
    rows = [
        [
            part.name or (class_text(part.road_class) if part.road_class else part_text(part.kind)),
            minutes_text(part.duration_s),
            kilometres_text(part.distance_m),
        ]
        for part in one.parts
    ]
    facts = [
        [_("travel time"), _("{minutes} min", minutes=minutes_text(one.duration_s))],
        [_("distance"), _("{km} km", km=kilometres_text(one.distance_m))],
    ]
    if one.terminal_s:
        total = minutes_text(one.duration_s + one.terminal_s)
        facts.append(
            [_("access and parking, apart"), _("{minutes} min", minutes=minutes_text(one.terminal_s))]
        )
        facts.append([_("both together"), _("{minutes} min", minutes=total)])
    start, end = names.get(one.origin_id, one.origin_id), names.get(one.destination_id, one.destination_id)
    short = [i if len(i) <= 3 else name for i, name in ((one.origin_id, start), (one.destination_id, end))]
    card = {
        "title": f"{start} → {end}",
        "kind": f"{_how_text(frame, one.mode, one.period)} · {level_text(one.level)}",
        "facts": facts,
        "tables": [{"head": [_("road"), _("min"), "km"], "rows": rows, "numbers": [0, 1, 1]}],
    }
    ends = [
        {"at": [round(float(one.lat[at]), 5), round(float(one.lon[at]), 5)], "name": name, "sign": sign}
        for at, name, sign in ((0, short[0], "A"), (-1, short[1], "B"))
        if len(one.lon)
    ]
    return {
        "way": _way_key(one),
        "how": _how_key(one.mode, one.period),
        "level": one.level,
        "course": packed_lines([course] if len(course) else []),
        "ends": ends,
        "card": card,
    }
