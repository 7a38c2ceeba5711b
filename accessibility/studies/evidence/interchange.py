"""Figures of an interchange audit, as evidence tells them."""

import math
from collections.abc import Iterator, Sequence

from accessibility.evidence.questions import Asked
from accessibility.model.claim import Figure
from accessibility.model.interchange import Interchange
from accessibility.model.study import Study
from accessibility.studies.evidence.times import Audit


def interchange_figures(study: Study, one: Asked, audited: Sequence[Audit]) -> Iterator[Figure]:
    """
    Tell what a station is joined to on a date, in a period.

    Parameters
    ----------
    study
        Names its periods.
    one
        What is asked.
    audited
        Audits by date.

    Yields
    ------
    figure
        Stops, lines and departures per hour within each radius; departures as a range over assumed headways.
    """
    at = [period.id for period in study.periods].index(one.period)
    for audit in audited:
        if audit.as_of not in one.as_of or audit.scenario != one.scenario:
            continue
        for place in zip(*audit.interchanges, strict=True):
            if place[0].station != one.subject:
                continue
            for measure, level, value, unit, detail in _values(place, at, first=at == 0):
                yield Figure(
                    "", one.claim, measure, one.subject, value, unit, counted=False, mode="walk",
                    period=one.period if measure == "departures" else "", level=level, as_of=audit.as_of,
                    radius_m=place[0].radius_m, detail=detail, scenario=one.scenario,
                )  # fmt: skip


def _values(
    ends: Sequence[Interchange], period: int, *, first: bool
) -> Iterator[tuple[str, str, float, str, str]]:
    """Give measure, level, value, unit and detail; what no period changes only with the first one."""
    middle = ends[0]
    assumed = "" if middle.scheduled else "assumed-headways"
    if first:
        yield "stops", "", middle.n_stops, "count", ""
        yield "lines", "", middle.n_lines, "count", ""
        yield "trains", "", middle.n_trains, "count", assumed
        if middle.n_trains:
            yield "missed-late", "", middle.n_missed_late, "count", assumed
            yield "missed-early", "", middle.n_missed_early, "count", assumed
    per_hour = [one.per_hour[period] for one in ends]
    if len(per_hour) == 1 or math.isclose(min(per_hour), max(per_hour)):
        yield "departures", "mid", per_hour[0], "per_hour", assumed
        return
    for level, value in zip(("low", "mid", "high"), sorted(per_hour), strict=True):
        yield "departures", level, value, "per_hour", assumed
