"""A tornado chart as SVG: what each range does to a figure by itself, the one that matters most on top."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.messages import _
from accessibility.outputs.maps.map_frame import environment
from accessibility.outputs.wording import decimal_text

WIDTH, SIDE, TOP, ROW, FOOT = 680, 150, 58, 46, 76
"""Pixels: of the chart, beside the bars for their labels, above, per bar, below."""
_BAR_Y, _BAR_HEIGHT = 22, 15
_LABEL = 70
"""Half the width that the label of the stated figure may take."""
_STEPS = (1, 2, 5, 10)
_MOST_TICKS = 6


@dataclass(frozen=True)
class TornadoRow:
    """
    One bar.

    Parameters
    ----------
    name
        The range.
    low, high
        Figures at its ends, the smaller one first.
    low_label, high_label
        What gives them: ``6 min: 1,200``; empty where it is the stated value.
    """

    name: str
    low: float
    high: float
    low_label: str
    high_label: str


@dataclass(frozen=True)
class Tornado:
    """
    A chart.

    Parameters
    ----------
    id
        Name of the chart, plain ASCII; no other of a page bears it.
    title
        The figure, with its unit.
    note
        What must be said with it: that it is assumed, the sample, the seed.
    rows
        Bars in order.
    stated, stated_label
        The figure with every value as stated.
    band
        P10 and P90 of the sample; empty where there are none.
    n_more
        Ranges that are not drawn, because they move the figure less or not at all.
    """

    id: str
    title: str
    note: str
    rows: Sequence[TornadoRow]
    stated: float
    stated_label: str
    band: tuple[float, ...] = ()
    n_more: int = 0


def tornado_svg(chart: Tornado) -> str:
    """
    Draw a tornado chart.

    Parameters
    ----------
    chart
        What to draw.

    Returns
    -------
    svg
        A whole SVG document that is also good inside a page; the same chart gives the same text.

    Notes
    -----
    Bars left and right of the stated figure are orange and purple, which people with any common colour
    vision tell apart; the side and the labels say the same without colour.
    """
    figures = [chart.stated, *chart.band, *(end for row in chart.rows for end in (row.low, row.high))]
    scale = _Scale(min(figures), max(figures))
    bars = [_bar(row, number, chart.stated, scale) for number, row in enumerate(chart.rows)]
    foot = TOP + ROW * len(bars)
    return environment().get_template("tornado.svg.j2").render(
        chart=chart, bars=bars, width=WIDTH, height=foot + FOOT, top=TOP, foot=foot,
        middle=scale.x(chart.stated), band=[scale.x(value) for value in chart.band], bar_height=_BAR_HEIGHT,
        ticks=[{"x": scale.x(tick), "text": scale.text(tick)} for tick in scale.ticks],
        label_x=min(max(scale.x(chart.stated), _LABEL), WIDTH - _LABEL),
        more=_("{n} more ranges move it less or not at all", n=chart.n_more) if chart.n_more else "",
    )  # fmt: skip


class _Scale:
    """Figures to pixels, with round numbers along the axis."""

    def __init__(self, low: float, high: float) -> None:
        if high == low:
            low, high = low - 1, high + 1
        power = 10.0 ** math.floor(math.log10((high - low) / _MOST_TICKS))
        self.step = next(s * power for s in _STEPS if (high - low) / (s * power) <= _MOST_TICKS)
        self.low, self.high = low, high
        first, last = math.ceil(low / self.step - 1e-9), math.floor(high / self.step + 1e-9)
        self.ticks = [k * self.step for k in range(first, last + 1)]
        self.digits = max(0, -math.floor(math.log10(self.step) + 1e-9))

    def x(self, value: float) -> float:
        return round(SIDE + (value - self.low) / (self.high - self.low) * (WIDTH - 2 * SIDE), 1)

    def text(self, value: float) -> str:
        number = f"{float(decimal_text(abs(value), self.digits)):,.{self.digits}f}".replace(",", "\u2009")
        return ("−" if value < 0 and float(number.replace("\u2009", "")) else "") + number


def _bar(row: TornadoRow, number: int, stated: float, scale: _Scale) -> dict[str, object]:
    """Lay out one bar: its parts left and right of the stated figure, and the labels at its ends."""
    left, middle, right = scale.x(row.low), scale.x(stated), scale.x(row.high)
    return {
        "name": row.name,
        "y": TOP + ROW * number,
        "bar_y": TOP + ROW * number + _BAR_Y,
        "left": left,
        "left_width": round(middle - left, 1),
        "middle": middle,
        "right": right,
        "right_width": round(right - middle, 1),
        "low_label": row.low_label,
        "high_label": row.high_label,
    }
