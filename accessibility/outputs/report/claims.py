"""The conclusions of a report: every claim with its word, then claim by claim what that rests on."""

import math
from collections.abc import Iterator, Mapping, Sequence

from accessibility.messages import _
from accessibility.model.claim import BROADLY, CONSISTENT, INCONSISTENT, Condition, Figure, Verdict
from accessibility.model.document import ITEM, NOTE, Block, Heading, Paragraph, Section, Table
from accessibility.outputs.evidence.sheets import robust_text, settling
from accessibility.outputs.evidence.words import (
    claim_word_text,
    condition_text,
    condition_value,
    radius_text,
    stated_text,
    verdict_text,
)
from accessibility.outputs.report.claim_tables import claim_tables
from accessibility.outputs.report.figures import Told
from accessibility.outputs.report.parts import Maker, joined
from accessibility.outputs.report.summary import scenario_table, summary_table
from accessibility.outputs.wording import by_language

MOST_CONDITIONS = 10
"""So many rows of conditions are printed per claim; all of them stand in the workbook."""

_FEW = 3


def conclusions(
    verdicts: Sequence[Verdict], scenarios: Mapping[str, str], rests: Sequence[str], maker: Maker
) -> Section:
    """
    Make the section of conclusions.

    Parameters
    ----------
    verdicts
        Claims with their words.
    scenarios
        Bare name of the file of every scenario that claims name -> its name.
    rests
        On what all of it rests, in sentences.
    maker
        Names, numbers, and the register of figures.

    Returns
    -------
    section
        All claims on one page, the rule, the table with conditions, what nobody asked for, the scenarios.
    """
    blocks: list[Block] = [
        summary_table(verdicts, _headline, rests, maker),
        Paragraph(_rule(), NOTE),
        _conclusion_table(verdicts, maker),
    ]
    found = [_in_short(one, maker) for one in verdicts if not one.claim.asked]
    found += [text for one in verdicts for text in _which_baseline(one, maker)]
    if found:
        blocks += [Heading(_("Found beyond what was asked")), *(Paragraph(text, ITEM) for text in found)]
    if scenarios:
        blocks += [
            Heading(_("Scenarios looked at")),
            Paragraph(_scenario_words()),
            scenario_table(scenarios, maker),
        ]
    return Section("conclusions", _("Conclusions"), tuple(blocks))


def _scenario_words() -> str:
    return _("Scenarios only show what a change could do; none of them is a plan that anybody announced.")


def claim_by_claim(verdicts: Sequence[Verdict], maker: Maker) -> Section:
    """Make the section that tells, claim by claim, what its word rests on."""
    blocks = [block for one in verdicts if one.figures for block in claim_part(one, maker)]
    return Section("claims", _("Claim by claim"), tuple(blocks))


def _rule() -> str:
    return _(
        "How verdicts are given: the figures computed over every candidate site, both directions, every "
        "period, the shortest, middle and longest times, with and without access and parking, form an "
        "interval; what is stated, with its tolerance, forms a band. An interval inside the band is "
        "consistent; if the two overlap, it is broadly consistent, with conditions; if they are apart, "
        "inconsistent. Where an input is unknown or derived from the claim itself, the claim cannot be "
        "verified. Words without a threshold get figures but no verdict. Sites weigh alike; a verdict is "
        "robust where every site gives it. The number in brackets after a figure leads to its row in the "
        "workbook report.xlsx."
    )


def _conclusion_table(verdicts: Sequence[Verdict], maker: Maker) -> Table:
    rows = [
        (
            one.claim.id,
            one.claim.quote,
            "\n".join(_headline(one, maker)) or _("not computed"),
            claim_word_text(one.claim, one.word),
            "\n".join(_provisos(one, maker)) or _("no conditions"),
        )
        for one in verdicts
    ]
    heads = (_("no."), _("claim"), _("computed"), _("verdict"), _("conditions"))
    return maker.table(_("Claims and verdicts"), heads, rows)


def _headline(one: Verdict, maker: Maker) -> Iterator[str]:
    """Tell what was computed: the interval by subject or baseline, else distances and times."""
    claim = one.claim
    counted = [figure for figure in one.figures if figure.counted]
    if claim.kind == "change":
        for baseline in dict.fromkeys(figure.baseline for figure in counted):
            some = [f for f in counted if f.measure == "change" and f.baseline == baseline]
            some = [f for f in some if f.subject in claim.targets]
            if not some:
                continue
            about = condition_value("baseline", baseline, maker.names, maker.periods)
            text = maker.span(_("{id}, change, from {what}", id=claim.id, what=about), some)
            yield _("compared with {what}: {value}", what=about, value=text)
        changes = [f for f in counted if f.measure == "change" and f.subject not in claim.targets]
        for place, mode in dict.fromkeys((f.subject, f.mode) for f in changes):
            some = [f for f in changes if (f.subject, f.mode) == (place, mode) and math.isfinite(f.value)]
            if any(figure.value for figure in some):
                name = _(", ").join((maker.subject(place), maker.way(mode)))
                text = maker.span(_("{id}, all figures of {name}", id=claim.id, name=name), some)
                yield _("{name}: {value}", name=name, value=text)
    elif claim.stated:
        subjects = list(dict.fromkeys(figure.subject for figure in counted))
        for subject in subjects:
            some = [figure for figure in counted if figure.subject == subject]
            name = maker.subject(subject)
            text = maker.span(_("{id}, all figures of {name}", id=claim.id, name=name), some)
            if claim.kind == "opened":
                text = _("opened after the reply by {value}", value=text)
            yield _("{name}: {value}", name=name, value=text) if len(subjects) > 1 else text
    elif claim.kind == "interchange":
        yield from _interchange_headline(one, maker)
    else:
        yield from _distance_headline(one, maker)


def _distance_headline(one: Verdict, maker: Maker) -> Iterator[str]:
    at_sites = [figure for figure in one.figures if figure.origin in maker.sites]
    straight = [f for f in at_sites if f.measure == "distance" and f.mode == "straight"]
    driven = [f for f in at_sites if f.measure == "duration" and f.mode == "drive"]
    driven = [f for f in driven if not f.terminal and not f.roads]
    for some in (straight, *(_by_period(driven).values())):
        if some:
            about = maker.way(some[0].mode, some[0].period)
            text = maker.span(_("{id}, all places, {way}", id=one.claim.id, way=about), some)
            yield _("{name}: {value}", name=about, value=text)


def _by_period(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.period, []).append(figure)
    return found


def _interchange_headline(one: Verdict, maker: Maker) -> Iterator[str]:
    """Tell, at the widest radius, lines on every date and departures in the first period, as things are."""
    lines = [figure for figure in one.figures if figure.measure == "lines"]
    widest = max((figure.radius_m for figure in lines), default=0.0)
    periods = list(maker.periods)
    first = {line.as_of: line for line in reversed(lines) if line.radius_m == widest}
    for line in sorted(first.values(), key=lambda figure: figure.as_of):
        case = maker.case(line)
        runs = [
            f
            for f in one.figures
            if (f.measure, f.period) == ("departures", periods[0]) and maker.case(f) == case
        ]
        what = f"{one.claim.id} {line.as_of}"
        yield _(
            "{date}, within {radius} on foot: {lines} lines, {runs} ({period})",
            date=line.as_of,
            radius=radius_text(widest),
            lines=f"{line.value:.0f} {maker.mark(what, [line])}",
            runs=maker.span(_("{what}, departures", what=what), runs),
            period=maker.periods[periods[0]],
        )


def _provisos(one: Verdict, maker: Maker) -> Iterator[str]:
    """Tell under which conditions a word holds, or why there is none."""
    claim = one.claim
    circular = by_language(*claim.circular)
    if circular:
        yield _("Circular: {why}.", why=circular)
    if claim.unknown:
        names = (maker.unknown_names.get(i, i) for i in claim.unknown)
        yield _("Unknown: {what}", what=_("; ").join(names))
    if claim.open_words:
        yield _("“{words}” has no threshold", words=_(", ").join(claim.open_words))
    if claim.stated and claim.kind != "change":
        yield _("stated: {band}", band=_("; ").join(stated_text(band) for band in claim.stated))
    yield from _none_operating(one, maker)
    if claim.assumed:
        yield _("with assumed places after the change")
    if robust_text(one):
        yield robust_text(one)
    if one.word not in (CONSISTENT, BROADLY, INCONSISTENT):
        return
    shown = [c for c in one.turning() if c.name not in ("combination", "origin")]
    if not shown and any(c.name == "combination" for c in one.turning()):
        yield _("the verdict differs from case to case, see below")
    for word in dict.fromkeys(c.interval.word for c in shown):
        some = [c for c in shown if c.interval.word == word]
        told = dict.fromkeys(condition_text(c, maker.names, maker.periods) for c in some)
        more = _(" and others, see below") if len(told) > _FEW else ""
        texts = _("; ").join(list(told)[:_FEW])
        yield _("{word} where {conditions}{more}", word=verdict_text(word), conditions=texts, more=more)


def _none_operating(one: Verdict, maker: Maker) -> Iterator[str]:
    """Say of which set nothing was operating on the date."""
    empty = [(f.subject, f.as_of) for f in one.figures if f.detail == "no-such-destination"]
    for subject, day in dict.fromkeys(empty):
        yield _("{what}: none operating on {date}", what=maker.subject(subject), date=day)


def _in_short(one: Verdict, maker: Maker) -> str:
    notes = " ".join(by_language(*note) for note in one.claim.notes)
    figures = _("; ").join(_headline(one, maker))
    return _(
        "{id}  {quote} {word}: {figures}. {notes}",
        id=one.claim.id, quote=one.claim.quote, word=verdict_text(one.word), figures=figures, notes=notes,
    )  # fmt: skip


def _which_baseline(one: Verdict, maker: Maker) -> Iterator[str]:
    """Say what a change without a threshold amounts to from each baseline, where there are several."""
    claim = one.claim
    if claim.kind != "change" or len(claim.baselines) < 2 or not claim.open_words:
        return
    parts = []
    for baseline in dict.fromkeys(c.value for c in one.conditions if c.name == "baseline"):
        some = [f for f in one.figures if f.counted and f.measure == "change" and f.baseline == baseline]
        about = condition_value("baseline", baseline, maker.names, maker.periods)
        value = maker.span(_("{id}, change, from {what}", id=claim.id, what=about), some)
        words = [
            _(
                "{reading}: {word}",
                reading=stated_text(claim.stated[c.reading]),
                word=verdict_text(c.interval.word),
            )
            for c in one.conditions
            if (c.name, c.value) == ("baseline", baseline)
        ]
        parts.append(
            _("compared with {what}: {value} ({words})", what=about, value=value, words=_("; ").join(words))
        )
    yield _(
        "{id}  Which baseline makes “{words}” true? {parts}.",
        id=claim.id, words=_(", ").join(claim.open_words), parts=_("; ").join(parts),
    )  # fmt: skip


def claim_part(one: Verdict, maker: Maker) -> Iterator[Block]:
    """Tell one claim: what it states, its word by site, tables, what it rests on, what would settle it."""
    claim = one.claim
    quoted = claim.quote if "“" in claim.quote else f"“{claim.quote}”"
    yield Heading(f"{claim.id}  {quoted}")
    stated = _("; ").join(stated_text(band) for band in claim.stated)
    told = [_("Stated: {band}.", band=stated)] if stated else []
    told.append(_word_sentence(one))
    if any(claim.circular):
        told.append(_("Circular: {why}.", why=by_language(*claim.circular)))
    yield Paragraph(joined(told))
    if claim.standard:
        chinese, _slash, english = claim.standard.partition(" / ")
        yield Paragraph(_("Yardstick: {standard}.", standard=by_language(chinese, english)))
    yield from claim_tables(one, maker)
    if claim.kind == "interchange":
        yield Paragraph(_("Stops, lines and departures stand in the section on bus and metro."))
    conditions = _conditions_table(one, maker)
    if conditions is not None:
        yield conditions
    for note in claim.notes:
        yield Paragraph(by_language(*note), ITEM)
    settled = settling(one, maker.unknowns)
    if settled:
        yield Paragraph(_("What would settle it: {what}.", what=_("; ").join(settled)), NOTE)


def _word_sentence(one: Verdict) -> str:
    word = claim_word_text(one.claim, one.word)
    if one.robust is None:
        return _("Verdict: {word}.", word=word)
    if one.robust:
        return _("Verdict: {word}; {robust}.", word=word, robust=robust_text(one))
    by_site = _(", ").join(_("{name}: {value}", name=site, value=verdict_text(w)) for site, w in one.sites)
    return _("Verdict: {word}; {robust} ({sites}).", word=word, robust=robust_text(one), sites=by_site)


def _conditions_table(one: Verdict, maker: Maker) -> Table | None:
    """Print all figures of a subject, and the conditions under which the word turns."""
    turning = set(one.turning())
    chosen = [c for c in one.conditions if not c.name or c in turning]
    turn = {c: k for some in _by_subject(chosen) for k, c in enumerate(some)}
    chosen.sort(key=lambda c: (c.name != "", c.name == "combination", turn[c]))
    if not turning:
        return None
    kept = chosen[:MOST_CONDITIONS]
    rows = [_condition_row(one, condition, maker) for condition in kept]
    if len(one.claim.stated) == 1:
        rows = [(row[0], "", *row[2:]) for row in rows]
    heads = (_("what"), _("stated"), _("condition"), _("computed"), _("figures inside"), _("verdict"))
    left = len(one.conditions) - len(kept)
    note = (
        _("All conditions, also those under which the verdict stays, stand in the workbook.") if left else ""
    )
    caption = _("{id}: where the verdict changes", id=one.claim.id)
    return maker.table(caption, heads, rows, dense=True, note=note)


def _by_subject(conditions: Sequence[Condition]) -> list[list[Condition]]:
    """Put the conditions of a subject together, so that none of several subjects is told alone."""
    found: dict[str, list[Condition]] = {}
    for condition in conditions:
        found.setdefault(condition.subject, []).append(condition)
    return list(found.values())


def _condition_row(one: Verdict, condition: Condition, maker: Maker) -> tuple[str, ...]:
    interval, stated = condition.interval, one.claim.stated[condition.reading]
    words = condition_text(condition, maker.names, maker.periods)
    row = one.conditions.index(condition) + 1
    told = Told(
        _(
            "{id}, {subject}, {condition}",
            id=one.claim.id,
            subject=maker.subject(condition.subject),
            condition=words,
        ),
        "claim_conditions",
        (f"{one.claim.id}.c{row}",),
    )
    return (
        maker.subject(condition.subject),
        stated_text(stated),
        words,
        maker.register.span(told, interval.low, interval.high, stated.unit),
        _("{n} of {total}", n=interval.n_inside, total=interval.n),
        verdict_text(interval.word),
    )
