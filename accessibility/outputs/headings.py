"""Headings of columns, with their units."""

from accessibility.messages import _
from accessibility.outputs.wording import period_text


def heading(column: str) -> str:
    """Return what readers see above a column; its identifier where there is no better word."""
    if column.startswith("per_hour_"):
        period = period_text(column.removeprefix("per_hour_"), {})
        return _("departures per hour, {period}", period=period)
    known = {**_places(), **_figures(), **_lines(), **_records(), **_evidence(), **_measured()}
    known |= {**_ranges(), **_compared(), **_report()}
    return known.get(column, column)


def _places() -> dict[str, str]:
    return {
        "as_of": _("as of"),
        "id": _("id"),
        "kind": _("kind"),
        "name_zh": _("Chinese name"),
        "name_en": _("English name"),
        "lon": _("longitude (°, WGS-84)"),
        "lat": _("latitude (°, WGS-84)"),
        "uncertainty_m": _("uncertainty of position (m)"),
        "count": _("count"),
        "line": _("line"),
        "address": _("address"),
        "valid_from": _("valid from"),
        "valid_to": _("valid to"),
        "origin_id": _("origin id"),
        "origin_name": _("origin"),
        "destination_id": _("destination id"),
        "destination_name": _("destination"),
        "nearest_id": _("nearest id"),
        "nearest_name": _("nearest"),
        "target": _("target"),
        "mode": _("mode"),
        "period": _("period"),
        "level": _("level"),
    }


def _figures() -> dict[str, str]:
    return {
        "minutes_low": _("shortest travel time (min)"),
        "minutes_mid": _("middle travel time (min)"),
        "minutes_high": _("longest travel time (min)"),
        "minutes": _("travel time (min)"),
        "distance_km": _("distance (km)"),
        "access_parking_minutes": _("access and parking, apart (min)"),
        "reason": _("reason where there is no answer"),
        "cutoff_minutes": _("within (min)"),
        "area_km2": _("area (km²)"),
        "street_km": _("streets reached (km)"),
        "part": _("part"),
        "part_kind": _("kind of part"),
        "part_minutes": _("time of part (min)"),
        "part_km": _("length of part (km)"),
        "road": _("road"),
        "road_class": _("class of road (OSM highway)"),
    }


def _lines() -> dict[str, str]:
    return {
        "line_name": _("name of line"),
        "route_type": _("type (GTFS route_type)"),
        "stops": _("stops"),
        "trips": _("trips with fixed times"),
        "first_departure": _("first departure"),
        "last_departure": _("last departure"),
        "headway_minutes": _("headway, middle (min)"),
        "headway_low_minutes": _("headway, shortest assumed (min)"),
        "headway_high_minutes": _("headway, longest assumed (min)"),
    }


def _records() -> dict[str, str]:
    return {
        "file": _("file"),
        "row": _("row"),
        "field": _("field"),
        "title": _("title"),
        "licence": _("licence"),
        "date": _("date"),
        "sha256": _("SHA-256"),
        "severity": _("severity"),
        "code": _("code"),
        "message": _("message"),
        "mend": _("what to do"),
        "mark": _("mark"),
        "source": _("source"),
        "note": _("note"),
        "item": _("item"),
        "what": _("item"),
        "low": _("low"),
        "mid": _("middle"),
        "high": _("high"),
        "source_zh": _("source (Chinese)"),
        "source_en": _("source (English)"),
        "note_zh": _("note (Chinese)"),
        "note_en": _("note (English)"),
        "value": _("value"),
        "unit": _("unit"),
        "what_zh": _("what is unknown (Chinese)"),
        "what_en": _("what is unknown (English)"),
        "why": _("why"),
        "what_would_settle_it": _("what would settle it"),
        "affects": _("affects"),
    }


def _evidence() -> dict[str, str]:
    return {
        "claim_id": _("claim id"),
        "quote": _("quote"),
        "claim_kind": _("kind of claim"),
        "stated": _("stated"),
        "word_code": _("code of the word"),
        "word": _("word"),
        "interval": _("interval"),
        "robust": _("robust"),
        "figures": _("figures"),
        "figures_counted": _("figures that count"),
        "circular": _("why circular"),
        "unknown_inputs": _("inputs unknown"),
        "subject": _("subject id"),
        "subject_name": _("subject"),
        "condition": _("condition"),
        "condition_value": _("value of the condition"),
        "condition_text": _("condition (words)"),
        "figures_inside": _("figures inside"),
        "turns": _("turns the word"),
        "figure_id": _("figure id"),
        "counted": _("counts"),
        "measure": _("measure"),
        "direction": _("direction"),
        "access_parking": _("with access and parking (1) or without (0)"),
        "radius_m": _("radius (m)"),
        "baseline": _("baseline"),
        "roads": _("roads"),
        "inside": _("inside, by reading"),
        "position_shift": _("effect of positions, estimate"),
        "detail": _("detail"),
        "scenario": _("scenario"),
        "cutoff_min": _("within (min)"),
        "file": _("file"),
        "state": _("state"),
        "first_difference": _("first difference"),
    }


def _measured() -> dict[str, str]:
    return {
        "station": _("station"),
        "lines": _("lines"),
        "first_bus": _("first bus"),
        "last_bus": _("last bus"),
        "first_train": _("first train"),
        "last_train": _("last train"),
        "trains": _("trains"),
        "missed_late": _("trains missed late"),
        "missed_early": _("trains missed early"),
        "scheduled": _("all departures announced (1) or some assumed (0)"),
        "towards": _("towards"),
        "stop": _("stop"),
        "stop_name": _("name of stop"),
        "walk_m": _("walk (m)"),
        "time": _("from (time)"),
        "time_to": _("until (time)"),
        "runs": _("runs"),
        "rows": _("rows"),
        "measured_minutes": _("measured (min)"),
        "measured_p10": _("measured, 10 % (min)"),
        "measured_p90": _("measured, 90 % (min)"),
        "difference_minutes": _("model minus measured (min)"),
        "bias_minutes": _("bias (min)"),
        "spread_low_minutes": _("lower quartile (min)"),
        "spread_high_minutes": _("upper quartile (min)"),
        "duration_factor": _("factor of durations"),
    }


def _report() -> dict[str, str]:
    return {
        "row_id": _("row id"),
        "report_figure": _("figure of the report"),
        "what_figure": _("what it is"),
        "sheet": _("sheet"),
        "row_ids": _("ids of rows"),
        "explain": _("explained by (in the folder of the study)"),
        "explained": _("row the command tells"),
        "question_id": _("question"),
        "how": _("way"),
        "covers": _("what the interval contains"),
        "name": _("name"),
        "version": _("version"),
        "standard": _("standard"),
    }


def _ranges() -> dict[str, str]:
    return {
        "figure": _("figure"),
        "figure_name": _("name of figure"),
        "site": _("site"),
        "as_stated": _("as stated"),
        "p10": "P10",
        "p50": "P50",
        "p90": "P90",
        "least": _("smallest"),
        "most": _("largest"),
        "least_at": _("smallest at"),
        "most_at": _("largest at"),
        "known_runs": _("runs with a figure"),
        "sample_runs": _("runs of the sample"),
        "rank": _("rank"),
        "range": _("range"),
        "about": _("about"),
        "width": _("width"),
        "run": _("run"),
        "assumed": _("assumed"),
    }


def _compared() -> dict[str, str]:
    return {
        "origin": _("origin"),
        "before_min": _("before (min)"),
        "after_min": _("after (min)"),
        "change_min": _("change (min)"),
        "class": _("class of change"),
        "to_before": _("nearest before (id)"),
        "to_after": _("nearest after (id)"),
        "reason_before": _("reason before"),
        "reason_after": _("reason after"),
        "assumed": _("assumed"),
        "who": _("who"),
        "gain": _("quicker"),
        "lose": _("slower"),
        "newly": _("newly reached"),
        "lost": _("no longer reached"),
        "same": _("the same"),
        "never": _("never reached"),
        "mean_change_min": _("mean change (min)"),
        "median_change_min": _("median change (min)"),
        "p90_change_min": _("P90 of the change (min)"),
        "saved_min": _("minutes saved, net"),
        "lost_min": _("minutes that losers lose"),
        "reached_before": _("reached before"),
        "reached_after": _("reached after"),
        "reached_change": _("change in number"),
        "side": _("before or after"),
        "nearest": _("nearest"),
        "leg": _("leg"),
        "text": _("in words"),
        "trips_per_day": _("trips a day"),
        "length_km": _("length (km)"),
        "run_min": _("run (min)"),
        "layover_min": _("layover (min)"),
        "vehicle_km": _("vehicle-km"),
        "vehicle_hours": _("vehicle-hours"),
        "vehicles_cycle": _("vehicles by cycle time"),
        "vehicles_blocks": _("vehicles by blocks"),
        "straight": _("straight from stop to stop"),
        "place": _("place in the order"),
        "scenario": _("scenario"),
        "more_hours": _("vehicle-hours beyond today"),
        "more_vehicles": _("vehicles beyond today"),
        "pareto": _("on the Pareto front"),
        "left_out": _("left out because"),
    }
