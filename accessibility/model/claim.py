"""The nouns ``Claim`` and ``Verdict``: what a text states, and whether that is so."""

import math
from dataclasses import dataclass
from datetime import date

from accessibility.errors import ModelError

KINDS = (
    *("distance", "duration", "presence", "coverage", "change"),
    *("rank", "opened", "interchange", "citation"),
)
"""What a claim may be about."""

UNITS = ("min", "km", "count", "%", "rank", "days", "per_hour")
"""Units of what is stated and computed."""

CONSISTENT, BROADLY, INCONSISTENT = "consistent", "broadly-consistent", "inconsistent"
UNVERIFIABLE, NO_WORD = "unverifiable", "no-word"
WORDS = (CONSISTENT, BROADLY, INCONSISTENT, UNVERIFIABLE, NO_WORD)
"""What a verdict may say; the last stands for figures without a word."""


@dataclass(frozen=True)
class Stated:
    """
    What a claim states, as a band of values.

    Parameters
    ----------
    low, high
        Ends of the band, both in it; infinite where one-sided.
    unit
        One of `UNITS`.
    text
        How the band was read from the words, e.g. ``约 20 min``.

    Raises
    ------
    ModelError
        If the band is empty or its unit unknown.
    """

    low: float
    high: float
    unit: str
    text: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if not self.low <= self.high:
            raise ModelError("a band ends before it begins", code="stated-band")
        if self.unit not in UNITS:
            raise ModelError(f"no unit {self.unit!r}: {', '.join(UNITS)}", code="stated-unit")

    @classmethod
    def about(cls, value: float, tolerance: float, unit: str, text: str = "") -> "Stated":
        """
        Make the band of a value with a relative tolerance.

        Raises
        ------
        ModelError
            If the tolerance is below 0.
        """
        if not tolerance >= 0:
            raise ModelError("a tolerance is at least 0", code="stated-tolerance")
        half = abs(value) * tolerance
        return cls(round(value - half, 9), round(value + half, 9), unit, text)

    def holds(self, value: float) -> bool:
        """Say whether a value lies in the band; what is not known does not."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Claim:
    """
    A sentence that can be held against computed figures.

    Parameters
    ----------
    id, quote
        Identifier (``C02``) and the sentence, word for word.
    kind
        One of `KINDS`.
    stated
        Readings of what it states, each a band; empty where it states nothing that can be measured.
    of
        ``distance`` or ``duration``: what a change is measured in.
    destinations, targets
        Places and sets of places it speaks of.
    origins
        Places beside the candidate sites that the sentence may start from.
    modes, beside_modes
        Modes its word rests on (``straight`` for the straight line), and those told beside.
    periods
        Periods its word rests on; empty for all of the study.
    as_of
        Dates it holds for: of a change the one before and the one after.
    radii_m
        Radii (m) in which a presence is counted.
    standard
        Standard the radii are taken from, with its source.
    baselines
        What a change is measured from: ids of places, or ``""`` for the nearest that was operating.
    assumed
        Whether the assumed places of the study's overlays exist after the change.
    open_words
        Words of the sentence without a threshold (周边, 大幅): a word is given only where all readings agree.
    circular
        Why the figures rest on the claim itself (Chinese, English); empty texts where they do not.
    unknown
        Records of the study's table of unknowns without which the claim cannot be verified.
    settled_by
        Records that the answer turns on.
    scenarios
        Scenario files, named relative to the study, that a change is the effect of.
    opportunities
        Sets of places of which those within reach are counted before and after each scenario.
    asked
        Whether the text states it; else it is what a reviewer would ask.
    notes
        What a reader must know, one sentence each (Chinese, English).
    """

    id: str
    quote: str
    kind: str
    stated: tuple[Stated, ...] = ()
    of: str = "duration"
    destinations: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    beside_modes: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    as_of: tuple[date, ...] = ()
    radii_m: tuple[float, ...] = ()
    standard: str = ""
    baselines: tuple[str, ...] = ()
    assumed: bool = False
    open_words: tuple[str, ...] = ()
    circular: tuple[str, str] = ("", "")
    unknown: tuple[str, ...] = ()
    settled_by: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    opportunities: tuple[str, ...] = ()
    asked: bool = True
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def verifiable(self) -> bool:
        """Whether figures could verify it at all."""
        return not (self.unknown or any(self.circular))


@dataclass(frozen=True)
class Figure:
    """
    One computed number behind a claim, with the conditions it holds under.

    Parameters
    ----------
    id
        Stable name, e.g. ``C02.p12``: the twelfth figure of the claim.
    claim
        The claim.
    measure
        What it is: ``distance``, ``duration``, ``within``, ``nearest``, ``before``, ``after``, ``change``,
        ``rank``, ``opened``, ``reach-before``, ``reach-after``, ``reach-change`` or a measure of interchange.
    subject
        Place or set of places it is about.
    value
        The number as tables show it; infinite where unreached, NaN where unknown.
    unit
        One of `UNITS`.
    counted
        Whether the word rests on it; else it is told beside.
    origin, mode, direction, period, level, as_of, terminal, radius_m, baseline, roads
        The conditions; empty (NaN, ``None``) where one does not matter. `terminal` says whether access and
        parking are in it, `roads` which roads a car may use beyond those of the study.
    shift
        By how much (in `unit`) the uncertainty of positions may change it; NaN where nothing is stated.
    detail
        Further words: ids of the places meant, or the code of a reason.
    scenario
        Scenario it holds for, by the bare name of its file; empty for the network as it is.
    cutoff_min
        Within how many minutes something was counted; NaN where that does not matter.
    """

    id: str
    claim: str
    measure: str
    subject: str
    value: float
    unit: str
    counted: bool = True
    origin: str = ""
    mode: str = ""
    direction: str = ""
    period: str = ""
    level: str = ""
    as_of: str = ""
    terminal: bool | None = None
    radius_m: float = math.nan
    baseline: str = ""
    roads: str = ""
    shift: float = math.nan
    detail: str = ""
    scenario: str = ""
    cutoff_min: float = math.nan


@dataclass(frozen=True)
class Interval:
    """
    What some figures span, and the word the rule gives it.

    Parameters
    ----------
    low, high
        Ends; NaN without any known figure, `high` infinite where some are unreached.
    n, n_inside
        How many figures, and how many of them lie in the band.
    word
        One of `WORDS`.
    """

    low: float
    high: float
    n: int
    n_inside: int
    word: str


@dataclass(frozen=True)
class Condition:
    """
    What the word would be if only some figures counted.

    Parameters
    ----------
    subject
        Place or set of places.
    reading
        Which reading of what is stated, from 0.
    name, value
        The condition, e.g. ``period`` ``peak``; both empty for all figures of the subject.
    interval
        Span and word of the figures under it.
    """

    subject: str
    reading: int
    name: str
    value: str
    interval: Interval


@dataclass(frozen=True)
class Span:
    """
    What figures that differ in site, direction and level only span together.

    Parameters
    ----------
    example
        One of the figures: measure, subject and the conditions they share.
    low, high
        Ends; infinite where unreached, NaN where nothing is known.
    n
        How many figures.
    first_id, last_id
        Ids of the first and the last of them.
    details
        What their details say, each once.
    """

    example: Figure
    low: float
    high: float
    n: int
    first_id: str
    last_id: str
    details: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """
    A claim with its word and what that rests on.

    Parameters
    ----------
    claim
        The claim.
    word
        One of `WORDS`.
    figures
        Every figure, counted or beside.
    conditions
        The table of conditions: all figures of a subject first, then each condition by itself.
    spans
        The figures in short.
    robust
        Whether every candidate site gives the same word; ``None`` where there is no word or no site.
    sites
        Word by candidate site.
    """

    claim: Claim
    word: str
    figures: tuple[Figure, ...] = ()
    conditions: tuple[Condition, ...] = ()
    spans: tuple[Span, ...] = ()
    robust: bool | None = None
    sites: tuple[tuple[str, str], ...] = ()

    def turning(self) -> tuple[Condition, ...]:
        """Return the conditions that give another word than all figures of their subject together."""
        whole = {(c.subject, c.reading): c.interval.word for c in self.conditions if not c.name}
        return tuple(c for c in self.conditions if c.name and c.interval.word != whole[c.subject, c.reading])
