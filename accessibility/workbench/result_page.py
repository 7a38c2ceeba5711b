"""A comparison as one read-only page: a drawing and tables, no script, nothing loaded from elsewhere."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

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
from accessibility.model.scenario import Scenario
from accessibility.outputs.drawing import WIDTH, Drawing
from accessibility.outputs.maps.map_frame import OSM_LICENCE
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import scenario_sentences
from accessibility.outputs.wording import by_language, minutes_text, names_by_id
from accessibility.workbench.change import report_sentence, summary
from accessibility.workbench.engine import Engine
from accessibility.workbench.line_figures import line_directions, line_figures
from accessibility.workbench.settings import PageSettings
from accessibility.workbench.templating import rendered

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
    """Places the result of a study on a sheet."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._sheet = Drawing(engine.grid)
        self.height = self._sheet.height

    def streets(self) -> str:
        """Draw the main roads as one path."""
        return self._sheet.streets(self.engine.loaded.streets)

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
                    drawn.append(self._sheet.course(course[:, ::-1]))
        return drawn

    def cells(self, table: ChangeTable) -> list[dict[str, Any]]:
        """Give every square that is not simply unchanged: place, style class, sign."""
        classes = table.classes
        signs = {GAIN: "−", LOSE: "+", NEWLY_REACHED: "●", NO_LONGER_REACHED: "○"}
        drawn = []
        for cell, code in enumerate(classes.tolist()):
            change_min = float(table.change_s[cell]) / 60
            name = {NEWLY_REACHED: "new", NO_LONGER_REACHED: "lost", NEVER_REACHED: "none"}.get(code, "s0")
            if code in (GAIN, LOSE) and math.isfinite(change_min):
                name = CLASS_NAMES[int(np.searchsorted(BANDS_MIN, change_min, side="right"))]
            if name != "s0":
                sides = {"size": round(self._sheet.side, 1), "style": name, "sign": signs.get(code, "")}
                x, y = self._sheet.corner(cell)
                drawn.append({"x": x, "y": y, **sides})
        return drawn
