"""Rides of buses over the streets of a study, found once per pair of stops and period."""

import numpy as np

from accessibility.linking import link
from accessibility.model.bus_ride import BusRide, Position
from accessibility.model.places import Places
from accessibility.model.streets import Streets
from accessibility.streetwork.paths import find_journey
from accessibility.studies.load import LoadedStudy
from accessibility.studies.queries import street_query


class BusRides:
    """
    Finds rides between stops: the quickest way a car may take at the middle speed of the period.

    Parameters
    ----------
    loaded
        The study; its periods choose the speeds by the clock.
    """

    def __init__(self, loaded: LoadedStudy) -> None:
        self._loaded = loaded
        self._known: dict[tuple[int, Position, Position, str], BusRide | None] = {}
        self._streets: list[Streets] = []

    def __call__(
        self, streets: Streets | None, start: Position, end: Position, clock_s: int
    ) -> BusRide | None:
        """Find the ride from one position to another at a clock time (s); ``None``: no way."""
        if streets is None:
            return None
        period = self._period(clock_s)
        key = (self._number(streets), start, end, period)
        if key not in self._known:
            self._known[key] = self._find(streets, start, end, period)
        return self._known[key]

    def _number(self, streets: Streets) -> int:
        """Number the networks met, so that rides of one are never taken for those of another."""
        for number, known in enumerate(self._streets):
            if known is streets:
                return number
        self._streets.append(streets)
        return len(self._streets) - 1

    def _period(self, clock_s: int) -> str:
        """Name the period of a clock time; outside all of them the last one, which is the calmest."""
        periods = self._loaded.study.periods
        inside = [period.id for period in periods if period.start_s <= clock_s < period.end_s]
        return (inside or [period.id for period in periods[-1:]] or [""])[0]

    def _find(self, streets: Streets, start: Position, end: Position, period: str) -> BusRide | None:
        use = self._loaded.study.street_use
        query = street_query(self._loaded.defaults, "drive", period=period, use=use)
        places = _two_places(start, end)
        linkage = link(streets, places.take([0]), places.take([1]), query)
        if not (linkage.origins.linked.all() and linkage.destinations.linked.all()):
            return None
        journey = find_journey(streets, linkage, query, ("a", "b"), level="mid")
        if journey is None:
            return None
        inner = list(zip(journey.lon.tolist(), journey.lat.tolist(), strict=True))
        return BusRide(max(1, journey.duration_s), (start, *inner, end))


def _two_places(start: Position, end: Position) -> Places:
    return Places(
        ids=("a", "b"),
        names=("a", "b"),
        kinds=("stop", "stop"),
        lon=np.array([start[0], end[0]]),
        lat=np.array([start[1], end[1]]),
        count=np.ones(2),
        uncertainty_m=np.zeros(2),
    )
