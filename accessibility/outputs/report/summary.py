"""The first page of an annex: what holds, what does not, what cannot be verified, and on what it rests."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from accessibility.messages import _
from accessibility.model.claim import NO_WORD, UNVERIFIABLE, WORDS, Verdict
from accessibility.model.document import FIGURE_MARK, Table
from accessibility.model.places import Places
from accessibility.outputs.evidence.words import verdict_text
from accessibility.outputs.report.parts import Maker, joined
from accessibility.outputs.wording import by_language

SUMMARY = "T1"
"""The table of the first page is the first of all."""

_FEW = 2
_MARKS = re.compile(rf" ?{FIGURE_MARK.pattern}")
"""Marks stand in the table of claims, so that the first page stays short."""

Headline = Callable[[Verdict, Maker], Iterable[str]]


def summary_table(
    verdicts: Sequence[Verdict], headline: Headline, rests: Sequence[str], maker: Maker
) -> Table:
    """
    Tell all claims that were computed on one page, those with the same word together.

    Parameters
    ----------
    verdicts
        Claims with their words.
    headline
        Gives what was computed for a claim, each text with the mark of its figures.
    rests
        On what all of it rests, in sentences.
    maker
        Names, numbers, and the register of figures.
    """
    computed = [one for one in verdicts if one.claim.kind != "citation"]
    rows = []
    for word in WORDS:
        some = [one for one in computed if one.word == word]
        if some:
            rows.append((verdict_text(word), "\n".join(_short(one, headline, maker) for one in some)))
    if rests:
        rows.append((_("what it rests on"), joined(rests)))
    return maker.table(_("The answer on one page"), (_("verdict"), _("claims, and why")), rows, dense=True)


def _short(one: Verdict, headline: Headline, maker: Maker) -> str:
    """Tell one claim in a line or two: what it says, and the figures or the missing fact behind its word."""
    most = 1 if one.word == NO_WORD and one.claim.kind != "change" else _FEW
    why = list(_missing(one, maker)) if one.word == UNVERIFIABLE else list(headline(one, maker))[:most]
    text = _MARKS.sub("", _("; ").join(why))
    terms = {"id": one.claim.id, "quote": one.claim.quote, "why": text}
    asked = one.claim.quote.endswith(("？", "?"))
    return _("{id} {quote} {why}", **terms) if asked else _("{id} {quote}: {why}", **terms)


def _missing(one: Verdict, maker: Maker) -> Iterator[str]:
    """Name what is missing for a word: what is derived from the claim itself, or not known."""
    circular = by_language(*one.claim.circular)
    if circular:
        yield circular
    names = [maker.unknown_names.get(i, i) for i in one.claim.unknown]
    if names:
        more = _(" and others") if len(names) > _FEW else ""
        yield _("not known: {what}{more}", what=_(", ").join(names[:_FEW]), more=more)


def rests_on(sites: Places, dates: Sequence[date]) -> list[str]:
    """Say in a few sentences on what everything rests, and where that is told."""
    days = _(" and ").join(day.isoformat() for day in dates)
    told = [_("Places and lines as of {dates}.", dates=days)]
    metres = float(sites.uncertainty_m.max())
    if metres:
        ids = _(", ").join(sites.ids)
        told.append(
            _("The positions of the sites {ids} are uncertain by ±{m} m.", ids=ids, m=f"{metres:.0f}")
        )
    told.append(_("Sources with their dates, assumptions and what is not known stand in the last sections."))
    return told


def scenario_labels(scenarios: Iterable[str]) -> dict[str, str]:
    """Give scenarios short labels in their order: 方案甲, scenario A."""
    signs = by_language("甲乙丙丁戊己庚辛壬癸", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    stems = list(scenarios)
    letters = [signs[k] if k < len(signs) else str(k + 1) for k in range(len(stems))]
    return {stem: _("scenario {letter}", letter=letter) for stem, letter in zip(stems, letters, strict=True)}


def scenario_table(scenarios: Mapping[str, str], maker: Maker) -> Table:
    """Say what the short labels of scenarios stand for, and which file describes each."""
    labels = scenario_labels(scenarios)
    rows = [(labels[stem], name if name != stem else "", f"{stem}.toml") for stem, name in scenarios.items()]
    heads = (_("scenario"), _("name"), _("file"))
    return maker.table(_("Scenarios, and how tables call them"), heads, rows, dense=True)
