"""The tables behind a claim: every case, ways to places, counts within radii, changes, order of nearness."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from accessibility.messages import _
from accessibility.model.claim import Figure, Verdict
from accessibility.model.document import Table
from accessibility.outputs.evidence.words import (
    condition_value,
    figure_text,
    measure_text,
    radius_text,
    unit_text,
    value_text,
)
from accessibility.outputs.report.figures import quantity_unit
from accessibility.outputs.report.parts import Maker
from accessibility.outputs.wording import decimal_text, level_text

MOST_CASES = 40
"""A table of every case is printed up to so many rows; longer ones stand in the workbook."""

LEVELS = ("low", "mid", "high")
BEFORE_AFTER = ("before", "after", "change")


def claim_tables(one: Verdict, maker: Maker) -> Iterator[Table]:
    """
    Make the tables that a claim needs, by what was computed for it.

    Parameters
    ----------
    one
        The claim with its figures.
    maker
        Names, numbers, and the register of figures.

    Yields
    ------
    table
        None for a claim without figures.
    """
    makers: tuple[Callable[[Verdict, Maker], Table | None], ...] = (
        *(_cases, _within, _nearest, _ways, _changes, _effects, _reaches, _ranks),
    )
    for make in makers:
        table = make(one, maker)
        if table is not None:
            yield table


def _groups(
    figures: Iterable[Figure], key: Callable[[Figure], tuple[str, ...]]
) -> dict[tuple[str, ...], list[Figure]]:
    found: dict[tuple[str, ...], list[Figure]] = {}
    for figure in figures:
        found.setdefault(key(figure), []).append(figure)
    return found


def _cases(one: Verdict, maker: Maker) -> Table | None:
    """Print every case of a claim about one travel time: site, direction, period, access and parking."""
    figures = [f for f in one.figures if f.counted and f.measure == "duration"]
    cases = _groups(figures, lambda f: (f.origin, f.direction, f.mode, f.period, str(f.terminal)))
    if one.claim.kind != "duration" or len({f.subject for f in figures}) != 1 or len(cases) > MOST_CASES:
        return None
    stated = [band for band in one.claim.stated if band.unit == "min"]
    parking = {"True": _("with"), "False": _("without"), "None": ""}
    rows = []
    for (origin, direction, mode, period, terminal), members in cases.items():
        by_level = {figure.level: figure for figure in members}
        inside = [
            level_text(level)
            for level in LEVELS
            if level in by_level and any(band.holds(by_level[level].value) for band in stated)
        ]
        way, back = maker.way(mode, period), condition_value("direction", direction, {}, {})
        what = _(", ").join(part for part in (one.claim.id, origin, back, way, parking[terminal]) if part)
        values = [value_text(by_level[level].value, "min") if level in by_level else "" for level in LEVELS]
        rows.append((origin, back, way, parking[terminal], *values, _(", ").join(inside) or _("no level"),
                     maker.mark(what, members)))  # fmt: skip
    heads = (_("from"), _("direction"), _("way"), _("access and parking"),
             *(_("{level} (min)", level=level_text(level)) for level in LEVELS),
             _("levels inside what is stated"), _("no."))  # fmt: skip
    caption = _("{id}: every case", id=one.claim.id)
    return maker.table(caption, heads, rows, dense=True)


def _within(one: Verdict, maker: Maker) -> Table | None:
    """Count what lies within each radius, over all sites."""
    figures = [f for f in one.figures if f.measure == "within" and f.origin in maker.sites]
    if not figures:
        return None
    radii_m = sorted({figure.radius_m for figure in figures})
    rows = []
    for (subject, day, mode), members in _groups(figures, lambda f: (f.subject, f.as_of, f.mode)).items():
        name = maker.subject(subject) if "+" not in subject else _("the places of the claim")
        cells = []
        for radius_m in radii_m:
            some = [figure for figure in members if figure.radius_m == radius_m]
            what = _(", ").join((one.claim.id, name, day, maker.way(mode), radius_text(radius_m)))
            cells.append(maker.span(what, some, bare=True) if some else "")
        rows.append((name, day, maker.way(mode), *cells))
    heads = (
        _("what"),
        _("as of"),
        _("measured by"),
        *(_("within {radius} (number)", radius=radius_text(radius_m)) for radius_m in radii_m),
    )
    caption = _("{id}: how many lie within each radius, over all sites", id=one.claim.id)
    return maker.table(caption, heads, rows, dense=True)


def _nearest(one: Verdict, maker: Maker) -> Table | None:
    """Tell the nearest of each set, over all sites and levels."""
    figures = [f for f in one.figures if f.measure == "nearest"]
    rows: list[tuple[str, ...]] = []
    groups = _alike(_groups(figures, lambda f: (f.subject, f.as_of, f.mode, f.period)))
    for (subject, day, mode, period), members in groups.items():
        which = list(dict.fromkeys(maker.name(f.detail) for f in members if f.detail))
        if not any(f.detail in maker.places.ids for f in members):
            if mode == members[0].mode and (subject, day) not in {(r[-2], r[-1]) for r in rows}:
                rows.append((maker.subject(subject), day, "", _(", ").join(which), "", subject, day))
            continue
        what = _(", ").join((one.claim.id, maker.subject(subject), day, maker.way(mode, period)))
        rows.append((maker.subject(subject), day, maker.way(mode, period), _(", ").join(which),
                     maker.span(what, members), subject, day))  # fmt: skip
    if not rows:
        return None
    heads = (_("what"), _("as of"), _("way"), _("nearest"), _("how far, over all sites and levels"))
    caption = _("{id}: the nearest", id=one.claim.id)
    return maker.table(caption, heads, [row[:5] for row in rows], dense=True)


def _alike(groups: dict[tuple[str, ...], list[Figure]]) -> dict[tuple[str, ...], list[Figure]]:
    """Put dates together between which nothing differs: ``2021-05-21 / 2021-12-30``."""
    found: dict[tuple[object, ...], list[tuple[str, ...]]] = {}
    for key, members in groups.items():
        values = tuple((f.origin, f.direction, f.level, f.terminal, f.value, f.detail) for f in members)
        found.setdefault((key[0], *key[2:], values), []).append(key)
    alike: dict[tuple[str, ...], list[Figure]] = {}
    for keys in found.values():
        subject, _day, *rest = keys[0]
        days = " / ".join(key[1] for key in keys)
        alike[(subject, days, *rest)] = [figure for key in keys for figure in groups[key]]
    return alike


def _way_label(figure: Figure, maker: Maker) -> str:
    words = {"distance": _("distance"), "duration": _("travel time")}[figure.measure]
    extra = _("on all roads") if figure.roads else _("with access and parking") if figure.terminal else ""
    period = figure.period if figure.measure == "duration" else ""
    how = _(", ").join(part for part in (maker.way(figure.mode, period), extra) if part)
    return _("{measure}, {how} ({unit})", measure=words, how=how, unit=unit_text(figure.unit))


def _ways(one: Verdict, maker: Maker) -> Table | None:
    """Tell distance and time to every place a claim names, over all sites, directions and levels."""
    figures = [f for f in one.figures if f.measure in ("distance", "duration") and f.origin in maker.sites]
    subjects = list(dict.fromkeys(figure.subject for figure in figures))
    if not subjects:
        return None
    first = {f.mode: f.period for f in reversed(figures)}
    figures = [f for f in figures if f.measure == "duration" or f.period == first[f.mode]]
    rows = []
    moved: dict[str, str] = {}
    for (label,), members in _groups(figures, lambda f: (_way_label(f, maker),)).items():
        cells = []
        for subject in subjects:
            some = [figure for figure in members if figure.subject == subject]
            if not some:
                cells.append("")
                continue
            what = _(", ").join((one.claim.id, maker.subject(subject), label))
            cells.append(maker.span(what, some, bare=True))
            shift = max((f.shift for f in some if f.shift == f.shift), default=0.0)
            plain_car = some[0].mode == "drive" and some[0].measure == "duration" and not some[0].roads
            if plain_car and not some[0].terminal and shift and subject not in moved:
                mark = maker.mark(what, some)
                moved[subject] = f"±{decimal_text(shift, 1)} {mark}"
        rows.append((label, *cells))
    rows.sort(key=lambda row: not row[0].startswith(_("distance")))
    rows.append((_("uncertainty of the point (m)"), *(_uncertainty(s, maker) for s in subjects)))
    if moved:
        label = _("effect of uncertain positions on driving time, in no interval (min)")
        rows.append((label, *(moved.get(subject, "") for subject in subjects)))
    heads = (_("over all sites, directions and levels"), *(maker.subject(s) for s in subjects))
    caption = _("{id}: distance and time", id=one.claim.id)
    return maker.table(caption, heads, rows, dense=True)


def _uncertainty(place: str, maker: Maker) -> str:
    metres = float(maker.places.uncertainty_m[maker.places.index(place)])
    if not metres:
        return _("not stated")
    what = _("uncertainty of the position of {place}", place=maker.name(place))
    return f"±{metres:.0f} " + maker.row(what, ("places", place), metres, _("m"))


def _changes(one: Verdict, maker: Maker) -> Table | None:
    """Tell before, after and change from every baseline, site by site, at the middle level."""
    claim = one.claim
    unit = "km" if claim.of == "distance" else "min"
    figures = [
        f
        for f in one.figures
        if f.measure in BEFORE_AFTER and f.level in ("", "mid") and f.subject in claim.targets
    ]
    kept = _of_unit(figures, unit)
    first = {f.mode: f.period for f in reversed(kept)} if unit == "km" else {}
    rows = []
    for (mode, period, origin), members in _groups(kept, lambda f: (f.mode, f.period, f.origin)).items():
        if first.get(mode, period) != period:
            continue
        cells: list[str] = []
        for (baseline,), some in _groups(members, lambda f: (f.baseline,)).items():
            by = {figure.measure: figure for figure in some}
            what = _(", ").join((claim.id, origin, maker.way(mode, period), _baseline(baseline, maker)))
            before = maker.span(_("{what}, before", what=what), [by["before"]], bare=True)
            cells += [
                before if baseline != "nearest" else f"{before} {maker.name(by['before'].detail)}",
                maker.span(_("{what}, change", what=what), [by["change"]], bare=True),
            ]
            after = by["after"]
        what = _(", ").join((claim.id, origin, maker.way(mode, period), _("after")))
        cells.append(f"{maker.span(what, [after], bare=True)} {maker.name(after.detail)}")
        rows.append((maker.way(mode, period if unit == "min" else ""), origin, *cells))
    if not rows:
        return None
    heads = [_("way"), _("from")]
    for baseline in dict.fromkeys(figure.baseline for figure in kept):
        heads.append(
            _("before: {baseline} ({unit})", baseline=_baseline(baseline, maker), unit=unit_text(unit))
        )
        heads.append(_("change from it (%)"))
    heads.append(_("after ({unit})", unit=unit_text(unit)))
    return maker.table(_("{id}: before, after, change", id=claim.id), heads, rows, dense=True)


def _effects(one: Verdict, maker: Maker) -> Table | None:
    """Tell before, after and change of times to places, over all sites."""
    figures = [f for f in one.figures if f.measure in BEFORE_AFTER and f.subject not in one.claim.targets]
    caption = _("{id}: effect on times, over all sites and levels", id=one.claim.id)
    return _effect_table(one, figures, "", caption, maker)


def _reaches(one: Verdict, maker: Maker) -> Table | None:
    """Tell before, after and change of what is within reach, over all sites; printed for the longest time."""
    figures = [f for f in one.figures if f.measure.startswith("reach-")]
    caption = _("{id}: effect on what is within reach, over all sites and levels", id=one.claim.id)
    return _effect_table(one, figures, "reach-", caption, maker)


def _effect_table(
    one: Verdict, figures: Sequence[Figure], reach: str, caption: str, maker: Maker
) -> Table | None:
    groups = _groups(figures, lambda f: _effect(f, maker))
    farthest = max((f.cutoff_min for f in figures if not math.isnan(f.cutoff_min)), default=math.nan)
    told = [key for key, some in groups.items() if _turns(some) and _at(some, farthest)]
    rows = []
    for scenario, about in told[:MOST_CASES]:
        members = groups[scenario, about]
        unit = next(figure.unit for figure in members if figure.measure == f"{reach}before")
        cells = []
        for measure, of in (("before", unit), ("after", unit), ("change", unit), ("change", "%")):
            some = [f for f in members if (f.measure, f.unit) == (reach + measure, of)]
            words = (one.claim.id, scenario, about, measure_text(reach + measure))
            what = _(", ").join(part for part in words if part)
            cells.append(maker.span(what, some, bare=True) if some else "")
        rows.append((scenario, about, *cells))
    if not rows:
        return None
    unit = quantity_unit(unit)
    heads = (
        *(_("scenario"), _("what"), _("before ({unit})", unit=unit), _("after ({unit})", unit=unit)),
        *(_("change ({unit})", unit=unit), _("change (%)")),
    )
    note = _("Further rows, also of what stays as it is or is not reached, stand in the workbook.")
    note = note if len(rows) < len(groups) else ""
    return maker.table(caption, heads, rows, dense=True, note=note)


def _turns(members: Sequence[Figure]) -> bool:
    """Say whether a scenario changes anything that is known."""
    changes = [f.value for f in members if f.measure.endswith("change") and math.isfinite(f.value)]
    return any(changes) and any(f.measure.endswith("before") for f in members)


def _at(members: Sequence[Figure], farthest: float) -> bool:
    """Say whether figures are no counts within reach, or those within the longest time."""
    return all(math.isnan(f.cutoff_min) or f.cutoff_min == farthest for f in members)


def _effect(figure: Figure, maker: Maker) -> tuple[str, str]:
    """Group by scenario and the words of the conditions but the date, which of a change is one case."""
    about = figure_text(replace(figure, as_of="", scenario=""), maker.names, maker.periods)
    return maker.names.get(figure.scenario, figure.scenario), about


def _of_unit(figures: Sequence[Figure], unit: str) -> list[Figure]:
    """Keep before and after of a unit, and the changes computed from them: the row after them."""
    kept: list[Figure] = []
    for figure in figures:
        if figure.unit == unit or (figure.measure == "change" and kept and kept[-1].measure == "after"):
            kept.append(figure)
    return kept


def _baseline(baseline: str, maker: Maker) -> str:
    return _("the nearest then operating") if baseline == "nearest" else maker.name(baseline)


def _ranks(one: Verdict, maker: Maker) -> Table | None:
    """Tell the rank of a place among a set, site by site, and what lies nearer."""
    figures = [f for f in one.figures if f.measure == "rank"]
    rows = []
    for figure in figures:
        way = maker.way(figure.mode, figure.period)
        what = _(", ").join((one.claim.id, figure.origin, way, _("rank")))
        nearer = _(", ").join(maker.name(place) for place in figure.detail.split())
        rows.append((way, figure.origin, maker.span(what, [figure], bare=True), nearer or _("none")))
    if not rows:
        return None
    heads = (_("way"), _("from"), _("rank"), _("nearer are"))
    return maker.table(_("{id}: order of nearness", id=one.claim.id), heads, rows, dense=True)
