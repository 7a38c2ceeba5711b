"""Maps for paper: schematic, 300 dpi, with scale bar, north arrow and datum, no administrative boundaries."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Course
from numpy.typing import NDArray
from pyproj import Transformer

from accessibility.messages import _
from accessibility.model.isochrone import Isochrone
from accessibility.model.streets import Streets
from accessibility.outputs.maps.base_layer import CLASS_RANKS, LAST_RANK

DPI = 300
FIRST_CHINESE = 0x2E80
"""Signs from here on stand in fonts for Chinese only, and are as wide as high."""
MM = 1 / 25.4
TEXT_WIDTH_MM = 156.0

FONTS = ("Microsoft YaHei", "SimHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei", "Noto Sans CJK JP")
"""Fonts that hold Chinese; the first installed is used. The last is how some readers name the third."""

_LOOKS = (
    (0.9, "#8d99a8"),
    (1.5, "#c3a56b"),
    (1.2, "#cdb98f"),
    (0.8, "#c9cdd3"),
    (0.6, "#d6d9de"),
    (0.4, "#e1e4e8"),
)
"""Width (pt) and colour of a street by its rank; minor ones take the last."""

_MOST_COLUMNS = 3

BANDS = ("#08519c", "#4292c6", "#9ecae1")
"""Nearest to farthest cutoff: one hue, dark to pale, so that it also reads in grey."""


@dataclass(frozen=True, eq=False)
class Ground:
    """
    What lies below every map of a report.

    Parameters
    ----------
    streets
        The network, in its projected system.
    area
        West, south, east, north (degrees, WGS-84) of the map.
    lines
        Courses of rail lines: name and lon, lat of its stops.
    datum, credit
        Words at the foot: datum and projection; licence of the data.
    """

    streets: Streets
    area: tuple[float, float, float, float]
    lines: Sequence[tuple[str, NDArray[np.float64]]]
    datum: str
    credit: str

    @cached_property
    def _to_metres(self) -> Transformer:
        return Transformer.from_crs("EPSG:4326", self.streets.crs, always_xy=True)

    def metres(self, lon: Any, lat: Any) -> tuple[Any, Any]:
        """Project positions."""
        x, y = self._to_metres.transform(lon, lat)
        return np.asarray(x), np.asarray(y)

    def frame(self) -> tuple[float, float, float, float]:
        """Return west, east, south, north of the map (m)."""
        west, south, east, north = self.area
        x, y = self.metres([west, east, west, east], [south, north, north, south])
        return float(x.min()), float(x.max()), float(y.min()), float(y.max())


def chinese_font() -> str:
    """Name the first installed font that holds Chinese, ``""`` where there is none."""
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in FONTS if name in installed), "")


def drawable(text: str) -> str:
    """Leave out of a text what the installed fonts do not hold."""
    return (
        text if chinese_font() else "".join(sign for sign in text if ord(sign) < FIRST_CHINESE).strip(" ·,")
    )


@contextmanager
def lettering() -> Iterator[None]:
    """Letter everything drawn within in a font that holds Chinese, where one is installed."""
    family = [name for name in (chinese_font(), "DejaVu Sans") if name]
    with mpl.rc_context(
        {"font.family": family, "font.size": 7, "axes.unicode_minus": False, "hatch.linewidth": 0.4}
    ):
        yield


def isochrone_panels(
    path: Path,
    ground: Ground,
    panels: Sequence[tuple[str, Sequence[Isochrone]]],
    site: tuple[float, float],
) -> None:
    """
    Draw what is reached within the cutoffs, one panel per way.

    Parameters
    ----------
    path
        PNG file.
    ground
        What lies below.
    panels
        Title and isochrones of each panel.
    site
        Position (lon, lat) people start from.
    """
    cutoffs_s = sorted({area.cutoff_s for _title, areas in panels for area in areas})
    colours = dict(zip(cutoffs_s, _bands(len(cutoffs_s)), strict=True))
    columns = len(panels) if len(panels) <= _MOST_COLUMNS else 2
    with lettering():
        figure, every = sheet(ground, -(-len(panels) // columns), columns, foot_mm=11, head_mm=6)
        for axes, (title, areas) in zip(every, panels, strict=False):
            draw_ground(axes, ground, rails=False)
            for area in sorted(areas, key=lambda one: -one.cutoff_s):
                _fill(axes, ground, area.area, colours[area.cutoff_s])
            x, y = ground.metres(*site)
            axes.plot(x, y, "^", color="#c0392b", markeredgecolor="white", markersize=6, zorder=9)
            axes.set_title(drawable(title), fontsize=8.5, pad=3)
            furnish(axes, ground, small=columns > 1)
        for axes in every[len(panels) :]:
            axes.remove()
        legend(figure, [
            ("^", "#c0392b", "white", _("site")),
            *(("s", colours[c], colours[c], _("within {minutes} min", minutes=c // 60)) for c in cutoffs_s),
        ])  # fmt: skip
        save(figure, path, ground)


def _bands(n: int) -> list[str]:
    return [BANDS[min(k, len(BANDS) - 1)] for k in range(n)]


def sheet(
    ground: Ground, rows: int, columns: int, *, foot_mm: float, head_mm: float = 1.0
) -> tuple[Figure, list[Axes]]:
    """Lay out panels of the shape of the area over the width of the text."""
    west, east, south, north = ground.frame()
    gap_mm = 3.0
    width_mm = (TEXT_WIDTH_MM - (columns - 1) * gap_mm) / columns
    height_mm = width_mm * (north - south) / (east - west)
    total_mm = rows * (height_mm + head_mm) + foot_mm
    figure = Figure(figsize=(TEXT_WIDTH_MM * MM, total_mm * MM), dpi=DPI)
    FigureCanvasAgg(figure)
    every = []
    for k in range(rows * columns):
        row, column = divmod(k, columns)
        top_mm = total_mm - row * (height_mm + head_mm) - head_mm
        box = (
            (column * (width_mm + gap_mm) + 0.2) / TEXT_WIDTH_MM, (top_mm - height_mm) / total_mm,
            (width_mm - 0.4) / TEXT_WIDTH_MM, height_mm / total_mm,
        )  # fmt: skip
        axes = figure.add_axes(box)
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_xticks([])
        axes.set_yticks([])
        for spine in axes.spines.values():
            spine.set(color="#5b6573", linewidth=0.6)
        every.append(axes)
    return figure, every


def draw_ground(axes: Axes, ground: Ground, *, rails: bool) -> None:
    """Draw the streets by rank, and rail lines where asked for."""
    streets = ground.streets
    ranks = np.array([CLASS_RANKS.get(c.removesuffix("_link"), LAST_RANK) for c in streets.road_classes])
    of_segment = ranks[streets.road_class]
    for rank in sorted(set(of_segment.tolist()), reverse=True):
        width, colour = _LOOKS[min(rank, len(_LOOKS) - 1)]
        vertices: list[Any] = []
        for segment in np.flatnonzero(of_segment == rank).tolist():
            vertices += [*streets.shape(segment), (np.nan, np.nan)]
        x, y = np.array(vertices).T
        axes.plot(
            x, y, color=colour, linewidth=width, solid_capstyle="round", zorder=2 + 0.1 * (LAST_RANK - rank)
        )
    for _name, course in ground.lines if rails else ():
        x, y = ground.metres(course[:, 0], course[:, 1])
        axes.plot(x, y, color="#1f4e79", linewidth=1.6, alpha=0.75, zorder=5)


def _fill(axes: Axes, ground: Ground, area: shapely.Geometry, colour: str) -> None:
    """Fill an area of degrees, holes left open."""
    for part in shapely.get_parts(area):
        if part.is_empty or part.geom_type != "Polygon":
            continue
        courses = []
        for ring in (part.exterior, *part.interiors):
            lon, lat = shapely.get_coordinates(ring).T
            courses.append(Course(np.column_stack(ground.metres(lon, lat)), closed=True))
        whole = Course.make_compound_path(*courses)
        axes.add_patch(
            PathPatch(whole, facecolor=colour, edgecolor=colour, linewidth=0.3, alpha=0.82, zorder=4)
        )


def scale_bar(ground: Ground, *, small: bool = False) -> tuple[float, float, float, float, int]:
    """Place the scale bar: west, south, height (m) of the bar, height of a line of text, length (m)."""
    west, east, south, north = ground.frame()
    reach = (east - west) * (0.26 if small else 0.2)
    steps = (500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
    length = max(step for step in steps if step <= max(reach, steps[0]))
    high = 0.012 * (north - south)
    line = (0.075 if small else 0.05) * (north - south)
    return west + 0.03 * (east - west), south + 0.035 * (north - south), high, line, length


def furnish(axes: Axes, ground: Ground, *, small: bool = False) -> None:
    """Add scale bar and north arrow, on a ground of their own."""
    west, east, south, north = ground.frame()
    x, y, high, line, length = scale_bar(ground, small=small)
    size = 6 if small else 7
    right, top = x + length + 2 * high, y + high + line
    axes.fill([west, right, right, west], [south, south, top, top], facecolor="white", alpha=0.85, zorder=11)
    for k, colour in enumerate(("#222222", "white")):
        left = x + k * length / 2
        right = left + length / 2
        axes.fill([left, right, right, left], [y, y, y + high, y + high], facecolor=colour,
                  edgecolor="#222222", linewidth=0.5, zorder=12)  # fmt: skip
    text = f"{length // 1000} km" if length >= 1000 else f"{length} m"
    axes.text(x + length / 2, y + 1.6 * high, text, ha="center", va="bottom", fontsize=size, zorder=12)
    at = (east - 0.05 * (east - west), north - 0.045 * (north - south))
    arrow = {"arrowstyle": "-|>", "color": "#222222", "lw": 0.9}
    axes.annotate(_("N"), xy=at, xytext=(at[0], at[1] - 0.11 * (north - south)), ha="center", va="center",
                  fontsize=size + 1, arrowprops=arrow, zorder=12)  # fmt: skip


def legend(figure: Figure, entries: Sequence[tuple[str, str, str, str]]) -> None:
    """Explain signs below the maps: marker, face, edge, words."""
    handles = [
        Line2D([], [], linestyle="", marker=marker, markerfacecolor=face, markeredgecolor=edge, markersize=5)
        for marker, face, edge, _text in entries
    ]
    columns = 2 if len(entries) == 4 and len(entries[0][3]) > 4 else len(entries)
    height_mm = figure.get_size_inches()[1] / MM
    figure.legend(handles, [entry[3] for entry in entries], loc="lower left", ncols=columns, frameon=False,
                  bbox_to_anchor=(0, 4.2 / height_mm), fontsize=7, handletextpad=0.3, columnspacing=1.4,
                  borderaxespad=0.1)  # fmt: skip


def save(figure: Figure, path: Path, ground: Ground) -> None:
    """Write the file without the date and the name of the program that made it."""
    height_mm = figure.get_size_inches()[1] / MM
    foot = " · ".join(part for part in (_("schematic map"), ground.datum, ground.credit) if part)
    figure.text(0.002, 1.2 / height_mm, drawable(foot), fontsize=6, color="#4a5563", va="bottom")
    metadata: Mapping[str, Any] = {"Software": None}
    figure.savefig(path, dpi=DPI, metadata=dict(metadata), facecolor="white")
