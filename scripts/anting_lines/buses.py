"""Bus lines: stops of the list of 2020 in the order of the streets, and lines whose order is known."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np

from anting_lines.bands import band_rows
from anting_lines.ordering import Metres, shortest_order, street_metres
from anting_lines.plans import plan_rows
from anting_lines.tables import LIST_OF_2020, Inputs, Row, Sheet, empty_sheet, number, read_table

MAX_DETOUR = 2.0
"""An order longer than this many times the direct way between the ends is not believed."""
MIN_STOPS = 4
BUS_KINDS = {"bus_stop", "bus_terminal"}


def bus_sheet(inputs: Inputs) -> Sheet:
    """Lay out the bus lines of the list of 2020, their stops in the order found along the streets."""
    sheet = empty_sheet()
    points = [row for row in read_table(inputs.facts / "points_2020.csv") if row["kind"] in BUS_KINDS]
    lines = inputs.line_facts("bus_lines")
    points += _extra_stops(inputs)
    served = [point for point in points if any(_serves(point, line) for line in lines)]
    ids = stop_ids(served)
    metres = street_metres(
        inputs.study,
        [float(point["lon_wgs84"]) for point in served],
        [float(point["lat_wgs84"]) for point in served],
    )
    speeds = {row["speeds"]: row for row in inputs.line_facts("bus_speeds")}
    for line in lines:
        chosen = [i for i, point in enumerate(served) if _serves(point, line)]
        order = ordered(line, [served[i] for i in chosen], metres[np.ix_(chosen, chosen)])
        way = [chosen[k] for k in order]
        stops = [served[i] | {"stop_id": ids[i]} for i in way]
        hops_m = [float(metres[a, b]) for a, b in pairwise(way)]
        facts = line | {"direct_km": number(float(metres[way[0], way[-1]]) / 1000, 2)}
        _add(sheet, inputs, facts, stops, hops_m, speeds[line["speeds"]])
    return sheet


def _extra_stops(inputs: Inputs) -> list[Row]:
    """Give stops that the list lacks and another source places."""
    return [
        {
            "kind": "bus_stop", "name_zh": row["name"], "lines_2020": row["line_name"],
            "lon_wgs84": row["lon"], "lat_wgs84": row["lat"], "mark": row["mark"],
            "uncertainty_m": row["uncertainty_m"], "source": row["source"], "note": row["note"],
        }
        for row in inputs.line_facts("extra_stops")
    ]  # fmt: skip


def _serves(point: Row, line: Row) -> bool:
    """Say whether a line stops at a point."""
    skipped = line["skip"].split()
    return line["name"] in point["lines_2020"].split(";") and point["name_zh"] not in skipped


def stop_ids(points: list[Row]) -> list[str]:
    """Name stops by their names; namesakes at another place get a number."""
    seen: Counter[str] = Counter()
    ids = []
    for point in points:
        seen[point["name_zh"]] += 1
        n = seen[point["name_zh"]]
        ids.append(point["name_zh"] if n == 1 else f"{point['name_zh']}@{n}")
    return ids


def ordered(line: Row, points: list[Row], metres: Metres) -> list[int]:
    """Find the order of the stops between the ends of a line; stop where it is not to be believed."""
    names = [point["name_zh"] for point in points]
    for end in (line["first_stop"], line["last_stop"]):
        if names.count(end) != 1:
            raise SystemExit(f"bus_lines.csv: {line['line']} has {names.count(end)} stops named {end}")
    first, last = names.index(line["first_stop"]), names.index(line["last_stop"])
    order = shortest_order(metres, first, last)
    way_m = sum(metres[a, b] for a, b in pairwise(order))
    if len(points) < MIN_STOPS or way_m > MAX_DETOUR * metres[first, last]:
        detour = way_m / metres[first, last]
        raise SystemExit(
            f"bus_lines.csv: {line['line']}: {len(points)} stops, detour {detour:.2f}: leave it out"
        )
    return order


def _add(sheet: Sheet, inputs: Inputs, line: Row, stops: list[Row], hops_m: list[float], speeds: Row) -> None:
    """Add the rows of one line: two directions over the same stops."""
    basis = f"inferred: shortest way over the streets of the study; ends: {line['ends_basis']}"
    total_km = sum(hops_m) / 1000
    sheet.lines.append({
        "line": line["line"], "name": line["name"], "mode": "bus", "first_stop": line["first_stop"],
        "last_stop": line["last_stop"], "length_km": number(total_km, 2), "direct_km": line["direct_km"],
        "order_basis": basis, "mark": "I", "source": LIST_OF_2020, "note": line["note"],
    })  # fmt: skip
    for direction, way, hops in (("0", stops, hops_m), ("1", stops[::-1], hops_m[::-1])):
        along_km = 0.0
        for order, (stop, hop_m) in enumerate(zip(way, [0.0, *hops], strict=True), start=1):
            along_km += hop_m / 1000
            minutes = hop_m / 1000 / float(speeds["offpeak_kmh"]) * 60
            sheet.stops.append({
                "line": line["line"], "direction": direction, "order": str(order), "stop_id": stop["stop_id"],
                "name": stop["name_zh"], "lon": stop["lon_wgs84"], "lat": stop["lat_wgs84"],
                "minutes": number(minutes, 2) if order > 1 else "", "from_start_km": number(along_km, 2),
                "where": "area", "mark": "W" if stop["mark"] == "W" else "I",
                "uncertainty_m": stop["uncertainty_m"],
                "source": stop.get("source") or LIST_OF_2020, "note": _stop_note(stop),
            })  # fmt: skip
    if line["plan"]:
        sheet.services.extend(plan_rows(inputs, line, total_km))
        return
    peak_min = number(total_km / float(speeds["peak_kmh"]) * 60, 1)
    run_min = {f"{direction} peak": peak_min for direction in ("0", "1")}
    sheet.services.extend(band_rows(line, inputs.line_facts("headways"), run_min))


def _stop_note(stop: Row) -> str:
    """Say what is known of a stop and that its place in the order is not."""
    note = stop["note"].replace("one point for both directions; lines as of 2020-05", "").strip("; ")
    both = "position of 2020-05, one point for both directions; order and minutes inferred"
    return "; ".join(part for part in (both, note) if part)


def corridor_sheet(inputs: Inputs) -> Sheet:
    """Lay out the lines whose order and minutes a source states; stops without a place are left out."""
    sheet = empty_sheet()
    bands = inputs.line_facts("headways")
    stops = inputs.line_facts("corridor_stops")
    for line in inputs.line_facts("corridor_lines"):
        way = [row for row in stops if row["line"] == line["line"]]
        located = [row for row in way if row["lon"]]
        sheet.lines.append({
            "line": line["line"], "name": line["name"], "mode": "bus", "valid_from": line["valid_from"],
            "valid_to": line["valid_to"], "first_stop": located[0]["name"], "last_stop": located[-1]["name"],
            "order_basis": "stated by the source", "mark": line["mark"], "source": line["source"],
            "note": line["note"],
        })  # fmt: skip
        for direction in ("0", "1"):
            sheet.stops.extend(_corridor_stops(way, direction))
        sheet.services.extend(band_rows(line, bands, {}))
    return sheet


def _corridor_stops(way: list[Row], direction: str) -> list[Row]:
    """Give one direction; the minutes of a stop without a place go to the next one that has one."""
    starts = np.cumsum([float(row["minutes"] or 0) for row in way])
    passed = list(zip(way, starts.tolist(), strict=True))
    passed = [(row, at) for row, at in passed if row["lon"]]
    if direction == "1":
        passed = [(row, starts[-1] - at) for row, at in reversed(passed)]
    rows = []
    for order, (row, at) in enumerate(passed, start=1):
        rows.append({
            "line": row["line"], "direction": direction, "order": str(order), "stop_id": row["stop_id"],
            "name": row["name"], "lon": row["lon"], "lat": row["lat"],
            "minutes": number(at - passed[order - 2][1], 2) if order > 1 else "", "where": "area",
            "mark": row["mark"], "uncertainty_m": row["uncertainty_m"], "source": row["source"],
            "note": row["note"],
        })  # fmt: skip
    return rows
