"""What the main job computes by public transport: travel times by date and period, and their range."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accessibility.linking import link_transit
from accessibility.messages import _
from accessibility.model.linkage import TransitLinkage
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.study import Period
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import by_language
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress, in_threads
from accessibility.studies.queries import QueryKey, street_query, transit_query
from accessibility.transit import transit_times


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
    from_cells
        From the cells of the grid to the destinations.
    """

    queries: Mapping[QueryKey, TransitQuery] = field(default_factory=dict)
    to_places: Mapping[QueryKey, TravelTimes] = field(default_factory=dict)
    headway_ends: Mapping[QueryKey, tuple[TravelTimes, ...]] = field(default_factory=dict)
    from_cells: Mapping[QueryKey, TravelTimes] = field(default_factory=dict)


def compute_transit(
    loaded: LoadedStudy, sites: Places, cells: Places, destinations: Places, progress: Progress
) -> TransitComputed:
    """
    Compute the travel times of a study by public transport.

    Parameters
    ----------
    loaded
        The study.
    sites, cells, destinations
        Places people start from, the grid, and where they go.
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
    both = Places.joined([sites, cells])
    n_sites = len(sites)
    queries, to_places, headway_ends, from_cells = {}, {}, {}, {}
    for access_mode in use.access_modes:
        for period in study.periods:
            access = _access(loaded, access_mode, period)
            if access_mode == "drive" or period is study.periods[0]:
                linkage = _linked(loaded, both, destinations, access)
            for day in study.as_of:
                query = transit_query(
                    loaded.defaults, use, period, day, max_duration_s=study.max_duration_s, access=access
                )
                key = QueryKey(query.mode, period.id, query.as_of)
                name = by_language(period.name, period.name_en)
                stage = _("travel times: {how}", how=f"{mode_text(query.mode)} {name} {query.as_of}")
                threads = in_threads(stage, progress)
                ids = (both.ids, destinations.ids)
                times = transit_times(middle, linkage, query, ids, map_blocks=threads)
                queries[key] = query
                to_places[key] = times.take(origins=range(n_sites))
                from_cells[key] = times.take(origins=range(n_sites, len(both)))
                some = linkage.of_origins(range(n_sites))
                headway_ends[key] = tuple(
                    transit_times(end, some, query, (sites.ids, destinations.ids)) for end in ends
                )
    return TransitComputed(queries, to_places, headway_ends, from_cells)


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
