"""The one door of the workbench to the engine: a study before and after a scenario.

Everything that the page shows is computed here by the same verbs that the command line uses; no other module
of the workbench knows them.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from accessibility import measures
from accessibility.errors import DataError, UsageError
from accessibility.linking import link, link_transit
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.grid import Grid
from accessibility.model.modes import STREET_MODES
from accessibility.model.places import Places
from accessibility.model.scenario import Scenario
from accessibility.model.study import Study
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.transport_network import TransportNetwork
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import reason_text
from accessibility.sources.study_file import read_study
from accessibility.studies.bus_rides import BusRides
from accessibility.studies.load import LoadedStudy, load_study
from accessibility.studies.progress import Progress, in_threads
from accessibility.studies.queries import street_query
from accessibility.studies.scenario import Baseline
from accessibility.transit import transit_times
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from accessibility.workbench.change import ChangeTable
from accessibility.workbench.journeys import street_lines, transit_lines

LIVE_DRAWS = 4
"""Draws of headway bands on the page; the command line takes those of the limits."""
TRANSIT = "transit"
KEPT = 24

_Made = TypeVar("_Made")


@dataclass(frozen=True)
class CompareSettings:
    """
    How a comparison is made.

    Parameters
    ----------
    as_of
        Date on which lines and places are looked at.
    period
        Departure window, by its identifier.
    percentile
        Percentile of the travel times over the window.
    targets
        Identifiers of the sets of destinations.
    mode
        ``transit`` or a street mode.
    """

    as_of: date
    period: str
    percentile: int
    targets: tuple[str, ...]
    mode: str = TRANSIT


class Engine:
    """
    A study with everything loaded, and memory of what was computed.

    Parameters
    ----------
    loaded
        Streets, places, speeds.
    timetable
        Lines, for all dates of the study.
    """

    def __init__(self, loaded: LoadedStudy, timetable: Timetable) -> None:
        self.loaded, self.study = loaded, loaded.study
        self.baseline = TransportNetwork(timetable, loaded.streets, loaded.places)
        self.grid = Grid.over(self.study.area, crs=self.study.crs, cell_m=self.study.cell_m)
        self.cells = self.grid.centres()
        self.rides = BusRides(loaded.defaults, self.study.street_use)
        self._memory: OrderedDict[Hashable, Any] = OrderedDict()

    @classmethod
    def of_study(cls, path: Path) -> "Engine":
        """
        Load a study and its lines.

        Raises
        ------
        DataError
            If the study has no lines.
        """
        loaded = load_study(read_study(path))
        if not loaded.timetables:
            what = _("the study has no lines: the workbench needs public transport")
            mend = _("Add line sheets, see docs/study.md.")
            raise DataError(what, where="study.toml", mend=mend, code="no-lines")
        return cls(loaded, loaded.timetables[0])

    def after(self, scenario: Scenario) -> TransportNetwork:
        """
        Apply a scenario to the study.

        Raises
        ------
        DataError
            With everything that is wrong with it.
        """
        if not scenario.modifications:
            return self.baseline
        return self._remembered(
            ("network", scenario.modifications),
            lambda: Baseline(self.baseline, self.loaded.defaults, self.study.street_use).changed(scenario),
        )

    def change(
        self, scenario: Scenario, settings: CompareSettings, progress: Progress
    ) -> dict[str, ChangeTable]:
        """Compute times to the nearest of every set of destinations, before and after."""
        networks = (Scenario(""), scenario)
        tables = []
        for stage, one in zip((_("before"), _("after")), networks, strict=True):
            tables.append(self._nearest(one, settings, _told(progress, stage)))
        return {
            target: _change(target, before, after)
            for (target, before), after in zip(tables[0].items(), tables[1].values(), strict=True)
        }

    def reach(
        self, scenario: Scenario, settings: CompareSettings, origin: tuple[float, float], progress: Progress
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Compute times (s) from a position to every cell, before and after; NaN where unreached."""
        place = _place(origin)
        sides = []
        for one in (Scenario(""), scenario):
            network = self.after(one)
            times = self._times(network, settings, (place, self.cells), progress)
            duration_s = times.duration_s[0, :, _level(times, settings)].astype(np.float64)
            sides.append(np.where(duration_s == UNREACHED, np.nan, duration_s))
        return sides[0], sides[1]

    def journeys(
        self, scenario: Scenario, settings: CompareSettings, cell: str, progress: Progress
    ) -> tuple[list[str], list[str]]:
        """
        Tell the journeys from a square to what is nearest, before and after.

        Raises
        ------
        UsageError
            If there is no such square.
        """
        if cell not in self.cells.ids:
            raise UsageError(_("there is no square {id}", id=cell), code="cell")
        number = self.cells.index(cell)
        told = []
        for one in (Scenario(""), scenario):
            network = self.after(one)
            name, places = next(iter(self.targets(network, settings).items()))
            table = self._nearest(one, settings, progress)[name]
            goal = table.nearest_ids[number][0]
            if not goal:
                told.append([reason_text(int(table.reason[number]))])
                continue
            pair = (self.cells.take([number]), places.take([places.index(goal)]))
            told.append(self._told(network, settings, pair))
        return told[0], told[1]

    def _told(
        self, network: TransportNetwork, settings: CompareSettings, pair: tuple[Places, Places]
    ) -> list[str]:
        """Tell the journey between two places by the rules of the travel times."""
        streets = network.streets if network.streets is not None else self.loaded.streets
        if settings.mode in STREET_MODES:
            return street_lines(streets, pair, self.street_query(settings))
        query = self.transit_query(settings)
        metres = street_query(self.loaded.defaults, "walk", speed_kmh=3.6, use=self.study.street_use)
        radius_m = query.max_walk_s * query.walk_mps
        linkage = link_transit(streets, pair, network.timetable, metres, radius_m=radius_m)
        return transit_lines(network.timetable, linkage, query, pair)

    def targets(self, network: TransportNetwork, settings: CompareSettings) -> dict[str, Places]:
        """Take the destinations of every set that exist on the date."""
        places = network.places if network.places is not None else self.loaded.places
        known = {target.id: target for target in self.study.targets}
        return {name: known[name].of(places).operating(settings.as_of) for name in settings.targets}

    def _nearest(
        self, scenario: Scenario, settings: CompareSettings, progress: Progress
    ) -> dict[str, AccessTable]:
        """Find the nearest of every set from every cell; what was computed before is remembered."""

        def make() -> dict[str, AccessTable]:
            network = self.after(scenario)
            sets = self.targets(network, settings)
            everything = _united(list(sets.values()))
            times = self._times(network, settings, (self.cells, everything), progress)
            level = times.query.levels[_level(times, settings)]
            return {
                name: _one_level(measures.nearest(_only(times, places.ids), target=name), level)
                for name, places in sets.items()
            }

        return self._remembered(("nearest", scenario.modifications, settings), make)

    def _times(
        self,
        network: TransportNetwork,
        settings: CompareSettings,
        places: tuple[Places, Places],
        progress: Progress,
    ) -> TravelTimes:
        ids = (places[0].ids, places[1].ids)
        streets = network.streets if network.streets is not None else self.loaded.streets
        threads = in_threads(_("travel times"), progress)
        if settings.mode in STREET_MODES:
            query = self.street_query(settings)
            linkage = link(streets, *places, query)
            return travel_times(streets, linkage, query, ids, map_blocks=threads)
        transit = self.transit_query(settings)
        use = self.study.street_use
        metres = street_query(self.loaded.defaults, "walk", speed_kmh=3.6, use=use)
        radius_m = transit.max_walk_s * transit.walk_mps
        linkage_ = link_transit(streets, places, network.timetable, metres, radius_m=radius_m)
        return transit_times(network.timetable, linkage_, transit, ids, map_blocks=threads)

    def street_query(self, settings: CompareSettings) -> TravelQuery:
        """Make the query of a street mode."""
        return street_query(
            self.loaded.defaults,
            settings.mode,
            period=settings.period if settings.mode == "drive" else "",
            max_duration_s=self.study.max_duration_s,
            use=self.study.street_use,
        )

    def transit_query(self, settings: CompareSettings) -> TransitQuery:
        """Make the query of public transport: one departure per minute of the period."""
        limits = self.loaded.defaults.limits
        period = next(one for one in self.study.periods if one.id == settings.period)
        return TransitQuery(
            day=settings.as_of,
            start_s=period.start_s,
            n_minutes=(period.end_s - period.start_s) // 60,
            percentiles=(settings.percentile,),
            max_rides=round(limits["max_rides"]),
            walk_mps=limits["walk_speed"] / 60,
            max_walk_s=round(60 * limits["max_walk"]),
            max_duration_s=self.study.max_duration_s,
            board_slack_s=round(limits["board_slack"]),
            n_draws=LIVE_DRAWS,
        )

    def _remembered(self, key: Hashable, make: Callable[[], _Made]) -> _Made:
        """Return what was made before for a key, else make it; the longest unused is forgotten first."""
        if key not in self._memory:
            self._memory[key] = make()
            while len(self._memory) > KEPT:
                self._memory.popitem(last=False)
        self._memory.move_to_end(key)
        made: _Made = self._memory[key]
        return made


def settings_of(data: Mapping[str, Any], study: Study) -> CompareSettings:
    """
    Read the settings of a comparison from a request.

    Raises
    ------
    UsageError
        If one names nothing of the study.
    """
    dates = {day.isoformat(): day for day in study.as_of}
    periods = [period.id for period in study.periods]
    known_targets = [target.id for target in study.targets]
    day, period = str(data.get("as_of", "")), str(data.get("period", ""))
    percentile, mode = data.get("percentile", 50), str(data.get("mode", TRANSIT))
    targets = data.get("targets", known_targets)
    wrong = [
        name
        for name, good in (
            ("as_of", day in dates),
            ("period", period in periods),
            ("percentile", type(percentile) is int and 1 <= percentile <= 99),
            ("mode", mode == TRANSIT or mode in STREET_MODES),
            ("targets", isinstance(targets, list) and bool(targets)
             and all(isinstance(one, str) and one in known_targets for one in targets)),
        )
        if not good
    ]  # fmt: skip
    if wrong:
        what = _("these settings name nothing that the study has: {names}", names=", ".join(wrong))
        raise UsageError(what, code="settings")
    return CompareSettings(dates[day], period, percentile, tuple(targets), mode)


def _told(progress: Progress, side: str) -> Progress:
    return lambda stage, done, total: progress(f"{stage}: {side}", done, total)


def _place(at: tuple[float, float]) -> Places:
    return Places(
        ids=("origin",),
        names=("origin",),
        kinds=("origin",),
        lon=np.array([at[0]]),
        lat=np.array([at[1]]),
        count=np.ones(1),
        uncertainty_m=np.zeros(1),
    )


def _united(sets: list[Places]) -> Places:
    """Join sets of places that may share some; each place once."""
    seen: set[str] = set()
    parts = []
    for places in sets:
        parts.append(places.take([i for i, name in enumerate(places.ids) if name not in seen]))
        seen |= set(places.ids)
    return Places.joined(parts)


def _only(times: TravelTimes, ids: tuple[str, ...]) -> TravelTimes:
    """Take the destinations of some ids."""
    at = {name: i for i, name in enumerate(times.destination_ids)}
    chosen = [at[name] for name in ids]
    return replace(
        times,
        destination_ids=ids,
        duration_s=times.duration_s[:, chosen],
        distance_m=times.distance_m[:, chosen],
        reason=times.reason[:, chosen],
    )


def _level(times: TravelTimes, settings: CompareSettings) -> int:
    """Choose the level shown: the percentile asked for, or the middle of a range."""
    levels = times.query.levels
    return levels.index("mid") if "mid" in levels else levels.index(f"p{settings.percentile}")


def _one_level(table: AccessTable, level: str) -> AccessTable:
    number = table.columns.index(level)
    return replace(
        table,
        columns=(level,),
        values=table.values[:, number : number + 1],
        nearest_ids=tuple((row[number],) for row in table.nearest_ids),
        distance_m=None if table.distance_m is None else table.distance_m[:, number : number + 1],
        reason=table.reason,
    )


def _change(target: str, before: AccessTable, after: AccessTable) -> ChangeTable:
    return ChangeTable(
        target=target,
        origin_ids=before.origin_ids,
        before_s=before.values[:, 0],
        after_s=after.values[:, 0],
        before_to=tuple(row[0] for row in before.nearest_ids),
        after_to=tuple(row[0] for row in after.nearest_ids),
        reason=np.where(np.isnan(after.values[:, 0]), after.reason, 0).astype(np.int8),
    )
