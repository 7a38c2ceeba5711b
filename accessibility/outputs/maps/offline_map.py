"""A folium map that opens by double-click without a network, and is the same bytes for the same inputs."""

import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import folium
import jinja2
from branca.element import Element, Figure
from markupsafe import escape
from xstatic.pkg import leaflet

from accessibility.outputs.embedding import data_uri, template_text

_STRAY_URL = re.compile(r"url\((?!data:)[^)]*\)")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*")


@dataclass(frozen=True)
class Tiles:
    """
    An optional base layer from a server (XYZ or WMTS address); pages are offline without one.

    Parameters
    ----------
    url
        Address with ``{z}``, ``{x}``, ``{y}`` and perhaps ``{s}``.
    attribution
        Whose map it is; shown as plain text.
    subdomains
        What ``{s}`` stands for, one entry per server.
    max_zoom
        Deepest zoom the server has.
    """

    url: str
    attribution: str
    subdomains: tuple[str, ...] = ()
    max_zoom: int = 18


@cache
def leaflet_files() -> tuple[str, str]:
    """Read Leaflet's script and style sheet, cleaned of every address (images, source maps)."""
    folder = Path(leaflet.BASE_DIR)
    script = _SOURCE_MAP.sub("", (folder / "leaflet.js").read_text(encoding="utf-8"))
    style = (folder / "leaflet.css").read_text(encoding="utf-8")
    style = style.replace("behavior: url(#default#VML);", "")
    return script, _STRAY_URL.sub("none", style)


class _Page(Figure):  # type: ignore[misc]
    """A whole HTML page: language, head, body, and the scripts last."""

    _template = jinja2.Template(
        '<!DOCTYPE html>\n<html lang="{{ this.lang }}">\n<head>\n{{ this.header.render(**kwargs) }}\n'
        "<title>{{ this.title }}</title>\n</head>\n<body>\n{{ this.html.render(**kwargs) }}\n"
        "<script>\n{{ this.script.render(**kwargs) }}\n</script>\n</body>\n</html>\n"
    )


class _Verbatim(Element):  # type: ignore[misc]
    """Text that reaches the page as it is: never read as a template a second time."""

    _template = jinja2.Template("{{ this.text }}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class OfflineMap(folium.Map):  # type: ignore[misc]
    """
    A ``folium.Map`` without any address outside the file.

    Folium's own layers (circles, polygons, popups, tooltips, layer control) may be added to it; those that
    load a plug-in from the internet may not.

    Parameters
    ----------
    bounds
        West, south, east, north (degrees, WGS-84) of what is shown first.
    title
        Name of the page.
    lang
        Language of the page, e.g. ``zh-CN``.
    surround
        HTML before and after the map, escaped by the caller.
    scripts, styles
        Further scripts and style sheets, as text.
    tail
        Script that runs when the map stands; ``{map}`` in it is the map's variable.
    """

    default_js: ClassVar[list[tuple[str, str]]] = [
        ("leaflet", data_uri("text/javascript", leaflet_files()[0])),
        ("bridge", data_uri("text/javascript", template_text("bridge.js"))),
    ]
    default_css: ClassVar[list[tuple[str, str]]] = [
        ("leaflet_css", data_uri("text/css", leaflet_files()[1])),
    ]

    _template = jinja2.Template(
        """
        {% macro header(this, kwargs) %}
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>html, body { height: 100%; margin: 0 } .folium-map { width: 100%; height: 100% }</style>
        {% endmacro %}
        {% macro script(this, kwargs) %}
            var {{ this.get_name() }} =
                L.map({{ this.get_name()|tojson }}, {{ this.leaflet_options|tojson }});
            {{ this.get_name() }}.fitBounds({{ this.first_view|tojson }});
            {{ this.get_name() }}.attributionControl.setPrefix("Leaflet");
        {% endmacro %}
        """
    )

    def __init__(
        self,
        bounds: tuple[float, float, float, float],
        *,
        title: str = "",
        lang: str = "zh-CN",
        surround: tuple[str, str] = ("", ""),
        scripts: Sequence[str] = (),
        styles: Sequence[str] = (),
        tail: str = "",
    ) -> None:
        west, south, east, north = bounds
        super().__init__(location=[(south + north) / 2, (west + east) / 2], tiles=None)
        self.first_view = [[south, west], [north, east]]
        self.leaflet_options = {
            "zoomControl": False,
            "zoomSnap": 0.25,
            "zoomDelta": 0.5,
            "wheelPxPerZoomLevel": 90,
        }
        self.surround = surround
        self.scripts, self.styles, self.tail = tuple(scripts), tuple(styles), tail
        page = _Page()
        page.lang, page.title = str(escape(lang)), str(escape(title))
        page.add_child(self, name="map")

    def render(self, **kwargs: Any) -> None:
        """Put head, body and scripts in place, under names that depend on nothing but their order."""
        _renumber(self)
        page = self.get_root()
        before, after = self.surround
        body = f'{before}<div class="folium-map" id="{self.get_name()}"></div>{after}'
        for number, text in enumerate(self.scripts):
            link = f'<script src="{data_uri("text/javascript", text)}"></script>'
            page.html.add_child(_Verbatim(link), name=f"script_{number}")
        page.html.add_child(_Verbatim(body), name="body")
        super().render(**kwargs)
        for number, text in enumerate(self.styles):
            link = f'<link rel="stylesheet" href="{data_uri("text/css", text)}"/>'
            page.header.add_child(_Verbatim(link), name=f"style_{number}")
        if self.tail:
            page.script.add_child(_Verbatim(self.tail.replace("{map}", self.get_name())), name="tail")

    def html(self) -> str:
        """Return the whole page."""
        return str(self.get_root().render())


def _renumber(root: Element) -> None:
    """Name every element by its place in the order, also where its parent keeps it under its name."""
    elements = list(_walk(root))
    names = {}
    for number, element in enumerate(elements):
        before = element.get_name()
        element._id = f"{number:04d}"
        names[before] = element.get_name()
    for element in elements:
        renamed = [(names.get(key, key), child) for key, child in element._children.items()]
        element._children = OrderedDict(renamed)


def _walk(element: Element) -> Iterator[Element]:
    yield element
    parts = [
        part
        for part in (vars(element).get(name) for name in ("header", "html", "script"))
        if part is not None
    ]
    for child in [*element._children.values(), *parts]:
        if isinstance(child, Element):
            yield from _walk(child)
