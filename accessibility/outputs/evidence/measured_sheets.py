"""Measured times as plain tables: every trip beside the model, and how far it is off."""

import math
from collections.abc import Sequence

from accessibility.messages import _
from accessibility.model.observed import Compared, Fit
from accessibility.outputs.sheets import Cell, Sheet
from accessibility.outputs.wording import decimal_text
from accessibility.units import clock_from_seconds


def measured_sheet(compared: Sequence[Compared]) -> Sheet:
    """Tell every observed trip beside the model, one row per row of its file."""
    columns = ("row", "origin_id", "destination_id", "mode", "line", "date", "time", "time_to", "period",
               "runs", "measured_minutes", "measured_p10", "measured_p90",
               "minutes_low", "minutes_mid", "minutes_high", "difference_minutes", "reason",
               "mark", "source")  # fmt: skip
    rows = tuple(
        (
            *(one.trip.row, one.trip.origin, one.trip.destination, one.trip.mode, one.trip.line),
            *(one.trip.day.isoformat(), clock_from_seconds(one.trip.start_s)),
            *(clock_from_seconds(one.trip.end_s), one.period, one.trip.runs),
            *(_minutes(value) for value in (one.trip.minutes, one.trip.low, one.trip.high)),
            *(_minutes(value) for value in (one.low, one.mid, one.high, one.mid - one.trip.minutes)),
            *(one.reason, one.trip.mark, one.trip.source),
        )
        for one in compared
    )
    return Sheet("measured_times", _("Measured times"), columns, rows)


def fits_sheet(fits: Sequence[Fit]) -> Sheet:
    """Tell bias, spread and factor of every group of measured times."""
    columns = ("mode", "line", "period", "rows", "runs", "bias_minutes",
               "spread_low_minutes", "spread_high_minutes", "duration_factor")  # fmt: skip
    rows = tuple(
        (
            *(fit.mode, fit.line, fit.period or _("all"), fit.rows, fit.runs),
            *(_minutes(value) for value in (fit.bias, fit.spread_low, fit.spread_high)),
            _rounded(fit.factor, 3),
        )
        for fit in fits
    )
    return Sheet("measured_fit", _("Fit to measured times"), columns, rows)


def _minutes(value: float) -> Cell:
    return _rounded(value, 1)


def _rounded(value: float, digits: int) -> Cell:
    return float(decimal_text(value, digits)) if math.isfinite(value) else None
