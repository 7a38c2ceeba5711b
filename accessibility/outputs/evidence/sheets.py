"""Evidence as plain tables: claims with their words, conditions, every figure by its id, interchanges."""

import math
from collections.abc import Mapping, Sequence

from accessibility.messages import _
from accessibility.model.claim import Figure, Verdict
from accessibility.model.interchange import FeederLine, Interchange
from accessibility.outputs.evidence.words import (
    claim_kind_text,
    claim_word_text,
    condition_text,
    interval_text,
    stated_text,
    verdict_text,
)
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.units import clock_from_seconds


def claims_sheet(verdicts: Sequence[Verdict], unknowns: Mapping[str, str]) -> Sheet:
    """
    Tell every claim with its word.

    Parameters
    ----------
    verdicts
        Claims with their words.
    unknowns
        Id -> what would settle it, of the study's table of unknowns.
    """
    columns = ("claim_id", "quote", "claim_kind", "stated", "word_code", "word", "interval", "robust",
               "figures", "figures_counted", "circular", "unknown_inputs", "what_would_settle_it",
               "note_zh", "note_en")  # fmt: skip
    rows = tuple(
        (
            one.claim.id,
            one.claim.quote,
            claim_kind_text(one.claim.kind),
            _("; ").join(stated_text(stated) for stated in one.claim.stated),
            one.word,
            claim_word_text(one.claim, one.word),
            _("; ").join(dict.fromkeys(_whole(one))),
            robust_text(one),
            len(one.figures),
            sum(figure.counted for figure in one.figures),
            one.claim.circular[0],
            " ".join(one.claim.unknown),
            _("; ").join(settling(one, unknowns)),
            " ".join(zh for zh, _en in one.claim.notes),
            " ".join(en for _zh, en in one.claim.notes),
        )
        for one in verdicts
    )
    return Sheet("claims", _("Claims"), columns, rows)


def _whole(one: Verdict) -> list[str]:
    """Write the interval of every subject."""
    return [
        interval_text(condition.interval, one.claim.stated[condition.reading].unit)
        for condition in one.conditions
        if not condition.name
    ]


def robust_text(one: Verdict) -> str:
    """Say whether every candidate site gives the same word."""
    if one.robust is None:
        return ""
    return _("same verdict from every site") if one.robust else _("verdict differs between sites")


def settling(one: Verdict, unknowns: Mapping[str, str]) -> list[str]:
    """List what would settle a claim: first the inputs without which it cannot be verified."""
    ids = dict.fromkeys((*one.claim.unknown, *one.claim.settled_by))
    return [unknowns.get(i) or i for i in ids]


def conditions_sheet(verdicts: Sequence[Verdict], names: dict[str, str], periods: dict[str, str]) -> Sheet:
    """
    Tell under which conditions the word turns.

    Parameters
    ----------
    verdicts
        Claims with their words.
    names, periods
        Identifier -> name of places, targets and periods.
    """
    columns = ("claim_id", "subject", "subject_name", "stated", "condition", "condition_value",
               "condition_text", "low", "high", "unit", "figures", "figures_inside",
               "word_code", "word", "turns")  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in verdicts:
        turning = set(one.turning())
        for condition in one.conditions:
            stated, interval = one.claim.stated[condition.reading], condition.interval
            rows.append((
                one.claim.id, condition.subject, _names(condition.subject, names), stated_text(stated),
                condition.name, condition.value, condition_text(condition, names, periods),
                _cell(interval.low), _cell(interval.high), stated.unit, interval.n, interval.n_inside,
                interval.word, verdict_text(interval.word), int(condition in turning),
            ))  # fmt: skip
    return Sheet("claim_conditions", _("Conditions"), columns, tuple(rows))


def figures_sheet(verdicts: Sequence[Verdict], names: dict[str, str]) -> Sheet:
    """
    Tell every figure behind the claims, by its id.

    Parameters
    ----------
    verdicts
        Claims with their figures.
    names
        Identifier -> name of places and targets.
    """
    columns = ("figure_id", "claim_id", "counted", "measure", "subject", "subject_name", "origin_id", "mode",
               "direction", "period", "level", "as_of", "access_parking", "radius_m", "baseline", "roads",
               "value", "unit", "inside", "position_shift", "detail", "scenario", "cutoff_min")  # fmt: skip
    rows = tuple(
        (
            *(figure.id, figure.claim, int(figure.counted), figure.measure, figure.subject),
            *(_names(figure.subject, names), figure.origin, figure.mode, figure.direction, figure.period),
            *(figure.level, figure.as_of, None if figure.terminal is None else int(figure.terminal)),
            *(_cell(figure.radius_m), figure.baseline, figure.roads, _cell(figure.value), figure.unit),
            *(_inside(one, figure), _rounded(figure.shift), figure.detail or _why(figure.value)),
            *(figure.scenario, _cell(figure.cutoff_min)),
        )
        for one in verdicts
        for figure in one.figures
    )
    return Sheet("claim_figures", _("Figures"), columns, rows)


def _inside(one: Verdict, figure: Figure) -> str:
    """Say, reading by reading, whether a figure lies in what is stated."""
    if not figure.counted:
        return ""
    fitting = [stated for stated in one.claim.stated if stated.unit == figure.unit]
    return " ".join("in" if stated.holds(figure.value) else "out" for stated in fitting)


def _names(subject: str, names: Mapping[str, str]) -> str:
    return _(", ").join(names.get(part, part) for part in subject.split("+"))


def _cell(value: float) -> Cell:
    return float(value) if math.isfinite(value) else None


def _rounded(value: float) -> Cell:
    return round(value, 2) if math.isfinite(value) else None


def _why(value: float) -> str:
    return "unreached" if math.isinf(value) else "unknown" if math.isnan(value) else ""


def interchange_sheets(
    interchanges: Sequence[Interchange],
    lines: Sequence[tuple[str, Sequence[FeederLine]]],
    periods: Sequence[str],
) -> tuple[Sheet, Sheet]:
    """
    Tell what stations are joined to, all together and line by line.

    Parameters
    ----------
    interchanges
        Stations by date and radius, headways in the middle.
    lines
        Date and lines of every audit, headways in the middle.
    periods
        Ids of the periods of the audit.
    """
    hours = tuple(f"per_hour_{period}" for period in periods)
    columns = ("as_of", "station", "radius_m", "stops", "lines", *hours,
               "first_bus", "last_bus", "first_train", "last_train", "trains",
               "missed_late", "missed_early", "scheduled", "scenario")  # fmt: skip
    rows = [
        (
            *(one.as_of, one.station, one.radius_m, one.n_stops, one.n_lines),
            *(_rounded(value) for value in one.per_hour),
            *(_clock(s) for s in (one.first_bus_s, one.last_bus_s, one.first_train_s, one.last_train_s)),
            *(one.n_trains, one.n_missed_late, one.n_missed_early, int(one.scheduled), one.scenario),
        )
        for one in interchanges
    ]
    line_columns = ("as_of", "station", "line", "line_name", "towards", "stop", "stop_name", "walk_m", *hours,
                    "first_departure", "last_departure", "scheduled", "scenario")  # fmt: skip
    line_rows = [
        (
            *(as_of, one.station, one.route, one.name, one.towards, one.stop, one.stop_name),
            *(round(one.walk_m), *(_rounded(value) for value in one.per_hour)),
            *(_clock(one.first_s), _clock(one.last_s), int(one.scheduled), one.scenario),
        )
        for as_of, some in lines
        for one in some
    ]
    return (
        Sheet("interchanges", _("Interchanges"), columns, tuple(rows)),
        Sheet("interchange_lines", _("Lines at interchanges"), line_columns, tuple(line_rows)),
    )


def _clock(seconds: int | None) -> str:
    return "" if seconds is None else clock_from_seconds(seconds)
