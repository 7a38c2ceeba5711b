"""Apply a scenario: every change is checked against what the earlier ones leave, all problems are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.scenario import (
    AddEntrance,
    AddLine,
    AddPlace,
    Modification,
    MovePlace,
    RemoveLine,
    RemoveStops,
    RemoveTrips,
    Reroute,
    ScaleSpeed,
    Scenario,
    SetDwell,
    SetFrequency,
    SetTimetable,
    ShiftTimes,
    type_name,
)
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios.courses import remove_line, remove_stops, reroute
from accessibility.scenarios.services import add_line, remove_trips, set_frequency, set_timetable
from accessibility.scenarios.speeds import scale_speed, set_dwell, shift_times
from accessibility.scenarios.stations import add_entrance, add_place, move_place
from accessibility.scenarios.work import RideTime, Work

ON_LINES: dict[type[Any], Callable[[Work, Any], None]] = {
    AddLine: add_line,
    Reroute: reroute,
    RemoveStops: remove_stops,
    RemoveLine: remove_line,
    RemoveTrips: remove_trips,
    SetFrequency: set_frequency,
    SetTimetable: set_timetable,
    ScaleSpeed: scale_speed,
    SetDwell: set_dwell,
    ShiftTimes: shift_times,
    AddEntrance: add_entrance,
}


def apply_scenario(
    network: TransportNetwork,
    scenario: Scenario,
    *,
    default_dwell_s: int,
    ride_s: RideTime | None = None,
    file: str = "",
) -> TransportNetwork:
    """
    Apply a scenario to a copy of a network.

    Parameters
    ----------
    network
        The baseline; none of its bytes changes.
    scenario
        Modifications, in order.
    default_dwell_s
        Dwell (s) of buses at new stops where none is stated.
    ride_s
        Riding times of buses over the streets, for hops without stated times.
    file
        Scenario file, for the notices.

    Returns
    -------
    network
        The same object where there is no modification.

    Raises
    ------
    DataError
        If any modification cannot be: every problem of all of them, and nothing is applied.
    """
    problems: list[Notice] = []
    failed_lines: set[str] = set()
    for number, change in enumerate(scenario.modifications, start=1):
        if getattr(change, "route", None) in failed_lines:
            continue  # what is wrong with the line it would change has been told
        where = f"modification[{number}] ({type_name(change)})"
        work = Work(network.timetable, where, file or scenario.name, ride_s, default_dwell_s)
        changed = _applied(work, network, change)
        if work.problems:
            problems.extend(work.problems)
            if isinstance(change, AddLine):
                failed_lines |= {change.id, change.name} - {"", *network.timetable.route_ids}
        else:
            network = changed
    if problems:
        raise DataError(
            _("the scenario has {n} problems", n=len(problems)),
            notices=problems,
            where=file or scenario.name,
            mend=_("Mend the settings named; docs/scenarios.md describes each."),
            code="scenario-problems",
        )
    return network


def _applied(work: Work, network: TransportNetwork, change: Modification) -> TransportNetwork:
    """Apply one modification; what is wrong stands in the work's problems."""
    if type(change) in ON_LINES:
        ON_LINES[type(change)](work, change)
        return replace(network, timetable=work.timetable)
    places, streets = network.places, network.streets
    match change:
        case AddPlace():
            places = add_place(work, places, change)
        case MovePlace():
            places = move_place(work, places, change)
    return replace(network, timetable=work.timetable, places=places, streets=streets)
