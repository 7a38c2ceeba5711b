"""Apply a scenario: every change is checked against what the earlier ones leave, all problems are told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.bus_ride import RideFinder
from accessibility.model.line_changes import AddLine
from accessibility.model.provenance import Notice
from accessibility.model.scenario import Scenario, type_name
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios.blocks import without_overlaps
from accessibility.scenarios.courses import remove_stops, reroute
from accessibility.scenarios.lines import add_line, remove_line
from accessibility.scenarios.services import remove_trips, set_frequency, set_timetable
from accessibility.scenarios.speeds import scale_speed, set_dwell, shift_times
from accessibility.scenarios.stations import add_entrance, add_place, move_place
from accessibility.scenarios.streets import add_street, change_street, close_street
from accessibility.scenarios.work import Rules, Work

APPLIERS: dict[str, Callable[[Work, Any], None]] = {
    "add_line": add_line,
    "reroute": reroute,
    "remove_stops": remove_stops,
    "remove_line": remove_line,
    "remove_trips": remove_trips,
    "set_frequency": set_frequency,
    "set_timetable": set_timetable,
    "scale_speed": scale_speed,
    "set_dwell": set_dwell,
    "shift_times": shift_times,
    "add_street": add_street,
    "close_street": close_street,
    "change_street": change_street,
    "add_entrance": add_entrance,
    "add_place": add_place,
    "move_place": move_place,
}
"""Type of a modification -> what makes it of a network."""


def apply_scenario(
    network: TransportNetwork,
    scenario: Scenario,
    *,
    default_dwell_s: int,
    ride: RideFinder | None = None,
    join_m: float = 0.0,
    detour_factor: float = 1.0,
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
    ride
        Rides of buses over the streets, for hops without stated times and for the course of new hops.
    join_m
        How near (m) an end of a new street must lie to a street to join it.
    detour_factor
        Ways inside a station that has entrances and no pathways, as a multiple of the straight line.
    file
        Scenario file, for the notices.

    Returns
    -------
    network
        The same object where there is no modification. What a reader should know about the modifications
        (how many segments a name meant, which trips are left as they are) stands in its notices.

    Raises
    ------
    DataError
        If any modification cannot be: every problem of all of them, and nothing is applied.
    """
    rules = Rules(default_dwell_s, ride, join_m, detour_factor)
    label, baseline = file or scenario.name, network
    problems: list[Notice] = []
    failed_lines: set[str] = set()
    for number, change in enumerate(scenario.modifications, start=1):
        if getattr(change, "route", None) in failed_lines:
            continue  # what is wrong with the line it would change has been told
        where = f"modification[{number}] ({type_name(change)})"
        work = Work(network.timetable, network.streets, network.places, where, label, rules)
        APPLIERS[type_name(change)](work, change)
        if not work.problems:
            network = _changed(network, work)
        elif isinstance(change, AddLine):
            failed_lines |= {change.id, change.name} - {"", *network.timetable.route_ids}
        problems.extend(work.problems)
    if problems:
        raise DataError(
            _("the scenario has {n} problems", n=len(problems)),
            notices=problems,
            where=label,
            mend=_("Mend the settings named; docs/scenarios.md describes each."),
            code="scenario-problems",
        )
    if network is baseline:
        return network
    timetable = without_overlaps(network.timetable, label)
    network = network if timetable is network.timetable else replace(network, timetable=timetable)
    return _said(network, baseline, scenario, label)


def _said(
    network: TransportNetwork, baseline: TransportNetwork, scenario: Scenario, label: str
) -> TransportNetwork:
    """Say that ranges were applied as stated; parts that were left alone stay the same objects."""
    if not scenario.ranges:
        return network
    message = _("{n} settings are known only as ranges; their stated values are used",
                n=len(scenario.ranges.ranges))  # fmt: skip
    mend = _("accessibility ranges tells the intervals that follow.")
    notice = Notice("scenario-ranges", "info", message, label, mend=mend)
    timetable, streets = network.timetable, network.streets
    if streets is not None and streets is not baseline.streets:
        streets = replace(streets, provenance=streets.provenance.with_notices([notice]))
    else:
        timetable = replace(timetable, provenance=timetable.provenance.with_notices([notice]))
    return replace(network, timetable=timetable, streets=streets)


def _changed(network: TransportNetwork, work: Work) -> TransportNetwork:
    """Take over what a modification made; parts that it left alone stay the same objects."""
    timetable, streets = work.timetable, work.streets
    if work.told and streets is not None and streets is not network.streets:
        streets = replace(streets, provenance=streets.provenance.with_notices(work.told))
    elif work.told:
        timetable = replace(timetable, provenance=timetable.provenance.with_notices(work.told))
    return replace(network, timetable=timetable, streets=streets, places=work.places)
