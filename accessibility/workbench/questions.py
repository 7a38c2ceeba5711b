"""What a worker can be asked, and the answers as the page gets them."""

import base64
import gzip
import math
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.messages import speaking
from accessibility.model.bus_ride import MIDDAY_S, Position
from accessibility.model.comparison import ChangeTable
from accessibility.model.modes import mode_text
from accessibility.model.scenario import Scenario
from accessibility.model.timetable import Timetable
from accessibility.model.transport_network import TransportNetwork
from accessibility.outputs.maps.base_layer import base_layer
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import difference_sentences, scenario_sentences
from accessibility.outputs.wording import names_by_id, reason_text
from accessibility.studies.data_folder import data_folder
from accessibility.studies.progress import Progress
from accessibility.workbench.answers import Answer, as_json
from accessibility.workbench.change import report_sentence, summary
from accessibility.workbench.drafts import scenario_of
from accessibility.workbench.engine import Engine
from accessibility.workbench.exports import export
from accessibility.workbench.imports import Upload, imported
from accessibility.workbench.line_figures import line_directions, line_figures
from accessibility.workbench.settings import PageSettings, page_modes, settings_of

BUS = 3
"""``route_type`` of what runs on streets."""


class Questions:
    """
    Answers the questions of the page about one study.

    Parameters
    ----------
    engine
        The study.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def of_study(cls, path: Path | None) -> "Questions":
        """Load a study, the Anting study where none is named."""
        return cls(Engine.of_study(path if path is not None else data_folder() / "anting"))

    def answer(self, kind: str, asked: dict[str, Any], progress: Progress) -> Answer:
        """Answer a question."""
        if kind == "measure":
            return as_json(self.measure(asked))
        if kind == "compare":
            return as_json(self.compare(asked, progress))
        if kind == "reach":
            return as_json(self.reach(asked, progress))
        if kind == "journey":
            return as_json(self.journey(asked, progress))
        if kind == "ride":
            return as_json(self.ride(asked))
        if kind == "difference":
            return as_json(self.difference(asked))
        if kind == "import":
            return as_json(self.take_in(asked))
        if kind == "export":
            return self.export(asked, progress)
        raise UsageError(f"no question {kind!r}", code="question")

    # ---- what the page shows before anything is asked ----

    def study_data(self) -> bytes:
        """Return the study as the page draws it: gzipped JSON, names in both languages."""
        engine, study = self.engine, self.engine.study
        grid = engine.grid
        lon, lat = grid.corners()
        corners = {"n_columns": grid.n_columns, "n_rows": grid.n_rows, "cell_m": grid.cell_m,
                   "ids": list(engine.cells.ids),
                   "lon": lon.ravel().round(6).tolist(), "lat": lat.ravel().round(6).tolist()}  # fmt: skip
        data = {
            "id": study.id,
            "name": [study.name, study.name_en],
            "area": list(study.area),
            "dates": [day.isoformat() for day in study.as_of],
            "periods": [{"id": p.id, "name": [p.name, p.name_en], "from_s": p.start_s, "to_s": p.end_s}
                        for p in study.periods],
            "targets": [{"id": t.id, "name": [t.name, t.name_en],
                         "places": list(t.of(engine.loaded.places).ids)} for t in study.targets],
            "modes": [{"id": mode, "name": _both(mode_text, mode)} for mode in page_modes(study)],
            "base": base_layer(engine.loaded.streets).as_data(),
            "grid": corners,
            "stops": _stops_data(engine.baseline),
            "lines": self._lines(),
            "places": self._places(),
            "origin": self._origin(),
            "draws": engine.comparer.query(engine.comparer.settings).n_draws,
        }  # fmt: skip
        return gzip.compress(as_json(data)[1], mtime=0)

    def _lines(self) -> list[dict[str, Any]]:
        table, day = self.engine.baseline.timetable, self.engine.study.as_of[-1]
        marks = table.route_facts.get("mark", ("",) * len(table.route_ids))
        return [
            {
                "id": route_id,
                "name": table.route_short_names[route] or table.route_long_names[route] or route_id,
                "type": int(table.route_type[route]),
                "mark": marks[route],
                "directions": line_directions(table, route, day),
            }
            for route, route_id in enumerate(table.route_ids)
        ]

    def _places(self) -> list[list[Any]]:
        """List the places of all targets and the origins: id, names, kind, position."""
        study, places = self.engine.study, self.engine.loaded.places
        kinds = {kind for target in study.targets for kind in target.kinds} | set(study.origin_kinds)
        chosen = places.of_kinds(sorted(kinds))
        english = chosen.fact("name_en")
        return [
            [chosen.ids[i], [chosen.names[i], english[i]], chosen.kinds[i],
             round(float(chosen.lat[i]), 6), round(float(chosen.lon[i]), 6)]
            for i in range(len(chosen)) if math.isfinite(chosen.lon[i])
        ]  # fmt: skip

    def _origin(self) -> list[float]:
        study = self.engine.study
        origins = self.engine.loaded.places.of_kinds(study.origin_kinds)
        at = origins.index(study.default_origin) if study.default_origin else 0
        return [round(float(origins.lat[at]), 6), round(float(origins.lon[at]), 6)]

    # ---- questions ----

    def measure(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Apply a scenario and measure the lines that it changes; quick."""
        scenario = scenario_of(asked["scenario"])
        return self._lines_and_stops(scenario, settings_of(asked.get("settings", {}), self.engine.study))

    def _lines_and_stops(self, scenario: Scenario, settings: PageSettings) -> dict[str, Any]:
        network = self.engine.after(scenario)
        same = network.timetable is self.engine.baseline.timetable
        names = Names([scenario], self.engine.baseline.timetable)
        return {
            "lines": [] if same else self._changed_lines(scenario, settings),
            "stops": None if same else _stops_data(network),
            "told": scenario_sentences(scenario, names) if scenario.modifications else [],
        }

    def ride(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Find the ride of a bus over the streets through some positions."""
        positions = [(float(lon), float(lat)) for lon, lat in asked["positions"]]
        streets = self.engine.loaded.streets
        hops = []
        for start, end in pairwise(positions):
            found = self.engine.comparer.ride(streets, start, end, int(asked.get("clock_s", 8 * 3600)))
            course = [] if found is None else [[round(lat, 6), round(lon, 6)] for lon, lat in found.course]
            hops.append({"ride_s": None if found is None else found.ride_s, "course": course})
        return {"hops": hops}

    def compare(self, asked: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        """Compare before and after for every set of destinations asked for."""
        settings = settings_of(asked.get("settings", {}), self.engine.study)
        scenario = scenario_of(asked["scenario"])
        tables = self.engine.change(scenario, settings, progress)
        places = self.engine.targets(self.engine.after(scenario), settings)
        return {
            "settings": {"as_of": settings.question.as_of.isoformat(), "period": settings.question.period,
                         "percentile": settings.question.percentile, "mode": settings.mode},
            "targets": {name: self._change_data(table, settings, names_by_id(places[name]))
                        for name, table in tables.items()},
            **self._lines_and_stops(scenario, settings),
        }  # fmt: skip

    def _change_data(
        self, table: ChangeTable, settings: PageSettings, names: dict[str, str]
    ) -> dict[str, Any]:
        reason = np.where(np.isnan(table.after_s), table.reason_after, table.reason_before)
        told = sorted({int(code) for code in reason.tolist()} - {0})
        return {
            "before": _tenths(table.before_s),
            "after": _tenths(table.after_s),
            "classes": table.classes.tolist(),
            "before_to": _indexed(table.to_before, names),
            "after_to": _indexed(table.to_after, names),
            "reason": reason.tolist(),
            "reasons": {str(code): reason_text(code) for code in told},
            "summary": {
                **summary(table, names), "sentence": report_sentence(table, settings, self.engine.study)
            },
        }  # fmt: skip

    def _changed_lines(self, scenario: Scenario, settings: PageSettings) -> list[dict[str, Any]]:
        """Describe the lines that a scenario changes, before and after."""
        new, day = self.engine.after(scenario).timetable, settings.question.as_of
        old = self.engine.baseline.timetable
        before, after = (line_figures(costs) for costs in self.engine.costs(scenario, settings))
        named = {getattr(one, "route", "") or getattr(one, "id", "") for one in scenario.modifications}
        return [
            {
                "id": route_id,
                "name": new.route_short_names[route] or route_id,
                "type": int(new.route_type[route]),
                "before": before.get(route_id),
                "after": after.get(route_id),
                "directions": self._directions(new, route, day),
                "former": self._directions(old, old.route_ids.index(route_id), day)[0]["course"]
                if route_id in old.route_ids
                else [],
            }
            for route, route_id in enumerate(new.route_ids)
            if route_id in before or route_id in after or route_id in named
        ]

    def _directions(self, timetable: Timetable, route: int, day: date) -> list[dict[str, Any]]:
        """Describe a line with its course over the streets, where a bus has no course of its own."""
        ways = line_directions(timetable, route, day)
        for way in ways:
            if not way["shaped"] and timetable.route_type[route] == BUS:
                at = [(float(timetable.stop_lon[i]), float(timetable.stop_lat[i])) for i in way["stops"]]
                way["course"] = [
                    [round(lat, 6), round(lon, 6)] for hop in pairwise(at) for lon, lat in self._hop(hop)
                ]
        return ways

    def _hop(self, ends: tuple[Position, Position]) -> Sequence[Position]:
        streets = self.engine.loaded.streets
        known = all(math.isfinite(number) for position in ends for number in position)
        ride = self.engine.comparer.ride(streets, *ends, MIDDAY_S) if known else None
        return ride.course if ride is not None and ride.course else ends if known else ()

    def reach(self, asked: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        """Compute how long it takes from a position to every square, before and after."""
        settings = settings_of(asked.get("settings", {}), self.engine.study)
        origin = (float(asked["lon"]), float(asked["lat"]))
        before_s, after_s = self.engine.reach(scenario_of(asked["scenario"]), settings, origin, progress)
        return {"before": _tenths(before_s), "after": _tenths(after_s)}

    def journey(self, asked: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
        """Tell the journeys from a square to what is nearest, before and after."""
        settings = settings_of(asked.get("settings", {}), self.engine.study)
        before, after = self.engine.journeys(
            scenario_of(asked["scenario"]), settings, asked["cell"], progress
        )
        return {"before": before, "after": after}

    def difference(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Tell how two scenarios differ."""
        one, other = scenario_of(asked["scenario"]), scenario_of(asked["other"])
        names = Names([one, other], self.engine.baseline.timetable)
        return {"sentences": difference_sentences(one, other, names)}

    def take_in(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Read files as changes."""
        files = [Upload(one["name"], base64.b64decode(one["content"])) for one in asked["files"]]
        return imported(self.engine, files, asked)

    def export(self, asked: Mapping[str, Any], progress: Progress) -> Answer:
        """Compute a comparison and write it, or the timetable after it, as a file."""
        settings = settings_of(asked.get("settings", {}), self.engine.study)
        return export(self.engine, scenario_of(asked["scenario"]), settings, str(asked["format"]), progress)


def _both(say: Any, value: str) -> list[str]:
    """Say something in both languages."""
    said = []
    for language in ("zh", "en"):
        with speaking(language):
            said.append(str(say(value)))
    return said


def _stops_data(network: TransportNetwork) -> dict[str, Any]:
    """List the stops: ids, names, positions; ``None`` where a position is unknown."""
    table = network.timetable
    return {
        "ids": list(table.stop_ids),
        "names": list(table.stop_names),
        "lat": [round(v, 6) if math.isfinite(v) else None for v in table.stop_lat.tolist()],
        "lon": [round(v, 6) if math.isfinite(v) else None for v in table.stop_lon.tolist()],
    }


def _tenths(values_s: NDArray[np.float64]) -> list[int | None]:
    """Give times as tenths of minutes, rounded half up as all tables are."""
    return [int(math.floor(value / 6 + 0.5)) if math.isfinite(value) else None for value in values_s.tolist()]


def _indexed(ids: tuple[str, ...], names: dict[str, str]) -> dict[str, Any]:
    """Give repeated names as a list of names and a number per cell; -1 where there is none."""
    known = {name: number for number, name in enumerate(dict.fromkeys(one for one in ids if one))}
    return {"names": [names.get(name, name) for name in known], "at": [known.get(name, -1) for name in ids]}
