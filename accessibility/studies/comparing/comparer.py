"""Who gains and who loses by a scenario, and what does it cost to run?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.linking import link_transit
from accessibility.measures.service_cost import line_costs
from accessibility.messages import _
from accessibility.model.bus_ride import MIDDAY_S
from accessibility.model.comparison import ChangeTable, CompareSettings, Comparison
from accessibility.model.grid import Grid
from accessibility.model.linkage import TransitLinkage
from accessibility.model.places import Places
from accessibility.model.projection import geodesic_m
from accessibility.model.scenario import Scenario
from accessibility.model.service_cost import LineCost
from accessibility.model.study import Period, Study, TransitUse
from accessibility.model.transit_query import TransitQuery
from accessibility.model.transport_network import TransportNetwork
from accessibility.model.travel_query import TravelQuery
from accessibility.scenarios import apply_scenario
from accessibility.studies.bus_rides import BusRides
from accessibility.studies.comparing.attached_elsewhere import attached_elsewhere
from accessibility.studies.comparing.comparison_side import Answer, ComparisonSide, answer
from accessibility.studies.comparing.idle_lines import idle_lines
from accessibility.studies.comparing.remembered import Remembered
from accessibility.studies.comparing.touched import touched_origins
from accessibility.studies.load import LoadedStudy, load_study
from accessibility.studies.progress import Progress, silent
from accessibility.studies.queries import street_query, transit_query
from accessibility.threads import in_parallel
from accessibility.transit import drawn_days, timed_walks

KEPT_NETWORKS = 6
"""Networks asked something that stay laid out, the baseline among them."""
KEPT_ANSWERS = 64
"""Answers of the baseline that are remembered."""


@dataclass(frozen=True, eq=False)
class Compared:
    """
    A comparison with both of its sides, for whoever asks further questions.

    Parameters
    ----------
    comparison
        The comparison.
    scenario, network
        What was compared, and the network it makes.
    before, after
        Both sides, ready to be searched.
    answers
        Target -> answers before and after.
    touched
        Target -> origins whose answer was computed anew.
    """

    comparison: Comparison
    scenario: Scenario
    network: TransportNetwork
    before: ComparisonSide
    after: ComparisonSide
    answers: Mapping[str, tuple[Answer, Answer]]
    touched: Mapping[str, NDArray[np.bool_]]


class Comparer:
    """
    Compares scenarios with a study as it is; what does not depend on the scenario is computed once.

    Parameters
    ----------
    loaded
        The study.
    progress
        Is told the stages.

    Raises
    ------
    UsageError
        If the study has no lines.
    """

    def __init__(self, loaded: LoadedStudy, progress: Progress = silent) -> None:
        study = loaded.study
        if study.transit is None:
            what, mend = (
                _("the study has no lines to compare"),
                _("Name lines under [transit] in study.toml."),
            )
            raise UsageError(what, where="study.toml", mend=mend, code="compare-no-lines")
        self.loaded = loaded
        self.use: TransitUse = study.transit
        self.grid = Grid.over(study.area, crs=study.crs, cell_m=study.cell_m)
        self.cells = self.grid.centres()
        self.baseline = TransportNetwork(loaded.timetables[0], loaded.streets, loaded.places)
        self.progress = progress
        self.ride = BusRides(loaded.defaults, study.street_use)
        self._asked: Remembered[ComparisonSide] = Remembered(KEPT_NETWORKS)
        self._answers: Remembered[Answer] = Remembered(KEPT_ANSWERS)
        self._costs: Remembered[tuple[LineCost, ...]] = Remembered(2 * KEPT_NETWORKS)

    @classmethod
    def of_study(cls, study: Study, *, progress: Progress = silent) -> "Comparer":
        """
        Load a study.

        Raises
        ------
        DataError
            If the study names what does not exist or cannot be.
        UsageError
            If it has no lines.
        """
        progress(_("reading the study"), 0, 1)
        return cls(load_study(study), progress)

    @property
    def sites(self) -> Places:
        """Places people start from, as the study has them."""
        return self.loaded.places.of_kinds(self.loaded.study.origin_kinds)

    @property
    def settings(self) -> CompareSettings:
        """What is asked where nobody says otherwise: last date, first period, every target, on foot."""
        study, modes = self.loaded.study, self.use.access_modes
        access = "walk" if "walk" in modes else modes[0]
        return CompareSettings(
            study.as_of[-1], study.periods[0].id, targets=self._targets(()), access_mode=access
        )

    def changed(self, scenario: Scenario, *, file: str = "") -> TransportNetwork:
        """
        Apply a scenario to a copy of the network.

        Raises
        ------
        DataError
            If any modification cannot be.
        """
        limits = self.loaded.defaults.limits
        return apply_scenario(
            self.baseline,
            scenario,
            default_dwell_s=round(limits["stop_dwell"]),
            ride=self.ride,
            join_m=limits["street_join_radius"],
            detour_factor=limits["connector_detour_factor"],
            file=file,
        )

    def compare(
        self, scenario: Scenario, settings: CompareSettings | None = None, *, file: str = ""
    ) -> Comparison:
        """
        Compare a scenario with the baseline: same window, limits, seed and draws.

        Parameters
        ----------
        scenario
            The scenario.
        settings
            What to ask; `settings` of the comparer where not given.
        file
            Its file, for the notices.

        Returns
        -------
        comparison
            Equal to computing everything anew; only origins that the change can touch are.

        Raises
        ------
        DataError
            If any modification cannot be.
        UsageError
            If the settings name what the study does not have.
        """
        return self.compared(self.changed(scenario, file=file), scenario, settings).comparison

    def compared(
        self, network: TransportNetwork, scenario: Scenario, settings: CompareSettings | None = None
    ) -> Compared:
        """Compare what `changed` has made of a scenario, and keep both sides for further questions."""
        settings = self._checked(settings or self.settings)
        before, after = self.asked(self.baseline, settings), self.asked(network, settings)
        before.query.check_comparable(after.query)
        touched = touched_origins(before.side, after.side, before.query)
        known, anew = {}, {}
        for target in settings.targets:
            known[target] = self._answer(before, settings, target)
            anew[target] = touched(known[target].longest_s, before.members[target])
            if network.places is not self.baseline.places:
                anew[target] = np.ones(len(anew[target]), bool)
        self.progress(_("comparing: {scenario}", scenario=scenario.name), 0, 1)
        fresh = list(in_parallel(lambda name: _after(after, name, known[name], anew[name]), list(known)))
        answers = {name: (known[name], new) for name, new in zip(known, fresh, strict=True)}
        tables = [_table(name, (before, after), both) for name, both in answers.items()]
        n_sites, n_origins = len(self.sites), len(before.ids[0])
        costs = [self.costs(self.baseline, network, settings.as_of)]
        costs.append(self.costs(network, self.baseline, settings.as_of))
        known_notices = set(self.baseline.provenance.notices)
        notices = [one for one in network.provenance.notices if one not in known_notices]
        if network.streets is not None and network.streets is not self.loaded.streets:
            sides = (self.loaded.streets, before), (network.streets, after)
            notices += attached_elsewhere(*sides, tables)
        comparison = Comparison(
            scenario=scenario.name,
            mark=scenario.mark,
            settings=settings,
            query=before.query,
            tables=tuple(table.take(range(n_sites, n_origins)) for table in tables),
            site_tables=tuple(table.take(range(n_sites)) for table in tables),
            n_recomputed=int(np.any(list(anew.values()), axis=0).sum()) if anew else 0,
            n_origins=n_origins,
            costs_before=costs[0],
            costs_after=costs[1],
            notices=tuple(notices),
            idle=idle_lines(scenario, (self.baseline.timetable, network.timetable), costs),
        )
        return Compared(comparison, scenario, network, before, after, answers, anew)

    def costs(self, network: TransportNetwork, other: TransportNetwork, as_of: date) -> tuple[LineCost, ...]:
        """Tell what the lines of a network take to run that are otherwise in the other."""
        limits, both = self.loaded.defaults.limits, (network.timetable, other.timetable)
        return self._costs.of((*both, as_of), lambda: line_costs(*both, as_of, limits, length=self._length))

    def _length(self, start: tuple[float, float], goal: tuple[float, float]) -> float | None:
        """Measure the way of a bus between two stops (m)."""
        ride = self.ride(self.baseline.streets, start, goal, MIDDAY_S)
        if ride is None or len(ride.course) < 2:
            return None
        lon, lat = np.array(ride.course).T
        return float(np.sum(geodesic_m((lon[:-1], lat[:-1]), (lon[1:], lat[1:]))))

    def _targets(self, wanted: Sequence[str]) -> tuple[str, ...]:
        known = [target.id for target in self.loaded.study.targets]
        unknown = [name for name in wanted if name not in known]
        if unknown:
            what = _("the study has no target {name}", name=", ".join(unknown))
            mend = _("Name one of: {names}.", names=", ".join(known))
            raise UsageError(what, where=f"--target {unknown[0]}", mend=mend, code="compare-target")
        return tuple(wanted) or tuple(known)

    def _checked(self, settings: CompareSettings) -> CompareSettings:
        """Fill in all targets, and refuse what the study does not have."""
        study = self.loaded.study
        periods = [period.id for period in study.periods]
        if settings.period not in periods:
            what = _("the study has no period {name}", name=settings.period)
            mend = _("Name one of: {names}.", names=", ".join(periods))
            raise UsageError(what, where="--period", mend=mend, code="compare-period")
        if settings.access_mode not in self.use.access_modes:
            what = _("the study has no access by {mode}", mode=settings.access_mode)
            mend = _("Name one of: {names}.", names=", ".join(self.use.access_modes))
            raise UsageError(
                what, where=f"--access-mode {settings.access_mode}", mend=mend, code="compare-access"
            )
        self.baseline.timetable.require(settings.as_of)
        return replace(settings, targets=self._targets(settings.targets))

    def _answer(self, before: ComparisonSide, settings: CompareSettings, target: str) -> Answer:
        def make() -> Answer:
            self.progress(_("the network as it is"), 0, 1)
            return answer(before, before.members[target])

        return self._answers.of((replace(settings, targets=()), target), make)

    def asked(self, network: TransportNetwork, settings: CompareSettings) -> ComparisonSide:
        """Link a network and lay out its day, once per question, whatever the targets."""
        question = replace(settings, targets=())

        def make() -> ComparisonSide:
            self.progress(_("linking stops to streets"), 0, 1)
            return self._ask(network, question)

        return self._asked.of((network, question), make)

    def query(self, settings: CompareSettings) -> TransitQuery:
        """Return the question that the settings stand for."""
        return replace(
            transit_query(
                self.loaded.defaults, self.use, self._period(settings), settings.as_of,
                max_duration_s=self.loaded.study.max_duration_s, access=self._access(settings),
            ),
            percentiles=(settings.percentile,), labels=(),
        )  # fmt: skip

    def link(
        self, network: TransportNetwork, ends: tuple[Places, Places], settings: CompareSettings
    ) -> TransitLinkage:
        """Attach origins and destinations to a network."""
        defaults, study = self.loaded.defaults, self.loaded.study
        metres = street_query(defaults, "walk", speed_kmh=3.6, use=study.street_use)
        radius_m = defaults.limits["max_walk"] * defaults.limits["walk_speed"]
        streets = network.streets if network.streets is not None else self.loaded.streets
        access = self._access(settings)
        return link_transit(streets, ends, network.timetable, metres, radius_m=radius_m, access=access)

    def _ask(self, network: TransportNetwork, settings: CompareSettings) -> ComparisonSide:
        """Link a network and lay out its day."""
        study, query = self.loaded.study, self.query(settings)
        places = network.places if network.places is not None else self.loaded.places
        destinations = places.of_kinds(study.destination_kinds)
        sites = places.take([places.index(place_id) for place_id in self.sites.ids])
        ends = (Places.joined((sites, self.cells)), destinations)
        linkage = self.link(network, ends, settings)
        chosen = {t.id: set(t.of(places).operating(settings.as_of).ids) for t in study.targets}
        members = {
            name: tuple(i for i, place_id in enumerate(destinations.ids) if place_id in ids)
            for name, ids in chosen.items()
        }
        days, walks = drawn_days(network.timetable, query), timed_walks(network.timetable, linkage, query)
        return ComparisonSide(query, days, walks, linkage, ends, members)

    def _access(self, settings: CompareSettings) -> TravelQuery | None:
        if settings.access_mode == "walk":
            return None
        defaults, study = self.loaded.defaults, self.loaded.study
        period = settings.period if settings.access_mode == "drive" else ""
        longest_s = round(60 * defaults.limits["max_access"])
        return street_query(
            defaults, settings.access_mode, period=period, max_duration_s=longest_s, use=study.street_use
        )

    def _period(self, settings: CompareSettings) -> Period:
        return next(p for p in self.loaded.study.periods if p.id == settings.period)


def _after(after: ComparisonSide, target: str, known: Answer, rows: NDArray[np.bool_]) -> Answer:
    """Compute the rows that a change can touch anew; the others stay as they are."""
    if not rows.any():
        return known
    return known.with_rows(rows, answer(after, after.members[target], rows))


def _table(
    target: str, sides: tuple[ComparisonSide, ComparisonSide], answers: tuple[Answer, Answer]
) -> ChangeTable:
    old, new = answers
    to_before, to_after = (
        tuple(side.ids[1][i] if i >= 0 else "" for i in one.to.tolist())
        for side, one in zip(sides, answers, strict=True)
    )
    return ChangeTable(
        target, sides[1].ids[0], old.time_s, new.time_s, old.reason, new.reason, to_before, to_after
    )
