"""From questions to findings: what was asked, the answer as an interval, what it rests on."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _, language
from accessibility.model.access_table import AccessTable
from accessibility.model.finding import Answer, Finding
from accessibility.model.modes import TRANSIT_MODES, mode_text
from accessibility.model.projection import geodesic_m
from accessibility.model.reasons import DESTINATION_NO_POSITION, NO_SUCH_DESTINATION
from accessibility.model.study import Question
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.outputs.finding_words import finding_lines
from accessibility.outputs.wording import by_language, names_by_id, reason_text
from accessibility.studies.computed import Computed
from accessibility.studies.load import LoadedStudy
from accessibility.studies.queries import QueryKey
from accessibility.studies.uncertainty import covered, covered_by_lines, mean_speed_mps, position_words, shift
from accessibility.units import UNREACHED


class Beside(NamedTuple):
    """What stands beside a figure: what its interval covers, and how far positions may shift it."""

    covers: str
    position: float


NOTHING_BESIDE = Beside("", math.nan)


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
        self.percentiles = loaded.study.transit.percentiles if loaded.study.transit else ()
        self.periods = {p.id: by_language(p.name, p.name_en) for p in loaded.study.periods}

    def finding(self, question: Question) -> Finding:
        if question.measure == "nearest":
            answers = list(self._nearest(question))
        else:
            answers = [answer for place in question.destinations for answer in self._place(question, place)]
        english = language() == "en"
        sites = "/".join(self.computed.sites.ids)
        return Finding(
            question=question,
            answers=tuple(answers),
            sentence=_("From {sites}: {figures}.", sites=sites, figures=_("; ").join(finding_lines(answers))),
            rests_on=tuple(pair[int(english)] for pair in question.rests_on),
            positions=self._positions(question),
        )

    def _dates(self, question: Question) -> list[str]:
        return [day.isoformat() for day in question.as_of or self.study.as_of[:1]]

    def _positions(self, question: Question) -> str:
        goals = self.computed.destinations
        named = question.destinations or tuple(self._reached_targets(question))
        places = goals.take([goals.index(place) for place in dict.fromkeys(named)])
        return position_words(self.computed.sites, places, self.names)

    def _reached_targets(self, question: Question) -> Iterator[str]:
        for table in self._tables(question):
            yield from (place for row in table.nearest_ids for place in row if place)

    def _ends_m(self, places: Sequence[str]) -> float:
        """Add the largest uncertainties (m) of both ends of a figure."""
        sites, goals = self.computed.sites, self.computed.destinations
        at = [goals.index(place) for place in places]
        return float(sites.uncertainty_m.max(initial=0.0) + goals.uncertainty_m[at].max(initial=0.0))

    def _keys(self, question: Question) -> list[QueryKey]:
        dates = ["", *self._dates(question)]
        return [key for key in self.computed.queries if key.mode in question.modes and key.as_of in dates]

    def _how(self, key: QueryKey) -> str:
        date_text = _("on {date}", date=key.as_of) if key.as_of else ""
        parts = (mode_text(key.mode), self.periods.get(key.period, ""), date_text)
        return " ".join(part for part in parts if part)

    def _place(self, question: Question, place: str) -> Iterator[Answer]:
        """Give the figures of one destination: straight line, then each mode and period, both directions."""
        goals = self.computed.destinations
        where = goals.index(place)
        name = self.names[place]
        n_sites, ends_m = len(self.computed.sites), self._ends_m([place])
        if question.measure in ("distance", "straight"):
            lost = "" if goals.located[where] else reason_text(DESTINATION_NO_POSITION)
            beside = Beside(covered(n_sites, None, both_ways=False), shift(ends_m, "km", None))
            yield _answer((name, _("straight line")), self._straight_km(where), "km", lost, beside)
        if question.measure == "straight":
            return
        for key in self._keys(question):
            how, query = self._how(key), self.computed.queries[key]
            if isinstance(query, TransitQuery):
                if question.measure == "duration":
                    yield self._by_lines(key, where, (name, how))
                continue
            there, back = self.computed.to_places[key], self.computed.from_places[key]
            reasons = np.concatenate([there.reason[:, where], back.reason[where, :]])
            km = [t / 1000 for t in (there.distance_m[:, where, :], back.distance_m[where, :, :])]
            lengths, values = np.concatenate(km).astype(float), _both_minutes(there, back, where)
            covers = covered(n_sites, query, both_ways=True)
            if question.measure == "distance":
                beside = Beside(covers, shift(ends_m, "km", query))
                yield _answer((name, how), lengths, "km", _told(lengths, reasons), beside)
                continue
            middle = len(query.levels) // 2
            speed_mps = mean_speed_mps(query, lengths[:, middle] * 1000, values[:, middle] * 60)
            beside = Beside(covers, shift(ends_m, "min", query, speed_mps))
            yield _answer((name, how), values, "min", _told(values, reasons), beside)
            if query.terminal_s:
                with_them = values + np.array(query.terminal_s) / 60
                about = (name, _("{how}, with access and parking", how=how))
                yield _answer(about, with_them, "min", _told(values, reasons), beside, leading=False)
            if key in self.computed.unrestricted:
                values = _both_minutes(*self.computed.unrestricted[key], where)
                about = (name, _("{how}, motorways too", how=how))
                yield _answer(about, values, "min", _told(values, reasons), beside, leading=False)

    def _by_lines(self, key: QueryKey, where: int, about: tuple[str, str]) -> Answer:
        """Give the figure by public transport: over sites, departures and assumed headways, the way there."""
        times = (self.computed.to_places[key], *self.computed.headway_ends[key])
        values = np.concatenate([_minutes(one.duration_s[:, where, :]) for one in times])
        detail = "" if np.isfinite(values).any() else reason_text(int(times[0].reason[0, where]))
        beside = self._beside_lines(key, self._ends_m([self.computed.destinations.ids[where]]))
        return _answer(about, values, "min", detail, beside)

    def _beside_lines(self, key: QueryKey, ends_m: float) -> Beside:
        """Say what an interval by public transport covers; positions shift it by the walk to the stop."""
        query, walking = self.computed.queries[key], self.computed.queries.get(QueryKey("walk"))
        assert isinstance(query, TransitQuery)
        ranged = bool(self.computed.headway_ends[key])
        covers = covered_by_lines(len(self.computed.sites), self.percentiles, ranged=ranged)
        if not isinstance(walking, TravelQuery):
            return Beside(covers, math.nan)
        return Beside(covers, shift(ends_m, "min", walking, query.walk_mps))

    def _straight_km(self, where: int) -> NDArray[np.float64]:
        sites, goals = self.computed.sites, self.computed.destinations
        ends = (np.full(len(sites), goals.lon[where]), np.full(len(sites), goals.lat[where]))
        return geodesic_m((sites.lon, sites.lat), ends)[:, np.newaxis] / 1000

    def _nearest(self, question: Question) -> Iterator[Answer]:
        """Give the nearest of each target, per date, mode and period."""
        nowhere: set[str] = set()
        for table in self._tables(question):
            how = self._how(QueryKey(table.mode, table.period))
            date_text = _("as of {date}", date=table.as_of) if table.as_of else ""
            whom = _(", ").join(part for part in (self.targets[table.target], date_text) if part)
            if np.all(table.reason == NO_SUCH_DESTINATION):
                if whom not in nowhere:
                    nowhere.add(whom)
                    yield _answer((whom, ""), table.values, "min", _("none operating"))
                continue
            detail = self._nearest_names(table.nearest_ids)
            ends_m = self._ends_m([place for row in table.nearest_ids for place in row if place])
            key = _key_of(table)
            if key.as_of:
                yield _answer((whom, how), table.values / 60, "min", detail, self._beside_lines(key, ends_m))
                continue
            query = self.computed.queries[key]
            assert isinstance(query, TravelQuery)
            assert table.distance_m is not None
            covers = covered(len(self.computed.sites), query, both_ways=False)
            middle = len(table.columns) // 2
            speed_mps = mean_speed_mps(query, table.distance_m[:, middle], table.values[:, middle])
            beside = Beside(covers, shift(ends_m, "min", query, speed_mps))
            yield _answer((whom, how), table.values / 60, "min", detail, beside)
            about = (whom, _("{how}, distance", how=how))
            beside = Beside(covers, shift(ends_m, "km", query))
            yield _answer(about, table.distance_m / 1000, "km", detail, beside, leading=False)

    def _tables(self, question: Question) -> Iterator[AccessTable]:
        """Give the nearest tables that a question asks for, those of one target and date together."""
        keys, dates = self._keys(question), ["", *self._dates(question)]
        wanted = (
            table
            for table in self.computed.site_tables
            if table.measure == "nearest" and table.target in question.targets
            if _key_of(table) in keys and table.as_of in dates
        )
        yield from sorted(wanted, key=lambda table: (question.targets.index(table.target), table.as_of))

    def _nearest_names(self, nearest_ids: Sequence[Sequence[str]]) -> str:
        """Say which place is the nearest from which site, at the middle level."""
        by_place: dict[str, list[str]] = {}
        for site, row in zip(self.computed.sites.ids, nearest_ids, strict=True):
            by_place.setdefault(row[len(row) // 2], []).append(site)
        texts = [
            _("{place} (from {sites})", place=self.names[place], sites="/".join(sites))
            for place, sites in by_place.items()
            if place
        ]
        return _("; ").join(texts) or _("none reached")


def _key_of(table: AccessTable) -> QueryKey:
    """Find the query behind a table: only lines depend on the date."""
    return QueryKey(table.mode, table.period, table.as_of if table.mode in TRANSIT_MODES else "")


def _told(values: NDArray[np.float64], reasons: NDArray[np.int8]) -> str:
    """Say why nothing is reached, nothing where something is."""
    return "" if np.isfinite(values).any() else reason_text(int(reasons[0]))


def _both_minutes(there: TravelTimes, back: TravelTimes, where: int) -> NDArray[np.float64]:
    """Join both directions to one column of minutes per level."""
    return np.concatenate([_minutes(there.duration_s[:, where, :]), _minutes(back.duration_s[where, :, :])])


def _minutes(duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
    return np.where(duration_s == UNREACHED, np.nan, duration_s / 60)


def _answer(
    about: tuple[str, str],
    values: NDArray[np.float64],
    unit: str,
    detail: str = "",
    beside: Beside = NOTHING_BESIDE,
    *,
    leading: bool = True,
) -> Answer:
    """
    Take the interval over sites, directions and levels, and the median of the middle level.

    What is unreached (NaN) counts as longer than anything reached: it opens the interval, it never vanishes.
    """
    subject, how = about
    ranked = np.where(np.isfinite(values), values, np.inf)
    if not np.isfinite(ranked.min(initial=np.inf)):
        nothing = float("nan")
        return Answer(subject, how, nothing, nothing, nothing, unit, detail, leading)
    middle = ranked[:, ranked.shape[1] // 2]
    low, high = float(ranked.min()), float(ranked.max())
    mid = float(np.median(middle))
    return Answer(subject, how, low, mid, high, unit, detail, leading, beside.covers, beside.position)
