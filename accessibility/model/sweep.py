"""The noun ``Sweep``: one template scenario, varied over candidate stops and headways. Pure data."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from accessibility.errors import ModelError
from accessibility.model.line_changes import AddLine, CourseRef, Headway, NewStop, Reroute
from accessibility.model.scenario import Modification, Scenario


@dataclass(frozen=True)
class Candidate:
    """
    Stops that may take the place of a stop of the template.

    Parameters
    ----------
    name
        What readers see.
    stops
        The stops in the order of direction 0; changes to direction 1 alone take them the other way round.
    """

    name: str
    stops: tuple[CourseRef, ...]


@dataclass(frozen=True)
class Variant:
    """
    One scenario of a sweep.

    Parameters
    ----------
    scenario
        The scenario.
    candidate
        Name of the candidate, empty where stops do not vary.
    every_s
        Headway (s).
    """

    scenario: Scenario
    candidate: str
    every_s: int


@dataclass(frozen=True)
class Sweep:
    """
    A template scenario, varied.

    Parameters
    ----------
    name
        What readers see.
    template
        The scenario that is varied.
    line
        Identifier of the line whose stops and headways vary, as the template writes it.
    vehicles
        Vehicles of that line at the busiest moment, at most.
    headways_s
        Headways (s); every band of the line's service gets each of them.
    replace_stop
        Identifier or name of the template's stop that candidates take the place of; empty for none.
    candidates
        What may stand in its place.
    template_file
        File of the template, as the sweep's file names it.

    Raises
    ------
    ModelError
        If a number is not positive, or there is nothing to vary.
    """

    name: str
    template: Scenario
    line: str
    vehicles: int
    headways_s: tuple[int, ...]
    replace_stop: str = ""
    candidates: tuple[Candidate, ...] = ()
    template_file: str = ""

    def __post_init__(self) -> None:
        """Check what the class promises."""
        if self.vehicles < 1 or not self.headways_s or min(self.headways_s) < 1:
            raise ModelError("vehicles and headways are 1 or more", code="sweep-numbers")
        if bool(self.replace_stop) != bool(self.candidates):
            raise ModelError("candidates stand in the place of a stop that is named", code="sweep-stops")

    def variants(self) -> Iterator[Variant]:
        """Give every scenario: candidates in order, and for each the headways in order."""
        for candidate in self.candidates or (Candidate("", ()),):
            for every_s in self.headways_s:
                changes = tuple(self._varied(one, candidate, every_s) for one in self.template.modifications)
                yield Variant(replace(self.template, modifications=changes), candidate.name, every_s)

    def _varied(self, change: Modification, candidate: Candidate, every_s: int) -> Modification:
        if line_of(change) != self.line:
            return change
        new: dict[str, Any] = {}
        if getattr(change, "headways", ()):
            new["headways"] = tuple(_every(band, every_s) for band in change.headways)  # type: ignore[union-attr]
        if isinstance(change, (AddLine, Reroute)) and holds(change, self.replace_stop) and candidate.stops:
            back = getattr(change, "direction", None) == 1
            stops = candidate.stops[::-1] if back else candidate.stops
            new["stops"] = tuple(
                stop
                for old in change.stops
                for stop in (stops if is_stop(old, self.replace_stop) else (old,))
            )
        return replace(change, **new) if new else change


def line_of(change: Modification) -> str:
    """Return the line that a modification speaks of, as it writes it; empty where it speaks of none."""
    return change.id if isinstance(change, AddLine) else str(getattr(change, "route", ""))


def holds(change: Modification, stop: str) -> bool:
    """Say whether a stop stands among the stops of a modification."""
    return any(is_stop(one, stop) for one in getattr(change, "stops", ()))


def is_stop(one: CourseRef, name: str) -> bool:
    """Say whether a stop is meant by an identifier or a name."""
    return name in (one.id, one.name) if isinstance(one, NewStop) else one == name


def _every(band: Headway, every_s: int) -> Headway:
    phase_s = None if band.phase_s is None else band.phase_s % every_s
    return replace(band, every_s=every_s, phase_s=phase_s)
