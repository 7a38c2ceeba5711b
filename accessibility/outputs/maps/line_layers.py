"""Lines of public transport: their course on the map, and one row per line in a table."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.messages import _
from accessibility.model.timetable import NONE, Timetable
from accessibility.outputs.embedding import packed_lines
from accessibility.outputs.maps.map_layers import layer_head
from accessibility.outputs.sheets import Sheet
from accessibility.outputs.wording import mark_text
from accessibility.units import clock_from_seconds, minutes_from_seconds

BUS_COLOUR = "#3f7d61"
RAIL_COLOUR = "#37474f"
BUS = 3
"""``route_type`` of buses."""


def line_layers(timetable: Timetable) -> list[dict[str, Any]]:
    """
    Draw the lines of public transport, those on rails and buses as a layer each.

    Parameters
    ----------
    timetable
        Its routes; each is drawn by the longest of its trips, along the trip's shape where there is one.

    Returns
    -------
    layers
        None without routes that have a course.
    """
    found = []
    with_course = bool((timetable.trip_shape != NONE).any())
    rail = _("Rail lines") if with_course else _("Rail lines (stop to stop)")
    bus = _("Bus lines") if with_course else _("Bus lines (stop to stop)")
    for name, ident, buses, colour in (
        (rail, "lines-rail", False, RAIL_COLOUR),
        (bus, "lines-bus", True, BUS_COLOUR),
    ):
        lines = [
            {
                "course": packed_lines([course]),
                "weight": 2 if buses else 4,
                "opacity": 0.7 if buses else 0.95,
                "colour": colour,
                "card": _card(timetable, route),
            }
            for route in np.flatnonzero((timetable.route_type == BUS) == buses).tolist()
            for course in courses(timetable, route)
        ]
        if lines:
            entry = layer_head(ident, name, "line", colour, "")
            found.append({**entry, "lines": lines, "rank": 4, "count": len(lines)})
    return found


def lines_sheet(timetable: Timetable, *, name: str = "lines") -> Sheet:
    """
    List the lines: what runs, how often, how sure that is.

    Parameters
    ----------
    timetable
        Its routes.
    name
        Short ASCII name of the table.
    """
    columns = (
        *("line", "line_name", "route_type", "stops", "trips", "first_departure", "last_departure"),
        *("headway_minutes", "headway_low_minutes", "headway_high_minutes"),
        *("valid_from", "valid_to", "mark", "source", "note"),
    )
    rows = tuple(
        (
            *(timetable.route_ids[route], _name(timetable, route), int(timetable.route_type[route])),
            *_service(timetable, route),
            *(_fact(timetable, fact, route) for fact in ("valid_from", "valid_to", "mark", "source", "note")),
        )
        for route in range(len(timetable.route_ids))
    )
    return Sheet(name, _("Lines of public transport"), columns, rows)


def courses(timetable: Timetable, route: int) -> Iterator[NDArray[np.float64]]:
    """Give the course of the longest trip of a route (lon, lat), where its stops have positions."""
    trips = np.flatnonzero(timetable.trip_route == route)
    if not len(trips):
        return
    lengths = timetable.stop_time_offset[trips + 1] - timetable.stop_time_offset[trips]
    trip = int(trips[np.argmax(lengths)])
    shape = int(timetable.trip_shape[trip])
    if shape != NONE:
        part = slice(timetable.shape_offset[shape], timetable.shape_offset[shape + 1])
        course = np.column_stack([timetable.shape_lon[part], timetable.shape_lat[part]])
    else:
        stops = timetable.stop_time_stop[
            timetable.stop_time_offset[trip] : timetable.stop_time_offset[trip + 1]
        ]
        course = np.column_stack([timetable.stop_lon[stops], timetable.stop_lat[stops]])
    course = course[np.isfinite(course).all(axis=1)]
    if len(course) > 1:
        yield course


def _card(timetable: Timetable, route: int) -> dict[str, Any]:
    n_stops, n_trips, first, last, middle, low, high = _service(timetable, route)
    facts = [[_("stops"), str(n_stops)]]
    if first and last:
        facts.append([_("departures"), f"{first}–{last}"])
    if middle is not None:
        span = f" ({low}–{high})" if low != high else ""
        facts.append([_("headway"), _("{minutes} min", minutes=f"{middle}{span}")])
    elif n_trips:
        facts.append([_("trips in the timetable"), str(n_trips)])
    valid = "–".join(_fact(timetable, name, route) for name in ("valid_from", "valid_to"))
    facts.append([_("valid"), valid if valid != "–" else _("no date sourced; taken as operating")])
    for name, label in (("mark", _("mark")), ("source", _("source")), ("note", _("note"))):
        text = _fact(timetable, name, route)
        if text:
            facts.append([label, mark_text(text) if name == "mark" else text])
    return {"title": _name(timetable, route), "kind": _("line of public transport"), "facts": facts}


def _service(timetable: Timetable, route: int) -> tuple[Any, ...]:
    """Count stops and trips; give first and last departure, and the headway with its range (min)."""
    trips = np.flatnonzero(timetable.trip_route == route)
    if not len(trips):
        return 0, 0, "", "", None, None, None
    begins = timetable.stop_time_offset[trips]
    ends = timetable.stop_time_offset[trips + 1]
    called = [timetable.stop_time_stop[a:b] for a, b in zip(begins, ends, strict=True)]
    stops = np.unique(np.concatenate(called))
    bands = np.flatnonzero(np.isin(timetable.frequency_trip, trips))
    plain = trips[~np.isin(trips, timetable.frequency_trip)]
    leave = timetable.departure_s[timetable.stop_time_offset[plain]]
    first, last = [*leave, *timetable.frequency_start_s[bands]], [*leave, *timetable.frequency_end_s[bands]]
    clocks = [clock_from_seconds(int(s)) for s in (min(first), max(last))] if first else ["", ""]
    headway: list[float | None] = [None, None, None]
    if len(bands):
        low = float(_fact(timetable, "headway_low_s", route) or timetable.headway_s[bands].min())
        high = float(_fact(timetable, "headway_high_s", route) or timetable.headway_s[bands].max())
        middle = float(np.median(timetable.headway_s[bands]))
        headway = [minutes_from_seconds(seconds) for seconds in (middle, low, high)]
    return len(stops), len(plain), *clocks, *headway


def _name(timetable: Timetable, route: int) -> str:
    return (
        timetable.route_short_names[route] or timetable.route_long_names[route] or timetable.route_ids[route]
    )


def _fact(timetable: Timetable, name: str, route: int) -> str:
    values: Sequence[str] = timetable.route_facts.get(name, ())
    return values[route] if values else ""
