"""Tornado charts of a scenario over its ranges."""

from accessibility.messages import _
from accessibility.model.range_result import Bar, Outcome, RangeResult
from accessibility.outputs.ranges.tornado import Tornado, TornadoRow, tornado_svg
from accessibility.outputs.ranges.words import end_text, figure_text, outcome_text

MOST_BARS = 10
"""Bars of a chart; further ranges are counted below it and stand in the table."""


def draw_tornado(result: RangeResult, outcome: Outcome, *, title: str = "") -> str:
    """
    Draw what each range does to a figure by itself, the one that matters most on top.

    Parameters
    ----------
    result
        A scenario over its ranges.
    outcome
        The figure, one of the result's.
    title
        What to call it; its usual name with identifiers where empty.

    Returns
    -------
    svg
        A whole SVG document, also good inside a page; the same result gives the same text. Bars whose ends
        read alike are left out and counted.

    Raises
    ------
    ModelError
        If the result has no such figure.
    """
    bars = [bar for bar in result.bars(outcome) if told_apart(outcome, bar)]
    interval = result.interval(outcome)
    note = _("Assumed · each range at its ends, all else as stated · sample of {n}, seed {seed}",
             n=len(result.sample), seed=result.seed)  # fmt: skip
    return tornado_svg(
        Tornado(
            id=chart_name(outcome),
            title=title or outcome_text(outcome, {}, {}),
            note=note,
            rows=[_row(outcome, bar, result) for bar in bars[:MOST_BARS]],
            stated=interval.stated,
            stated_label=figure_text(outcome, interval.stated),
            band=(interval.p10, interval.p90) if interval.n_known else (),
            n_more=len(result.ends) - len(bars[:MOST_BARS]),
        )
    )


def chart_name(outcome: Outcome) -> str:
    """Name the chart of a figure, in plain ASCII."""
    return "-".join(part for part in ("tornado", outcome.id.replace("_", "-"), outcome.target) if part)


def told_apart(outcome: Outcome, bar: Bar) -> bool:
    """Say whether readers can tell both ends of a bar apart."""
    return figure_text(outcome, bar.low) != figure_text(outcome, bar.high)


def _row(outcome: Outcome, bar: Bar, result: RangeResult) -> TornadoRow:
    one = result.scenario.ranges.ranges[bar.range_number]
    labels = [
        _("{end}: {figure}", end=end_text(one, end), figure=figure_text(outcome, figure)) if end >= 0 else ""
        for end, figure in ((bar.low_end, bar.low), (bar.high_end, bar.high))
    ]
    return TornadoRow(one.name, bar.low, bar.high, *labels)
