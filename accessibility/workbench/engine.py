"""The one door of the workbench to the engine: a study before and after a scenario.

What the page shows is computed by the verbs of the command line: `accessibility compare` on the saved file
gives the same figures.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError, UsageError
from accessibility.messages import _
from accessibility.model.comparison import ChangeTable
from accessibility.model.places import Places
from accessibility.model.scenario import Scenario
from accessibility.model.service_cost import LineCost
from accessibility.model.transport_network import TransportNetwork
from accessibility.outputs.wording import reason_text
from accessibility.sources.study_file import read_study
from accessibility.studies.comparing.comparer import Compared, Comparer
from accessibility.studies.comparing.remembered import Remembered
from accessibility.studies.load import load_study
from accessibility.studies.progress import Progress, in_threads, silent
from accessibility.transit import transit_times
from accessibility.units import UNREACHED
from accessibility.workbench.journeys import nearest_lines, street_lines
from accessibility.workbench.on_streets import OnStreets
from accessibility.workbench.settings import PageSettings

KEPT = 24
BASELINE = Scenario("")


class Engine:
    """
    A study with everything loaded, and memory of what was computed.

    Parameters
    ----------
    comparer
        The study; made with the study's own `told` where somebody is to hear the stages.
    """

    def __init__(self, comparer: Comparer) -> None:
        self.comparer, self.loaded, self.study = comparer, comparer.loaded, comparer.loaded.study
        self.baseline, self.grid, self.cells = comparer.baseline, comparer.grid, comparer.cells
        self._streets = OnStreets(self.loaded, self.cells)
        self._networks: Remembered[TransportNetwork] = Remembered(KEPT)

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
        return cls(Comparer(loaded))

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
        return self._networks.of(scenario.modifications, lambda: self.comparer.changed(scenario))

    def change(
        self, scenario: Scenario, settings: PageSettings, progress: Progress = silent
    ) -> dict[str, ChangeTable]:
        """Compute times from every square to the nearest of every set, before and after."""
        if settings.on_streets:
            return self._streets.change((self.baseline, self.after(scenario)), settings, progress)
        return {
            table.target: table for table in self.compared(scenario, settings, progress).comparison.tables
        }

    def compared(self, scenario: Scenario, settings: PageSettings, progress: Progress = silent) -> Compared:
        """Compare by public transport, as the command line does."""
        with self._telling(progress):
            return self.comparer.compared(self.after(scenario), scenario, settings.question)

    def costs(
        self, scenario: Scenario, settings: PageSettings
    ) -> tuple[tuple[LineCost, ...], tuple[LineCost, ...]]:
        """Tell what the lines that a scenario changes take to run, before and after."""
        old, new, as_of = self.baseline, self.after(scenario), settings.question.as_of
        if old.timetable is new.timetable:
            return (), ()
        return self.comparer.costs(old, new, as_of), self.comparer.costs(new, old, as_of)

    def reach(
        self, scenario: Scenario, settings: PageSettings, origin: tuple[float, float], progress: Progress
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Compute times (s) from a position to every square, before and after; NaN where unreached."""
        place = _place(origin)
        before, after = (
            self._reach(self.after(one), settings, place, progress) for one in (BASELINE, scenario)
        )
        return before, after

    def _reach(
        self, network: TransportNetwork, settings: PageSettings, place: Places, progress: Progress
    ) -> NDArray[np.float64]:
        if settings.on_streets:
            return self._streets.reach(network, settings, place, progress)
        linkage = self.comparer.link(network, (place, self.cells), settings.question)
        query = self.comparer.query(settings.question)
        threads = in_threads(_("travel times"), progress)
        times = transit_times(
            network.timetable, linkage, query, (place.ids, self.cells.ids), map_blocks=threads
        )
        duration_s = times.duration_s[0, :, 0].astype(np.float64)
        return np.where(duration_s == UNREACHED, np.nan, duration_s)

    def journeys(
        self, scenario: Scenario, settings: PageSettings, cell: str, progress: Progress
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
        number, target = self.cells.index(cell), settings.question.targets[0]
        table = self.change(scenario, settings, progress)[target]
        sides = (
            (self.baseline, table.to_before[number], int(table.reason_before[number])),
            (self.after(scenario), table.to_after[number], int(table.reason_after[number])),
        )
        before, after = (
            self._told(network, settings, number, goal) if goal else [reason_text(reason)]
            for network, goal, reason in sides
        )
        return before, after

    def _told(self, network: TransportNetwork, settings: PageSettings, cell: int, goal: str) -> list[str]:
        """Tell the journey from a square to a place by the rules of the travel times."""
        places = network.places if network.places is not None else self.loaded.places
        ends = (self.cells.take([cell]), places.take([places.index(goal)]))
        if settings.on_streets:
            streets = network.streets if network.streets is not None else self.loaded.streets
            return street_lines(streets, ends, self._streets.query(settings))
        asked = self.comparer.asked(network, settings.question)
        row = len(self.comparer.sites) + cell
        return nearest_lines(network.timetable, asked, row, settings.question, ends)

    def targets(self, network: TransportNetwork, settings: PageSettings) -> dict[str, Places]:
        """Take the destinations of every set that exist on the date."""
        places = network.places if network.places is not None else self.loaded.places
        known = {target.id: target for target in self.study.targets}
        question = settings.question
        return {name: known[name].of(places).operating(question.as_of) for name in question.targets}

    @contextmanager
    def _telling(self, progress: Progress) -> Iterator[None]:
        """Let somebody hear the stages of the comparer for a while."""
        self.comparer.progress = progress
        try:
            yield
        finally:
            self.comparer.progress = silent


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
