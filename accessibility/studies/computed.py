"""Everything the main job computes, before anything of it is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from accessibility import measures
from accessibility.linking import link, linkage_notices
from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.grid import Grid
from accessibility.model.isochrone import Isochrone
from accessibility.model.journey import Journey
from accessibility.model.linkage import Linkage
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.model.provenance import Notice
from accessibility.model.streets import Streets
from accessibility.model.study import Target
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import by_language
from accessibility.studies.computed_transit import compute_transit
from accessibility.studies.explain import explain
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress, in_threads, preparing
from accessibility.studies.queries import QueryKey, street_query
from accessibility.travel import travel_times


@dataclass(frozen=True, eq=False)
class Computed:
    """
    Results of the main job.

    Parameters
    ----------
    sites, destinations, grid, cells
        Places people start from, places the matrix names, the grid and its cells as places.
    queries
        Every query, by mode, period and date.
    to_places, from_places
        Travel times from sites to destinations and, on streets, back.
    unrestricted
        The same two where the query avoids roads, without avoiding any.
    headway_ends
        Travel times to destinations by public transport with assumed headways at both ends of their ranges.
    site_tables, cell_tables
        Nearest of every target and cumulative opportunities, from sites and from cells.
    isochrones, journeys
        Areas around the sites; ways that the questions ask for.
    notices
        What linking had to say.
    """

    sites: Places
    destinations: Places
    grid: Grid
    cells: Places
    queries: Mapping[QueryKey, TravelQuery | TransitQuery]
    to_places: Mapping[QueryKey, TravelTimes]
    from_places: Mapping[QueryKey, TravelTimes]
    unrestricted: Mapping[QueryKey, tuple[TravelTimes, TravelTimes]]
    headway_ends: Mapping[QueryKey, tuple[TravelTimes, ...]]
    site_tables: tuple[AccessTable, ...]
    cell_tables: tuple[AccessTable, ...]
    isochrones: tuple[Isochrone, ...]
    journeys: tuple[Journey, ...]
    notices: tuple[Notice, ...]


def compute(loaded: LoadedStudy, progress: Progress) -> Computed:
    """
    Compute everything the study asks for on streets.

    Parameters
    ----------
    loaded
        The study with its streets, places and defaults.
    progress
        Is told the stages.

    Returns
    -------
    computed
        Results; nothing is written.
    """
    study = loaded.study
    sites = loaded.places.of_kinds(study.origin_kinds)
    destinations = loaded.places.of_kinds(study.destination_kinds)
    grid = Grid.over(study.area, crs=study.crs, cell_m=study.cell_m)
    cells = grid.centres()
    queries = dict(study_queries(loaded))
    to_places, from_places, from_cells = {}, {}, {}
    unrestricted: dict[QueryKey, tuple[TravelTimes, TravelTimes]] = {}
    notices: dict[Notice, None] = {}
    isochrones: list[Isochrone] = []
    progress(preparing(), 0, 1)
    for key, query in queries.items():
        names = {period.id: by_language(period.name, period.name_en) for period in study.periods}
        how = f"{mode_text(key[0])} {names.get(key[1], '')}".strip()
        stage = _("travel times: {how}", how=how)
        there = link(loaded.streets, sites, destinations, query)
        back = Linkage(query.mode, there.destinations, there.origins)
        around = link(loaded.streets, cells, destinations.take([]), query)
        from_grid = Linkage(query.mode, around.origins, there.destinations)
        ids = (sites.ids, destinations.ids)
        to_places[key] = travel_times(loaded.streets, there, query, ids)
        from_places[key] = travel_times(loaded.streets, back, query, ids[::-1])
        if query.avoid:
            unrestricted[key] = _both_ways(loaded.streets, sites, destinations, replace(query, avoid=()))
        threads = in_threads(stage, progress)
        from_cells[key] = travel_times(
            loaded.streets, from_grid, query, (cells.ids, destinations.ids), map_blocks=threads
        )
        for places, attachment in ((sites, there.origins), (destinations, there.destinations)):
            for notice in linkage_notices(places, attachment, query, file=""):
                notices.setdefault(notice)
        isochrones.extend(_isochrones(loaded, there, query, sites, progress))
    members = {t.id: dict(target_members(loaded, t, destinations)) for t in loaded.study.targets}
    transit = compute_transit(loaded, (sites, cells), destinations, members, progress)
    progress(_("measures"), 0, 1)
    return Computed(
        sites=sites,
        destinations=destinations,
        grid=grid,
        cells=cells,
        queries={**queries, **transit.queries},
        to_places={**to_places, **transit.to_places},
        from_places=from_places,
        unrestricted=unrestricted,
        headway_ends=transit.headway_ends,
        site_tables=(*_tables(loaded, to_places, destinations, members), *transit.site_tables),
        cell_tables=(*_tables(loaded, from_cells, destinations, members), *transit.cell_tables),
        isochrones=tuple(isochrones),
        journeys=tuple(_journeys(loaded, sites, queries, progress)),
        notices=tuple(notices),
    )


def _both_ways(
    streets: Streets, sites: Places, destinations: Places, query: TravelQuery
) -> tuple[TravelTimes, TravelTimes]:
    there = link(streets, sites, destinations, query)
    back = Linkage(query.mode, there.destinations, there.origins)
    ids = (sites.ids, destinations.ids)
    return travel_times(streets, there, query, ids), travel_times(streets, back, query, ids[::-1])


def study_queries(loaded: LoadedStudy) -> Iterator[tuple[QueryKey, TravelQuery]]:
    """Make one query per mode, for driving one per period."""
    study = loaded.study
    for mode in study.modes:
        for period in [period.id for period in study.periods] if mode == "drive" else [""]:
            yield (
                QueryKey(mode, period),
                street_query(
                    loaded.defaults,
                    mode,
                    period=period,
                    max_duration_s=study.max_duration_s,
                    use=study.street_use,
                ),
            )


def target_members(
    loaded: LoadedStudy, target: Target, destinations: Places
) -> Iterator[tuple[str, list[int]]]:
    """Give, per as-of date, which destinations a target holds; one unnamed date where it never changes."""
    members = {}
    for day in loaded.study.as_of:
        chosen = set(target.of(loaded.places).operating(day).ids)
        members[day.isoformat()] = [i for i, place_id in enumerate(destinations.ids) if place_id in chosen]
    if len({tuple(indices) for indices in members.values()}) == 1:
        yield "", next(iter(members.values()))
    else:
        yield from members.items()


def _tables(
    loaded: LoadedStudy,
    times_by_key: Mapping[QueryKey, TravelTimes],
    destinations: Places,
    members: Mapping[str, Mapping[str, list[int]]],
) -> Iterator[AccessTable]:
    """Measure on streets: nearest and cumulative opportunities of every target on every date."""
    for target, by_date in members.items():
        for as_of, chosen in by_date.items():
            for times in times_by_key.values():
                some = times.take(destinations=chosen)
                yield measures.nearest(some, target=target, as_of=as_of)
                yield measures.opportunities(
                    some,
                    target=target,
                    count=destinations.count[np.array(chosen, dtype=np.intp)],
                    cutoffs_s=loaded.study.cutoffs_s,
                    level="mid",
                    as_of=as_of,
                )


def _isochrones(
    loaded: LoadedStudy, linkage: Linkage, query: TravelQuery, sites: Places, progress: Progress
) -> tuple[Isochrone, ...]:
    progress(_("isochrones"), 0, 1)
    return measures.isochrones(
        loaded.streets,
        linkage,
        query,
        sites.ids,
        cutoffs_s=loaded.study.cutoffs_s,
        level="mid",
        buffer_m=loaded.defaults.limits["isochrone_buffer"],
    )


def _journeys(
    loaded: LoadedStudy, sites: Places, queries: Mapping[QueryKey, TravelQuery], progress: Progress
) -> Iterator[Journey]:
    """Explain, from the default site, every way that a question names."""
    default = loaded.study.default_origin or sites.ids[0]
    origin = sites.take([sites.index(default)])
    asked = [
        (destination, key)
        for question in loaded.study.questions
        for destination in question.destinations
        for key in queries
        if key[0] in question.modes
    ]
    wanted = list(dict.fromkeys(asked))
    for done, (destination, key) in enumerate(wanted):
        progress(_("journeys"), done, len(wanted))
        goal = loaded.places.take([loaded.places.index(destination)])
        found = explain(loaded.streets, (origin, goal), queries[key])
        if found.journey is not None and found.within_limits:
            yield found.journey
