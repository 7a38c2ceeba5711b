"""The noun ``TransportNetwork``: streets, lines and places that a scenario changes together."""

from dataclasses import dataclass

from accessibility.model.places import Places
from accessibility.model.provenance import Provenance
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable


@dataclass(frozen=True, eq=False)
class TransportNetwork:
    """
    What people travel on, and where to.

    Parameters
    ----------
    timetable
        Lines.
    streets
        Streets, ``None`` where only lines are looked at.
    places
        Places, ``None`` where they do not matter.
    """

    timetable: Timetable
    streets: Streets | None = None
    places: Places | None = None

    @property
    def provenance(self) -> Provenance:
        """Sources and notices of all parts."""
        parts = [part.provenance for part in (self.streets, self.timetable, self.places) if part is not None]
        return Provenance().joined(*parts)
