"""Riding times of buses over the streets: what new hops of a scenario take unless their time is stated."""

import numpy as np

from accessibility.model.bus_ride import BusRide, Position
from accessibility.model.defaults import Defaults
from accessibility.model.journey import Part
from accessibility.model.linkage import Linkage
from accessibility.model.streets import Streets
from accessibility.model.study import StreetUse
from accessibility.model.travel_query import TravelQuery
from accessibility.streetwork.graph import StreetGraph, street_graph
from accessibility.streetwork.paths import find_journey
from accessibility.streetwork.snapping import attach
from accessibility.studies.queries import COMPLETE_STREETS, street_query

LEVEL = "mid"
PEAK, OFFPEAK = "peak", "offpeak"
_PEAKS = ("morning", "evening")
_HOUR_S = 3600


class BusRides:
    """
    Finds rides of buses as a car drives, by the period that the clock falls into.

    A bus waits at its stops in the dwell and drives between them like any car: no factor is applied, and the
    way from the street to the post of the stop takes no time. A stop further off than the first radius of
    snapping lies on no street that complete streets would show; beside a sketch its way is driven too.

    Parameters
    ----------
    defaults
        Driving speeds, and the hours of the peaks.
    use
        How the streets are to be used.
    """

    def __init__(self, defaults: Defaults, use: StreetUse = COMPLETE_STREETS) -> None:
        self._defaults = defaults
        self._use = use
        self._streets: Streets | None = None
        self._graphs: dict[str, tuple[TravelQuery, StreetGraph]] = {}
        self._found: dict[tuple[Position, Position, str], BusRide | None] = {}

    def __call__(
        self, streets: Streets | None, start: Position, goal: Position, clock_s: int
    ) -> BusRide | None:
        """
        Find the ride between two positions.

        Parameters
        ----------
        streets
            The streets as they are by then.
        start, goal
            Longitudes and latitudes (degrees).
        clock_s
            Clock time (s) of the departure.

        Returns
        -------
        ride
            ``None`` where no street leads there.
        """
        if streets is None:
            return None
        if streets is not self._streets:
            self._streets, self._graphs, self._found = streets, {}, {}
        key = (start, goal, self.period(clock_s))
        if key not in self._found:
            self._found[key] = self._ride(streets, *key)
        return self._found[key]

    def period(self, clock_s: int) -> str:
        """Name the period of the driving speeds that a clock time falls into."""
        limits, periods = self._defaults.limits, self._defaults.road_speeds.periods
        hour = clock_s / _HOUR_S % 24
        inside = any(limits[f"{part}_peak_from"] <= hour < limits[f"{part}_peak_to"] for part in _PEAKS)
        wanted = PEAK if inside else OFFPEAK
        return wanted if wanted in periods else periods[0]

    def _ride(self, streets: Streets, start: Position, goal: Position, period: str) -> BusRide | None:
        if period not in self._graphs:
            query = street_query(self._defaults, "drive", period=period, use=self._use)
            self._graphs[period] = query, street_graph(streets, query)
        query, graph = self._graphs[period]
        ends = [
            attach(streets, graph, query, (np.array([lon]), np.array([lat]))) for lon, lat in (start, goal)
        ]
        if not all(end.linked.all() for end in ends):
            return None
        far = max(float(end.snap_m[0]) for end in ends) > self._defaults.limits["snap_radius"]
        if far and not self._use.generalised:
            return None
        linkage = Linkage(query.mode, *ends)
        journey = find_journey(streets, linkage, query, ("", ""), level=LEVEL, graph=graph)
        if journey is None:
            return None
        ride_s = sum(part.duration_s for part in journey.parts if far or part.kind != "connector")
        spur_s = (_spur_s(journey.parts[0], far=far), _spur_s(journey.parts[-1], far=far))
        course = zip(journey.lon.tolist(), journey.lat.tolist(), strict=True)
        return BusRide(max(1, ride_s), tuple(course), spur_s)


def _spur_s(part: Part, *, far: bool) -> int:
    """Give the time from a post far off to its street; a post beside the street takes none."""
    return part.duration_s if far and part.kind == "connector" else 0
