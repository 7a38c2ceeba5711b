"""The noun ``Timetable``: everything public transport announces, for any date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.arrays import Rebuilt, freeze
from accessibility.model.provenance import Provenance

NONE = -1
"""Index that points at nothing: no parent station, no block, no shape."""
SAME_BAND = "*"
"""Behind the name of a headway band: the band of that name as it runs on other days, drawn by its phases."""

BOARDING_REGULAR, BOARDING_NONE, BOARDING_BY_PHONE, BOARDING_BY_DRIVER = 0, 1, 2, 3


@dataclass(frozen=True, eq=False)
class Timetable(Rebuilt):
    """
    Stops, routes, services, trips and transfer rules, of one feed or several.

    Identifiers are ``feed:id`` where there are several feeds. Times are seconds since the start of the
    service day (noon minus 12 h); a trip past midnight has times of 86,400 and more.

    Parameters
    ----------
    time_zone
        IANA name, the same for all feeds.
    stop_ids, stop_names, stop_lon, stop_lat
        Stops, stations, entrances and inner nodes; positions in degrees (WGS-84), NaN where unknown.
    stop_kind
        GTFS ``location_type``: 0 stop, 1 station, 2 entrance, 3 inner node, 4 boarding area.
    stop_parent
        Index of the parent station, `NONE` without one.
    route_ids, route_short_names, route_long_names, route_type
        Routes; the type is GTFS's (0 tram, 1 metro, 2 rail, 3 bus, ...).
    service_ids, service_offset, service_day
        Days of operation of service ``i``, as proleptic ordinals, ascending:
        ``service_day[service_offset[i]:service_offset[i + 1]]``.
    trip_ids, trip_headsigns, trip_route, trip_service, trip_direction, trip_block, trip_shape
        Trips; direction 0 or 1 (`NONE` where not stated), block and shape as indices or `NONE`.
    block_ids
        Names of the vehicle blocks.
    stop_time_offset, stop_time_stop, arrival_s, departure_s, pickup, drop_off
        Calls of trip ``i`` in order: ``[stop_time_offset[i]:stop_time_offset[i + 1]]``. Every call has times,
        blanks are filled in by the reader; pickup and drop-off are GTFS's types.
    frequency_ids, frequency_trip, frequency_start_s, frequency_end_s, headway_s, frequency_exact
        Headway bands: the trip is repeated from the start until before the end; exact ones are a schedule.
    transfer_from_stop, transfer_to_stop, transfer_from_route, transfer_to_route, transfer_from_trip,
    transfer_to_trip, transfer_type, transfer_min_s
        Rules of ``transfers.txt``; `NONE` where a column does not narrow the rule, -1 s without a time.
    pathway_from_stop, pathway_to_stop, pathway_s, pathway_both_ways, pathway_length_m, pathway_mode
        Ways inside stations with their stated time (s), -1 where there is only a length (m); the mode is
        GTFS's (2 stairs, 4 escalator, ...).
    shape_offset, shape_lon, shape_lat
        Courses of trips (degrees, WGS-84).
    route_facts
        Further columns about routes as text (``mark``, ``source``, ``valid_from``, ``headway_low_s``, ...).
    horizon
        First and last date about which everything is known, also that nothing runs; ``None`` where only days
        with service say so.
    provenance
        Sources and notices.

    Raises
    ------
    ModelError
        If columns disagree, an index points nowhere, the times of a trip run back, or the horizon does.
    """

    time_zone: str
    stop_ids: tuple[str, ...]
    stop_names: tuple[str, ...]
    stop_lon: NDArray[np.float64]
    stop_lat: NDArray[np.float64]
    stop_kind: NDArray[np.int8]
    stop_parent: NDArray[np.int32]
    route_ids: tuple[str, ...]
    route_short_names: tuple[str, ...]
    route_long_names: tuple[str, ...]
    route_type: NDArray[np.int16]
    service_ids: tuple[str, ...]
    service_offset: NDArray[np.int64]
    service_day: NDArray[np.int32]
    trip_ids: tuple[str, ...]
    trip_headsigns: tuple[str, ...]
    trip_route: NDArray[np.int32]
    trip_service: NDArray[np.int32]
    trip_direction: NDArray[np.int8]
    trip_block: NDArray[np.int32]
    trip_shape: NDArray[np.int32]
    block_ids: tuple[str, ...]
    stop_time_offset: NDArray[np.int64]
    stop_time_stop: NDArray[np.int32]
    arrival_s: NDArray[np.int32]
    departure_s: NDArray[np.int32]
    pickup: NDArray[np.int8]
    drop_off: NDArray[np.int8]
    frequency_ids: tuple[str, ...]
    frequency_trip: NDArray[np.int32]
    frequency_start_s: NDArray[np.int32]
    frequency_end_s: NDArray[np.int32]
    headway_s: NDArray[np.int32]
    frequency_exact: NDArray[np.bool_]
    transfer_from_stop: NDArray[np.int32]
    transfer_to_stop: NDArray[np.int32]
    transfer_from_route: NDArray[np.int32]
    transfer_to_route: NDArray[np.int32]
    transfer_from_trip: NDArray[np.int32]
    transfer_to_trip: NDArray[np.int32]
    transfer_type: NDArray[np.int8]
    transfer_min_s: NDArray[np.int32]
    pathway_from_stop: NDArray[np.int32]
    pathway_to_stop: NDArray[np.int32]
    pathway_s: NDArray[np.int32]
    pathway_both_ways: NDArray[np.bool_]
    shape_offset: NDArray[np.int64]
    shape_lon: NDArray[np.float64]
    shape_lat: NDArray[np.float64]
    pathway_length_m: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    pathway_mode: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    route_facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    horizon: tuple[date, date] | None = None
    provenance: Provenance = Provenance()

    def __post_init__(self) -> None:
        """Freeze every column and check what the class promises."""
        for name, dtype, length in self._columns():
            column = freeze(getattr(self, name), dtype, name=f"Timetable.{name}", shape=(length,))
            object.__setattr__(self, name, column)
        facts = {key: tuple(values) for key, values in self.route_facts.items()}
        object.__setattr__(self, "route_facts", MappingProxyType(facts))
        self._check_ids()
        self._check_indices()
        self._check_times()

    def _columns(self) -> list[tuple[str, Any, int | None]]:
        n_stops, n_routes, n_trips = len(self.stop_ids), len(self.route_ids), len(self.trip_ids)
        n_calls, n_bands = len(self.stop_time_stop), len(self.frequency_ids)
        n_rules, n_ways = len(self.transfer_type), len(self.pathway_s)
        return [
            *((name, np.float64, n_stops) for name in ("stop_lon", "stop_lat")),
            ("stop_kind", np.int8, n_stops),
            ("stop_parent", np.int32, n_stops),
            ("route_type", np.int16, n_routes),
            ("service_offset", np.int64, len(self.service_ids) + 1),
            ("service_day", np.int32, None),
            *(
                (name, np.int32, n_trips)
                for name in ("trip_route", "trip_service", "trip_block", "trip_shape")
            ),
            ("trip_direction", np.int8, n_trips),
            ("stop_time_offset", np.int64, n_trips + 1),
            *((name, np.int32, n_calls) for name in ("stop_time_stop", "arrival_s", "departure_s")),
            *((name, np.int8, n_calls) for name in ("pickup", "drop_off")),
            *(
                (name, np.int32, n_bands)
                for name in ("frequency_trip", "frequency_start_s", "frequency_end_s", "headway_s")
            ),
            ("frequency_exact", np.bool_, n_bands),
            *(
                (f"transfer_{end}_{what}", np.int32, n_rules)
                for end in ("from", "to")
                for what in _RULE_PARTS
            ),
            ("transfer_type", np.int8, n_rules),
            ("transfer_min_s", np.int32, n_rules),
            *((name, np.int32, n_ways) for name in ("pathway_from_stop", "pathway_to_stop", "pathway_s")),
            ("pathway_both_ways", np.bool_, n_ways),
            ("pathway_length_m", np.float64, n_ways),
            ("pathway_mode", np.int8, n_ways),
            ("shape_offset", np.int64, None),
            ("shape_lon", np.float64, None),
            ("shape_lat", np.float64, len(self.shape_lon)),
        ]

    def _check_ids(self) -> None:
        for name in ("stop_ids", "route_ids", "service_ids", "trip_ids", "block_ids", "frequency_ids"):
            ids = getattr(self, name)
            if len(set(ids)) != len(ids) or not all(ids):
                raise ModelError(f"Timetable.{name} must be unique and not empty", code="timetable-ids")
        texts = {"stop_names": self.stop_ids, "route_short_names": self.route_ids}
        texts |= {"route_long_names": self.route_ids, "trip_headsigns": self.trip_ids}
        for name, ids in texts.items():
            if len(getattr(self, name)) != len(ids):
                raise ModelError(f"Timetable.{name} needs one text per id", code="timetable-shape")
        for name, values in self.route_facts.items():
            if len(values) != len(self.route_ids):
                raise ModelError(
                    f"Timetable.route_facts[{name!r}] needs one text per route", code="timetable-shape"
                )

    def _check_indices(self) -> None:
        n_stops, n_trips, n_routes = len(self.stop_ids), len(self.trip_ids), len(self.route_ids)
        limits = {
            "stop_parent": (NONE, n_stops),
            "trip_route": (0, n_routes),
            "trip_service": (0, len(self.service_ids)),
            "trip_block": (NONE, len(self.block_ids)),
            "trip_shape": (NONE, len(self.shape_offset) - 1),
            "stop_time_stop": (0, n_stops),
            "frequency_trip": (0, n_trips),
            "pathway_from_stop": (0, n_stops),
            "pathway_to_stop": (0, n_stops),
            **{f"transfer_{end}_stop": (NONE, n_stops) for end in ("from", "to")},
            **{f"transfer_{end}_route": (NONE, n_routes) for end in ("from", "to")},
            **{f"transfer_{end}_trip": (NONE, n_trips) for end in ("from", "to")},
        }
        for name, (least, limit) in limits.items():
            column = getattr(self, name)
            if column.size and not (least <= column.min() and column.max() < limit):
                raise ModelError(f"Timetable.{name} points outside 0..{limit - 1}", code="timetable-index")
        if self.stop_time_offset[-1] != len(self.stop_time_stop) or np.any(
            np.diff(self.stop_time_offset) < 2
        ):
            raise ModelError("every trip needs at least two calls", code="timetable-calls")
        if self.service_offset[-1] != len(self.service_day):
            raise ModelError("Timetable.service_offset must end with its column", code="timetable-shape")

    def _check_times(self) -> None:
        if np.any(self.departure_s < self.arrival_s):
            raise ModelError("a trip departs before it arrives", code="timetable-times")
        within = np.ones(max(len(self.arrival_s) - 1, 0), bool)
        within[self.stop_time_offset[1:-1] - 1] = False
        if np.any(self.arrival_s[1:][within] < self.departure_s[:-1][within]):
            raise ModelError("the times of a trip run back", code="timetable-times")
        if self.horizon is not None and self.horizon[1] < self.horizon[0]:
            raise ModelError("Timetable.horizon ends before it begins", code="timetable-horizon")
        if np.any((self.pathway_s < 0) & ~(self.pathway_length_m >= 0)):
            raise ModelError("a pathway needs a time or a length", code="timetable-pathways")
        if np.any(self.headway_s <= 0) or np.any(self.frequency_end_s <= self.frequency_start_s):
            raise ModelError(
                "a headway band needs a headway > 0 and an end after its start", code="timetable-bands"
            )

    def operates(self, day: date) -> NDArray[np.bool_]:
        """Say which services run on a date, shape ``[n_services]``."""
        owner = np.repeat(np.arange(len(self.service_ids)), np.diff(self.service_offset))
        running = np.zeros(len(self.service_ids), bool)
        running[owner[self.service_day == day.toordinal()]] = True
        return running

    def on(self, day: date) -> Any:
        """
        Gather the runs of a date as a `accessibility.model.service_day.ServiceDay`.

        Headway bands without exact times are left to the draws of a query.

        Raises
        ------
        ModelError
            If nothing is known about the date.
        """
        # a service day is made of a timetable, so its module needs this one first
        from accessibility.model.service_day import service_day

        return service_day(self, day)

    def require(self, day: date) -> None:
        """
        Make sure that something is known about a date.

        Raises
        ------
        ModelError
            If the date lies outside everything announced: then no answer is better than a silent walk.
        """
        first, last = self.first_day, self.last_day
        if first is None or last is None or not first <= day <= last:
            what = _("the timetable says nothing about {day}; it runs from {first} to {last}",
                     day=day, first=first, last=last)  # fmt: skip
            mend = _("Choose a date within, or take a timetable of that time.")
            where = ", ".join(source.file for source in self.provenance.sources)
            raise ModelError(what, where=where, mend=mend, code="date-outside-feed")

    @property
    def first_day(self) -> date | None:
        """First date of the horizon, else on which anything runs; ``None`` where nothing ever does."""
        if self.horizon is not None:
            return self.horizon[0]
        return date.fromordinal(int(self.service_day.min())) if self.service_day.size else None

    @property
    def last_day(self) -> date | None:
        """Last date of the horizon, else on which anything runs; ``None`` where nothing ever does."""
        if self.horizon is not None:
            return self.horizon[1]
        return date.fromordinal(int(self.service_day.max())) if self.service_day.size else None


_RULE_PARTS = ("stop", "route", "trip")
