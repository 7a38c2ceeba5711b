"""What every question on public transport begins with: a timetable, a window, the walks around it."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import DataError, UsageError
from accessibility.linking import link_transit
from accessibility.messages import _
from accessibility.model.joining import join_timetables
from accessibility.model.linkage import Linkage, TransitLinkage
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.model.service_day import ServiceDay
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import ARRIVE_BY, FROM_DEPARTURE, PLANNED, TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.sources.cache import NetworkCache, kept_timetable
from accessibility.sources.gtfs import read_feeds, timetable_labels
from accessibility.sources.line_sheets import read_line_sheets
from accessibility.studies.feed_errors import usable_feeds
from accessibility.studies.on_streets import Prepared, StreetOptions, prepare
from accessibility.studies.progress import Progress, in_threads
from accessibility.studies.queries import street_query
from accessibility.studies.service_notices import service_notices
from accessibility.transit import drawn_days, timed_walks, transit_times
from accessibility.transit_journeys import JourneySearch
from accessibility.units import seconds_from_clock

DEPART = "07:30"
"""First departure of the window where none is asked for."""


@dataclass(frozen=True)
class TransitOptions:
    """
    A question on public transport, as a face hands it over.

    Parameters
    ----------
    streets
        Streets people walk on, with walking speed and longest duration.
    gtfs
        Feeds.
    day
        Service day (ISO).
    depart
        First departure (clock time).
    window
        Departures, one a minute (min).
    percentiles
        Whole numbers 1-99.
    max_rides, max_walk
        Vehicles boarded, and longest walk (min); defaults where not given.
    access_mode, egress_mode
        How people get to their first stop and on from their last one.
    max_access, max_egress
        Longest time (min) of these two legs; the longest walk where not given.
    arrive_by
        First latest arrival (clock time) of the window, in place of a first departure.
    planned
        Whether people know the timetable and do not wait at the start.
    lines
        Line sheets, in the coordinate system of the points.
    skip_errors
        Whether to go on without what is malformed in the feeds.
    """

    streets: StreetOptions
    gtfs: tuple[Path, ...]
    day: str
    depart: str = DEPART
    window: int = 60
    percentiles: tuple[int, ...] = field(default=(50,))
    max_rides: int | None = None
    max_walk: float | None = None
    access_mode: str = "walk"
    egress_mode: str = "walk"
    max_access: float | None = None
    max_egress: float | None = None
    arrive_by: str | None = None
    planned: bool = False
    lines: tuple[Path, ...] = ()
    skip_errors: bool = False

    def query(self) -> TransitQuery:
        """
        Make the query.

        Raises
        ------
        UsageError
            If a date, a time or a limit cannot be.
        """
        if self.planned and self.arrive_by is not None:
            message = _("who arrives by a time has no planned departure; give one of the two")
            raise UsageError(message, where="--arrive-by --planned", code="transit-definition")
        limits = self.streets.defaults().limits
        self.streets.check_fit(tuple(dict.fromkeys(("walk", self.access_mode, self.egress_mode))))
        walking = self.walking.query()
        max_walk = limits["max_walk"] if self.max_walk is None else self.max_walk
        max_rides = int(limits["max_rides"]) if self.max_rides is None else self.max_rides
        self._check_limits(max_rides, max_walk)
        day, start_s = self._moment()
        return TransitQuery(
            day=day,
            start_s=start_s,
            n_minutes=self.window,
            percentiles=tuple(dict.fromkeys(self.percentiles)),
            max_rides=max_rides,
            walk_mps=walking.speed_mps[walking.levels.index("mid")],
            max_walk_s=round(60 * max_walk),
            max_duration_s=walking.max_duration_s,
            board_slack_s=round(limits["board_slack"]),
            n_draws=round(limits["frequency_draws"]),
            access=self._leg(self.access_mode, self.max_access, max_walk),
            egress=self._leg(self.egress_mode, self.max_egress, max_walk),
            definition=self.definition,
        )

    def _check_limits(self, max_rides: int, max_walk: float) -> None:
        """Refuse limits that cannot be."""
        legs = {"--max-access": self.max_access, "--max-egress": self.max_egress}
        for name, good in (
            (f"--window {self.window}", 1 <= self.window <= 1440),
            (
                f"--percentile {' '.join(map(str, self.percentiles))}",
                all(1 <= p <= 99 for p in self.percentiles),
            ),
            (f"--max-rides {max_rides}", 1 <= max_rides <= 20),
            (f"--max-walk {max_walk}", 0 < max_walk <= 1440),
            *((f"{leg} {limit}", limit is None or 0 < limit <= 1440) for leg, limit in legs.items()),
        ):
            if not good:
                message = _("this limit cannot be; windows, rides and walks are above 0, percentiles 1 to 99")
                raise UsageError(message, where=name, code="transit-limit")

    def _moment(self) -> tuple[date, int]:
        """Read the service day and the first minute (s) of the window."""
        option, clock = "--depart", self.depart
        if self.arrive_by is not None:
            option, clock = "--arrive-by", self.arrive_by
        try:
            return date.fromisoformat(self.day), seconds_from_clock(clock)
        except ValueError as error:
            message = _("a date is written like 2019-05-13, a time like 14:00")
            raise UsageError(message, where=f"--date {self.day} {option} {clock}", code="clock") from error

    def _leg(self, mode: str, longest: float | None, max_walk: float) -> TravelQuery | None:
        """Make the query of access or egress, ``None`` where people just walk as far as elsewhere."""
        if mode == "walk" and longest is None:
            return None
        limit = max_walk if longest is None else longest
        return self.streets.fitted(mode, max_duration=limit).query()

    @property
    def walking(self) -> StreetOptions:
        """Give what everybody does on the streets beside access and egress: walk."""
        return self.streets.fitted("walk")

    @property
    def definition(self) -> str:
        """Name what the travel time of a minute is."""
        if self.arrive_by is not None:
            return ARRIVE_BY
        return PLANNED if self.planned else FROM_DEPARTURE


def read_timetables(
    gtfs: Sequence[Path],
    lines: Sequence[Path],
    day: date,
    *,
    system: str = "wgs84",
    cache: NetworkCache | None = None,
    skip_errors: bool = False,
) -> Timetable:
    """
    Read everything announced for a date: feeds and line sheets side by side.

    Parameters
    ----------
    gtfs, lines
        Feeds, and folders or workbooks of line sheets; one at least. With several of either, identifiers are
        ``name:id`` with the name of the file.
    day
        Service day. Line sheets are laid out a week to either side of it; the feeds together must reach it by
        themselves, for line sheets would hide that they do not.
    system
        Coordinate system of the line sheets.
    cache
        Where feeds are kept between runs.
    skip_errors
        Whether to go on without what is malformed in the feeds.

    Returns
    -------
    timetable
        All of them as one.

    Raises
    ------
    DataError
        If something in a feed is malformed and nobody asked to go on without it.
    ModelError
        If the date lies outside the feeds.
    """
    labels = timetable_labels([*gtfs, *lines])
    timetables = usable_feeds(_feeds(gtfs, labels[: len(gtfs)], cache), skip_errors=skip_errors)
    if timetables:
        join_timetables(timetables, labels[: len(gtfs)]).require(day)
    week = timedelta(days=7)
    for path in lines:
        timetables.append(read_line_sheets(path, first_day=day - week, last_day=day + week, system=system))
    return join_timetables(timetables, labels)


def _feeds(gtfs: Sequence[Path], labels: Sequence[str], cache: NetworkCache | None) -> list[Timetable]:
    """Read feeds, each from the cache where it was read before; what is wrong is told of all at once."""
    if cache is not None and len({path.name for path in gtfs}) == len(gtfs):
        with suppress(DataError):  # read again below, together, for everything that is wrong
            return [kept_timetable([path], cache=cache) for path in gtfs]
    return read_feeds(gtfs, labels)


@dataclass(frozen=True, eq=False)
class PreparedTransit:
    """
    Everything a question on public transport needs.

    Parameters
    ----------
    ready
        Streets, places, the walking query, and every notice about the data.
    timetable, linkage, query
        What is announced, the walks around it, and the question.
    goal_ids
        Identifiers of the destinations of the linkage, where they are not those that were read.
    """

    ready: Prepared
    timetable: Timetable
    linkage: TransitLinkage
    query: TransitQuery
    goal_ids: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Identifiers of origins and of destinations."""
        return self.ready.origins.ids, self.goal_ids or self.ready.destinations.ids

    def search(self, days: tuple[ServiceDay, ...] | None = None) -> JourneySearch:
        """Make the search for single journeys, as `journey_search` does."""
        return journey_search(self.timetable, self.linkage, self.query, days)


def journey_search(
    timetable: Timetable,
    linkage: TransitLinkage,
    query: TransitQuery,
    days: tuple[ServiceDay, ...] | None = None,
) -> JourneySearch:
    """
    Make the search for single journeys, by the data and rules of the travel times.

    Raises
    ------
    UsageError
        If travel times do not count from the departure.
    """
    require_journeys(query)
    days = drawn_days(timetable, query) if days is None else days
    return JourneySearch(days, timed_walks(timetable, linkage, query), query)


def require_journeys(query: TransitQuery | TravelQuery) -> None:
    """
    Make sure that single journeys can be told.

    Raises
    ------
    UsageError
        If travel times do not count from the departure.
    """
    definition = getattr(query, "definition", query.mode)
    if definition != FROM_DEPARTURE:
        what = _("single journeys are told for travel times that count from the departure")
        mend = _("Leave out --arrive-by and --planned.")
        raise UsageError(what, where=definition, mend=mend, code="journey-definition")


def prepare_transit(
    options: TransitOptions, origins: Path | Places, destinations: Path | Places | None, progress: Progress
) -> PreparedTransit:
    """
    Read timetables, streets and places, and link them.

    Parameters
    ----------
    options
        Streets, feeds, window, limits.
    origins, destinations
        Tables of points; origins to origins where no destinations are given.
    progress
        Is told the stages.
    """
    query = options.query()
    progress(_("reading timetables"), 0, 1)
    timetable = read_timetables(
        options.gtfs,
        options.lines,
        query.day,
        system=options.streets.system,
        skip_errors=options.skip_errors,
        cache=options.streets.cache,
    )
    told = service_notices(timetable, query)
    ready = prepare(options.walking, origins, destinations, progress)
    progress(_("linking stops to streets"), 0, 1)
    linkage = link_transit(
        ready.streets,
        (ready.origins, ready.destinations),
        timetable,
        metres_query(options.streets),
        radius_m=query.max_walk_s * query.walk_mps,
        access=query.access,
        egress=query.egress,
    )
    notices = (
        *told,
        *ready.notices,
        *timetable.provenance.notices,
        *_stop_notices(timetable, linkage.stops.linked),
    )
    both = Linkage("walk", linkage.origins, linkage.destinations)
    ready = replace(ready, linkage=both, notices=notices)
    return PreparedTransit(ready, timetable, linkage, query)


def metres_query(streets: StreetOptions) -> TravelQuery:
    """Make the walking query at 1 m/s: its seconds are metres of level ground."""
    return street_query(streets.defaults(), "walk", speed_kmh=3.6, use=streets.use)


def compute_transit(
    options: TransitOptions, origins: Path | Places, destinations: Path | Places | None, progress: Progress
) -> tuple[TravelTimes, Prepared]:
    """
    Compute travel times by public transport between two tables of points.

    Parameters
    ----------
    options, origins, destinations, progress
        As for `prepare_transit`.

    Returns
    -------
    times, prepared
        Travel times, and everything they were computed from.
    """
    all_ready = prepare_transit(options, origins, destinations, progress)
    return times_of(all_ready, progress), all_ready.ready


def times_of(all_ready: PreparedTransit, progress: Progress) -> TravelTimes:
    """Compute the travel times of a question that is prepared."""
    return transit_times(
        all_ready.timetable,
        all_ready.linkage,
        all_ready.query,
        all_ready.ids,
        map_blocks=in_threads(_("travel times"), progress),
    )


def _stop_notices(timetable: Timetable, linked: NDArray[np.bool_]) -> tuple[Notice, ...]:
    """Tell how many stops no street reaches: there people may only change where they alight."""
    lost = np.flatnonzero((timetable.stop_kind == 0) & np.isfinite(timetable.stop_lon) & ~linked)
    if not lost.size:
        return ()
    message = _("stops lie beyond all streets; nobody walks to or from them, for example {id}",
                id=timetable.stop_ids[lost[0]])  # fmt: skip
    mend = _("Use streets that cover the timetable, where this matters.")
    return (Notice("stops-not-linked", "warning", message, "", 0, "stop_id", "", mend, count=int(lost.size)),)
