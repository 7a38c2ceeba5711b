"""What evidence is computed from: travel times between the places that claims name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from accessibility.evidence.questions import Asked, Scope
from accessibility.linking import link, link_transit
from accessibility.measures import interchanges
from accessibility.messages import _
from accessibility.model.claim import Claim
from accessibility.model.interchange import FeederLine, Interchange
from accessibility.model.linkage import Linkage
from accessibility.model.modes import TRANSIT_MODES
from accessibility.model.places import Places
from accessibility.model.runs import DAY_S
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.studies.computed import study_queries
from accessibility.studies.computed_transit import compute_transit
from accessibility.studies.evidence.scenarios import Applied, ScenarioTimes
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress
from accessibility.studies.queries import QueryKey, street_query
from accessibility.travel import travel_times


@dataclass(frozen=True, eq=False)
class EvidenceTimes:
    """
    Travel times that claims are held against.

    Parameters
    ----------
    origins, destinations
        Sites and further starting places; places that claims name, members of targets, assumed places.
    assumed_ids
        Which destinations exist by assumption only.
    there, back
        Travel times by mode, period and date; by public transport the way there only.
    free
        The way there and back where the study's rule about roads does not hold.
    headway_ends
        By public transport with assumed headways at both ends of their ranges.
    scenarios
        With and without the scenarios that claims name.
    """

    origins: Places
    destinations: Places
    assumed_ids: frozenset[str]
    there: Mapping[QueryKey, TravelTimes]
    back: Mapping[QueryKey, TravelTimes]
    free: Mapping[QueryKey, tuple[TravelTimes, TravelTimes]]
    headway_ends: Mapping[QueryKey, tuple[TravelTimes, ...]]
    scenarios: ScenarioTimes = ScenarioTimes()


def evidence_scope(loaded: LoadedStudy, applied: Mapping[str, Applied] = MappingProxyType({})) -> Scope:
    """Say how a study computes each mode, and which modes each scenario can make a difference to."""
    study = loaded.study
    periods = tuple(period.id for period in study.periods)
    sites = loaded.places.of_kinds(study.origin_kinds).ids
    return Scope(
        sites=sites,
        periods={"drive": periods, **dict.fromkeys(TRANSIT_MODES, periods)},
        terminal_modes=("drive",),
        both_ways=study.modes,
        free_modes=("drive",) if study.street_use.avoid else (),
        site_modes=TRANSIT_MODES,
        scenario_modes={name: one.modes for name, one in applied.items()},
    )


TransitTimes = tuple[Mapping[QueryKey, TravelTimes], Mapping[QueryKey, tuple[TravelTimes, ...]]]
"""Travel times by public transport from the sites, and the same at both ends of assumed headways."""


def evidence_times(
    loaded: LoadedStudy,
    claims: Sequence[Claim],
    asked: Sequence[Asked],
    progress: Progress,
    transit: TransitTimes | None = None,
) -> EvidenceTimes:
    """
    Compute the travel times that claims need.

    Parameters
    ----------
    loaded, claims, asked
        The study, its claims, and what they ask for.
    progress
        Is told the stages.
    transit
        Travel times by public transport where they are known already.

    Returns
    -------
    times
        By public transport to places of the study's kinds of destinations only. On streets without the
        study's limit of duration: a claim about a length does not end where patience does.
    """
    asked = [one for one in asked if not one.scenario]
    places = loaded.places
    sites = places.of_kinds(loaded.study.origin_kinds)
    more = dict.fromkeys(i for claim in claims for i in claim.origins if i not in sites.ids)
    origins = Places.joined([sites, _take(places, more)]) if more else sites
    assumed = _assumed(loaded, claims)
    stated = (place for one in asked for place in (*one.places, one.baseline) if place)
    named = dict.fromkeys([*stated, *_members(loaded, asked)])
    destinations = Places.joined([_take(places, named), *assumed])
    there: dict[QueryKey, TravelTimes] = {}
    back: dict[QueryKey, TravelTimes] = {}
    free: dict[QueryKey, tuple[TravelTimes, TravelTimes]] = {}
    for key, query in study_queries(loaded):
        if not any(one.mode == key.mode for one in asked):
            continue
        progress(_("travel times of the claims"), len(there), len(loaded.study.modes) + 1)
        wide = replace(query, max_duration_s=DAY_S)
        there[key], back[key] = _both_ways(loaded, origins, destinations, wide)
        if query.avoid:
            free[key] = _both_ways(loaded, origins, destinations, replace(wide, avoid=()))
    if transit is None:
        transit = _by_lines(loaded, asked, sites, progress)
    there |= {key: times for key, times in transit[0].items() if key.mode in TRANSIT_MODES}
    ids = frozenset(i for overlay in assumed for i in overlay.ids)
    return EvidenceTimes(origins, destinations, ids, there, back, free, transit[1])


def _by_lines(loaded: LoadedStudy, asked: Sequence[Asked], sites: Places, progress: Progress) -> TransitTimes:
    """Compute the times by public transport that claims ask for."""
    some = [one for one in asked if one.mode in TRANSIT_MODES]
    if not some:
        return {}, {}
    goals = loaded.places.of_kinds(loaded.study.destination_kinds)
    wanted = {place for one in some for place in (*one.places, one.baseline)} | set(_members(loaded, some))
    named = goals.take([j for j, place in enumerate(goals.ids) if place in wanted])
    computed = compute_transit(loaded, (sites, loaded.places.take([])), named, {}, progress)
    return computed.to_places, computed.headway_ends


def _take(places: Places, ids: Iterable[str]) -> Places:
    return places.take([places.index(one) for one in ids])


def _assumed(loaded: LoadedStudy, claims: Sequence[Claim]) -> tuple[Places, ...]:
    return loaded.overlays if any(claim.assumed for claim in claims) else ()


def _members(loaded: LoadedStudy, asked: Sequence[Asked]) -> Iterator[str]:
    """Give every place of the targets asked for, operating or not."""
    subjects = {one.subject for one in asked}
    for target in loaded.study.targets:
        if target.id in subjects:
            yield from target.of(loaded.places).ids


def _both_ways(
    loaded: LoadedStudy, origins: Places, destinations: Places, query: TravelQuery
) -> tuple[TravelTimes, TravelTimes]:
    there = link(loaded.streets, origins, destinations, query)
    back = Linkage(query.mode, there.destinations, there.origins)
    ids = (origins.ids, destinations.ids)
    return (
        travel_times(loaded.streets, there, query, ids),
        travel_times(loaded.streets, back, query, ids[::-1]),
    )


@dataclass(frozen=True, eq=False)
class Audit:
    """
    Interchanges of one date: with headways in the middle, at the short and at the long end.

    With a scenario (the bare name of its file) headways are in the middle only.
    """

    as_of: str
    interchanges: tuple[tuple[Interchange, ...], ...]
    lines: tuple[tuple[FeederLine, ...], ...]
    scenario: str = ""


def audits(
    loaded: LoadedStudy,
    asked: Sequence[Asked],
    progress: Progress,
    applied: Mapping[str, Applied] = MappingProxyType({}),
) -> tuple[Audit, ...]:
    """
    Audit the interchanges that claims ask for.

    Parameters
    ----------
    loaded, asked
        The study, and what its claims ask for.
    progress
        Is told the stages.
    applied
        Scenarios that claims name.

    Returns
    -------
    audits
        One per date, then one per scenario and date. None where the study has no lines; stations that no line
        of it serves are left out.
    """
    wanted = [one for one in asked if one.measure == "interchange"]
    if not wanted or not loaded.timetables:
        return ()
    progress(_("interchanges"), 0, 1)
    study = loaded.study
    found = []
    for scenario, streets, timetables in [
        ("", loaded.streets, loaded.timetables),
        *(
            (name, one.network.streets or loaded.streets, (one.network.timetable,))
            for name, one in applied.items()
        ),
    ]:
        some = [one for one in wanted if one.scenario == scenario]
        days = [day for day in study.as_of if any(day.isoformat() in one.as_of for one in some)]
        if days:
            audit = _Auditor(loaded, some, streets, timetables)
            found += [_of_scenario(audit.of(day), scenario) for day in days]
    return tuple(found)


def _of_scenario(audit: Audit, scenario: str) -> Audit:
    """Write into everything of an audit which scenario it holds with."""
    return Audit(
        audit.as_of,
        tuple(tuple(replace(one, scenario=scenario) for one in some) for some in audit.interchanges),
        tuple(tuple(replace(one, scenario=scenario) for one in some) for some in audit.lines),
        scenario,
    )


class _Auditor:
    """Audits the interchanges of one network; its walks are found once for all dates."""

    def __init__(
        self, loaded: LoadedStudy, wanted: Sequence[Asked], streets: Streets, timetables: Sequence[Timetable]
    ) -> None:
        study, limits = loaded.study, loaded.defaults.limits
        known = timetables[0].stop_ids
        self.timetables = timetables
        self.radii_m = sorted({radius for one in wanted for radius in one.radii_m})
        self.stations = list(dict.fromkeys(one.subject for one in wanted if one.subject in known))
        self.periods_s = [(period.start_s, period.end_s) for period in study.periods]
        self.walk_mps = limits["walk_speed"] / 60
        nobody = loaded.places.take([])
        metres = street_query(loaded.defaults, "walk", speed_kmh=3.6, use=study.street_use)
        self.walks = link_transit(
            streets, (nobody, nobody), timetables[0], metres, radius_m=self.radii_m[-1]
        ).transfers

    def of(self, day: date) -> Audit:
        """Audit a date."""
        each = [
            interchanges(
                timetable, self.walks, day, stations=self.stations, radii_m=self.radii_m,
                periods_s=self.periods_s, walk_mps=self.walk_mps,
            )
            for timetable in self.timetables
        ]  # fmt: skip
        return Audit(day.isoformat(), tuple(one[0] for one in each), tuple(one[1] for one in each))
