"""The nouns of measured times: trips that were observed, beside the model, and how far it is off."""

import math
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ObservedTrip:
    """
    A trip that was timed, or several alike.

    Parameters
    ----------
    row
        Where it stands in its file.
    origin, destination
        Ids of places or, of a ride, of stops.
    mode
        How it was made.
    line
        Route of a ride, from stop to stop without waiting; empty for a trip from door to door.
    day
        Date of the first observation.
    start_s, end_s
        Departure (s since the start of the day), or the span from until before that observations fall in.
    minutes
        What was measured: of several their median.
    low, high
        Their 10th and 90th percentile, NaN where there is one only.
    runs
        How many observations.
    mark, source
        How sure, and where it was read.
    """

    row: int
    origin: str
    destination: str
    mode: str
    line: str
    day: date
    start_s: int
    end_s: int
    minutes: float
    low: float = math.nan
    high: float = math.nan
    runs: int = 1
    mark: str = ""
    source: str = ""


@dataclass(frozen=True)
class Compared:
    """
    An observed trip beside the model.

    Parameters
    ----------
    trip
        The observation.
    period
        Period it belongs to: of the study, or its own span of the day.
    low, mid, high
        Modelled minutes; NaN where the model has no answer.
    reason
        Why it has none.
    """

    trip: ObservedTrip
    period: str
    low: float = math.nan
    mid: float = math.nan
    high: float = math.nan
    reason: str = ""


@dataclass(frozen=True)
class Fit:
    """
    How far the model is off, over trips of one mode, line and period.

    Parameters
    ----------
    mode, line, period
        What the trips share; an empty period stands for all of them.
    rows, runs
        How many rows and observations.
    bias
        Median of modelled minus measured (min).
    spread_low, spread_high
        Quartiles of modelled minus measured (min).
    factor
        Median of measured over modelled: multiply durations by it, or divide speeds.
    """

    mode: str
    line: str
    period: str
    rows: int
    runs: int
    bias: float
    spread_low: float
    spread_high: float
    factor: float
