"""The noun ``Finding``: a question with its computed answer."""

import math
from dataclasses import dataclass

from accessibility.model.study import Question


@dataclass(frozen=True)
class Answer:
    """
    One figure of a finding, as an interval.

    Parameters
    ----------
    subject
        What is reached: a place, or a set of places on a date.
    how
        Mode, period and what else tells this figure from the others of the subject.
    low, mid, high
        Interval and its middle; NaN where nothing is reached, ``inf`` where some of it is not.
    unit
        ``min`` or ``km``.
    detail
        Which place, which site, why there is no answer: words.
    leading
        Whether the sentence of the finding tells this figure; the others stand in its table.
    covers
        What the interval contains: sites, speeds, directions, in words.
    position
        By how much (in `unit`) the figure may shift with the stated uncertainty of the positions, an estimate
        that is in no interval; NaN where no uncertainty is stated.
    """

    subject: str
    how: str
    low: float
    mid: float
    high: float
    unit: str
    detail: str = ""
    leading: bool = True
    covers: str = ""
    position: float = math.nan

    @property
    def label(self) -> str:
        """What the figure is, in words."""
        return f"{self.subject} · {self.how}" if self.how else self.subject


@dataclass(frozen=True)
class Finding:
    """
    What was asked, what was computed, what it rests on.

    Parameters
    ----------
    question
        The question.
    answers
        Figures over all candidate sites.
    sentence
        The answer in one sentence.
    rests_on
        Assumptions and limits, one sentence each.
    positions
        How sure the positions behind the figures are, in words; the intervals do not contain it.
    word
        Word of the claim of the same id (`accessibility.model.claim.WORDS`); empty where there is none.
    """

    question: Question
    answers: tuple[Answer, ...]
    sentence: str
    rests_on: tuple[str, ...]
    positions: str = ""
    word: str = ""
