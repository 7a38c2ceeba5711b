"""The location map of a report: sites, stations, roads and the places that claims name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Course

from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.report.maps import (
    FIRST_CHINESE,
    MM,
    TEXT_WIDTH_MM,
    Ground,
    draw_ground,
    drawable,
    furnish,
    legend,
    lettering,
    save,
    scale_bar,
    sheet,
)
from accessibility.outputs.wording import by_language

SITE, STATION, NAMED, ROAD = "#b0281a", "#1f4e79", "#7a3b8f", "#6d5a2e"

_SIZE_PT = 7.0
_MAX_ROAD_RANK = 2
_MOST_ROADS = 14
_LEAST_ROAD_M = 1500

Box = tuple[float, float, float, float]


def location_map(
    path: Path, ground: Ground, sites: Places, stations: Places, named: Places, *, later: Sequence[str] = ()
) -> None:
    """
    Draw sites with the uncertainty of their position, stations, and the places that claims name.

    Parameters
    ----------
    path
        PNG file.
    ground
        What lies below.
    sites, stations
        Candidate sites (labelled by id) and stations (labelled by name).
    named
        Places that carry numbers from 1.
    later
        Ids of stations that were not operating on the first date: drawn hollow.
    """
    with lettering():
        figure, (axes,) = sheet(ground, 1, 1, foot_mm=19)
        draw_ground(axes, ground, rails=True)
        labels = _Labels(axes, ground)
        for places in (sites, stations, named):
            labels.keep_free(places)
        _draw_sites(labels, sites)
        _draw_named(labels, named)
        _draw_stations(labels, stations, set(later))
        _label_roads(labels)
        furnish(axes, ground)
        legend(figure, [
            ("^", SITE, SITE, _("candidate site, with the uncertainty of its position")),
            ("o", STATION, STATION, _("metro station, operating on the first date")),
            ("o", "white", STATION, _("metro station, opened later")),
            ("s", NAMED, NAMED, _("place that a claim names, by its number in the table")),
        ])  # fmt: skip
        save(figure, path, ground)


@dataclass
class _Labels:
    """Sets labels where they cover nothing; a label without room is left out."""

    axes: Axes
    ground: Ground
    taken: list[Box] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Keep the scale bar free."""
        west, east, south, north = self.ground.frame()
        self.per_pt = (east - west) / (TEXT_WIDTH_MM * MM * 72)
        self.frame = (west, south, east, north)
        _x, y, high, line, length = scale_bar(self.ground)
        self.taken.append((west, south, west + 1.2 * length, y + 3 * high + line))
        self.taken.append((east - 0.09 * (east - west), north - 0.2 * (north - south), east, north))

    def keep_free(self, places: Places) -> None:
        """Let no label cover these points."""
        half = 2.6 * self.per_pt
        for x, y in zip(*self.ground.metres(places.lon, places.lat), strict=True):
            self.taken.append((x - half, y - half, x + half, y + half))

    def beside(
        self, at: tuple[float, float], text: str, colour: str, *, bold: bool = False, above: bool = False
    ) -> None:
        """Set a label to the right, left, above or below a point, or at its corners."""
        text = drawable(text)
        if not text:
            return
        wide, high = self._size(text, _SIZE_PT)
        gap = 3.6 * self.per_pt
        x, y = at
        sides = [(x + gap, y - high / 2), (x - gap - wide, y - high / 2)]
        ends = [(x - wide / 2, y + gap), (x - wide / 2, y - gap - high)]
        corners = [
            (left, low) for low in (y + gap / 2, y - gap / 2 - high) for left in (x + gap, x - gap - wide)
        ]
        far = [(x - wide / 2, y + k * high) for k in (1.6, -2.6, 2.8, -3.8)]
        for left, low in [*(ends + sides if above else sides + ends), *corners, *far]:
            if self._free((left, low, left + wide, low + high)):
                self._write((left, low + high / 2), text, colour, bold=bold)
                return

    def along(self, at: tuple[float, float], turn: float, text: str) -> bool:
        """Set the name of a road along it; say whether there was room."""
        text = drawable(text)
        if not text:
            return False
        wide, high = self._size(text, 6)
        half_x, half_y = wide / 2, max(high, wide * abs(float(np.sin(np.radians(turn))))) / 2
        half_x = max(half_x * abs(float(np.cos(np.radians(turn)))), high / 2)
        x, y = at
        if not self._free((x - half_x, y - half_y, x + half_x, y + half_y)):
            return False
        halo = {"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.3}
        self.axes.text(x, y, text, fontsize=6, color=ROAD, rotation=turn, ha="center", va="center",
                       rotation_mode="anchor", zorder=5.5, bbox=halo)  # fmt: skip
        return True

    def _size(self, text: str, size_pt: float) -> tuple[float, float]:
        wide = sum(1.0 if ord(sign) >= FIRST_CHINESE else 0.56 for sign in text)
        return wide * size_pt * self.per_pt, 1.15 * size_pt * self.per_pt

    def _free(self, box: Box) -> bool:
        """Take a place if nothing is there."""
        west, south, east, north = self.frame
        inside = west < box[0] and box[2] < east and south < box[1] and box[3] < north
        if not inside or any(_overlap(box, other) for other in self.taken):
            return False
        self.taken.append(box)
        return True

    def _write(self, at: tuple[float, float], text: str, colour: str, *, bold: bool) -> None:
        halo = {"facecolor": "white", "alpha": 0.7, "edgecolor": "none", "pad": 0.3}
        self.axes.text(*at, text, fontsize=_SIZE_PT, color=colour, va="center", zorder=10, bbox=halo,
                       fontweight="bold" if bold else "normal")  # fmt: skip


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _draw_sites(labels: _Labels, sites: Places) -> None:
    x, y = labels.ground.metres(sites.lon, sites.lat)
    for k in np.flatnonzero(sites.located).tolist():
        ring = shapely.Point(x[k], y[k]).buffer(float(sites.uncertainty_m[k]))
        if not ring.is_empty:
            outline = Course(shapely.get_coordinates(ring))
            labels.axes.add_patch(
                PathPatch(outline, facecolor=SITE, edgecolor=SITE, linewidth=0.4, alpha=0.2, zorder=6)
            )
        labels.axes.plot(x[k], y[k], "^", color=SITE, markeredgecolor="white", markersize=6, zorder=9)
        labels.beside((x[k], y[k]), sites.ids[k], SITE, bold=True, above=True)


def _draw_named(labels: _Labels, named: Places) -> None:
    x, y = labels.ground.metres(named.lon, named.lat)
    labels.axes.scatter(x, y, s=14, marker="s", color=NAMED, edgecolor="white", linewidth=0.5, zorder=8)
    for k in np.flatnonzero(named.located).tolist():
        labels.beside((x[k], y[k]), str(k + 1), NAMED, bold=True)


def _draw_stations(labels: _Labels, stations: Places, later: set[str]) -> None:
    x, y = labels.ground.metres(stations.lon, stations.lat)
    hollow = np.array([one in later for one in stations.ids], dtype=bool)
    for some, face in ((~hollow, STATION), (hollow, "white")):
        labels.axes.scatter(x[some], y[some], s=18, color=face, edgecolor=STATION, linewidth=1.0, zorder=7)
    english = stations.fact("name_en")
    for k in np.flatnonzero(stations.located).tolist():
        labels.beside((x[k], y[k]), by_language(stations.names[k], english[k]), "#1f3a57")


def _label_roads(labels: _Labels) -> None:
    """Name the main roads, the longest pieces first, each road once."""
    told: set[str] = set()
    found = base_layer(labels.ground.streets).labels
    for lon, lat, turn, name, rank, length_m in sorted(found, key=lambda one: -one[5]):
        if rank > _MAX_ROAD_RANK or length_m < _LEAST_ROAD_M or name in told or len(told) >= _MOST_ROADS:
            continue
        x, y = labels.ground.metres(lon, lat)
        if labels.along((float(x), float(y)), -turn, name):
            told.add(name)
