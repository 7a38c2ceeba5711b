"""A ranking as a table and as a page: the chart, the order, what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from accessibility.messages import _, language
from accessibility.model.provenance import Provenance
from accessibility.model.ranked import Ranked, Ranking
from accessibility.outputs.comparison.ranking_chart import ranking_svg
from accessibility.outputs.comparison.words import signed
from accessibility.outputs.embedding import template_text
from accessibility.outputs.maps.map_frame import OSM_LICENCE, environment, uses_osm
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.text_file import write_text


@dataclass(frozen=True, eq=False)
class RankingContent:
    """
    What the page of a ranking tells.

    Parameters
    ----------
    study, asked
        Name of the study, and what was asked of it.
    ranking
        The scenarios in order.
    provenance
        Sources of everything.
    """

    study: str
    asked: str
    ranking: Ranking
    provenance: Provenance


def ranking_sheet(ranking: Ranking) -> Sheet:
    """List the scenarios in order, those that need too many vehicles last and without figures."""
    columns = ("place", "scenario", "saved_min", "lost_min", "gain", "lose", "newly", "lost", "more_hours",
               "more_vehicles", "pareto", "assumed", "left_out")  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (
            place, row.scenario, round(row.saved_min, 1), round(row.lost_min, 1), row.n_gain, row.n_lose,
            row.n_newly, row.n_lost, round(row.vehicle_hours, 1), row.vehicles,
            "yes" if row.pareto else "", "assumed" if row.assumed else "", "",
        )
        for place, row in enumerate(ranking.rows, start=1)
    ]  # fmt: skip
    nothing = (None,) * 6
    rows += [
        (None, one.scenario, *nothing, None, one.vehicles, "", "", "too-many-vehicles")
        for one in ranking.dropped
    ]
    return Sheet("ranking", _("Scenarios in order"), columns, tuple(rows))


def ranking_lines(ranking: Ranking) -> list[str]:
    """Tell the ranking, one line per scenario."""
    lines = []
    for number, row in enumerate(ranking.rows, start=1):
        text = _(
            "{number}. {scenario}: {saved} min saved over all squares and targets, {newly} newly reached, "
            "{lost} no longer, {hours} vehicle-hours more",
            number=number,
            scenario=row.scenario,
            saved=_whole(row.saved_min),
            newly=row.n_newly,
            lost=row.n_lost,
            hours=signed(row.vehicle_hours, 1),
        )
        marks = [_("{n} slower by more than a minute", n=row.n_lose)] if row.n_lose else []
        marks += [_("Pareto: no other saves as much for less")] if row.pareto else []
        marks += [_("assumed")] if row.assumed else []
        lines.append(" · ".join([text, *marks]))
    lines += [_dropped_text(one.scenario, one.vehicles, ranking.vehicles) for one in ranking.dropped]
    return lines


def write_ranking_page(path: str | Path, content: RankingContent) -> Path:
    """
    Write the page: one file, no script, good to print on A4.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    ranking = content.ranking
    text = (
        environment()
        .get_template("ranking.html.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            style=template_text("page.css") + template_text("comparison.css"),
            title=ranking.name,
            study=content.study,
            asked=content.asked,
            finding=_finding(ranking.rows),
            assumed=any(row.assumed for row in ranking.rows),
            chart=Markup(ranking_svg(ranking)) if ranking.rows else "",
            rows=[_row(place, row) for place, row in enumerate(ranking.rows, start=1)],
            order={
                "saved": _("Order: most minutes saved first."),
                "cost": _("Order: fewest vehicle-hours first."),
                "pareto": _("Order: the Pareto front first, then by minutes saved."),
            }[ranking.by],
            dropped=[_dropped_text(one.scenario, one.vehicles, ranking.vehicles) for one in ranking.dropped],
            licence=OSM_LICENCE if uses_osm(content.provenance) else "",
        )
    )
    return write_text(path, text)


def _finding(rows: Sequence[Ranked]) -> str:
    if not rows:
        return _("No scenario can be run with the vehicles there are.")
    most = max(rows, key=lambda row: row.saved_min)
    front = [row for row in rows if row.pareto]
    text = _(
        "{scenario} saves most: {saved} min net for {hours} vehicle-hours a day; "
        "{n} of {all} scenarios lie on the Pareto front.",
        scenario=most.scenario,
        saved=_whole(most.saved_min),
        hours=signed(most.vehicle_hours, 1),
        n=len(front),
        all=len(rows),
    )
    if most.n_lose:
        text += _(
            " Its losers, {n} squares over all targets, lose {lost} min.",
            n=most.n_lose,
            lost=f"{most.lost_min:.0f}",
        )
    return text


def _row(place: int, row: Ranked) -> dict[str, Any]:
    per_hour = row.saved_min / row.vehicle_hours if row.vehicle_hours > 0 else None
    return {
        "place": place,
        "name": row.scenario,
        "assumed": row.assumed,
        "saved": _whole(row.saved_min),
        "lost": f"{row.lost_min:.0f}",
        "gain": row.n_gain,
        "lose": row.n_lose,
        "newly": row.n_newly,
        "no_longer": row.n_lost,
        "hours": signed(row.vehicle_hours, 1),
        "vehicles": signed(row.vehicles, 0),
        "per_hour": "–" if per_hour is None else f"{per_hour:.1f}",
        "pareto": row.pareto,
    }


def _whole(value: float) -> str:
    """Write a number without decimals, with the minus sign of texts."""
    return signed(value, 0).removeprefix("+")


def _dropped_text(scenario: str, needed: int, there: int) -> str:
    return _(
        "{scenario}: needs {needed} vehicles, there are {there}; not ranked",
        scenario=scenario,
        needed=needed,
        there=there,
    )
