"""How the page looks at a scenario: date, departure window, percentile, mode, sets of destinations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.comparison import CompareSettings
from accessibility.model.modes import transit_mode
from accessibility.model.study import Study

TRANSIT = "transit"


@dataclass(frozen=True)
class PageSettings:
    """
    How a scenario is looked at.

    Parameters
    ----------
    question
        Date, period, percentile, targets, and for public transport the way to the first stop.
    mode
        A mode of `page_modes`.
    on_streets
        Whether it is a street mode; no line then matters.
    """

    question: CompareSettings
    mode: str = TRANSIT
    on_streets: bool = False


def page_modes(study: Study) -> tuple[str, ...]:
    """Return the modes a page offers: public transport by every access, then the street modes."""
    access = study.transit.access_modes if study.transit is not None else ("walk",)
    return (*(transit_mode(one) for one in access), *study.modes)


def settings_of(data: Mapping[str, Any], study: Study) -> PageSettings:
    """
    Read the settings of a question from a request.

    Raises
    ------
    UsageError
        If one names nothing of the study.
    """
    dates = {day.isoformat(): day for day in study.as_of}
    access = study.transit.access_modes if study.transit is not None else ("walk",)
    by_mode = {transit_mode(one): one for one in access}
    known_targets = [target.id for target in study.targets]
    day, period = str(data.get("as_of", "")), str(data.get("period", ""))
    percentile, mode = data.get("percentile", 50), str(data.get("mode", TRANSIT))
    targets = data.get("targets", known_targets)
    wrong = [
        name
        for name, good in (
            ("as_of", day in dates),
            ("period", period in [one.id for one in study.periods]),
            ("percentile", type(percentile) is int and 1 <= percentile <= 99),
            ("mode", mode in page_modes(study)),
            ("targets", isinstance(targets, list) and bool(targets)
             and all(isinstance(one, str) and one in known_targets for one in targets)),
        )
        if not good
    ]  # fmt: skip
    if wrong:
        what = _("these settings name nothing that the study has: {names}", names=", ".join(wrong))
        raise UsageError(what, code="settings")
    question = CompareSettings(dates[day], period, percentile, tuple(targets), by_mode.get(mode, "walk"))
    return PageSettings(question, mode, on_streets=mode not in by_mode)
