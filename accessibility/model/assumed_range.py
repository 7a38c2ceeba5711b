"""The nouns of what a scenario only assumes: ranges of its settings, of positions, of weights of sites.

One range is one unknown: everything that it names gets the same value, or is moved by the same way.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from accessibility.errors import ModelError
from accessibility.messages import _

SECONDS = {"s": 1.0, "min": 60.0}
"""Units in which a duration may be written -> seconds."""

_DURATION = tuple(SECONDS)
SETTING_UNITS: dict[str, tuple[str, ...]] = {
    "every_s": _DURATION,
    "hop_s": _DURATION,
    "dwell_s": _DURATION,
    "saved_s_per_stop": _DURATION,
    "walk_s": _DURATION,
    "by_s": _DURATION,
    "speed_kmh": ("km/h",),
    "factor": ("",),
}
"""Settings of a modification that may hold a range -> units it may be written in, the usual one first."""

SIGNED = ("by_s",)
ABOVE_ZERO = ("every_s", "speed_kmh", "factor")

FEWEST_SAMPLES, MOST_SAMPLES = 10, 10_000
"""With fewer than ten, P10 is the smallest value and says nothing of its own; more were not tried."""

COMPASS = ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))
"""Where a position is moved for the tornado: east, north, west, south."""

Value = tuple[float, ...]
"""What a range may be: one number in the unit of the setting, or metres to the east and to the north."""


@dataclass(frozen=True)
class SettingRange:
    """
    A number of a modification that lies somewhere between two values.

    Parameters
    ----------
    name
        What readers see; no other range of the scenario bears it.
    modification
        What it is about: the line, stop, place or street that modifications name, or the number of one.
    field
        The setting, a key of `SETTING_UNITS`; ``every_s`` is the headway of bands.
    low, high
        Ends, in `unit`.
    unit
        Unit of the ends; that of the field where empty.
    items
        Which entries of a list, from 1: bands, hops; all where empty.
    mark, source
        Mark of certainty, and what the ends rest on.
    """

    name: str
    modification: str | int
    field: str
    low: float
    high: float
    unit: str = ""
    items: tuple[int, ...] = ()
    mark: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        problems = _end_problems(self.low, self.high)
        units = SETTING_UNITS.get(self.field)
        if units is None:
            choices = ", ".join((*SETTING_UNITS, "position", "weight"))
            problems.append(_("{field} can hold no range; these can: {choices}",
                              field=self.field, choices=choices))  # fmt: skip
        elif self.unit not in ("", *units):
            problems.append(_("{field} is written in {choices}, not in {unit}",
                              field=self.field, unit=self.unit, choices=", ".join(units)))  # fmt: skip
        if self.field in ABOVE_ZERO and not self.low > 0:
            problems.append(_("{field} must be above 0", field=self.field))
        elif self.field not in SIGNED and self.low < 0:
            problems.append(_("{field} must be 0 or more", field=self.field))
        if any(item < 1 for item in self.items) or len(set(self.items)) != len(self.items):
            problems.append(_("items are counted from 1, each once"))
        _refuse(self.name, problems)

    @property
    def shown_unit(self) -> str:
        """Unit that readers see."""
        return self.unit or SETTING_UNITS[self.field][0]

    @property
    def n_dimensions(self) -> int:
        """Numbers that a draw needs."""
        return 1

    @property
    def ends(self) -> tuple[Value, ...]:
        """Values at both ends, in the unit of the field."""
        return (self._whole(self.low), self._whole(self.high))

    def at(self, shares: Sequence[float]) -> Value:
        """Return the value at a share (0 to 1) of the way from low to high; durations are whole seconds."""
        return self._whole(self.low + (self.high - self.low) * shares[0])

    def _whole(self, number: float) -> Value:
        if SETTING_UNITS[self.field] == _DURATION:
            return (float(round(number * SECONDS.get(self.unit, 1.0))),)
        return (number,)


@dataclass(frozen=True)
class PositionRange:
    """
    Positions that lie anywhere within a circle; several stops are moved by the same way.

    Parameters
    ----------
    name
        What readers see.
    modification
        What it is about, as in `SettingRange`.
    radius_m
        Radius (m) of the circle.
    stops
        Identifiers or names of new stops; the modification's own position (a place, an entrance) where empty.
    mark, source
        Mark of certainty, and what the radius rests on.
    """

    name: str
    modification: str | int
    radius_m: float
    stops: tuple[str, ...] = ()
    mark: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        good = 0 <= self.radius_m < math.inf
        _refuse(self.name, [] if good else [_("a radius is 0 m or more")])

    @property
    def n_dimensions(self) -> int:
        """Numbers that a draw needs."""
        return 2

    @property
    def ends(self) -> tuple[Value, ...]:
        """Moves (m to the east, m to the north) to the rim in the four directions."""
        return tuple((east * self.radius_m, north * self.radius_m) for east, north in COMPASS)

    def at(self, shares: Sequence[float]) -> Value:
        """Return the move at two shares: equal parts of the circle's area are equally likely."""
        away_m, angle = self.radius_m * math.sqrt(shares[0]), 2 * math.pi * shares[1]
        return (away_m * math.cos(angle), away_m * math.sin(angle))


@dataclass(frozen=True)
class WeightRange:
    """
    The weight of a site in means over the sites; all weights are divided by their sum.

    Parameters
    ----------
    name
        What readers see.
    site
        Identifier of the site.
    low, high
        Ends, 0 or more.
    mark, source
        Mark of certainty, and what the ends rest on.
    """

    name: str
    site: str
    low: float
    high: float
    mark: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        problems = _end_problems(self.low, self.high)
        if self.low < 0:
            problems.append(_("a weight is 0 or more"))
        _refuse(self.name, problems)

    @property
    def n_dimensions(self) -> int:
        """Numbers that a draw needs."""
        return 1

    @property
    def ends(self) -> tuple[Value, ...]:
        """Both ends."""
        return ((self.low,), (self.high,))

    def at(self, shares: Sequence[float]) -> Value:
        """Return the value at a share (0 to 1) of the way from low to high."""
        return (self.low + (self.high - self.low) * shares[0],)


AssumedRange = SettingRange | PositionRange | WeightRange


@dataclass(frozen=True)
class Ranges:
    """
    Everything that a scenario states about what is not known exactly.

    Parameters
    ----------
    ranges
        The ranges, each of a name of its own.
    weights
        Sites and their weights, which sum to 1; all sites weigh the same where empty.
    n_samples, seed
        Size of the sample and seed of its draws; those of the limits where ``None``.
    """

    ranges: tuple[AssumedRange, ...] = ()
    weights: tuple[tuple[str, float], ...] = ()
    n_samples: int | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        """Check what the class promises."""
        problems = [message for _key, message in (*sampling_problems(self.n_samples, self.seed),
                                                  *weight_problems(self.weights, self.ranges))]  # fmt: skip
        names = [one.name for one in self.ranges]
        problems += [
            _("two ranges bear the name {name}", name=name)
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]
        if problems:
            raise ModelError(_("; ").join(problems), code="ranges")

    def __bool__(self) -> bool:
        """Say whether anything is a range."""
        return bool(self.ranges)


def sampling_problems(n_samples: int | None, seed: int | None) -> list[tuple[str, str]]:
    """Find what is wrong with a sample: setting and message."""
    problems = []
    if n_samples is not None and not FEWEST_SAMPLES <= n_samples <= MOST_SAMPLES:
        what = _("a sample has {fewest} to {most} runs", fewest=FEWEST_SAMPLES, most=MOST_SAMPLES)
        problems.append(("samples", what))
    if seed is not None and seed < 0:
        problems.append(("seed", _("a seed is 0 or more")))
    return problems


def weight_problems(
    weights: Sequence[tuple[str, float]], ranges: Sequence[AssumedRange]
) -> list[tuple[str, str]]:
    """Find what is wrong with weights and their ranges: site and message."""
    stated, problems = dict(weights), []
    if any(not 0 <= weight < math.inf for weight in stated.values()):
        problems.append(("", _("a weight is 0 or more")))
    elif stated and not math.isclose(sum(stated.values()), 1, abs_tol=1e-6):
        problems.append(("", _("the weights sum to {total}, not to 1", total=f"{sum(stated.values()):g}")))
    lowest, taken = dict(stated), dict[str, str]()
    for one in (one for one in ranges if isinstance(one, WeightRange)):
        if one.site in taken:
            problems.append((one.site, _("the range {name} names the same value", name=taken[one.site])))
        elif one.site not in stated:
            problems.append(
                (one.site, _("the weight of {site} is not stated under [weights]", site=one.site))
            )
        elif not one.low <= stated[one.site] <= one.high:
            problems.append((one.site, _("the stated value {value} lies outside the range",
                                         value=f"{stated[one.site]:g}")))  # fmt: skip
        else:
            lowest[one.site] = one.low
        taken.setdefault(one.site, one.name)
    if lowest and not problems and not sum(lowest.values()) > 0:
        problems.append(("", _("all weights could be 0")))
    return problems


def _end_problems(low: float, high: float) -> list[str]:
    if not (math.isfinite(low) and math.isfinite(high)):
        return [_("the ends of a range are finite numbers")]
    return [_("the range is turned round: low is above high")] if low > high else []


def _refuse(name: str, problems: list[str]) -> None:
    if not name.strip():
        problems = [_("a range needs a name"), *problems]
    if problems:
        raise ModelError(_("; ").join(problems), where=name, code="range")
