"""The noun ``Finding``: a question with its computed answer."""

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
    """

    subject: str
    how: str
    low: float
    mid: float
    high: float
    unit: str
    detail: str = ""
    leading: bool = True

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
    """

    question: Question
    answers: tuple[Answer, ...]
    sentence: str
    rests_on: tuple[str, ...]
