"""The noun ``Finding``: a question with its computed answer."""

from dataclasses import dataclass

from accessibility.model.study import Question


@dataclass(frozen=True)
class Answer:
    """
    One figure of a finding, as an interval.

    Parameters
    ----------
    label
        What it is, in words: mode, period, date, direction.
    low, mid, high
        Interval and its middle, NaN where there is no answer.
    unit
        ``min`` or ``km``.
    detail
        Which place, which site, why there is no answer: words.
    leading
        Whether the sentence of the finding tells this figure; the others stand in its table.
    """

    label: str
    low: float
    mid: float
    high: float
    unit: str
    detail: str = ""
    leading: bool = True


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
    """

    question: Question
    answers: tuple[Answer, ...]
    sentence: str
    rests_on: tuple[str, ...]
