"""The nouns of an interchange audit: what a station is joined to, line by line and all together."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FeederLine:
    """
    One line that leaves near a station, towards one end.

    Parameters
    ----------
    station
        Stop of the station.
    route, name, towards
        The line, and the name of the stop it runs to.
    stop, stop_name, walk_m
        Its stop nearest on foot, and the walk (m of level ground).
    per_hour
        Departures per hour, by period of the audit.
    first_s, last_s
        First and last departure of the day (s).
    scheduled
        Whether every departure is announced; else some stand for a headway, evenly spread.
    scenario
        Scenario it belongs to; empty for the network as it is.
    """

    station: str
    route: str
    name: str
    towards: str
    stop: str
    stop_name: str
    walk_m: float
    per_hour: tuple[float, ...]
    first_s: int
    last_s: int
    scheduled: bool
    scenario: str = ""


@dataclass(frozen=True)
class Interchange:
    """
    What a station is joined to within a radius, on one date.

    Parameters
    ----------
    station
        Stop of the station.
    as_of
        The date (ISO).
    radius_m
        Longest walk (m).
    n_stops, n_lines
        Stops within it that a line leaves from, and lines.
    per_hour
        Departures per hour of all lines and directions, by period of the audit.
    first_bus_s, last_bus_s
        First and last departure (s), ``None`` without any.
    first_train_s, last_train_s
        First departure and last arrival of a train (s), ``None`` without any.
    n_trains
        Trains that arrive.
    n_missed_late, n_missed_early
        Arrivals of trains after which, with the walk, no line leaves any more; departures of trains before
        which, with the walk, no line has arrived yet.
    scheduled
        Whether every departure behind this is announced; else some stand for a headway.
    scenario
        Scenario it holds with; empty for the network as it is.
    """

    station: str
    as_of: str
    radius_m: float
    n_stops: int
    n_lines: int
    per_hour: tuple[float, ...]
    first_bus_s: int | None
    last_bus_s: int | None
    first_train_s: int | None
    last_train_s: int | None
    n_trains: int
    n_missed_late: int
    n_missed_early: int
    scheduled: bool
    scenario: str = ""
