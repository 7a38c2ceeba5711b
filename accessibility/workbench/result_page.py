"""A comparison as one read-only page: a drawing and tables, no script, nothing loaded from elsewhere."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from accessibility import __version__
from accessibility.messages import _, language
from accessibility.model.comparison import (
    GAIN,
    LOSE,
    NEVER_REACHED,
    NEWLY_REACHED,
    NO_LONGER_REACHED,
    ChangeTable,
)
from accessibility.model.modes import mode_text
from accessibility.model.projection import project
from accessibility.model.scenario import Scenario
from accessibility.outputs.map_frame import OSM_LICENCE
from accessibility.outputs.scenario_names import Names
from accessibility.outputs.scenario_words import scenario_sentences
from accessibility.outputs.wording import by_language, minutes_text, names_by_id
from accessibility.workbench.change import report_sentence, summary
from accessibility.workbench.engine import Engine
from accessibility.workbench.line_figures import line_directions, line_figures
from accessibility.workbench.settings import PageSettings
from accessibility.workbench.templating import rendered

WIDTH = 960.0
"""Width of the drawing, in its own units."""
DRAWN_CLASSES = ("motorway", "trunk", "primary", "secondary")
BANDS_MIN = (-10, -5, -1, 1, 5, 10)
CLASS_NAMES = ("g3", "g2", "g1", "s0", "l1", "l2", "l3")
"""Style classes of the changes, from much quicker to much slower, between the limits of `BANDS_MIN`."""


def result_page(
    engine: Engine, scenario: Scenario, settings: PageSettings, tables: Mapping[str, ChangeTable]
) -> str:
    """Write the page."""
    drawing = _Drawing(engine)
    network = engine.after(scenario)
    places = engine.targets(network, settings)
    targets = []
    for name, table in tables.items():
        target = next(one for one in engine.study.targets if one.id == name)
        title = by_language(target.name, target.name_en)
        targets.append(
            {
                "title": title,
                "summary": summary(table, names_by_id(places[name])),
                "sentence": report_sentence(table, settings, engine.study),
                "cells": drawing.cells(table),
            }
        )
    period = next(one for one in engine.study.periods if one.id == settings.question.period)
    return rendered(
        "result.html.j2",
        lang="en" if language() == "en" else "zh-CN",
        study=by_language(engine.study.name, engine.study.name_en),
        scenario=scenario,
        changes=scenario_sentences(scenario, Names([scenario], engine.baseline.timetable)),
        conditions={
            _("date"): settings.question.as_of.isoformat(),
            _("departure window"): by_language(period.name, period.name_en),
            _("percentile"): settings.question.percentile,
            _("mode"): mode_text(settings.mode),
        },
        targets=targets,
        height=round(drawing.height),
        width=round(WIDTH),
        streets=drawing.streets(),
        lines=drawing.changed_lines(network.timetable),
        figures=_figures(engine, scenario, settings),
        minutes=minutes_text,
        licence=OSM_LICENCE,
        version=__version__,
    )


def _figures(engine: Engine, scenario: Scenario, settings: PageSettings) -> list[dict[str, Any]]:
    """Give what changed lines take to run, before and after."""
    before, after = (line_figures(costs) for costs in engine.costs(scenario, settings))
    timetable = engine.after(scenario).timetable
    names = dict(zip(timetable.route_ids, timetable.route_short_names, strict=True))
    return [
        {"name": names[route], "before": before.get(route), "after": after.get(route)}
        for route in dict.fromkeys([*before, *after])
    ]


class _Drawing:
    """Places everything on a sheet: metres of the study's projection, north up."""

    def __init__(self, engine: Engine) -> None:
        grid = engine.grid
        self.engine = engine
        self.scale = WIDTH / (grid.n_columns * grid.cell_m)
        self.height = grid.n_rows * grid.cell_m * self.scale

    def _at(self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]) -> NDArray[np.float64]:
        grid = self.engine.grid
        return np.column_stack(
            [(x_m - grid.west_m) * self.scale, self.height - (y_m - grid.south_m) * self.scale]
        )

    def streets(self) -> str:
        """Draw the main roads as one path."""
        streets = self.engine.loaded.streets
        wanted = {i for i, name in enumerate(streets.road_classes) if name in DRAWN_CLASSES}
        parts = []
        for segment in range(streets.n_segments):
            if int(streets.road_class[segment]) in wanted:
                line = shapely.simplify(shapely.LineString(streets.shape(segment)), 20.0)
                xy = shapely.get_coordinates(line)
                parts.append(_path(self._at(xy[:, 0], xy[:, 1])))
        return "".join(parts)

    def changed_lines(self, timetable: Any) -> list[str]:
        """Draw the courses that the baseline does not have."""
        old, drawn = self.engine.baseline.timetable, []
        if timetable is old:
            return []
        day = self.engine.study.as_of[-1]
        for route, route_id in enumerate(timetable.route_ids):
            ways = line_directions(timetable, route, day)
            known = old.route_ids.index(route_id) if route_id in old.route_ids else None
            same = known is not None and ways == line_directions(old, known, day)
            for way in [] if same else ways:
                course = np.array(way["course"])
                if len(course) > 1:
                    x_m, y_m = project(course[:, 1], course[:, 0], self.engine.grid.crs)
                    drawn.append(_path(self._at(x_m, y_m)))
        return drawn

    def cells(self, table: ChangeTable) -> list[dict[str, Any]]:
        """Give every square that is not simply unchanged: place, style class, sign."""
        grid, classes = self.engine.grid, table.classes
        size = grid.cell_m * self.scale
        signs = {GAIN: "−", LOSE: "+", NEWLY_REACHED: "●", NO_LONGER_REACHED: "○"}
        drawn = []
        for cell, code in enumerate(classes.tolist()):
            change_min = float(table.change_s[cell]) / 60
            name = {NEWLY_REACHED: "new", NO_LONGER_REACHED: "lost", NEVER_REACHED: "none"}.get(code, "s0")
            if code in (GAIN, LOSE) and math.isfinite(change_min):
                name = CLASS_NAMES[int(np.searchsorted(BANDS_MIN, change_min, side="right"))]
            row, column = divmod(cell, grid.n_columns)
            if name != "s0":
                sides = {"size": round(size, 1), "style": name, "sign": signs.get(code, "")}
                x, y = round(column * size, 1), round(self.height - (row + 1) * size, 1)
                drawn.append({"x": x, "y": y, **sides})
        return drawn


def _path(points: NDArray[np.float64]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
