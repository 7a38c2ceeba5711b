"""Charts as SVG, written through templates: no library, the same bytes for the same figures."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from accessibility.messages import _, language
from accessibility.model.ranked import Ranked, Ranking
from accessibility.outputs.comparison.words import signed
from accessibility.outputs.maps.map_frame import environment
from accessibility.outputs.text_file import write_text

WIDTH, PLOT_HEIGHT = 960, 470
LEFT, RIGHT, TOP, FOOT = 92, 36, 64, 62
KEY_LINE = 22
"""Height of a line of the key below the chart."""

_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_TICKS = 6
_APART = 17.0
"""Least distance of two numbers on the chart."""


def ranking_chart(path: str | Path, ranking: Ranking) -> Path:
    """
    Draw scenarios: minutes saved against vehicle-hours, the Pareto front, what the losers lose.

    Parameters
    ----------
    path
        File to write (SVG).
    ranking
        The scenarios; numbers on the chart are their places in this order.

    Returns
    -------
    path
        The file.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    return write_text(path, ranking_svg(ranking))


def ranking_svg(ranking: Ranking) -> str:
    """Return the chart as text, ready to stand in a page too."""
    rows = ranking.rows
    hours = _axis([0.0, *(row.vehicle_hours for row in rows)])
    saved = _axis([0.0, *(value for row in rows for value in (row.saved_min, row.saved_min + row.lost_min))])
    right, floor = WIDTH - RIGHT, TOP + PLOT_HEIGHT

    def x(value: float) -> float:
        return round(LEFT + (value - hours[0]) / (hours[-1] - hours[0]) * (right - LEFT), 1)

    def y(value: float) -> float:
        return round(floor - (value - saved[0]) / (saved[-1] - saved[0]) * PLOT_HEIGHT, 1)

    points = [_point(number, row, x, y) for number, row in enumerate(rows, start=1)]
    _spread(points)
    front = sorted((row for row in rows if row.pareto), key=lambda row: row.vehicle_hours)
    text = (
        environment()
        .get_template("ranking.svg.j2")
        .render(
            lang="en" if language() == "en" else "zh-CN",
            title=ranking.name,
            width=WIDTH,
            height=floor + FOOT + 30 + KEY_LINE * len(rows),
            left=LEFT,
            right=right,
            top=TOP,
            floor=floor,
            key_top=floor + FOOT + 30,
            key_line=KEY_LINE,
            x_ticks=[(x(value), _tick(value)) for value in hours],
            y_ticks=[(y(value), _tick(value)) for value in saved],
            zero_x=x(0.0),
            zero_y=y(0.0),
            points=points,
            front=_steps([(x(row.vehicle_hours), y(row.saved_min)) for row in front], right),
            assumed=any(row.assumed for row in rows),
            lost=any(row.lost_min > 0 for row in rows),
        )
    )
    return str(text)


def _point(number: int, row: Ranked, x: Any, y: Any) -> dict[str, Any]:
    at = (x(row.vehicle_hours), y(row.saved_min))
    return {
        "number": number,
        "name": row.scenario,
        "x": at[0],
        "y": at[1],
        "top": y(row.saved_min + row.lost_min),
        "front": row.pareto,
        "assumed": row.assumed,
        "lost": row.lost_min > 0,
        "label": [at[0] + 13, at[1] + 5],
        "told": _(
            "{saved} min saved, {lost} min lost by losers, {hours} vehicle-hours",
            saved=signed(row.saved_min, 0).removeprefix("+"),
            lost=f"{row.lost_min:.0f}",
            hours=signed(row.vehicle_hours, 1),
        ),
    }


def _spread(points: Sequence[dict[str, Any]]) -> None:
    """Move the numbers of points that lie close, so that each can be read."""
    placed: list[list[float]] = []
    for point in sorted(points, key=lambda one: (one["y"], one["x"])):
        label = point["label"]
        spots = [(13, 5), (-25, 5), (-5, -12), (-5, 24), (13, -10), (13, 21), (-25, -10), (-25, 21)]
        if point["front"]:  # the front leaves to the right
            spots = [(-24, -8), (-5, -14), (13, 22), *spots]
        for right, down in spots:
            label[0], label[1] = point["x"] + right, point["y"] + down
            free = all(
                abs(label[0] - one[0]) >= _APART + 4 or abs(label[1] - one[1]) >= _APART for one in placed
            )
            if free:
                break
        placed.append(label)


def _steps(corners: Sequence[tuple[float, float]], right: float) -> str:
    """Join the scenarios of the front by steps: what is had for at most so many hours."""
    if not corners:
        return ""
    path = f"M{corners[0][0]} {corners[0][1]}"
    for at_x, at_y in corners[1:]:
        path += f"H{at_x}V{at_y}"
    return f"{path}H{right}"


def _tick(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _axis(values: Sequence[float]) -> list[float]:
    """Choose round ticks that hold all values, with 0 among them."""
    low, high = min(values), max(values)
    if high - low <= 0:
        high = low + 1.0
    rough = (high - low) / _TICKS
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * scale for nice in _NICE if nice * scale >= rough - 1e-12)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if last * step - high < 0.12 * step:
        last += 1
    return [round(number * step, 10) + 0.0 for number in range(first, last + 1)]
