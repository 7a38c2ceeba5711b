"""The noun ``Scenario``: an ordered list of changes to lines, streets and places. Pure data."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.assumed_range import Ranges
from accessibility.model.line_changes import (
    AddLine,
    RemoveLine,
    RemoveStops,
    RemoveTrips,
    Reroute,
    ScaleSpeed,
    SetDwell,
    SetFrequency,
    SetTimetable,
    ShiftTimes,
)
from accessibility.model.range_values import range_problems
from accessibility.model.street_changes import (
    AddEntrance,
    AddPlace,
    AddStreet,
    ChangeStreet,
    CloseStreet,
    MovePlace,
)

Modification = (
    AddLine | Reroute | RemoveStops | RemoveLine | RemoveTrips | SetFrequency | SetTimetable | ScaleSpeed
    | SetDwell | ShiftTimes | AddStreet | CloseStreet | ChangeStreet | AddEntrance | AddPlace | MovePlace
)  # fmt: skip

TYPES: dict[str, type[Any]] = {
    "add_line": AddLine,
    "reroute": Reroute,
    "remove_stops": RemoveStops,
    "remove_line": RemoveLine,
    "remove_trips": RemoveTrips,
    "set_frequency": SetFrequency,
    "set_timetable": SetTimetable,
    "scale_speed": ScaleSpeed,
    "set_dwell": SetDwell,
    "shift_times": ShiftTimes,
    "add_street": AddStreet,
    "close_street": CloseStreet,
    "change_street": ChangeStreet,
    "add_entrance": AddEntrance,
    "add_place": AddPlace,
    "move_place": MovePlace,
}
"""``type`` of a scenario file -> class of the modification."""


FILE_KEYS = {"from_s": "from", "to_s": "to", "road_class": "class"}
"""Fields that a scenario file calls differently: clock times are text there, ``class`` is Python's own."""


def type_name(modification: Modification) -> str:
    """Return the ``type`` that a scenario file writes for a modification."""
    return next(name for name, kind in TYPES.items() if type(modification) is kind)


@dataclass(frozen=True)
class Scenario:
    """
    A named, ordered list of modifications; the empty one is the baseline.

    Parameters
    ----------
    name
        What readers see.
    modifications
        In the order in which they are applied.
    note
        What it is for, what it assumes.
    mark
        Mark of certainty; ``A`` for an assumption, which every map and table then says.
    as_of
        Date it is looked at, where it is not that of the study.
    ranges
        Settings known only as ranges; the modifications hold the values in their middle.

    Raises
    ------
    ModelError
        If a range does not fit the modifications.
    """

    name: str
    modifications: tuple[Modification, ...] = ()
    note: str = ""
    mark: str = ""
    as_of: date | None = None
    ranges: Ranges = Ranges()

    def __post_init__(self) -> None:
        """Check what the class promises."""
        problems = [message for _n, _key, message in range_problems(self.ranges.ranges, self.modifications)]
        if problems:
            raise ModelError(_("; ").join(problems), where=self.name, code="scenario-ranges")


def settings(modification: Modification) -> dict[str, Any]:
    """Return what a modification states beyond the defaults, by field."""
    stated = {}
    for entry in fields(modification):
        value = getattr(modification, entry.name)
        if value != entry.default:
            stated[entry.name] = value
    return stated
