"""Answers to what claims ask, figure by figure, each with a stable id and its conditions."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.evidence.questions import BACK, STRAIGHT, Asked
from accessibility.model.claim import Figure
from accessibility.model.modes import TRANSIT_MODES
from accessibility.model.places import Places
from accessibility.model.projection import geodesic_m
from accessibility.model.reasons import REASON_CODES
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import RANGE_LEVELS, TravelQuery
from accessibility.model.travel_times import TravelTimes
from accessibility.studies.evidence.interchange import interchange_figures
from accessibility.studies.evidence.scenarios import scenario_figures
from accessibility.studies.evidence.times import Audit, EvidenceTimes
from accessibility.studies.evidence.values import minutes as to_minutes
from accessibility.studies.evidence.values import shown
from accessibility.studies.load import LoadedStudy
from accessibility.studies.queries import QueryKey
from accessibility.studies.uncertainty import mean_speed_mps, shift

MIDDLE = "mid"


def claim_figures(
    loaded: LoadedStudy, asked: Sequence[Asked], times: EvidenceTimes, audited: Sequence[Audit]
) -> tuple[Figure, ...]:
    """
    Answer everything that claims ask.

    Parameters
    ----------
    loaded
        The study.
    asked
        What to answer, in the order that numbers the figures.
    times, audited
        Travel times and audits of interchanges.

    Returns
    -------
    figures
        Numbered claim by claim: ``C02.p1``, ``C02.p2`` and so on.
    """
    answerer = _Answerer(loaded, times, audited)
    count: dict[str, int] = {}
    figures = []
    for one in asked:
        for figure in answerer.answers(one):
            count[one.claim] = count.get(one.claim, 0) + 1
            figures.append(replace(figure, id=f"{one.claim}.p{count[one.claim]}"))
    return tuple(figures)


class _Answerer:
    """Looks figures up in what was computed."""

    def __init__(self, loaded: LoadedStudy, times: EvidenceTimes, audited: Sequence[Audit]) -> None:
        self.loaded = loaded
        self.times = times
        self.audited = audited
        self.origins = times.origins
        self.goals = times.destinations
        self.straight_m = _straight_m(times.origins, times.destinations)

    def answers(self, one: Asked) -> Iterator[Figure]:
        """Answer one thing; figures without an id yet."""
        if one.measure == "interchange":
            yield from interchange_figures(self.loaded.study, one, self.audited)
        elif one.scenario:
            yield from scenario_figures(self.loaded.study, one, self.times.scenarios)
        elif one.measure == "opened":
            yield self._opened(one)
        else:
            answer = {
                "distance": self._distance,
                "duration": self._duration,
                "within": self._within,
                "nearest": self._nearest,
                "change": self._change,
                "rank": self._rank,
            }[one.measure]
            for origin in one.origins:
                yield from answer(one, self.origins.index(origin))

    # --- what was computed -------------------------------------------------------------------------------

    def _key(self, one: Asked, day: str) -> QueryKey:
        return QueryKey(one.mode, one.period, day if one.mode in TRANSIT_MODES else "")

    def _levels(self, one: Asked, row: int, day: str) -> tuple[tuple[str, ...], NDArray[Any], NDArray[Any]]:
        """Give levels, minutes and kilometres to every destination, shape ``[n_destinations, n_levels]``."""
        key = self._key(one, day)
        times = self.times.there.get(key)
        if times is None:
            nothing = np.full((len(self.goals), 1), np.nan)
            return (MIDDLE,), nothing, nothing
        if one.free:
            times = self.times.free[key][one.direction == BACK]
        elif one.direction == BACK:
            times = self.times.back[key]
        if one.mode in TRANSIT_MODES:
            return RANGE_LEVELS, self._over_headways(times, key, row), np.full((len(self.goals), 3), np.nan)
        at = np.s_[:, row] if one.direction == BACK else np.s_[row]
        return times.query.levels, to_minutes(times.duration_s[at]), times.distance_m[at].astype(float) / 1000

    def _over_headways(self, times: TravelTimes, key: QueryKey, row: int) -> NDArray[np.float64]:
        """Widen the range of departures by the range of assumed headways; NaN to places without lines."""
        known = {place: column for column, place in enumerate(times.destination_ids)}
        columns = [known.get(place, -1) for place in self.goals.ids]
        every = np.stack([
            to_minutes(one.duration_s[row]) for one in (times, *self.times.headway_ends.get(key, ()))
        ])  # fmt: skip
        wide = np.stack([every[:, :, 0].min(axis=0), every[0, :, 1], every[:, :, -1].max(axis=0)], axis=1)
        return np.concatenate([wide, np.full((1, 3), np.nan)])[columns]

    def _members(self, one: Asked, day: str, *, assumed: bool = False) -> list[int]:
        """Give the destinations of a target that operate on a date, with the assumed ones where asked for."""
        if one.places and one.measure != "rank":
            return [self.goals.index(place) for place in one.places]
        target = next(target for target in self.loaded.study.targets if target.id == one.subject)
        chosen = target.of(self.loaded.places)
        ids = set(chosen.operating(date.fromisoformat(day)).ids if day else chosen.ids)
        ids |= self.times.assumed_ids if assumed else set()
        return [j for j, place in enumerate(self.goals.ids) if place in ids]

    def _ends_m(self, row: int, columns: Sequence[int]) -> float:
        goals_m = self.goals.uncertainty_m[list(columns)].max(initial=0.0)
        return float(self.origins.uncertainty_m[row] + goals_m)

    def _shift(
        self, one: Asked, row: int, columns: Sequence[int], unit: str, about: tuple[float, float]
    ) -> float:
        """Estimate what the uncertainty of positions does; `about` is the way in km and minutes."""
        metres = self._ends_m(row, columns)
        if one.mode == STRAIGHT:
            return shift(metres, "km", None) if unit == "km" else math.nan
        times = self.times.there.get(self._key(one, one.as_of[0] if one.as_of else ""))
        if times is None:
            return math.nan
        query = times.query
        if isinstance(query, TransitQuery):  # positions change the walk to the stop
            walking = self.times.there.get(QueryKey("walk"))
            on_foot = walking.query if walking is not None else None
            return (
                shift(metres, unit, on_foot, query.walk_mps) if isinstance(on_foot, TravelQuery) else math.nan
            )
        km, minutes = about
        speed = mean_speed_mps(query, np.array([km * 1000]), np.array([minutes * 60]))
        return shift(metres, unit, query, speed)

    # --- figures -----------------------------------------------------------------------------------------

    def _figure(self, one: Asked, row: int, value: float, unit: str, **more: Any) -> Figure:
        terms: dict[str, Any] = {
            "claim": one.claim,
            "measure": one.measure,
            "subject": one.subject,
            "counted": one.counted,
            "origin": self.origins.ids[row],
            "mode": one.mode,
            "direction": one.direction,
            "period": one.period,
            "as_of": one.as_of[0] if one.as_of else "",
            "terminal": one.terminal,
            "roads": "all" if one.free else "",
        }
        return Figure(id="", value=shown(value, unit), unit=unit, **(terms | more))

    def _distance(self, one: Asked, row: int) -> Iterator[Figure]:
        column = self.goals.index(one.places[0])
        if one.mode == STRAIGHT:
            km = self.straight_m[row, column] / 1000
            yield self._figure(
                one, row, km, "km", shift=self._shift(one, row, [column], "km", (km, math.nan))
            )
            return
        levels, minutes, km = self._levels(one, row, _first_day(one))
        middle = len(levels) // 2
        about = (km[column, middle], minutes[column, middle])
        yield self._figure(
            one, row, about[0], "km",
            shift=self._shift(one, row, [column], "km", about),
            detail=self._reason(one, row, column, about[0]),
        )  # fmt: skip

    def _duration(self, one: Asked, row: int) -> Iterator[Figure]:
        column = self.goals.index(one.places[0])
        levels, minutes, km = self._levels(one, row, _first_day(one))
        middle = len(levels) // 2
        moved = self._shift(one, row, [column], "min", (km[column, middle], minutes[column, middle]))
        extra_s = self._terminal_s(one, levels) if one.terminal else (0.0,) * len(levels)
        for k, level in enumerate(levels):
            value = minutes[column, k] + extra_s[k] / 60
            detail = self._reason(one, row, column, value)
            yield self._figure(one, row, value, "min", level=level, shift=moved, detail=detail)

    def _terminal_s(self, one: Asked, levels: Sequence[str]) -> tuple[float, ...]:
        query = self.times.there[self._key(one, _first_day(one))].query
        return query.terminal_s or (0.0,) * len(levels)

    def _reason(self, one: Asked, row: int, column: int, value: float) -> str:
        if math.isfinite(value) or one.mode == STRAIGHT:
            return ""
        times = self.times.there.get(self._key(one, _first_day(one)))
        place = self.goals.ids[column]
        if times is None or place not in times.destination_ids:
            return "not-computed"
        return REASON_CODES[int(times.reason[row, times.destination_ids.index(place)])]

    def _lengths(self, one: Asked, row: int, day: str) -> NDArray[np.float64]:
        """Give the length (km) to every destination: straight, or of the way taken at the middle level."""
        if one.mode == STRAIGHT:
            return np.asarray(self.straight_m[row] / 1000)
        levels, _minutes_, km = self._levels(one, row, day)
        middle: NDArray[np.float64] = km[:, len(levels) // 2]
        return middle

    def _within(self, one: Asked, row: int) -> Iterator[Figure]:
        day = _first_day(one)
        columns = self._members(one, day)
        km = self._lengths(one, row, day)[columns]
        for radius_m in one.radii_m:
            inside = [
                self.goals.ids[j] for j, length in zip(columns, km, strict=True) if 1000 * length <= radius_m
            ]
            yield self._figure(
                one, row, len(inside), "count", radius_m=radius_m, direction="", detail=" ".join(inside)
            )

    def _nearest(self, one: Asked, row: int) -> Iterator[Figure]:
        day = _first_day(one)
        columns = self._members(one, day)
        if not columns:
            yield self._figure(one, row, math.nan, "km", detail="no-such-destination")
            return
        if one.mode == STRAIGHT:
            km = self._lengths(one, row, day)[columns]
            at = int(np.argmin(km))
            moved = self._shift(one, row, [columns[at]], "km", (km[at], math.nan))
            yield self._figure(one, row, km[at], "km", shift=moved, detail=self.goals.ids[columns[at]])
            return
        levels, minutes, _km = self._levels(one, row, day)
        for k, level in enumerate(levels):
            at = int(np.argmin(np.nan_to_num(minutes[columns, k], nan=np.inf)))
            detail = self.goals.ids[columns[at]] if np.isfinite(minutes[columns[at], k]) else "unreached"
            yield self._figure(one, row, minutes[columns[at], k], "min", level=level, detail=detail)

    def _change(self, one: Asked, row: int) -> Iterator[Figure]:
        """Give before, after and the change in per cent, level by level."""
        days = (one.as_of[0], one.as_of[-1])
        unit = "km" if one.of == "distance" else "min"
        before_at = [self.goals.index(one.baseline)] if one.baseline else self._members(one, days[0])
        after_at = self._members(one, days[1], assumed=one.assumed)
        levels, before = self._measured(one, row, days[0])
        _levels, after = self._measured(one, row, days[1])
        for k, level in enumerate(levels):
            old, old_id = _least(before[:, k], before_at, self.goals.ids)
            new, new_id = _least(after[:, k], after_at, self.goals.ids)
            ratio = (new - old) / old * 100 if math.isfinite(old) and old > 0 else math.nan
            same = {"level": level, "baseline": one.baseline or "nearest"}
            yield self._figure(one, row, old, unit, measure="before", counted=False, detail=old_id, **same)
            yield self._figure(
                one, row, new, unit, measure="after", counted=False, as_of=days[1], detail=new_id, **same
            )
            yield self._figure(one, row, ratio, "%", as_of="", detail=f"{old_id} > {new_id}", **same)

    def _measured(self, one: Asked, row: int, day: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
        if one.of == "distance":
            return ("",), self._lengths(one, row, day)[:, np.newaxis]
        levels, minutes, _km = self._levels(one, row, day)
        return levels, minutes

    def _rank(self, one: Asked, row: int) -> Iterator[Figure]:
        day = _first_day(one)
        columns = self._members(one, day)
        place = self.goals.index(one.places[0])
        if one.mode == STRAIGHT:
            values = self.straight_m[row]
        else:
            levels, minutes, _km = self._levels(one, row, day)
            values = minutes[:, len(levels) // 2]
        nearer = [j for j in columns if values[j] < values[place]]
        known = math.isfinite(values[place])
        detail = " ".join(self.goals.ids[j] for j in sorted(nearer, key=lambda j: values[j]))
        yield self._figure(one, row, len(nearer) + 1 if known else math.nan, "rank", detail=detail)

    def _opened(self, one: Asked) -> Figure:
        """Say how many days after a date the first member of a target opened, by the dates that are known."""
        day = one.as_of[0]
        target = next(target for target in self.loaded.study.targets if target.id == one.subject)
        dates = sorted(text for text in target.of(self.loaded.places).fact("valid_from") if text)
        days = (date.fromisoformat(dates[0]) - date.fromisoformat(day)).days if dates else math.nan
        return Figure(
            "", one.claim, one.measure, one.subject, days, "days", one.counted, as_of=day,
            detail=dates[0] if dates else "",
        )  # fmt: skip


def _first_day(one: Asked) -> str:
    return one.as_of[0] if one.as_of else ""


def _least(values: NDArray[np.float64], columns: Sequence[int], ids: Sequence[str]) -> tuple[float, str]:
    """Find the least of some values and whose it is; NaN where there is nothing to choose from."""
    if not columns:
        return math.nan, ""
    some = np.where(np.isnan(values[list(columns)]), np.inf, values[list(columns)])
    at = int(np.argmin(some))
    return float(some[at]), ids[columns[at]] if math.isfinite(some[at]) else ""


def _straight_m(origins: Places, goals: Places) -> NDArray[np.float64]:
    rows, columns = np.indices((len(origins), len(goals)))
    rows, columns = rows.ravel(), columns.ravel()
    metres = geodesic_m((origins.lon[rows], origins.lat[rows]), (goals.lon[columns], goals.lat[columns]))
    return np.asarray(metres).reshape(len(origins), len(goals))
