"""What the main job computes by public transport: travel times by date and period, and their range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from accessibility import measures
from accessibility.linking import link_transit
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.linkage import TransitLinkage
from accessibility.model.modes import mode_text
from accessibility.model.nearest_times import NearestTimes
from accessibility.model.places import Places
from accessibility.model.study import Period, Study, TransitUse
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import by_language
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress
from accessibility.studies.queries import QueryKey, street_query, transit_query
from accessibility.threads import in_parallel
from accessibility.transit import drawn_days, timed_walks, transit_times
from accessibility.transit_nearest import nearest_times


@dataclass(frozen=True, eq=False)
class TransitComputed:
    """
    Travel times by public transport, by mode, period and date.

    Parameters
    ----------
    queries
        Every query.
    to_places
        From the sites to the destinations, assumed headways in the middle of their ranges.
    headway_ends
        The same with assumed headways at the short and at the long end; empty where none is a range.
    site_tables, cell_tables
        Nearest of every target, minute by minute, from the sites and from the cells of the grid.
    """

    queries: Mapping[QueryKey, TransitQuery] = field(default_factory=dict)
    to_places: Mapping[QueryKey, TravelTimes] = field(default_factory=dict)
    headway_ends: Mapping[QueryKey, tuple[TravelTimes, ...]] = field(default_factory=dict)
    site_tables: tuple[AccessTable, ...] = ()
    cell_tables: tuple[AccessTable, ...] = ()


Members = Mapping[str, Mapping[str, Sequence[int]]]
"""Which destinations a target holds, by target and date; one unnamed date where it never changes."""


def compute_transit(
    loaded: LoadedStudy,
    origins: tuple[Places, Places],
    destinations: Places,
    members: Members,
    progress: Progress,
) -> TransitComputed:
    """
    Compute the travel times of a study by public transport.

    Parameters
    ----------
    loaded
        The study.
    origins, destinations
        Places people start from and the cells of the grid; where they go.
    members
        Which destinations every target holds on every date.
    progress
        Is told the stages.

    Returns
    -------
    computed
        Empty where the study has no lines.
    """
    study, use = loaded.study, loaded.study.transit
    if use is None:
        return TransitComputed()
    progress(_("linking stops to streets"), 0, 1)
    middle, *ends = loaded.timetables
    sites, _cells = origins
    n_sites, both = len(sites), Places.joined(origins)
    queries: dict[QueryKey, TransitQuery] = {}
    to_places, headway_ends, tables = {}, {}, list[AccessTable]()
    for access_mode, period in product(use.access_modes, study.periods):
        access = _access(loaded, access_mode, period)
        if access_mode == "drive" or period is study.periods[0]:
            linkage = _linked(loaded, both, destinations, access)
            from_sites = linkage.of_origins(range(n_sites))
        for day in study.as_of:
            query = transit_query(
                loaded.defaults, use, period, day, max_duration_s=study.max_duration_s, access=access
            )
            key = QueryKey(query.mode, period.id, query.as_of)
            queries[key] = query
            progress(_stage(query, period), len(queries) - 1, _n_queries(study, use))
            ids = (sites.ids, destinations.ids)
            to_places[key] = transit_times(middle, from_sites, query, ids)
            headway_ends[key] = tuple(transit_times(end, from_sites, query, ids) for end in ends)
            tables += _nearest(middle, linkage, query, (both.ids, destinations.ids), members)
    return TransitComputed(
        queries,
        to_places,
        headway_ends,
        site_tables=tuple(table.take(range(n_sites)) for table in tables),
        cell_tables=tuple(table.take(range(n_sites, len(both))) for table in tables),
    )


def _stage(query: TransitQuery, period: Period) -> str:
    name = by_language(period.name, period.name_en)
    return _("travel times: {how}", how=f"{mode_text(query.mode)} {name} {query.as_of}")


def _n_queries(study: Study, use: TransitUse) -> int:
    return len(use.access_modes) * len(study.periods) * len(study.as_of)


def _nearest(
    timetable: Timetable,
    linkage: TransitLinkage,
    query: TransitQuery,
    ids: tuple[tuple[str, ...], tuple[str, ...]],
    members: Members,
) -> list[AccessTable]:
    """Find the nearest of every target on the date of the query, all targets in one go."""
    sets = [by_date.get(query.as_of, by_date.get("", ())) for by_date in members.values()]
    days, walks = drawn_days(timetable, query), timed_walks(timetable, linkage, query)

    def nearest(members_of_one: Sequence[int]) -> NearestTimes:
        (times,) = nearest_times(days, walks, linkage, query, ids, [members_of_one])
        return times

    return [
        measures.nearest_in_window(times, target=target, as_of=query.as_of)
        for target, times in zip(members, in_parallel(nearest, sets), strict=True)
    ]


def _access(loaded: LoadedStudy, mode: str, period: Period) -> TravelQuery | None:
    """Say how people get to the first stop, ``None`` on foot; a car only drops them off."""
    if mode == "walk":
        return None
    defaults, use = loaded.defaults, loaded.study.street_use
    longest_s = round(60 * defaults.limits["max_access"])
    return street_query(
        defaults, mode, period=period.id if mode == "drive" else "", max_duration_s=longest_s, use=use
    )


def _linked(
    loaded: LoadedStudy, origins: Places, destinations: Places, access: TravelQuery | None
) -> TransitLinkage:
    """Find the walks around the stops, in metres: speed is a setting of the query."""
    limits, use = loaded.defaults.limits, loaded.study.street_use
    metres = street_query(loaded.defaults, "walk", speed_kmh=3.6, use=use)
    radius_m = limits["max_walk"] * limits["walk_speed"]
    ends = (origins, destinations)
    return link_transit(loaded.streets, ends, loaded.timetables[0], metres, radius_m=radius_m, access=access)
