"""Before and after on streets alone: walking, cycling, driving to what is nearest."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from accessibility import measures
from accessibility.linking import link
from accessibility.messages import _
from accessibility.model.comparison import ChangeTable
from accessibility.model.places import Places
from accessibility.model.reasons import BEYOND_LIMITS, REACHED
from accessibility.model.streets import Streets
from accessibility.model.transport_network import TransportNetwork
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.studies.comparing.remembered import Remembered
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress, in_threads
from accessibility.studies.queries import street_query
from accessibility.travel import travel_times
from accessibility.units import UNREACHED
from accessibility.workbench.settings import PageSettings

KEPT = 12
LEVEL = "mid"


@dataclass(frozen=True, eq=False)
class Nearest:
    """
    The nearest of one set of destinations.

    Parameters
    ----------
    time_s
        Durations (s), NaN where unreached.
    ids
        Which is nearest, ``""`` where none.
    reason
        Why not.
    """

    time_s: NDArray[np.float64]
    ids: tuple[str, ...]
    reason: NDArray[np.int8]


class OnStreets:
    """
    Answers questions about streets; lines do not matter to them.

    Parameters
    ----------
    loaded
        The study.
    cells
        Squares of its grid.
    """

    def __init__(self, loaded: LoadedStudy, cells: Places) -> None:
        self.loaded, self.cells = loaded, cells
        self._nearest: Remembered[dict[str, Nearest]] = Remembered(KEPT)

    def change(
        self,
        networks: tuple[TransportNetwork, TransportNetwork],
        settings: PageSettings,
        progress: Progress,
    ) -> dict[str, ChangeTable]:
        """Compute times to the nearest of every set, before and after."""
        before, after = (self.nearest(network, settings, progress) for network in networks)
        return {
            name: ChangeTable(
                name, self.cells.ids, old.time_s, after[name].time_s, old.reason, after[name].reason,
                old.ids, after[name].ids,
            )
            for name, old in before.items()
        }  # fmt: skip

    def nearest(
        self, network: TransportNetwork, settings: PageSettings, progress: Progress
    ) -> dict[str, Nearest]:
        """Find the nearest of every set from every square."""
        places = network.places if network.places is not None else self.loaded.places

        def make() -> dict[str, Nearest]:
            known = {target.id: target for target in self.loaded.study.targets}
            question = settings.question
            sets = {name: known[name].of(places).operating(question.as_of) for name in question.targets}
            times = self.times(network, settings, (self.cells, _united(list(sets.values()))), progress)
            return {name: _nearest(times, chosen.ids, name) for name, chosen in sets.items()}

        return self._nearest.of((self._streets(network), places, settings), make)

    def times(
        self,
        network: TransportNetwork,
        settings: PageSettings,
        ends: tuple[Places, Places],
        progress: Progress,
    ) -> TravelTimes:
        """Compute travel times between places."""
        streets, query = self._streets(network), self.query(settings)
        threads = in_threads(_("travel times"), progress)
        return travel_times(
            streets, link(streets, *ends, query), query, (ends[0].ids, ends[1].ids), map_blocks=threads
        )

    def reach(
        self, network: TransportNetwork, settings: PageSettings, place: Places, progress: Progress
    ) -> NDArray[np.float64]:
        """Compute times (s) from a place to every square; NaN where unreached."""
        times = self.times(network, settings, (place, self.cells), progress)
        duration_s = times.duration_s[0, :, times.query.levels.index(LEVEL)].astype(np.float64)
        return np.where(duration_s == UNREACHED, np.nan, duration_s)

    def query(self, settings: PageSettings) -> TravelQuery:
        """Make the query of a street mode."""
        study = self.loaded.study
        return street_query(
            self.loaded.defaults,
            settings.mode,
            period=settings.question.period if settings.mode == "drive" else "",
            max_duration_s=study.max_duration_s,
            use=study.street_use,
        )

    def _streets(self, network: TransportNetwork) -> Streets:
        return network.streets if network.streets is not None else self.loaded.streets


def _united(sets: list[Places]) -> Places:
    """Join sets of places that may share some; each place once."""
    seen: set[str] = set()
    parts = []
    for places in sets:
        parts.append(places.take([i for i, name in enumerate(places.ids) if name not in seen]))
        seen |= set(places.ids)
    return Places.joined(parts)


def _nearest(times: TravelTimes, ids: tuple[str, ...], target: str) -> Nearest:
    """Choose the nearest of some destinations at the middle speed."""
    at = {name: i for i, name in enumerate(times.destination_ids)}
    chosen = [at[name] for name in ids]
    some = replace(
        times,
        destination_ids=ids,
        duration_s=times.duration_s[:, chosen],
        distance_m=times.distance_m[:, chosen],
        reason=times.reason[:, chosen],
    )
    table = measures.nearest(some, target=target)
    level = table.columns.index(LEVEL)
    time_s = table.values[:, level]
    # What only the quickest walkers reach in time lies beyond the limit at the middle speed.
    unreached = np.where(table.reason == REACHED, BEYOND_LIMITS, table.reason)
    reason = np.where(np.isnan(time_s), unreached, REACHED).astype(np.int8)
    return Nearest(time_s, tuple(row[level] for row in table.nearest_ids), reason)
