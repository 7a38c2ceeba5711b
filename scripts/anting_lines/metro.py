"""Lines 11, 13 and 14: stations, minutes between them per direction, assumed headways."""

from __future__ import annotations

from itertools import pairwise

from anting_lines.bands import band_rows
from anting_lines.tables import OSM, Inputs, Row, Sheet, degrees, empty_sheet, read_table

MINUTES = "minutes between stations from the operator's first-train times, table of 2026"
Hop = tuple[str, str, str, str]
"""Minutes, mark, source, note."""
Hops = dict[tuple[str, str, str], Hop]
"""By line, from, to."""


def metro_sheet(inputs: Inputs) -> Sheet:
    """Lay out the metro lines: one pattern per branch, both directions."""
    sheet = empty_sheet()
    hops = _hops(inputs)
    known = {
        (row["line"], row["name_zh"]): row for row in read_table(inputs.study / "places" / "stations.csv")
    }
    stations = read_table(inputs.reference / "metro" / "stations_2026.csv")
    bands = inputs.line_facts("headways")
    for line in inputs.line_facts("metro_lines"):
        number = line["public_line"]
        first, *rest = line["station_ids"].split()
        spans = [span.split("-") for span in (first, *rest)]
        chain = [row for row in stations if any(lo <= row["station_line_id"] <= hi for lo, hi in spans)]
        for direction, way in (("0", chain), ("1", chain[::-1])):
            sheet.stops.extend(_stops(line["line"], number, direction, way, hops, known))
        sheet.lines.append({
            "line": line["line"], "name": line["name"], "mode": "metro",
            "valid_from": line["valid_from"], "valid_to": line["valid_to"],
            "first_stop": chain[0]["name"], "last_stop": chain[-1]["name"],
            "order_basis": "station list of 2026", "mark": line["mark"], "source": line["source"],
            "note": line["note"],
        })  # fmt: skip
        sheet.services.extend(band_rows(line, bands, {}))
    return sheet


def _hops(inputs: Inputs) -> Hops:
    """Give the minutes of every hop; what the table lacks comes from the table of stand-ins, mark I."""
    hops: Hops = {}
    for row in read_table(inputs.reference / "metro" / "inter_station_minutes_2026.csv"):
        key = (row["line"], row["from_station"].strip(), row["to_station"].strip())
        hops.setdefault(key, (row["run_min"], "S", MINUTES, ""))
    for row in inputs.line_facts("missing_hops"):
        key = (row["line"], row["from_station"], row["to_station"])
        if key in hops:
            raise SystemExit(f"missing_hops.csv: {key} is in the table of minutes; delete the row")
        hops[key] = (row["minutes"], row["mark"], row["source"], row["note"])
    return hops


def _stops(
    line: str, number: str, direction: str, way: list[Row], hops: Hops, known: dict[tuple[str, str], Row]
) -> list[Row]:
    """Give the stops of one direction; minutes from the stop before."""
    rows = []
    for order, (before, here) in enumerate(pairwise([None, *way]), start=1):
        assert here is not None
        name = here["name"].strip()
        minutes, mark, source, note = "", "S", "", ""
        if before is not None:
            minutes, mark, source, note = hops[number, before["name"].strip(), name]
        place = known.get((number, name))
        notes = [
            note,
            "no opening date known: assumed operating" if place and not place["valid_from"] else "",
        ]
        rows.append({
            "line": line, "direction": direction, "order": str(order), "stop_id": station_id(here, place),
            "name": name,
            "lon": place["lon"] if place else degrees(here["lon"]),
            "lat": place["lat"] if place else degrees(here["lat"]),
            "minutes": minutes, "where": "area" if in_area(here["lon"], here["lat"]) else "city",
            "mark": mark, "uncertainty_m": place["uncertainty_m"] if place else "100",
            "source": f"{OSM}; {source}" if source else OSM,
            "note": "; ".join(part for part in notes if part),
        })  # fmt: skip
    return rows


def station_id(station: Row, place: Row | None) -> str:
    """Name a stop as the table of places does; a station outside it by its number in the station list."""
    number = station["station_line_id"]
    return place["id"] if place else f"L{int(number[:2])}-{number}"


def in_area(lon: str, lat: str) -> bool:
    """Say whether a point lies where the study has streets."""
    return 121.09 <= float(lon) <= 121.36 and 31.23 <= float(lat) <= 31.40
