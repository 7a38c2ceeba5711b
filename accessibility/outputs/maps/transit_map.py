"""A journey by public transport on a map and as lines for a GIS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.transit_journey import PARTS, Leg, TransitJourney
from accessibility.outputs.embedding import packed_lines
from accessibility.outputs.geo_layers import GeoLayer
from accessibility.outputs.journey_words import clock_duration
from accessibility.outputs.maps.map_frame import MapFrame, MapPage, write_map
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.transit_words import clock_text, leg_text, level_name, part_name
from accessibility.outputs.wording import minutes_text, names_by_id
from accessibility.units import minutes_from_seconds

RIDE_COLOURS = ("#0b4f8a", "#9a3d00", "#5d3a91", "#1c6b3a")
"""One ride after the other; dark enough on light streets, and told apart without red against green."""

WALK_COLOUR, WALK_DASH = "#37474f", "2 9"


def transit_journey_map(path: str | Path, frame: MapFrame, journeys: Sequence[TransitJourney]) -> Path:
    """
    Map journeys by public transport: rides as lines, walks dotted, every leg with its clock times.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps share; its places hold both ends.
    journeys
        One per percentile; readers choose.

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
    one = journeys[0]
    way = f"{names[one.origin_id]} → {names[one.destination_id]}"
    page = MapPage(
        title=_("Journey by public transport"),
        subtitle=_("{way}, {day}", way=way, day=one.day),
        lead=_("The way behind a travel time. Choose:"),
        layers=[],
        notes=[
            _("The legs add up to the travel time; the wait at the first stop is part of it."),
            _("Rides follow the line's course where the timetable has one; dotted: on foot."),
        ],
        data={
            "view": "journeys",
            "detail": True,
            "journeys": [_journey_data(journey, way) for journey in journeys],
            "names": {
                "way": {"way": way},
                "how": {"transit": _("public transport")},
                "level": {journey.level: level_name(journey.level) for journey in journeys},
            },
            "first": {"way": "way", "how": "transit", "level": one.level},
        },
        selects={"way": _("Way"), "how": _("Mode"), "level": _("Percentile")},
        scripts=("map_choice.js",),
    )
    return write_map(path, frame, page)


def legs_layer(journeys: Sequence[TransitJourney], *, name: str = "legs") -> GeoLayer:
    """Give every leg that moves as a line with its times; waiting has no line and stays a row."""
    columns = (
        *("level", "leg", "kind", "mode", "line", "from_stop", "to_stop", "departure", "arrival"),
        *("minutes", "seconds", "text"),
    )
    rows: list[tuple[Cell, ...]] = []
    lines: list[Any] = []
    for journey in journeys:
        for number, leg in enumerate(journey.legs, start=1):
            ends = [stop.name if stop is not None else "" for stop in (leg.start, leg.end)]
            rows.append(
                (
                    *(journey.level, number, leg.kind, leg.mode),
                    "=".join(service.line for service in leg.services),
                    *ends,
                    *(clock_text(leg.start_s), clock_text(leg.end_s)),
                    *(minutes_from_seconds(leg.duration_s), leg.duration_s, leg_text(leg)),
                )
            )
            lines.append(_line(leg))
    geometry = np.empty(len(lines), dtype=object)
    geometry[:] = lines
    return GeoLayer(Sheet(name, _("Legs"), columns, tuple(rows)), "LineString", geometry)


def _line(leg: Leg) -> Any:
    return shapely.LineString(np.column_stack([leg.lon, leg.lat])) if len(leg.lon) > 1 else None


def _journey_data(journey: TransitJourney, way: str) -> dict[str, Any]:
    card = {
        "title": way,
        "kind": level_name(journey.level),
        "facts": [
            [_("travel time"), _("{minutes} min", minutes=minutes_text(journey.duration_s))],
            [_("leaving"), clock_text(journey.depart_s)],
            *([part_name(part), clock_duration(journey.seconds(part))] for part in PARTS),
        ],
        "tables": [
            {
                "head": [_("leg"), _("leaving"), _("min:s")],
                "rows": [
                    [leg_text(leg), clock_text(leg.start_s), clock_duration(leg.duration_s)]
                    for leg in journey.legs
                ],
                "numbers": [0, 1, 1],
            }
        ],
    }
    moving = [leg for leg in journey.legs if len(leg.lon)]
    doors = ((moving[0], 0, "A"), (moving[-1], -1, "B")) if moving else ()
    names = way.split(" → ")
    return {
        "way": "way",
        "how": "transit",
        "level": journey.level,
        "strokes": _strokes(moving),
        "ends": [
            {"at": [round(float(leg.lat[at]), 5), round(float(leg.lon[at]), 5)], "name": name, "sign": sign}
            for (leg, at, sign), name in zip(doors, names, strict=False)
        ],
        "card": card,
    }


def _strokes(legs: Sequence[Leg]) -> list[dict[str, Any]]:
    strokes: list[dict[str, Any]] = []
    n_rides = 0
    for leg in legs:
        riding = leg.kind == "ride"
        colour = RIDE_COLOURS[n_rides % len(RIDE_COLOURS)] if riding else WALK_COLOUR
        n_rides += riding
        facts = [[_("leaving"), clock_text(leg.start_s)], [_("arriving"), clock_text(leg.end_s)]]
        card = {"title": leg_text(leg), "kind": clock_duration(leg.duration_s), "facts": facts}
        course = packed_lines([np.column_stack([leg.lon, leg.lat])])
        strokes.append(
            {"course": course, "colour": colour, "dash": None if riding else WALK_DASH, "card": card}
        )
    return strokes
