"""Bus 104, the one line whose stops, way and timetable are all known."""

from __future__ import annotations

from itertools import accumulate, pairwise

from pyproj import Geod

from anting_lines.bands import band_rows
from anting_lines.metro import in_area
from anting_lines.plans import departure_rows
from anting_lines.tables import Inputs, Row, Sheet, degrees, empty_sheet, number, read_table

DIRECTIONS = {"0": ("upstream", "up"), "1": ("downstream", "down")}
"""Direction -> the words of the reference files."""


def route_104_sheet(inputs: Inputs) -> Sheet:
    """Lay out stops, order and way per direction, and the departures of a working day of September 2021."""
    sheet = empty_sheet()
    line = inputs.line_facts("line_104")[0]
    length_km = 0.0
    for direction, (path, table) in DIRECTIONS.items():
        points = read_table(inputs.reference / "route104" / f"path_{path}.csv")
        stops = _stops(line, direction, points)
        sheet.stops.extend(stops)
        length_km = max(length_km, float(stops[-1]["from_start_km"]))
        trips = _trips(read_table(inputs.reference / "route104" / f"timetable_0906_{table}.csv"))
        sheet.services.extend(departure_rows(line["line"], direction, "weekday", trips, line))
    ends = [stop["name"] for stop in sheet.stops if stop["order"] == "1"]
    sheet.lines.append({
        "line": line["line"], "name": line["name"], "mode": "bus",
        "first_stop": ends[0], "last_stop": ends[1], "length_km": number(length_km, 2),
        "order_basis": "stated by the source", "mark": "S", "source": line["source"],
        "note": line["line_note"],
    })  # fmt: skip
    sheet.services.extend(band_rows(line, inputs.line_facts("headways"), {}))
    return sheet


def _stops(line: Row, direction: str, points: list[Row]) -> list[Row]:
    """Give the stops of one direction; the planned run time is shared out by the length of the way."""
    geod = Geod(ellps="WGS84")
    hops_m = [
        geod.inv(float(a["lon"]), float(a["lat"]), float(b["lon"]), float(b["lat"]))[2]
        for a, b in pairwise(points)
    ]
    along_km = [metres / 1000 for metres in accumulate(hops_m, initial=0.0)]
    min_per_km = float(line["offpeak_min"]) / along_km[-1]
    stops = [(point, km) for point, km in zip(points, along_km, strict=True) if point["type"] == "stop"]
    rows = []
    for order, (point, km) in enumerate(stops, start=1):
        hop_km = km - stops[order - 2][1] if order > 1 else 0.0
        rows.append({
            "line": line["line"], "direction": direction, "order": str(order),
            "stop_id": f"{point['name']}@104-{direction}", "name": point["name"],
            "lon": degrees(point["lon"]), "lat": degrees(point["lat"]),
            "minutes": number(hop_km * min_per_km, 2) if order > 1 else "", "from_start_km": number(km, 2),
            "where": "area" if in_area(point["lon"], point["lat"]) else "city",
            "mark": "I" if order > 1 else "S", "uncertainty_m": line["uncertainty_m"],
            "source": line["source"],
            "note": "position and order stated (S); minutes: share of the planned run time (I)",
        })  # fmt: skip
    return rows


def _trips(timetable: list[Row]) -> list[tuple[int, str]]:
    """Give departure (min) and planned run time (min) of every trip; the table has shares of a day."""
    trips = []
    for row in timetable:
        leaves, arrives = (
            round(float(row[f"{end}_day_fraction"]) * 1440) for end in ("departure", "arrival")
        )
        trips.append((leaves, str(arrives - leaves)))
    return sorted(trips)
