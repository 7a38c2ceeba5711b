"""What all maps of a study share: title, base map, notes, licence, and the way to a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from accessibility.messages import _, language
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance
from accessibility.model.study import Study
from accessibility.outputs.embedding import json_for_script, template_text
from accessibility.outputs.maps.base_layer import BaseLayer
from accessibility.outputs.maps.offline_map import OfflineMap, Tiles
from accessibility.outputs.text_file import write_text
from accessibility.outputs.wording import by_language, class_text, period_text, spoken_half

OSM_LICENCE = "© OpenStreetMap contributors, ODbL"


_CAUTIONS = ("speeds-elsewhere", "study-no-destinations")


@dataclass(frozen=True, eq=False)
class MapFrame:
    """
    What all maps of a study share.

    Parameters
    ----------
    study
        The study; its area is the first view.
    places
        Every place a map may name.
    base
        Streets to draw below, None for a blank ground.
    provenance
        Sources of everything shown.
    tiles
        An optional base layer from a server; the pages stay offline until the reader switches it on.
    """

    study: Study
    places: Places
    base: BaseLayer | None
    provenance: Provenance
    tiles: Tiles | None = None

    @property
    def name(self) -> str:
        """Name of the study in the present language."""
        return by_language(self.study.name, self.study.name_en)

    def period_names(self) -> dict[str, str]:
        """Return identifier -> name of the study's periods."""
        return {period.id: by_language(period.name, period.name_en) for period in self.study.periods}

    def period(self, period: str) -> str:
        """Name a period of the study."""
        return period_text(period, self.period_names())


@dataclass(frozen=True, eq=False)
class MapPage:
    """
    One map, before it is written.

    Parameters
    ----------
    title, subtitle, lead
        Headline, line below it, first sentence of the panel.
    layers
        Switchable layers, as data.
    notes
        How to read the map, one sentence each.
    data
        Further data of the page; ``view`` names the script that draws it.
    selects
        Identifiers of the selection fields, in order, with their labels.
    scripts
        Files beside the templates that draw the view.
    find
        Label of the search field; empty for none.
    bounds
        What is shown first; the area of the study where not given.
    """

    title: str
    subtitle: str
    lead: str
    layers: Sequence[Mapping[str, Any]]
    notes: Sequence[str]
    data: Mapping[str, Any]
    selects: Mapping[str, str]
    scripts: tuple[str, ...] = ()
    find: str = ""
    bounds: tuple[float, float, float, float] | None = None


def write_map(path: str | Path, frame: MapFrame, page: MapPage) -> Path:
    """
    Write a map as one file that opens without a network.

    Parameters
    ----------
    path
        File to write.
    frame
        What all maps of the study share.
    page
        The map.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    data, shell = _page_data(frame, page), _shell(frame, page)
    env = environment()
    before = env.get_template("map_before.html.j2").render(shell)
    after = env.get_template("map_after.html.j2").render(shell)
    embedded = f'<script type="application/json" id="atlas-data">{json_for_script(data)}</script>'
    made = OfflineMap(
        page.bounds or frame.study.area,
        title=" · ".join(part for part in (page.title, frame.name) if part),
        lang="en" if language() == "en" else "zh-CN",
        surround=(before, after + embedded),
        scripts=[template_text(name) for name in ("map.js", *page.scripts)],
        styles=[template_text("map.css")],
        tail='Atlas.start({map}, JSON.parse(document.getElementById("atlas-data").textContent));',
    )
    return write_text(path, made.html())


def _page_data(frame: MapFrame, page: MapPage) -> dict[str, Any]:
    """Gather what the scripts of a page need."""
    west, south, east, north = page.bounds or frame.study.area
    return {
        **page.data,
        "words": {
            "nothing_found": _("Nothing of this name."),
            "map": page.title,
            "zoom_in": _("Zoom in"),
            "zoom_out": _("Zoom out"),
            **page.data.get("words", {}),
        },
        "bounds": [[south, west], [north, east]],
        "base": frame.base.as_data() if frame.base is not None else None,
        "tiles": _tiles_data(frame.tiles),
        "attribution": _attribution(frame),
        "layers": list(page.layers),
    }


def _shell(frame: MapFrame, page: MapPage) -> dict[str, Any]:
    """Gather what stands around the map."""
    return {
        "title": page.title,
        "subtitle": page.subtitle,
        "lead": page.lead,
        "selects": list(page.selects),
        "select_labels": dict(page.selects),
        "legend": "legend" in page.data,
        "pair": page.data.get("view") == "pair",
        "detail": "detail" in page.data,
        "layers": [_layer_head(layer) for layer in page.layers],
        "layers_title": _("Layers"),
        "tiles": frame.tiles is not None,
        "find": page.find,
        "notes": [*page.notes, *_common_notes(frame)],
        "licence": _licence(frame),
    }


@cache
def environment() -> jinja2.Environment:
    """Return the templates' environment: everything is escaped, a missing value is an error."""
    loader = jinja2.FunctionLoader(template_text)
    env = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = _
    env.filters["spoken"] = spoken_half
    return env


def uses_osm(provenance: Provenance) -> bool:
    """Say whether a source comes from OpenStreetMap."""
    texts = (f"{s.title} {s.licence}".lower() for s in provenance.sources)
    return any("openstreetmap" in text or "odbl" in text for text in texts)


def cautions(provenance: Provenance) -> list[Notice]:
    """Take the notices without which no figure may be read: told at the head of the page and on every map."""
    return [notice for notice in provenance.notices if notice.code in _CAUTIONS]


def dates_text(study: Study) -> str:
    """Write the dates of the study."""
    return " / ".join(day.isoformat() for day in study.as_of)


def avoided_text(study: Study) -> str:
    """Say which roads cars do not use."""
    classes = _(", ").join(class_text(road_class) for road_class in study.street_use.avoid)
    return _("Assumption: cars do not use these roads: {classes}.", classes=classes)


def _attribution(frame: MapFrame) -> list[str]:
    own = _("WGS-84, Web Mercator")
    return [OSM_LICENCE, own] if uses_osm(frame.provenance) else [own]


def _licence(frame: MapFrame) -> str:
    if uses_osm(frame.provenance):
        return _(
            "Map data: {licence}. Tables derived from it are under the same licence.", licence=OSM_LICENCE
        )
    return _("Sources are listed on the results page.")


def _common_notes(frame: MapFrame) -> list[str]:
    notes = [
        _("Coordinates are WGS-84. The map is schematic, north is up; no administrative boundaries."),
    ]
    if frame.study.as_of:
        notes.append(_("State of the study: {dates}.", dates=dates_text(frame.study)))
    if frame.study.street_use.generalised:
        notes.insert(
            0, _("The streets are a generalised network of main roads; local streets are missing on purpose.")
        )
    notes = [*(notice.message for notice in cautions(frame.provenance)), *notes]
    if frame.study.street_use.avoid:
        notes.append(avoided_text(frame.study))
    if frame.base is not None and frame.base.left_out:
        notes.append(
            _(
                "To keep the file small these streets are used in the computation but not drawn: {classes}.",
                classes=_(", ").join(frame.base.left_out),
            )
        )
    return notes


def _tiles_data(tiles: Tiles | None) -> dict[str, Any] | None:
    if tiles is None:
        return None
    return {
        "url": tiles.url,
        "attribution": tiles.attribution,
        "subdomains": list(tiles.subdomains),
        "max_zoom": tiles.max_zoom,
    }


def _layer_head(layer: Mapping[str, Any]) -> dict[str, Any]:
    keys = ("id", "name", "on", "symbol", "colour", "glyph")
    return {**{key: layer[key] for key in keys}, "count": layer.get("count", "")}
