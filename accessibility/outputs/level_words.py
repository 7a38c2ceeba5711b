"""Public transport access levels in words: what was counted, how many stand where, what it rests on."""

from collections import Counter
from collections.abc import Sequence

from accessibility.messages import _
from accessibility.model.access_table import AccessTable
from accessibility.model.ptal import PtalRules
from accessibility.units import clock_from_seconds


def level_sentences(table: AccessTable, levels: Sequence[str], rules: PtalRules) -> list[str]:
    """
    Tell access levels.

    Parameters
    ----------
    table
        A table of the measure ``ptal``.
    levels
        Level of every origin, empty where it has none.
    rules
        What they were made by.

    Returns
    -------
    sentences
        Date and period of the departures, then how many origins stand at which level; how far the rules were
        checked is told by their notices.
    """
    counts = Counter(levels)
    known = [name for name, _begin in rules.bands if counts[name]]
    told = [
        _(
            "PTAL on {day}, departures from {start} to {end}.",
            day=table.as_of,
            start=clock_from_seconds(rules.start_s),
            end=clock_from_seconds(rules.end_s),
        )
    ]
    if known:
        found = _(", ").join(_("{level}: {n}", level=name, n=counts[name]) for name in known)
        worst, best = rules.bands[0][0], rules.bands[-1][0]
        told.append(
            _(
                "Origins by level ({worst} is worst, {best} best): {found}.",
                worst=worst,
                best=best,
                found=found,
            )
        )
    if counts[""]:
        told.append(_("{n} origins have no level; the table says why.", n=counts[""]))
    return told
