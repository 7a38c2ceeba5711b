"""The rules of PTAL from a table of data."""

from pathlib import Path

from accessibility.errors import DataError, ModelError
from accessibility.messages import _
from accessibility.model.provenance import Provenance
from accessibility.model.ptal import PtalRules
from accessibility.sources.figures import FigureRows, raise_if_bad
from accessibility.sources.tables import read_table

PTAL_FILE = "ptal.csv"

_SINGLE = (
    ("weight", "best"),
    ("weight", "other"),
    ("doorstep", "all"),
    ("walk_speed", "all"),
    ("period", "start"),
    ("period", "end"),
)


def read_ptal(path: str | Path) -> PtalRules:
    """
    Read limits, reliability, weights and bands of PTAL.

    Parameters
    ----------
    path
        Table with ``item``, ``key``, ``value``, ``unit``, ``mark``, ``source``: ``walk_limit`` and
        ``reliability`` (min) by kind of service, ``weight`` (best, other), ``doorstep`` (min), ``walk_speed``
        (m/min), ``period`` (start, end; min after midnight), ``band`` (name, index above which it begins).

    Returns
    -------
    rules
        The rules in s and m/s.

    Raises
    ------
    DataError
        If columns, rows or sources are missing, numbers are malformed, or the figures contradict each other.
    """
    rows = FigureRows.of(read_table(path), ("item", "key", "value", "unit"))
    figures = rows.ranges(("item", "key"), ("value", "value", "value"), above_zero=False)
    known = {key: value for key, (value, _mid, _high) in figures.items()}
    for item, key in _SINGLE:
        if figures and (item, key) not in known:
            message = _("there is no row for {item}, {key}", item=item, key=key)
            rows.tell(0, "item", "missing-row", message, item)
    what = _("the table of PTAL is malformed")
    raise_if_bad((rows,), what)

    def of(item: str, factor: float) -> dict[str, float]:
        return {key: value * factor for (name, key), value in known.items() if name == item}

    try:
        return PtalRules(
            walk_limit_s=of("walk_limit", 60),
            reliability_s=of("reliability", 60),
            weight_best=known["weight", "best"],
            weight_other=known["weight", "other"],
            doorstep_s=60 * known["doorstep", "all"],
            walk_mps=known["walk_speed", "all"] / 60,
            start_s=round(60 * known["period", "start"]),
            end_s=round(60 * known["period", "end"]),
            bands=tuple(of("band", 1).items()),
            marks=rows.texts("mark"),
            provenance=Provenance((rows.table.source,), tuple(rows.notices)),
        )
    except ModelError as error:
        mend = _("Mend the table of figures.")
        raise DataError(error.what, where=rows.table.source.file, mend=mend, code=error.code) from error
