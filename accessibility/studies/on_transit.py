"""What every question on public transport begins with: a timetable, a window, the walks around it."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import UsageError
from accessibility.linking import link_transit
from accessibility.messages import _
from accessibility.model.linkage import Linkage
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.sources.cache import kept_timetable
from accessibility.studies.on_streets import Prepared, StreetOptions, prepare
from accessibility.studies.progress import Progress, in_threads
from accessibility.studies.queries import street_query
from accessibility.transit import transit_times
from accessibility.units import seconds_from_clock


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
    """

    streets: StreetOptions
    gtfs: tuple[Path, ...]
    day: str
    depart: str = "07:30"
    window: int = 60
    percentiles: tuple[int, ...] = field(default=(50,))
    max_rides: int | None = None
    max_walk: float | None = None

    def query(self) -> TransitQuery:
        """
        Make the query.

        Raises
        ------
        UsageError
            If a date, a time or a limit cannot be.
        """
        limits = self.streets.defaults().limits
        walking = self.streets.query()
        max_walk = limits["max_walk"] if self.max_walk is None else self.max_walk
        max_rides = int(limits["max_rides"]) if self.max_rides is None else self.max_rides
        for name, good in (
            (f"--window {self.window}", 1 <= self.window <= 1440),
            (
                f"--percentile {' '.join(map(str, self.percentiles))}",
                all(1 <= p <= 99 for p in self.percentiles),
            ),
            (f"--max-rides {max_rides}", 1 <= max_rides <= 20),
            (f"--max-walk {max_walk}", 0 < max_walk <= 1440),
        ):
            if not good:
                message = _("this limit cannot be; windows, rides and walks are above 0, percentiles 1 to 99")
                raise UsageError(message, where=name, code="transit-limit")
        try:
            day, start_s = date.fromisoformat(self.day), seconds_from_clock(self.depart)
        except ValueError as error:
            message = _("a date is written like 2019-05-13, a time like 14:00")
            raise UsageError(
                message, where=f"--date {self.day} --depart {self.depart}", code="clock"
            ) from error
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
        )


def compute_transit(
    options: TransitOptions, origins: Path | Places, destinations: Path | Places | None, progress: Progress
) -> tuple[TravelTimes, Prepared]:
    """
    Compute travel times by public transport between two tables of points.

    Parameters
    ----------
    options
        Streets, feeds, window, limits.
    origins, destinations
        Tables of points; origins to origins where no destinations are given.
    progress
        Is told the stages.

    Returns
    -------
    times, prepared
        Travel times, and everything they were computed from.
    """
    query = options.query()
    progress(_("reading timetables"), 0, 1)
    timetable = kept_timetable(options.gtfs, cache=options.streets.cache)
    ready = prepare(options.streets, origins, destinations, progress)
    metres = street_query(options.streets.defaults(), "walk", speed_kmh=3.6, use=options.streets.use)
    progress(_("linking stops to streets"), 0, 1)
    radius_m = query.max_walk_s * query.walk_mps
    linkage = link_transit(
        ready.streets, (ready.origins, ready.destinations), timetable, metres, radius_m=radius_m
    )
    times = transit_times(
        timetable,
        linkage,
        query,
        (ready.origins.ids, ready.destinations.ids),
        map_blocks=in_threads(_("travel times"), progress),
    )
    notices = (*ready.notices, *timetable.provenance.notices, *_stop_notices(timetable, linkage.stops.linked))
    both = Linkage("walk", linkage.origins, linkage.destinations)
    return times, Prepared(ready.streets, ready.origins, ready.destinations, ready.query, both, notices)


def _stop_notices(timetable: Timetable, linked: NDArray[np.bool_]) -> tuple[Notice, ...]:
    """Tell how many stops no street reaches: there people may only change where they alight."""
    lost = np.flatnonzero((timetable.stop_kind == 0) & np.isfinite(timetable.stop_lon) & ~linked)
    if not lost.size:
        return ()
    message = _("stops lie beyond all streets; nobody walks to or from them, for example {id}",
                id=timetable.stop_ids[lost[0]])  # fmt: skip
    mend = _("Use streets that cover the timetable, where this matters.")
    return (Notice("stops-not-linked", "warning", message, "", 0, "stop_id", "", mend, count=int(lost.size)),)
