"""From figures to words: the interval of what was computed against the band of what is stated."""

import math
from collections.abc import Iterable, Iterator, Sequence

from accessibility.model.claim import (
    BROADLY,
    CONSISTENT,
    INCONSISTENT,
    NO_WORD,
    UNVERIFIABLE,
    Claim,
    Condition,
    Figure,
    Interval,
    Span,
    Stated,
    Verdict,
)

CONDITIONS = (
    *("origin", "mode", "direction", "period", "level", "terminal"),
    *("radius_m", "as_of", "baseline", "scenario"),
)
"""Conditions of a figure that the word may turn on."""

COMBINED = "combination"
"""Every condition but site and direction at once: what a reader would call a case."""

_WEAKEST_FIRST = (INCONSISTENT, UNVERIFIABLE, NO_WORD, BROADLY, CONSISTENT)
"""A sentence that joins several statements holds no better than the weakest of them."""


def interval_word(values: Sequence[float], stated: Stated) -> Interval:
    """
    Give the word of some figures by the rule.

    Parameters
    ----------
    values
        Computed figures; infinite where unreached, NaN where unknown.
    stated
        The band.

    Returns
    -------
    interval
        Inside the band: consistent. Meeting it: broadly consistent. Apart from it: inconsistent. A figure
        that is unknown, or none at all: unverifiable.
    """
    n, n_inside = len(values), sum(stated.holds(value) for value in values)
    if not n or any(math.isnan(value) for value in values):
        known = [value for value in values if not math.isnan(value)]
        low, high = (min(known), max(known)) if known else (math.nan, math.nan)
        return Interval(low, high, n, n_inside, UNVERIFIABLE)
    low, high = min(values), max(values)
    if stated.low <= low and high <= stated.high:
        word = CONSISTENT
    elif low <= stated.high and stated.low <= high:
        word = BROADLY
    else:
        word = INCONSISTENT
    return Interval(low, high, n, n_inside, word)


def verdict(claim: Claim, figures: Sequence[Figure], sites: Sequence[str]) -> Verdict:
    """
    Give a claim its word, the conditions under which that turns, and whether it is robust.

    Parameters
    ----------
    claim
        The claim.
    figures
        Every figure computed for it.
    sites
        Candidate sites, of equal weight.

    Returns
    -------
    verdict
        Where an input is unknown or the claim itself, the word is `UNVERIFIABLE` whatever the figures say;
        where the sentence has words without a threshold, a word is given only if all readings agree on it.
    """
    counted = [figure for figure in figures if figure.counted]
    by_site = tuple((site, _word(claim, [f for f in counted if f.origin == site])) for site in sites)
    if not any(figure.origin for figure in counted):
        by_site = ()
    words = {word for _site, word in by_site}
    word = _word(claim, counted)
    worded = word in (CONSISTENT, BROADLY, INCONSISTENT)
    return Verdict(
        claim=claim,
        word=word,
        figures=tuple(figures),
        conditions=tuple(_conditions(claim, counted)),
        spans=tuple(_spans(figures, sites)),
        robust=len(words) == 1 if worded and by_site else None,
        sites=by_site if worded else (),
    )


def _word(claim: Claim, counted: Sequence[Figure]) -> str:
    if not claim.verifiable:
        return UNVERIFIABLE
    if not claim.stated or claim.kind == "citation":
        return NO_WORD
    of_subjects = [_subject_word(claim, some) for some in _by_subject(counted)]
    return next((word for word in _WEAKEST_FIRST if word in of_subjects), UNVERIFIABLE)


def _subject_word(claim: Claim, figures: Sequence[Figure]) -> str:
    """Give the word of one subject over all readings of what is stated."""
    readings = [stated for stated in claim.stated if any(f.unit == stated.unit for f in figures)]
    words = {interval_word(_values(figures, stated), stated).word for stated in readings}
    if claim.open_words and not words <= {CONSISTENT} and not words <= {INCONSISTENT}:
        return NO_WORD
    if len(words) == 1:
        return words.pop()
    return UNVERIFIABLE if UNVERIFIABLE in words or not words else BROADLY


def _values(figures: Iterable[Figure], stated: Stated) -> list[float]:
    return [figure.value for figure in figures if figure.unit == stated.unit]


def _by_subject(figures: Sequence[Figure]) -> Iterator[list[Figure]]:
    for subject in dict.fromkeys(figure.subject for figure in figures):
        yield [figure for figure in figures if figure.subject == subject]


def _conditions(claim: Claim, counted: Sequence[Figure]) -> Iterator[Condition]:
    """Give the word of every subject under each condition its figures differ in, and under all at once."""
    for some in _by_subject(counted):
        subject = some[0].subject
        groups = [("", "", some), *_grouped(some)]
        for reading, stated in enumerate(claim.stated):
            for name, value, part in groups:
                yield Condition(subject, reading, name, value, interval_word(_values(part, stated), stated))


def _grouped(figures: Sequence[Figure]) -> Iterator[tuple[str, str, list[Figure]]]:
    """Group figures by each condition they differ in, then by all of them but the site and the direction."""
    texts = {figure.id: {name: _text(getattr(figure, name)) for name in CONDITIONS} for figure in figures}
    differing = [name for name in CONDITIONS if len({row[name] for row in texts.values()} - {""}) > 1]
    for name in differing:
        for value in dict.fromkeys(row[name] for row in texts.values() if row[name]):
            yield name, value, [figure for figure in figures if texts[figure.id][name] == value]
    meant = [name for name in differing if name not in ("origin", "direction")]
    if len(meant) > 1:
        keys = {i: " ".join(row[name] for name in meant if row[name]) for i, row in texts.items()}
        for value in dict.fromkeys(keys.values()):
            yield COMBINED, value, [figure for figure in figures if keys[figure.id] == value]


def _spans(figures: Sequence[Figure], sites: Sequence[str]) -> Iterator[Span]:
    """Join the figures that differ in site, direction and level only; other starting places stay apart."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for figure in figures:
        conditions = (
            *(_text(figure.radius_m), figure.baseline, figure.as_of, figure.terminal, figure.roads),
            *(figure.scenario, _text(figure.cutoff_min)),
        )
        apart = "" if figure.origin in sites else figure.origin
        what = (figure.measure, figure.subject, figure.unit, figure.mode, figure.period, figure.counted)
        groups.setdefault((apart, what, conditions), []).append(figure)
    for some in groups.values():
        known = [figure.value for figure in some if not math.isnan(figure.value)]
        details = tuple(dict.fromkeys(figure.detail for figure in some if figure.detail))
        low, high = (min(known), max(known)) if known else (math.nan, math.nan)
        yield Span(some[0], low, high, len(some), some[0].id, some[-1].id, details)


def _text(value: object) -> str:
    """Write the value of a condition, empty where it does not matter."""
    if isinstance(value, bool):
        return "with" if value else "without"
    if isinstance(value, float):
        return "" if math.isnan(value) else ("any" if math.isinf(value) else f"{value:g}")
    return str(value or "")
