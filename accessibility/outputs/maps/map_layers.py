"""Places and assumed lines as switchable layers of a map."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.places import Places
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.embedding import packed_lines
from accessibility.outputs.maps.map_cards import nearest_tables, times_tables
from accessibility.outputs.maps.map_frame import MapFrame
from accessibility.outputs.wording import (
    by_language,
    kind_text,
    mark_text,
    place_name,
)

LINE_COLOURS = {"11": "#7d2a35", "13": "#b0467d", "14": "#5b5b14"}
"""Colours near those of the lines' own signs, dark enough to be read."""

OTHER_LINE_COLOUR = "#37474f"
FACILITY_COLOUR = "#8a1538"
ASSUMED_COLOUR = "#9a3d00"


@dataclass(frozen=True)
class Look:
    """How a kind of place is drawn: form, sign and colour, so that none of them stands alone."""

    glyph: str
    glyph_en: str
    colour: str
    symbol: str = "square"
    on: bool = True
    rank: int = 4
    named_from: float = 13.0


LOOKS = {
    "hospital": Look("医", "H", "#a3121f", named_from=12.5),
    "hospital_entrance": Look("门", "e", "#a3121f", "dot", False, 7, 15.5),
    "health_centre": Look("卫", "c", "#8c2d04", "square", False, 5, 14.0),
    "health_station": Look("卫", "c", "#8c2d04", "dot", False, 6, 15.0),
    "school_k12": Look("文", "S", "#08488f", named_from=13.5),
    "school_9yr": Look("文", "S", "#08488f", named_from=14.0),
    "school_senior": Look("文", "S", "#08488f", named_from=14.0),
    "school_junior": Look("文", "S", "#08488f", named_from=14.0),
    "school_primary": Look("文", "S", "#08488f", named_from=14.0),
    "kindergarten": Look("幼", "k", "#3f5d9c", "dot", False, 6, 15.0),
    "mall": Look("商", "M", "#5d3a91"),
    "park": Look("园", "P", "#1c6b3a"),
    "railway_station": Look("铁", "R", "#26323d", "round"),
    "landmark": Look("★", "★", "#4b4b4b", "square", False, 6, 13.5),
}
OTHER_LOOK = Look("·", "·", "#4b4b4b", "dot", False, 6, 14.5)


def site_layer(frame: MapFrame, tables: Sequence[AccessTable] = ()) -> list[dict[str, Any]]:
    """
    Draw where people start: candidate sites with the circle in which the true place lies.

    Parameters
    ----------
    frame
        What all maps share.
    tables
        Nearest tables from the sites, told in their cards.

    Returns
    -------
    layers
        One layer, or none without sites.
    """
    sites = frame.places.of_kinds(frame.study.origin_kinds)
    points = []
    for i in np.flatnonzero(sites.located).tolist():
        card = place_card(sites, i)
        card["tables"] = nearest_tables(frame, sites.ids[i], tables)
        if card["tables"]:
            card["why"] = _(
                "Minutes over the streets drawn here, middle of the range; all ranges: results page."
            )
        point = _point(sites, i, card, name="", radius_m=float(sites.uncertainty_m[i]))
        points.append({**point, "glyph": _short(sites.ids[i])})
    if not points:
        return []
    head = layer_head(
        "sites", _("Starting places (circle: stated uncertainty of the position)"), "diamond", "#6a1b6a", "C"
    )
    return [{**head, "points": points, "keep": True, "rank": 1, "above": 1000, "count": len(points)}]


def station_layers(frame: MapFrame, times: Sequence[TravelTimes] = ()) -> list[dict[str, Any]]:
    """Draw metro stations, one layer per line; those not open on the first date are dashed and say so."""
    stations = frame.places.of_kinds(["metro_station"])
    first, last = min(frame.study.as_of), max(frame.study.as_of)
    lines = sorted(set(stations.fact("line")), key=lambda line: (len(line), line))
    layers = []
    for line in lines:
        chosen = stations.take([i for i, of in enumerate(stations.fact("line")) if of == line])
        points = []
        for i in np.flatnonzero(chosen.located).tolist():
            state, symbol = _station_state(chosen.fact("valid_from")[i], first, last)
            card = place_card(chosen, i, times, frame.period_names())
            card["kind"] = _("metro station, Line {line}", line=line) if line else kind_text("metro_station")
            card["facts"].insert(0, [_("in operation"), state])
            points.append({**_point(chosen, i, card), "symbol": symbol, "glyph": line[:2]})
        if points:
            name = _("Line {line} stations", line=line) if line else _("Metro stations")
            head = layer_head(
                f"line-{line or 'other'}", name, "ring", LINE_COLOURS.get(line, OTHER_LINE_COLOUR), line[:2]
            )
            extra = {"keep": True, "rank": 2, "named_from": 11.5, "above": 500, "count": len(points)}
            layers.append({**head, "points": points, **extra})
    return layers


def place_layers(
    frame: MapFrame, times: Sequence[TravelTimes] = (), *, on: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """
    Draw every other kind of place, one layer per sign.

    Parameters
    ----------
    frame
        What all maps share.
    times
        Travel times from the sites, told in the cards of the places.
    on
        Kinds that are switched on; what the kind's look says where not given.
    """
    skip = {*frame.study.origin_kinds, "metro_station"}
    groups: dict[str, list[str]] = {}
    for kind in dict.fromkeys(frame.places.kinds):
        if kind not in skip:
            groups.setdefault("school" if kind.startswith("school") else kind, []).append(kind)
    layers = []
    for group in sorted(
        groups, key=lambda g: list(LOOKS).index(groups[g][0]) if groups[g][0] in LOOKS else 99
    ):
        kinds = groups[group]
        chosen = frame.places.of_kinds(kinds)
        look = LOOKS.get(kinds[0], OTHER_LOOK)
        points = [
            _point(chosen, i, place_card(chosen, i, times, frame.period_names()))
            for i in np.flatnonzero(chosen.located).tolist()
        ]
        if not points:
            continue
        shown = look.on if on is None else bool(set(kinds) & set(on))
        name = _("schools") if group == "school" else kind_text(kinds[0])
        head = layer_head(
            f"kind-{group}", name, look.symbol, look.colour, by_language(look.glyph, look.glyph_en), on=shown
        )
        layers.append(
            {**head, "points": points, "rank": look.rank, "named_from": look.named_from, "count": len(points)}
        )
    return layers


def facility_layer(places: Places) -> list[dict[str, Any]]:
    """Draw all facilities of one question alike, whatever their kinds."""
    points = [_point(places, i, place_card(places, i)) for i in np.flatnonzero(places.located).tolist()]
    if not points:
        return []
    head = layer_head("facilities", _("Facilities"), "ring", FACILITY_COLOUR, "")
    extra = {"keep": True, "rank": 1, "named_from": 12.5, "above": 500, "count": len(points)}
    return [{**head, "points": points, **extra}]


def overlay_layers(frame: MapFrame, overlays: Sequence[Places]) -> list[dict[str, Any]]:
    """
    Draw assumed lines dashed, from stop to stop.

    Parameters
    ----------
    frame
        What all maps share; the line that starts where the assumed one begins gives it its name.
    overlays
        One table per assumed line: its stops in order, never routed on. A stop of mark S exists already
        and is drawn elsewhere.
    """
    layers = []
    for number, table in enumerate(overlays):
        stops = table.take(table.located)
        if len(stops) < 2:
            continue
        line = stops.fact("line")[0] or _line_at(frame.places, float(stops.lon[0]), float(stops.lat[0]))
        title = _("assumed extension of Line {line}", line=line) if line else _("assumed line")
        assumed = [i for i, mark in enumerate(stops.fact("mark")) if mark != "S"]
        card = {
            "title": title,
            "kind": _("assumption, not official"),
            "facts": _assumed_facts(stops, assumed[-1:]),
        }
        course = packed_lines([np.column_stack([stops.lon, stops.lat])])
        points = []
        for i in assumed:
            told = {**place_card(stops, i), "kind": _("assumed stop: assumption, not official")}
            points.append({**_point(stops, i, told), "symbol": "dot", "glyph": ""})
        label = (
            _("Assumed extension of Line {line} (not official)", line=line)
            if line
            else _("Assumed line (not official)")
        )
        head = layer_head(f"assumed-{number}", label, "dash", ASSUMED_COLOUR, "")
        lines = [{"course": course, "dash": "9 7", "weight": 4, "card": card}]
        layers.append(
            {**head, "lines": lines, "points": points, "rank": 3, "named_from": 13.5, "count": len(points)}
        )
    return layers


def _line_at(places: Places, lon: float, lat: float) -> str:
    """Name the metro line that has a station here (within about 300 m), ``""`` where none has."""
    stations = places.of_kinds(["metro_station"])
    stations = stations.take(stations.located)
    if not len(stations):
        return ""
    apart = np.hypot((stations.lon - lon) * np.cos(np.radians(lat)), stations.lat - lat)
    at = int(np.argmin(apart))
    return stations.fact("line")[at] if apart[at] < 0.003 else ""


def place_card(
    places: Places, index: int, times: Sequence[TravelTimes] = (), periods: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Tell a place: what it is, how sure its position is, its source, the way to it from the sites."""
    facts = []
    if places.fact("address")[index]:
        facts.append([_("address"), places.fact("address")[index]])
    uncertainty_m = float(places.uncertainty_m[index])
    sure = _("± {metres} m", metres=f"{uncertainty_m:.0f}") if uncertainty_m else _("not stated")
    facts.append([_("position"), f"{places.lon[index]:.5f}, {places.lat[index]:.5f} (WGS-84), {sure}"])
    for name, label in (("mark", _("mark")), ("source", _("source")), ("note", _("note"))):
        text = places.fact(name)[index]
        if text:
            facts.append([label, mark_text(text) if name == "mark" else text])
    tables = times_tables(times, places.ids[index], periods or {})
    why = ""
    if tables:
        why = _("Minutes over the streets drawn here, middle of the range; last column: shortest to longest.")
    return {
        "title": place_name(places, index),
        "kind": kind_text(places.kinds[index]),
        "facts": facts,
        "tables": tables,
        "why": why,
    }


def _station_state(valid_from: str, first: date, last: date) -> tuple[str, str]:
    if not valid_from:
        return _("opening date has no source; taken as open"), "ring"
    if valid_from <= first.isoformat():
        return _("since {date}", date=valid_from), "ring"
    if valid_from <= last.isoformat():
        return _("since {date}; not yet on {first}", date=valid_from, first=first.isoformat()), "later"
    return _("from {date}; not on the dates of the study", date=valid_from), "later"


def _assumed_facts(stops: Places, chosen: Sequence[int]) -> list[list[str]]:
    facts = []
    for i in chosen:
        facts.append([_("mark"), mark_text(stops.fact("mark")[i])])
        facts.append([_("source"), stops.fact("source")[i]])
    return [[label, text] for label, text in facts if text]


def _point(
    places: Places, index: int, card: Mapping[str, Any], *, name: str | None = None, radius_m: float = 0.0
) -> dict[str, Any]:
    at = [round(float(places.lat[index]), 5), round(float(places.lon[index]), 5)]
    title = str(card["title"])
    point: dict[str, Any] = {"at": at, "card": card, "name": title if name is None else name}
    point["find"] = f"{title} · {card['kind']}"
    if radius_m:
        point["radius_m"] = radius_m
    return point


def layer_head(
    ident: str, name: str, symbol: str, colour: str, glyph: str, *, on: bool = True
) -> dict[str, Any]:
    """Say what a layer is called and how its legend looks."""
    return {"id": ident, "name": name, "symbol": symbol, "colour": colour, "glyph": glyph, "on": on}


def _short(place_id: str) -> str:
    return place_id if len(place_id) <= 3 else "•"
