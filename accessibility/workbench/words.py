"""What the page says: every sentence of its scripts, from the catalogue of the program."""

from accessibility.messages import _


def page_words() -> dict[str, str]:
    """Return key -> sentence in the present language; ``{name}`` stands where a script puts a value."""
    return {**_frame(), **_scenarios(), **_editor(), **_results()}


def _frame() -> dict[str, str]:
    return {
        "loading": _("The study is being loaded …"),
        "saved": _("saved"),
        "saving": _("saving …"),
        "not_saved": _("not saved"),
        "offline": _("The server does not answer. Your edits are kept in this page and saved when it does."),
        "computing": _("computing: {stage}"),
        "queued": _("waiting for another computation"),
        "up_to_date": _("up to date"),
        "cancelled": _("stopped"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "map": _("Map: click a square for both journeys; with a line open, click to add stops"),
        "defect": _("The page met an error: {what}"),
        "licence": _("© OpenStreetMap contributors, ODbL"),
    }


def _scenarios() -> dict[str, str]:
    return {
        "new_name": _("New scenario"),
        "copy_name": _("{name} (copy)"),
        "delete_sure": _("Delete the scenario {name}? Its last state stays among the versions on the disk."),
        "none_yet": _("No change yet: add a line, or bend one."),
        "damaged": _("This file cannot be used: {problem}"),
        "changed_elsewhere": _(
            "This scenario has been changed elsewhere: in another tab, by another person or on the disk."
        ),
        "load_theirs": _("Load what is on the disk"),
        "keep_mine": _("Keep mine as a copy"),
        "edit": _("Edit"),
        "remove": _("Delete"),
        "switched_on": _("switched on"),
        **{f"t_{name}": word for name, word in _kinds().items()},
        "t_other": _("{kind}: {line}"),
        "import_large": _("The files are larger than {mb} MB together."),
        "import_reading": _("reading …"),
        "import_scenario": _("Taken over as a scenario of its own; changes: {n}."),
        "import_changes": _("Changes added: {n}; Ctrl+Z takes them back."),
        "import_notices": _("What to know about the file"),
        "import_for": _("Take the plan for {name}"),
        "versions_none": _("no earlier version"),
        "version": _("version {n}, {when}"),
        "restore": _("Bring back"),
        "compare_none": _("no other scenario"),
        "this_scenario": _("this scenario"),
        "more_vehicle_km": _("vehicle-km a day, change"),
        "more_vehicle_hours": _("vehicle-hours a day, change"),
        "more_vehicles": _("vehicles, change"),
        "difference": _("How the other differs"),
        "difference_none": _("The changes are the same."),
    }


def _kinds() -> dict[str, str]:
    """Name the kinds of change."""
    return {
        "add_line": _("New line"),
        "reroute": _("Another way"),
        "remove_stops": _("Stops left out"),
        "remove_line": _("Out of service"),
        "remove_trips": _("Trips left out"),
        "set_frequency": _("Headways"),
        "set_timetable": _("Timetable"),
        "scale_speed": _("Speed"),
        "set_dwell": _("Dwell"),
        "shift_times": _("Times moved"),
        "add_street": _("New street"),
        "close_street": _("Street closed"),
        "change_street": _("Street changed"),
        "add_entrance": _("New entrance"),
        "add_place": _("New place"),
        "move_place": _("Place moved"),
    }


def _editor() -> dict[str, str]:
    return {
        "new_line": _("New line {n}"),
        "line_head_new": _("New line {name}"),
        "direction": _("direction {n}: {first} → {last}"),
        "stop_new": _("new stop"),
        "stop_known": _("existing stop"),
        "point": _("control point"),
        "point_placed": _("Control point placed: the line passes it without stopping."),
        "point_bad": _("A control point is longitude and latitude, for example 121.24 31.27."),
        "stop_pass": _("Pass stop {n} without stopping"),
        "stop_halt": _("Make a stop of row {n}"),
        "stop_name": _("Name of stop {n}"),
        "stop_lon": _("Longitude of stop {n}"),
        "stop_lat": _("Latitude of stop {n}"),
        "stop_up": _("Move stop {n} up"),
        "stop_down": _("Move stop {n} down"),
        "stop_delete": _("Delete stop {n}"),
        "stop_default": _("Stop {n}"),
        "snapped": _("Taken: the existing stop {name}, {m} m away."),
        "placed": _("New stop placed."),
        "far": _("{name} lies {m} m from the nearest street that a bus may use."),
        "two_stops": _("A line needs at least two stops."),
        "band_from": _("From, band {n}"),
        "band_to": _("To, band {n}"),
        "band_every": _("Headway (min), band {n}"),
        "band_days": _("Days, band {n}"),
        "band_delete": _("Delete band {n}"),
        "days_daily": _("daily"),
        "days_weekday": _("weekdays"),
        "days_weekend": _("weekends"),
        "days_saturday": _("Saturdays"),
        "days_sunday": _("Sundays"),
        "pasted": _("{n} stops taken over."),
        "paste_bad": _("Row {n} is no stop: name, longitude, latitude, separated by tabs or commas."),
        "before": _("before"),
        "after": _("after"),
        "line": _("Line"),
        "way_there": _("outbound"),
        "way_back": _("inbound"),
        "departures_days": _("Days, departures {n}"),
        "departures_direction": _("Direction, departures {n}"),
        "departures_times": _("Departure times, departures {n}"),
        "departures_delete": _("Delete departures {n}"),
        "departures_n": _("{n} departures"),
        "departures_bad": _("{text} is no clock time like 07:30."),
        "dwell_bad": _("A dwell is 0 to 3600 whole seconds."),
        "length_km": _("Length of a round (km)"),
        "run_min": _("Run time (min)"),
        "layover_min": _("Layover after a trip (min)"),
        "trips": _("Trips a day"),
        "vehicle_km": _("Vehicle-km a day"),
        "vehicle_hours": _("Vehicle-hours a day"),
        "vehicles": _("Vehicles by cycle time"),
        "straight": _("Lengths are measured straight from stop to stop."),
        "unbent": _("The line runs as today. Drag a stop, or click the line to insert one."),
        "cannot_bend": _("This change cannot be expressed: the line keeps none of its stops."),
        "hint_edit": _(
            "Click the map to add a stop, click the line to insert one, drag to move; right-click deletes. "
            "An existing stop within 30 m is taken. Control points bend the line without stopping."
        ),
    }


def _results() -> dict[str, str]:
    return {
        "cells_gain": _("gain"),
        "cells_lose": _("lose"),
        "cells_same": _("same (±1 min)"),
        "cells_new": _("reached only after"),
        "cells_lost": _("reached only before"),
        "cells_neither": _("not reached"),
        "no_square": _("none"),
        "square_choose": _("Click a square on the map, or choose one in a table."),
        "exported": _("The file is being downloaded."),
        "copied": _("copied"),
        "square": _("square"),
        "before_min": _("before (min)"),
        "after_min": _("after (min)"),
        "change_min": _("change (min)"),
        "to": _("nearest"),
        "quicker_more": _("more than 10 min quicker"),
        "quicker_mid": _("5 to 10 min quicker"),
        "quicker_less": _("1 to 5 min quicker"),
        "slower_less": _("1 to 5 min slower"),
        "slower_mid": _("5 to 10 min slower"),
        "slower_more": _("more than 10 min slower"),
        "within_both": _("within {n} min before and after"),
        "within_new": _("only after"),
        "within_lost": _("only before"),
        "within_none": _("beyond"),
        "minutes": _("{n} min"),
        "bar": _("{low} to {high} min: {n} squares"),
        "bar_below": _("under {high} min: {n} squares"),
        "bar_above": _("over {low} min: {n} squares"),
        "unreached": _("not reached"),
        "how_streets": _("Middle speed of the mode over the streets, from the middle of the square."),
        "draws": _(
            "Percentile {p} over the departures of the window; phases of assumed headways drawn {n} times, "
            "as on the command line. From the middle of the square."
        ),
        "before_journey": _("Before"),
        "after_journey": _("After"),
        "searching": _("finding both journeys …"),
    }
