"""What claims about scenarios are held against: networks with and without, asked the same."""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import AccessibilityError, DataError
from accessibility.evidence.questions import Asked
from accessibility.linking import link
from accessibility.messages import _
from accessibility.model.claim import Claim, Figure
from accessibility.model.modes import STREET_MODES, TRANSIT_MODES, transit_mode
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, SourceRecord, error_notices
from accessibility.model.reasons import REASON_CODES
from accessibility.model.scenario import Scenario
from accessibility.model.study import Study
from accessibility.model.transport_network import TransportNetwork
from accessibility.model.travel_query import RANGE_LEVELS
from accessibility.model.travel_times import TravelTimes
from accessibility.sources.scenario_file import read_scenario
from accessibility.sources.toml_table import with_rows
from accessibility.studies.comparing.comparer import Comparer
from accessibility.studies.computed import study_queries
from accessibility.studies.computed_transit import compute_transit
from accessibility.studies.evidence.values import minutes, shown
from accessibility.studies.load import LoadedStudy
from accessibility.studies.progress import Progress
from accessibility.studies.queries import QueryKey
from accessibility.travel import travel_times


@dataclass(frozen=True, eq=False)
class Applied:
    """
    A scenario that claims name, and the network it makes.

    Parameters
    ----------
    scenario, network
        The scenario, and the network with it.
    modes
        Modes it can make a difference to: where it leaves streets and places alone, public transport only.
    provenance
        Its file, and what to know about it.
    """

    scenario: Scenario
    network: TransportNetwork
    modes: tuple[str, ...]
    provenance: Provenance


@dataclass(frozen=True, eq=False)
class ScenarioTimes:
    """
    Travel times from the sites with and without scenarios, to every destination of the study.

    Parameters
    ----------
    times
        By scenario (``""`` for none), mode, period and date.
    places
        Destinations, by scenario.
    """

    times: Mapping[tuple[str, QueryKey], TravelTimes] = field(default_factory=dict)
    places: Mapping[str, Places] = field(default_factory=dict)


def apply_scenarios(loaded: LoadedStudy, claims: Sequence[Claim]) -> Mapping[str, Applied]:
    """
    Read and apply every scenario that claims name.

    Parameters
    ----------
    loaded
        The study; scenario files are named relative to its folder.
    claims
        The claims.

    Returns
    -------
    applied
        By the bare name of the file.

    Raises
    ------
    DataError
        If a file is missing, wrong, or cannot be applied; all of it is told at once.
    UsageError
        If the study has no lines.
    """
    named = dict.fromkeys(name for claim in claims for name in claim.scenarios)
    if not named:
        return {}
    comparer = Comparer(loaded)
    applied: dict[str, Applied] = {}
    problems: list[Notice] = []
    for name in named:
        path = loaded.study.folder / name
        try:
            scenario = read_scenario(path)
            network = comparer.changed(scenario, file=name)
        except AccessibilityError as error:
            told = [replace(one, file=name) for one in error_notices(error)]
            problems += with_rows(told, path) if path.is_file() else told
            continue
        everything = network.streets is not loaded.streets or network.places is not loaded.places
        source = SourceRecord(name, hashlib.sha256(path.read_bytes()).hexdigest())
        applied[path.stem] = Applied(
            scenario,
            network,
            (*STREET_MODES, *TRANSIT_MODES) if everything else TRANSIT_MODES,
            Provenance((source,), _about(name, scenario)),
        )
    if problems:
        raise DataError(
            _("scenarios that the claims name have {n} problems", n=len(problems)),
            notices=problems,
            where=loaded.study.claims_file,
            mend=_("Mend the files named; docs/scenarios.md describes each setting."),
            code="claim-scenarios",
        )
    return applied


def _about(name: str, scenario: Scenario) -> tuple[Notice, ...]:
    if scenario.mark != "A":
        return ()
    message = _("the scenario is an assumption: {name}", name=scenario.name)
    return (Notice("scenario-assumed", "info", message, name),)


def scenario_times(
    loaded: LoadedStudy, applied: Mapping[str, Applied], asked: Sequence[Asked], progress: Progress
) -> ScenarioTimes:
    """
    Compute the travel times that claims about scenarios need: before without, after with.

    Parameters
    ----------
    loaded
        The study.
    applied
        Scenarios by name.
    asked
        What claims ask.
    progress
        Is told the stages.

    Returns
    -------
    times
        Assumed headways stand in the middle of their ranges, on both sides.
    """
    wanted: dict[tuple[str, str], list[str]] = {}
    for one in asked:
        if one.scenario and one.measure != "interchange":
            wanted.setdefault(("", one.as_of[0]), []).append(one.mode)
            wanted.setdefault((one.scenario, one.as_of[-1]), []).append(one.mode)
    baseline = TransportNetwork(loaded.timetables[0], loaded.streets, loaded.places) if wanted else None
    times: dict[tuple[str, QueryKey], TravelTimes] = {}
    places: dict[str, Places] = {}
    for (scenario, day), modes in wanted.items():
        network = applied[scenario].network if scenario else baseline
        assert network is not None
        some = _with_network(loaded, network, day, modes)
        places[scenario] = some.places.of_kinds(some.study.destination_kinds)
        times |= {(scenario, key): found for key, found in _times(some, places[scenario], modes, progress)}
    return ScenarioTimes(times, places)


def _with_network(
    loaded: LoadedStudy, network: TransportNetwork, day: str, modes: Sequence[str]
) -> LoadedStudy:
    """Ask the same study about another network, on one date, by the modes wanted."""
    study, use = loaded.study, loaded.study.transit
    if use is not None:
        use = replace(use, access_modes=tuple(m for m in use.access_modes if transit_mode(m) in modes))
    return replace(
        loaded,
        study=replace(study, as_of=(date.fromisoformat(day),), transit=use),
        streets=network.streets if network.streets is not None else loaded.streets,
        places=network.places if network.places is not None else loaded.places,
        timetables=(network.timetable,),
    )


def _times(
    loaded: LoadedStudy, goals: Places, modes: Sequence[str], progress: Progress
) -> Iterator[tuple[QueryKey, TravelTimes]]:
    sites = loaded.places.of_kinds(loaded.study.origin_kinds)
    computed = compute_transit(loaded, (sites, goals.take([])), goals, {}, progress)
    yield from computed.to_places.items()
    day = loaded.study.as_of[0].isoformat()
    for key, query in study_queries(loaded):
        if key.mode in modes:
            linkage = link(loaded.streets, sites, goals, query)
            found = travel_times(loaded.streets, linkage, query, (sites.ids, goals.ids))
            yield QueryKey(key.mode, key.period, day), found


def scenario_figures(study: Study, one: Asked, known: ScenarioTimes) -> Iterator[Figure]:
    """
    Tell before, after and change of one thing asked about a scenario.

    Parameters
    ----------
    study
        Names targets and cutoffs.
    one
        What is asked: ``change`` of the time to a place, or ``reach`` of a target.
    known
        Times with and without.

    Yields
    ------
    figure
        Per site; of times level by level, of what is within reach cutoff by cutoff, at the middle level.
    """
    sides = []
    for scenario, day in (("", one.as_of[0]), (one.scenario, one.as_of[-1])):
        times = known.times.get((scenario, QueryKey(one.mode, one.period, day)))
        if times is None:
            return
        sides.append(times)
    before, after = sides
    for origin in one.origins:
        if one.measure == "change":
            yield from _time_figures(one, origin, (before, after))
        else:
            yield from _reach_figures(study, one, origin, known.places, (before, after))


_Sides = tuple[TravelTimes, TravelTimes]


def _figure(one: Asked, origin: str, value: float, unit: str, **more: object) -> Figure:
    terms: dict[str, object] = {
        "measure": one.measure, "counted": one.counted, "mode": one.mode, "period": one.period,
        "direction": one.direction, "scenario": one.scenario,
    }  # fmt: skip
    return Figure("", one.claim, subject=one.subject, value=shown(value, unit), unit=unit, origin=origin,
                  **(terms | more))  # type: ignore[arg-type]  # fmt: skip


def _time_figures(one: Asked, origin: str, sides: _Sides) -> Iterator[Figure]:
    """Tell the time to a place, level by level, and the change in per cent and in minutes."""
    place = one.places[0]
    durations, reasons = [], []
    for times in sides:
        row, column = times.origin_ids.index(origin), times.destination_ids.index(place)
        durations.append(minutes(times.duration_s[row, column]))
        reasons.append(REASON_CODES[int(times.reason[row, column])])
    levels = RANGE_LEVELS if one.mode in TRANSIT_MODES else sides[0].query.levels
    for k, level in enumerate(levels):
        old, new = float(durations[0][k]), float(durations[1][k])
        beside = {"level": level, "counted": False}
        old_why, new_why = (
            "" if math.isfinite(v) else why for v, why in zip((old, new), reasons, strict=True)
        )
        yield _figure(one, origin, old, "min", measure="before", as_of=one.as_of[0], detail=old_why, **beside)
        yield _figure(one, origin, new, "min", measure="after", as_of=one.as_of[-1], detail=new_why, **beside)
        known_both = math.isfinite(old) and math.isfinite(new)
        minus = shown(new, "min") - shown(old, "min") if known_both else math.nan
        ratio = (new - old) / old * 100 if known_both and old > 0 else math.nan
        yield _figure(one, origin, minus, "min", **beside)
        yield _figure(one, origin, ratio, "%", level=level)


def _reach_figures(
    study: Study, one: Asked, origin: str, places: Mapping[str, Places], sides: _Sides
) -> Iterator[Figure]:
    """Tell how many of a target are within each cutoff before and after, at the middle level."""
    target = next(target for target in study.targets if target.id == one.subject)
    counts = []
    for scenario, day, times in zip(("", one.scenario), (one.as_of[0], one.as_of[-1]), sides, strict=True):
        members = target.of(places[scenario]).operating(date.fromisoformat(day))
        weight = dict(zip(members.ids, members.count.tolist(), strict=True))
        each = np.array([weight.get(place, 0.0) for place in times.destination_ids])
        middle = times.duration_s[times.origin_ids.index(origin)][:, times.duration_s.shape[2] // 2]
        counts.append(_within(middle, each, study.cutoffs_s))
    for cutoff_s, old, new in zip(study.cutoffs_s, *counts, strict=True):
        beside = {"cutoff_min": cutoff_s / 60, "counted": False, "level": "mid"}
        yield _figure(one, origin, old, "count", measure="reach-before", as_of=one.as_of[0], **beside)
        yield _figure(one, origin, new, "count", measure="reach-after", as_of=one.as_of[-1], **beside)
        yield _figure(one, origin, new - old, "count", measure="reach-change", **beside)


def _within(middle_s: NDArray[np.int32], each: NDArray[np.float64], cutoffs_s: Sequence[int]) -> list[float]:
    return [float(each[middle_s <= cutoff_s].sum()) for cutoff_s in cutoffs_s]
