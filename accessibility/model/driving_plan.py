"""A driving plan (行车时刻表): what an operator's workbook says about one bus line, cell by cell."""

from dataclasses import dataclass

from accessibility.errors import ModelError
from accessibility.model.provenance import Provenance

DAY_TYPES = ("weekday", "saturday", "sunday", "weekend", "daily")
"""Day types that line sheets know; a plan may state others in its own words, e.g. 周五下午."""


@dataclass(frozen=True)
class PlanDeparture:
    """
    One departure.

    Parameters
    ----------
    time_s
        Clock (s) after the midnight that begins the service day; past 86,400 for the night after it.
    sheet, cell
        Where it stands.
    run_s
        Run time (s) that the plan states for it; None where it states none.
    """

    time_s: int
    sheet: str = ""
    cell: str = ""
    run_s: int | None = None


@dataclass(frozen=True)
class PlanService:
    """
    Departures of a line from one terminus on one type of day.

    Parameters
    ----------
    line
        Name of the line, with the branch where it has one, e.g. ``嘉定56路区间``.
    variant
        The branch alone (``区间``, ``大站车``, ``B线``); empty for the line itself.
    direction
        0 from the terminus that the plan lists first, 1 from the second.
    origin, destination
        Termini; the destination is empty where the plan names none.
    days
        One of `DAY_TYPES`, else the words of the plan.
    day_label
        Words of the plan, e.g. ``节假日``; empty where it states none.
    departures
        In the order of time.
    note
        What a reader must know, e.g. that they were derived from the blocks.

    Raises
    ------
    ModelError
        If the departures are not in the order of time, or the direction is neither 0 nor 1.
    """

    line: str
    direction: int
    origin: str
    destination: str
    days: str
    departures: tuple[PlanDeparture, ...]
    variant: str = ""
    day_label: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Check the order of the departures."""
        times = self.times_s
        if self.direction not in (0, 1) or times != tuple(sorted(times)):
            raise ModelError(
                f"{self.line}: departures out of order, or a wrong direction", code="plan-service"
            )

    @property
    def times_s(self) -> tuple[int, ...]:
        """Clocks (s) of the departures."""
        return tuple(departure.time_s for departure in self.departures)


@dataclass(frozen=True)
class BlockEvent:
    """
    One time in the row of a vehicle block (路牌).

    Parameters
    ----------
    line, days
        Line and day type of the plan sheet it stands in.
    block
        Number of the block; one vehicle drives one block.
    order
        Place in the day of the block, from 1.
    kind
        ``departure``; ``pause`` where the vehicle arrives or stands without leaving in service; ``duty``
        for the columns 报到, 出场, 进场, 加油, 离场 and their like; ``unlisted`` where the time stands among
        the departures of the block but not in the table of departures.
    column
        Head of the column as the plan has it: a terminus abbreviated, or the duty.
    terminus
        The terminus in full for departures; empty where not known.
    time_s
        Clock (s).
    run_s, layover_s
        Run time and the rest after it (s), where the plan states them or they follow from it.
    sheet, cell
        Where it stands.
    """

    line: str
    days: str
    block: str
    order: int
    kind: str
    column: str
    terminus: str
    time_s: int
    run_s: int | None
    layover_s: int | None
    sheet: str
    cell: str


@dataclass(frozen=True)
class PlanCheck:
    """
    Departures counted against the number that the plan states.

    Parameters
    ----------
    line, days, day_label
        Which departures.
    stated
        总班次 of the line; None where the plan states no whole number.
    stated_beside
        Sum of the numbers stated for branches apart (大站, 区间).
    listed
        Departures read, branches counted.
    parts
        How `listed` is made up, in words.
    doubt
        Cells to look at where the two differ.
    """

    line: str
    days: str
    day_label: str
    stated: int | None
    stated_beside: int
    listed: int
    parts: str
    doubt: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the departures read are as many as stated, with or without the branches."""
        return self.stated is not None and self.listed in (self.stated, self.stated + self.stated_beside)


@dataclass(frozen=True)
class PlanNote:
    """
    A text of the plan, kept as it stands.

    Parameters
    ----------
    sheet, cell, text
        Where it stands and what it says.
    why
        Why it was not read; empty for a remark of the operator that is no figure of the timetable.
    read_as
        What it was taken for where it was mended, e.g. ``06:05`` for ``605``.
    """

    sheet: str
    cell: str
    text: str
    why: str = ""
    read_as: str = ""


@dataclass(frozen=True)
class PlanFacts:
    """
    What the titles and notes of a plan say about a line on a type of day.

    Parameters
    ----------
    line, days
        Which.
    valid_from
        Date (ISO) from which the plan holds; empty where not stated.
    run_low_s, run_high_s
        Shortest and longest run time (s) one way.
    length_m
        Length (m) of the line.
    n_vehicles
        Blocks, i.e. vehicles.
    """

    line: str
    days: str
    valid_from: str = ""
    run_low_s: int | None = None
    run_high_s: int | None = None
    length_m: float | None = None
    n_vehicles: int = 0


@dataclass(frozen=True, eq=False)
class DrivingPlan:
    """
    A driving plan, read.

    Parameters
    ----------
    line
        Name of the line.
    services
        Departures by branch, direction and day type.
    events
        Every time of every block, in the order of the day.
    facts
        Dates, run times, lengths, vehicles.
    checks
        Departures against the stated numbers.
    notes
        Remarks of the operator.
    unread
        What was not read, or read with a correction: sheet, cell, text, why.
    provenance
        The file.
    """

    line: str
    services: tuple[PlanService, ...]
    events: tuple[BlockEvent, ...] = ()
    facts: tuple[PlanFacts, ...] = ()
    checks: tuple[PlanCheck, ...] = ()
    notes: tuple[PlanNote, ...] = ()
    unread: tuple[PlanNote, ...] = ()
    provenance: Provenance = Provenance()
