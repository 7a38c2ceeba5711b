"""The maps of a report: what is drawn on which, and in which file."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from accessibility.messages import _, speaking
from accessibility.model.isochrone import Isochrone
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.outputs.maps.line_layers import BUS, courses
from accessibility.outputs.maps.map_frame import OSM_LICENCE, uses_osm
from accessibility.outputs.report import maps as report_maps
from accessibility.outputs.report.location import location_map
from accessibility.outputs.report.sections import OwnMap
from accessibility.outputs.wording import by_language, period_text
from accessibility.studies.answered import Answered

_MOST_PANELS = 6
STATION = "metro_station"


def named_places(answered: Answered) -> tuple[str, ...]:
    """List the places that claims or questions name, in order, without stations: these carry their names."""
    claims = answered.evidence.claims.claims
    questions = answered.loaded.study.questions
    named = [i for claim in claims for i in (*claim.destinations, *claim.origins)]
    named += [i for question in questions for i in question.destinations]
    places = answered.loaded.places
    return tuple(i for i in dict.fromkeys(named) if places.kinds[places.index(i)] != STATION)


def draw_maps(
    folder: Path, answered: Answered, *, crs_name: str
) -> tuple[list[OwnMap], list[OwnMap], tuple[Notice, ...]]:
    """
    Draw the maps of a report into a folder.

    Parameters
    ----------
    folder
        Folder of the report; maps go into ``maps`` within.
    answered
        The study and what was computed for it.
    crs_name
        Name of the study's projected coordinate system.

    Returns
    -------
    location, isochrones, notices
        The maps with their captions. Where no font holds Chinese, maps are lettered in English and a notice
        says so.
    """
    (folder / "maps").mkdir()
    if report_maps.chinese_font():
        return *_drawn(folder, answered, crs_name), ()
    with speaking("en"):
        location, areas = _drawn(folder, answered, crs_name)
    notice = Notice(
        "map-font", "warning", _("no font for Chinese is installed, so the maps are lettered in English"),
        mend=_("Install one of: {fonts}.", fonts=", ".join(report_maps.FONTS[:4])),
    )  # fmt: skip
    return location, areas, (notice,)


def _drawn(folder: Path, answered: Answered, crs_name: str) -> tuple[list[OwnMap], list[OwnMap]]:
    code = answered.loaded.study.crs
    ground = _ground(answered, _("datum WGS-84; projection {crs} ({code})", crs=crs_name, code=code))
    return _location(folder, answered, ground), _isochrones(folder, answered, ground)


def _ground(answered: Answered, datum: str) -> report_maps.Ground:
    loaded = answered.loaded
    lines = []
    for timetable in loaded.timetables[:1]:
        for route in np.flatnonzero(timetable.route_type != BUS).tolist():
            lines += [(timetable.route_ids[route], course) for course in courses(timetable, route)]
    credit = OSM_LICENCE if uses_osm(answered.provenance) else ""
    return report_maps.Ground(loaded.streets, loaded.study.area, lines, datum, credit)


def _location(folder: Path, answered: Answered, ground: report_maps.Ground) -> list[OwnMap]:
    loaded = answered.loaded
    places = loaded.places
    stations = places.of_kinds((STATION,))
    first = min(loaded.study.as_of)
    operating = set(stations.operating(first).ids)
    named = _take(places, named_places(answered))
    file = "maps/location.png"
    location_map(
        folder / file,
        ground,
        answered.computed.sites,
        stations,
        named,
        later=[one for one in stations.ids if one not in operating],
    )
    caption = _("Location of the candidate sites, stations and places named")
    alt = _(
        "Schematic map: candidate sites with their uncertainty, metro stations, and the places claims name."
    )
    return [(file, caption, alt)]


def _isochrones(folder: Path, answered: Answered, ground: report_maps.Ground) -> list[OwnMap]:
    study, computed = answered.loaded.study, answered.computed
    site = study.default_origin or computed.sites.ids[0]
    at = computed.sites.index(site)
    where = (float(computed.sites.lon[at]), float(computed.sites.lat[at]))
    names = {period.id: by_language(period.name, period.name_en) for period in study.periods}
    panels: dict[tuple[str, str], list[Isochrone]] = {}
    for area in computed.isochrones:
        if area.origin_id == site and not area.area.is_empty:
            panels.setdefault((area.mode, area.period), []).append(area)
    drawn: list[OwnMap] = []
    groups: tuple[tuple[str, list[tuple[str, str]]], ...] = (
        ("drive", [key for key in panels if key[0] == "drive"]),
        ("other", [key for key in panels if key[0] != "drive"]),
    )
    for group, keys in groups:
        if not keys:
            continue
        file = f"maps/isochrones_{group}.png"
        titled = [
            (
                " ".join(part for part in (mode_text(mode), period_text(period, names)) if part),
                panels[mode, period],
            )
            for mode, period in keys[:_MOST_PANELS]
        ]
        below = ground if group == "drive" else _around(ground, titled)
        report_maps.isochrone_panels(folder / file, below, titled, where)
        caption = _(
            "Isochrones from {site}: {ways}", site=site, ways=_(", ").join(title for title, _areas in titled)
        )
        alt = _(
            "Schematic maps of what is reached within the cutoffs, darkest the nearest; areas in the table."
        )
        drawn.append((file, caption, alt))
    return drawn


def _around(
    ground: report_maps.Ground, titled: Sequence[tuple[str, Sequence[Isochrone]]]
) -> report_maps.Ground:
    """Show no more than what is reached, in the shape of the study's area."""
    west, south, east, north = ground.area
    bounds = np.array([area.area.bounds for _title, areas in titled for area in areas])
    middle = (bounds[:, :2].min(axis=0) + bounds[:, 2:].max(axis=0)) / 2
    spans = (bounds[:, 2:].max(axis=0) - bounds[:, :2].min(axis=0)) / (east - west, north - south)
    half = np.array([east - west, north - south]) / 2 * min(1.0, 1.1 * float(spans.max()))
    area = (*(middle - half).tolist(), *(middle + half).tolist())
    return replace(ground, area=(area[0], area[1], area[2], area[3]))


def _take(places: Places, ids: Sequence[str]) -> Places:
    return places.take([places.index(one) for one in ids])
