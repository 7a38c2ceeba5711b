"""From claims to what must be computed, as pure data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from accessibility.model.claim import Claim

STRAIGHT = "straight"
"""The straight line, where a mode of travel is meant otherwise."""

THERE, BACK = "there", "back"

ANY_DISTANCE = float("inf")
"""Radius without an end: whether there is any at all."""


@dataclass(frozen=True)
class Scope:
    """
    What the claims of a study are held against.

    Parameters
    ----------
    sites
        Candidate sites.
    periods
        Periods that each mode is computed in; a mode missing here does not depend on one.
    terminal_modes
        Modes with access and parking, told with and without.
    both_ways
        Modes computed in both directions.
    free_modes
        Modes that the study keeps off some roads, told beside without that rule.
    site_modes
        Modes that are computed from the sites only.
    scenario_modes
        Scenario -> modes it can make a difference to.
    """

    sites: tuple[str, ...]
    periods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terminal_modes: tuple[str, ...] = ()
    both_ways: tuple[str, ...] = ()
    free_modes: tuple[str, ...] = ()
    site_modes: tuple[str, ...] = ()
    scenario_modes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """
    One thing to compute for a claim; every level of its mode is an answer.

    Parameters
    ----------
    claim
        The claim.
    measure
        ``distance``, ``duration``, ``within``, ``nearest``, ``change``, ``rank``, ``opened``,
        ``reach`` or ``interchange``.
    subject
        Id of a place, or of a target.
    places
        Places meant; empty where `subject` is a target.
    origins
        Where people start; empty where nobody travels.
    mode, period, direction
        How, when, which way; empty where it does not matter.
    as_of
        Dates (ISO); of a change both.
    terminal
        Whether with access and parking; ``None`` where there is none.
    radii_m
        Radii (m) to count in.
    baseline
        What a change is measured from: a place, ``""`` for the nearest then operating.
    of
        ``distance`` or ``duration``: what a change is measured in.
    assumed
        Whether assumed places exist after the change.
    free
        Whether without the study's rule about roads.
    counted
        Whether the word rests on it.
    scenario
        Scenario it is asked about, by the bare name of its file.
    """

    claim: str
    measure: str
    subject: str
    places: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    mode: str = ""
    period: str = ""
    direction: str = ""
    as_of: tuple[str, ...] = ()
    terminal: bool | None = None
    radii_m: tuple[float, ...] = ()
    baseline: str = ""
    of: str = ""
    assumed: bool = False
    free: bool = False
    counted: bool = True
    scenario: str = ""


def questions(claims: Sequence[Claim], scope: Scope) -> tuple[Asked, ...]:
    """
    Say what must be computed to hold claims against the facts.

    Parameters
    ----------
    claims
        The claims.
    scope
        Sites, and how the study computes each mode.

    Returns
    -------
    asked
        In a fixed order, so that figures keep their ids: claim by claim, what the word rests on first.
    """
    asked: list[Asked] = []
    for claim in claims:
        of_claim = [one for make in _BY_KIND[claim.kind] for one in make(claim, scope)]
        asked += sorted(of_claim, key=lambda one: not one.counted)
    return tuple(asked)


def _subjects(claim: Claim) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place in claim.destinations:
        yield place, (place,)
    for target in claim.targets:
        yield target, ()


def _ways(claim: Claim, scope: Scope) -> Iterator[tuple[str, str, str, bool]]:
    """Give mode, period, direction and whether counted, over everything the claim may mean."""
    for mode in (*claim.modes, *claim.beside_modes):
        everywhere = scope.periods.get(mode, ("",))
        for period in everywhere:
            counted = mode in claim.modes and (not claim.periods or not period or period in claim.periods)
            for direction in (THERE, BACK) if mode in scope.both_ways else (THERE,):
                yield mode, period, "" if mode == STRAIGHT else direction, counted


def _starts(claim: Claim, scope: Scope) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Give the origins: the sites, whose figures count, and further readings beside."""
    yield scope.sites, True
    if claim.origins:
        yield claim.origins, False


def _durations(claim: Claim, scope: Scope, *, counted: bool = True) -> Iterator[Asked]:
    """Ask for times to places, with and without access and parking, and without the rule about roads."""
    for place in claim.destinations:
        for origins, of_sites in _starts(claim, scope):
            for mode, period, direction, rests in _ways(claim, scope):
                if mode == STRAIGHT or (mode in scope.site_modes and not of_sites):
                    continue
                base = Asked(
                    claim.id, "duration", place, (place,), origins, mode, period, direction, _dates(claim),
                    counted=counted and rests and of_sites,
                )  # fmt: skip
                for terminal in (False, True) if mode in scope.terminal_modes else (None,):
                    yield replace(base, terminal=terminal)
                if mode in scope.free_modes:
                    yield replace(base, terminal=False, free=True, counted=False)


def _durations_beside(claim: Claim, scope: Scope) -> Iterator[Asked]:
    return _durations(claim, scope, counted=False)


def _distances(claim: Claim, scope: Scope, *, counted: bool = True) -> Iterator[Asked]:
    """Ask for lengths of ways, and of the straight line."""
    for place in claim.destinations:
        for origins, of_sites in _starts(claim, scope):
            straight = (STRAIGHT, "", "", STRAIGHT in claim.modes)
            ways = [way for way in _ways(claim, scope) if way[0] not in (STRAIGHT, "transit")]
            for mode, period, direction, rests in [straight, *ways]:
                yield Asked(
                    claim.id, "distance", place, (place,), origins, mode, period, direction, _dates(claim),
                    counted=counted and rests and of_sites,
                )  # fmt: skip


def _distances_beside(claim: Claim, scope: Scope) -> Iterator[Asked]:
    return _distances(claim, scope, counted=False)


def _dates(claim: Claim) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in claim.as_of)


def _within(claim: Claim, scope: Scope) -> Iterator[Asked]:
    """Ask how many of each set lie within each radius on each date; the first date counts."""
    sets: list[tuple[str, tuple[str, ...]]] = [(target, ()) for target in claim.targets]
    if claim.destinations:
        sets.append(("+".join(claim.destinations), claim.destinations))
    for subject, places in sets:
        radii_m = (*claim.radii_m, ANY_DISTANCE) if not places else claim.radii_m
        for mode in (STRAIGHT, *(m for m in claim.modes if m not in (STRAIGHT, "transit"))):
            for position, day in enumerate(_dates(claim) or ("",)):
                counted = position == 0 and mode in claim.modes
                for origins, of_sites in _starts(claim, scope):
                    yield Asked(
                        claim.id, "within", subject, places, origins, mode, scope.periods.get(mode, ("",))[0],
                        as_of=(day,), radii_m=radii_m, counted=counted and of_sites,
                    )  # fmt: skip


def _nearest(claim: Claim, scope: Scope) -> Iterator[Asked]:
    """Ask for the nearest of each set, beside."""
    for target in claim.targets:
        for mode, period, direction, _rests in _ways(claim, scope):
            for day in _dates(claim) or ("",):
                if direction != BACK:
                    yield Asked(
                        claim.id,
                        "nearest",
                        target,
                        (),
                        scope.sites,
                        mode,
                        period,
                        as_of=(day,),
                        counted=False,
                    )


def _changes(claim: Claim, scope: Scope) -> Iterator[Asked]:
    """Ask for before, after and change, from every baseline; other units than the claim's stand beside."""
    for target in claim.targets:
        for baseline in claim.baselines:
            for mode, period, direction, rests in _ways(claim, scope):
                for of in ("distance", "duration"):
                    if direction == BACK or (mode == STRAIGHT and of == "duration"):
                        continue
                    if mode in scope.site_modes:  # those are asked about scenarios
                        continue
                    yield Asked(
                        claim.id, "change", target, (), scope.sites, mode, period, as_of=_dates(claim),
                        baseline=baseline, of=of, assumed=claim.assumed, counted=rests and of == claim.of,
                    )  # fmt: skip


def _scenario_changes(claim: Claim, scope: Scope) -> Iterator[Asked]:
    """Ask for the times to places with and without each scenario, and beside for what is within reach."""
    for scenario in map(scenario_id, claim.scenarios):
        for mode, period, direction, rests in _ways(claim, scope):
            if direction == BACK or mode not in scope.scenario_modes.get(scenario, ()):
                continue
            base = Asked(
                claim.id, "change", "", (), scope.sites, mode, period, as_of=_dates(claim), of="duration",
                scenario=scenario,
            )  # fmt: skip
            for place in claim.destinations:
                yield replace(base, subject=place, places=(place,), counted=rests and claim.of == "duration")
            for target in claim.opportunities:
                yield replace(base, measure="reach", subject=target, counted=False)


def scenario_id(file: str) -> str:
    """Return what a scenario is called in figures: the bare name of its file."""
    return PurePosixPath(file).stem


def _ranks(claim: Claim, scope: Scope) -> Iterator[Asked]:
    """Ask how many of a set lie nearer than a place."""
    for place in claim.destinations:
        for target in claim.targets:
            for mode, period, direction, rests in _ways(claim, scope):
                if direction != BACK:
                    yield Asked(
                        claim.id, "rank", target, (place,), scope.sites, mode, period, as_of=_dates(claim),
                        counted=rests,
                    )  # fmt: skip


def _opened(claim: Claim, scope: Scope) -> Iterator[Asked]:  # noqa: ARG001 - one signature for all kinds
    for target in claim.targets:
        for day in _dates(claim):
            yield Asked(claim.id, "opened", target, as_of=(day,))


def _interchanges(claim: Claim, scope: Scope) -> Iterator[Asked]:
    """Ask for the lines at a station on each date and, on the last, with each scenario, by period."""
    periods = scope.periods.get("transit", ())
    cases = [("", day) for day in _dates(claim)]
    cases += [(scenario_id(file), day) for file in claim.scenarios for day in _dates(claim)[-1:]]
    for place in claim.destinations:
        for scenario, day in cases:
            for period in periods:
                yield Asked(
                    claim.id, "interchange", place, (place,), mode="walk", period=period, as_of=(day,),
                    radii_m=claim.radii_m, counted=False, scenario=scenario,
                )  # fmt: skip


_BY_KIND = {
    "distance": (_distances, _durations_beside),
    "duration": (_durations, _distances_beside),
    "presence": (_within, _nearest, _distances_beside, _durations_beside),
    "coverage": (_within, _nearest, _distances_beside, _durations_beside),
    "change": (_changes, _scenario_changes),
    "rank": (_ranks, _nearest),
    "opened": (_opened,),
    "interchange": (_interchanges,),
    "citation": (),
}
