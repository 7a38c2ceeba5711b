"""Decay functions: how much a destination counts by the time it takes to get there."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.units import UNREACHED


class Decay(Protocol):
    """A function from durations to weights between 0 and 1 that never rises; what is unreached weighs 0."""

    @property
    def label(self) -> str:
        """Name of the function and its parameters in minutes, for columns."""

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s), any shape; `UNREACHED` weighs 0."""


@dataclass(frozen=True)
class Step:
    """
    All within a cutoff counts fully, nothing beyond.

    Parameters
    ----------
    cutoff_s
        Cutoff (s), inclusive.
    """

    cutoff_s: int

    def __post_init__(self) -> None:
        """Check the parameter."""
        _check(cutoff_s=self.cutoff_s, at_least=0)

    @property
    def label(self) -> str:
        """Name the function."""
        return f"step {_minutes(self.cutoff_s)}"

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        return _reached(duration_s, (duration_s <= self.cutoff_s).astype(np.float64))


@dataclass(frozen=True)
class Linear:
    """
    The weight falls evenly from 1 at the door to 0 at the cutoff.

    Parameters
    ----------
    cutoff_s
        Duration (s) at which nothing counts any more.
    """

    cutoff_s: int

    def __post_init__(self) -> None:
        """Check the parameter."""
        _check(cutoff_s=self.cutoff_s)

    @property
    def label(self) -> str:
        """Name the function."""
        return f"linear {_minutes(self.cutoff_s)}"

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        return _reached(duration_s, np.maximum(1.0 - duration_s / self.cutoff_s, 0.0))


@dataclass(frozen=True)
class Logistic:
    """
    The weight falls along a logistic curve, steepest about the cutoff.

    Parameters
    ----------
    cutoff_s
        Inflection point (s), where the weight is one half.
    sd_s
        Standard deviation (s) of the logistic distribution; a small one comes near a step.

    Notes
    -----
    Scaled to 1 at the door: f(t) = (1 + exp(-c/s)) / (1 + exp((t - c)/s)), s = sd * sqrt(3) / pi. Bauer and
    Groneberg (2016), doi:10.1371/journal.pone.0159148, equation 9, in the form that R5 uses.
    """

    cutoff_s: int
    sd_s: float

    def __post_init__(self) -> None:
        """Check the parameters."""
        _check(cutoff_s=self.cutoff_s, sd_s=self.sd_s)

    @property
    def label(self) -> str:
        """Name the function."""
        return f"logistic {_minutes(self.cutoff_s)} sd {_minutes(self.sd_s)}"

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        scale_s = self.sd_s * np.sqrt(3.0) / np.pi
        late = (np.asarray(duration_s, np.float64) - self.cutoff_s) / scale_s
        # exp(-logaddexp(0, z)) is 1 / (1 + exp(z)) without overflow for a steep curve or a long way
        at_the_door = np.logaddexp(0.0, -self.cutoff_s / scale_s)
        return _reached(duration_s, np.exp(at_the_door - np.logaddexp(0.0, late)))


@dataclass(frozen=True)
class Exponential:
    """
    The weight is halved with every further half-value time (negative exponential).

    Parameters
    ----------
    half_s
        Duration (s) at which the weight is one half.

    Notes
    -----
    f(t) = exp(-b t) with b = ln 2 / half-value time.
    """

    half_s: float

    def __post_init__(self) -> None:
        """Check the parameter."""
        _check(half_s=self.half_s)

    @property
    def label(self) -> str:
        """Name the function."""
        return f"exponential {_minutes(self.half_s)}"

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        return _reached(duration_s, np.exp2(-np.asarray(duration_s, np.float64) / self.half_s))


@dataclass(frozen=True)
class Gaussian:
    """
    The weight falls along a bell curve.

    Parameters
    ----------
    sd_s
        Standard deviation (s), where the weight is exp(-1/2), about 0.61.

    Notes
    -----
    f(t) = exp(-t^2 / (2 sd^2)).
    """

    sd_s: float

    def __post_init__(self) -> None:
        """Check the parameter."""
        _check(sd_s=self.sd_s)

    @property
    def label(self) -> str:
        """Name the function."""
        return f"gaussian {_minutes(self.sd_s)}"

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        return _reached(duration_s, np.exp(-0.5 * np.square(duration_s / self.sd_s)))


@dataclass(frozen=True)
class Zones:
    """
    Every zone of travel time has one weight, as in the enhanced floating catchment.

    Parameters
    ----------
    zones
        Pairs of cutoff (s, inclusive) and weight; cutoffs rise, weights lie in (0, 1] and never rise.
        Nothing counts beyond the last cutoff.
    """

    zones: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        """Check the zones."""
        cutoffs, weights = zip(*self.zones, strict=True) if self.zones else ((), ())
        rising = all(a < b for a, b in zip((0, *cutoffs), cutoffs, strict=False))
        falling = all(a >= b > 0 for a, b in zip((1.0, *weights), weights, strict=False))
        if not (self.zones and rising and falling):
            mend = _("Name each zone by a longer cutoff than the last and a weight no larger, of 1 at most.")
            raise ModelError(_("the zones of a decay function are out of order"), mend=mend, code="decay")

    @property
    def label(self) -> str:
        """Name the function."""
        return "zones " + " ".join(f"{_minutes(cutoff)}:{weight:g}" for cutoff, weight in self.zones)

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        cutoffs_s = np.array([cutoff for cutoff, _weight in self.zones])
        of_zone = np.array([*(weight for _cutoff, weight in self.zones), 0.0])
        return _reached(duration_s, of_zone[np.searchsorted(cutoffs_s, duration_s)])


@dataclass(frozen=True)
class Within:
    """
    Another decay function up to a cutoff, nothing beyond.

    Parameters
    ----------
    cutoff_s
        Cutoff (s), inclusive.
    decay
        The function within it.
    """

    cutoff_s: int
    decay: Decay

    def __post_init__(self) -> None:
        """Check the parameter."""
        _check(cutoff_s=self.cutoff_s, at_least=0)

    @property
    def label(self) -> str:
        """Name the function."""
        return f"{self.decay.label} within {_minutes(self.cutoff_s)}"

    def weights(self, duration_s: NDArray[np.int32]) -> NDArray[np.float64]:
        """Weigh durations (s)."""
        return np.where(duration_s <= self.cutoff_s, self.decay.weights(duration_s), 0.0)


def _check(*, at_least: float | None = None, **parameters: float) -> None:
    for name, value in parameters.items():
        if not np.isfinite(value) or value < 0 or (value == 0 and at_least is None):
            what = _("a decay function cannot have {name} = {value}", name=name, value=value)
            raise ModelError(what, where=name, mend=_("Give a duration above 0."), code="decay")


def _reached(duration_s: NDArray[np.int32], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.asarray(duration_s) == UNREACHED, 0.0, weights)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:g}"
