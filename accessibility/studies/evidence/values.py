"""How figures of evidence are rounded and told as minutes."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.outputs.wording import decimal_text
from accessibility.units import UNREACHED

DIGITS = {"min": 1, "km": 2, "count": 0, "%": 1, "rank": 0, "days": 0, "per_hour": 1}
"""Decimals that tables show; words are given on what is shown, so that a reader can check them."""


def shown(value: float, unit: str) -> float:
    """Round a figure as tables show it; what is unreached or unknown stays so."""
    return float(decimal_text(value, DIGITS[unit])) if math.isfinite(value) else value


def minutes(duration_s: NDArray[Any]) -> NDArray[np.float64]:
    """Turn durations (s) into minutes, infinite where unreached."""
    return np.where(duration_s == UNREACHED, np.inf, duration_s / 60)
