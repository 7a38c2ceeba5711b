"""From questions to findings: what was asked, the answer as an interval, what it rests on."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _, language
from accessibility.model.finding import Answer, Finding
from accessibility.model.projection import geodesic_m
from accessibility.model.reasons import NO_SUCH_DESTINATION
from accessibility.model.study import Question
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.wording import by_language, mode_text, names_by_id
from accessibility.studies.computed import Computed, QueryKey
from accessibility.studies.load import LoadedStudy
from accessibility.units import UNREACHED


def build_findings(loaded: LoadedStudy, computed: Computed) -> tuple[Finding, ...]:
    """
    Answer every question of a study.

    Parameters
    ----------
    loaded, computed
        The study and what was computed for it.

    Returns
    -------
    findings
        One per question, in the order of the study.
    """
    return tuple(_Answerer(loaded, computed).finding(question) for question in loaded.study.questions)


class _Answerer:
    """Looks figures up for one study."""

    def __init__(self, loaded: LoadedStudy, computed: Computed) -> None:
        self.study = loaded.study
        self.computed = computed
        self.names = names_by_id(loaded.places)
        self.targets = {t.id: by_language(t.name, t.name_en) for t in loaded.study.targets}
        self.periods = {p.id: by_language(p.name, p.name_en) for p in loaded.study.periods}

    def finding(self, question: Question) -> Finding:
        if question.measure == "nearest":
            answers = list(self._nearest(question))
        else:
            answers = [answer for place in question.destinations for answer in self._place(question, place)]
        english = language() == "en"
        sites = _(", ").join(self.computed.sites.ids)
        figures = _("; ").join(answer_text(answer) for answer in answers if answer.leading)
        return Finding(
            question=question,
            answers=tuple(answers),
            sentence=_("Over the candidate sites {sites}: {figures}.", sites=sites, figures=figures),
            rests_on=tuple(pair[int(english)] for pair in question.rests_on),
        )

    def _keys(self, question: Question) -> list[QueryKey]:
        return [key for key in self.computed.queries if key[0] in question.modes]

    def _how(self, key: QueryKey) -> str:
        return " ".join(part for part in (mode_text(key[0]), self.periods.get(key[1], "")) if part)

    def _place(self, question: Question, place: str) -> Iterator[Answer]:
        """Give the figures of one destination: straight line, then each mode and period, both directions."""
        where = self.computed.destinations.index(place)
        name = self.names[place]
        if question.measure in ("distance", "straight"):
            yield _answer(_("{place}, straight line", place=name), self._straight_km(where), "km")
        if question.measure == "straight":
            return
        for key in self._keys(question):
            there, back = self.computed.to_places[key], self.computed.from_places[key]
            label = _("{place}, {how}", place=name, how=self._how(key))
            if question.measure == "distance":
                km = [t / 1000 for t in (there.distance_m[:, where, :], back.distance_m[where, :, :])]
                yield _answer(label, np.concatenate(km).astype(float), "km", _("both directions"))
                continue
            values = _both_minutes(there, back, where)
            yield _answer(label, values, "min", _("both directions"))
            terminal_s = self.computed.queries[key].terminal_s
            if terminal_s:
                with_it = _("{label}, with access and parking", label=label)
                with_them = values + np.array(terminal_s) / 60
                yield _answer(with_it, with_them, "min", _("both directions"), leading=False)
            if key in self.computed.unrestricted:
                by_motorway = _("{label}, motorways too", label=label)
                values = _both_minutes(*self.computed.unrestricted[key], where)
                yield _answer(by_motorway, values, "min", _("both directions"), leading=False)

    def _straight_km(self, where: int) -> NDArray[np.float64]:
        sites, goals = self.computed.sites, self.computed.destinations
        ends = (np.full(len(sites), goals.lon[where]), np.full(len(sites), goals.lat[where]))
        return geodesic_m((sites.lon, sites.lat), ends)[:, np.newaxis] / 1000

    def _nearest(self, question: Question) -> Iterator[Answer]:
        """Give the nearest of each target, per date, mode and period."""
        keys = self._keys(question)
        dates = [day.isoformat() for day in question.as_of or self.study.as_of[:1]]
        nowhere: set[str] = set()
        for table in self.computed.site_tables:
            wanted = table.measure == "nearest" and table.target in question.targets
            if not wanted or (table.mode, table.period) not in keys:
                continue
            if table.as_of and table.as_of not in dates:
                continue
            how = self._how((table.mode, table.period))
            date_text = _("as of {date}", date=table.as_of) if table.as_of else ""
            whom = _(", ").join(part for part in (self.targets[table.target], date_text) if part)
            if np.all(table.reason == NO_SUCH_DESTINATION):
                if whom not in nowhere:
                    nowhere.add(whom)
                    yield _answer(whom, table.values, "min", _("none operating"))
                continue
            label = _(", ").join((whom, how))
            detail = self._nearest_names(table.nearest_ids)
            yield _answer(label, table.values / 60, "min", detail)
            if table.distance_m is not None:
                yield _answer(
                    _("{label}, distance", label=label), table.distance_m / 1000, "km", detail, leading=False
                )

    def _nearest_names(self, nearest_ids: Sequence[Sequence[str]]) -> str:
        """Say which place is the nearest from which site, at the middle level."""
        by_place: dict[str, list[str]] = {}
        for site, row in zip(self.computed.sites.ids, nearest_ids, strict=True):
            by_place.setdefault(row[len(row) // 2], []).append(site)
        texts = [
            _("{place} (from {sites})", place=self.names[place], sites=_(", ").join(sites))
            for place, sites in by_place.items()
            if place
        ]
        return _("; ").join(texts) or _("none reached")


def answer_text(answer: Answer) -> str:
    """Write one figure as ``label low–high unit (middle …)``."""
    if not np.isfinite(answer.mid):
        return _("{label}: no answer ({detail})", label=answer.label, detail=answer.detail)
    digits = 1 if answer.unit == "min" else 2
    low, mid, high = (f"{value:.{digits}f}" for value in (answer.low, answer.mid, answer.high))
    unit = _("min") if answer.unit == "min" else _("km")
    if low == high:
        return _("{label} {mid} {unit}", label=answer.label, mid=mid, unit=unit)
    return _(
        "{label} {low}–{high} {unit} (middle {mid})",
        label=answer.label,
        low=low,
        high=high,
        mid=mid,
        unit=unit,
    )


def _both_minutes(there: TravelTimes, back: TravelTimes, where: int) -> NDArray[np.float64]:
    """Join both directions to one column of minutes per level."""
    return np.concatenate([_minutes(there.duration_s[:, where, :]), _minutes(back.duration_s[where, :, :])])


def _minutes(duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.where(duration_s == UNREACHED, np.nan, duration_s / 60)


def _answer(
    label: str, values: NDArray[np.float64], unit: str, detail: str = "", *, leading: bool = True
) -> Answer:
    """Take the interval over sites, directions and levels, and the median of the middle level."""
    known = values[np.isfinite(values)]
    if known.size == 0:
        nothing = float("nan")
        return Answer(label, nothing, nothing, nothing, unit, detail, leading)
    middle = values[:, values.shape[1] // 2]
    middle = middle[np.isfinite(middle)]
    mid = float(np.median(middle)) if middle.size else float("nan")
    return Answer(label, float(known.min()), mid, float(known.max()), unit, detail, leading)
