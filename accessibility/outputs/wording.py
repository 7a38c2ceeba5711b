"""How results speak: names in the reader's language, minutes, kilometres, and why there is no figure."""

import math
import re
from collections.abc import Sequence

from accessibility.messages import _, language
from accessibility.model.modes import mode_text
from accessibility.model.places import Places
from accessibility.units import minutes_from_seconds

PLAUSIBLE = "plausible_"
"""What the items of the fastest speeds that are believed begin with, before the mode."""

MARKS = ("S", "W", "U", "I")

_CHINESE = re.compile("[\u4e00-\u9fff]")


def by_language(chinese: str, english: str) -> str:
    """Choose the text of the present language, the other one where it is missing."""
    first, second = (english, chinese) if language() == "en" else (chinese, english)
    return first or second


def spoken_half(text: str) -> str:
    """Take the reader's half of a text in both languages, ``中文 / English``; any other text as it is."""
    chinese, _slash, english = text.partition(" / ")
    is_both = english and _CHINESE.search(chinese) and not _CHINESE.search(english)
    return by_language(chinese, english) if is_both else text


def place_name(places: Places, index: int) -> str:
    """Return the name of a place in the present language."""
    return by_language(places.names[index], places.fact("name_en")[index])


def names_by_id(places: Places) -> dict[str, str]:
    """Return identifier -> name in the present language."""
    english = places.fact("name_en")
    return {
        i: by_language(name, english[n])
        for n, (i, name) in enumerate(zip(places.ids, places.names, strict=True))
    }


def minutes_text(duration_s: float) -> str:
    """Write a duration (s) as minutes with one decimal, a dash where there is none."""
    return f"{minutes_from_seconds(duration_s):.1f}" if math.isfinite(duration_s) else "–"


def decimal_text(value: float, digits: int) -> str:
    """Write a number with some decimals, rounded half up as all tables are, so that page and tables agree."""
    if not math.isfinite(value):
        return "–"
    scale = 10**digits
    return f"{math.floor(round(value * scale, 6) + 0.5) / scale:.{digits}f}"


def range_text(values_s: Sequence[float]) -> str:
    """Write durations (s) low, mid, high as ``mid (low–high)`` minutes; say what is not reached."""
    known = [minutes_text(value) for value in values_s if math.isfinite(value)]
    if not known:
        return "–"
    middle, last = values_s[len(values_s) // 2], values_s[-1]
    if not math.isfinite(middle):
        return _("{low} at best, else not reached", low=known[0])
    if not math.isfinite(last):
        return _("{middle} ({low} – not reached)", middle=minutes_text(middle), low=known[0])
    if len(set(known)) == 1:
        return known[0]
    return f"{minutes_text(middle)} ({known[0]}–{known[-1]})"


def kilometres_text(distance_m: float) -> str:
    """Write a length (m) as kilometres with one decimal (two below 1 km), a dash where there is none."""
    if not math.isfinite(distance_m):
        return "–"
    return f"{distance_m / 1000:.{2 if distance_m < 995 else 1}f}"


def reason_text(reason: int) -> str:
    """Say in words why there is no figure."""
    texts = (
        "",
        _("no answer: the position of the starting place is unknown"),
        _("no answer: the position of the destination is unknown"),
        _("no answer: no street near the starting place"),
        _("no answer: no street near the destination"),
        _("not reached within the limit of the study"),
        _("no answer: no way leads there on the streets known"),
        _("no answer: no service on this date"),
        _("no answer: no such destination exists on this date"),
        _("no answer: nobody claims what lies within reach"),
    )
    return texts[reason] if 0 <= reason < len(texts) else _("no answer")


def level_text(level: str) -> str:
    """Name a level of a range."""
    texts = {"low": _("shortest"), "mid": _("middle"), "high": _("longest")}
    return texts.get(level, level)


def period_text(period: str, names: dict[str, str]) -> str:
    """Name a period by the names of the study, else by common words; empty where it does not matter."""
    common = {"peak": _("peak"), "offpeak": _("off-peak"), "": ""}
    return names.get(period) or common.get(period, period)


def kind_text(kind: str) -> str:
    """Name a kind of place."""
    texts = {
        "site": _("candidate site"),
        "metro_station": _("metro station"),
        "railway_station": _("railway station"),
        "hospital": _("hospital"),
        "hospital_entrance": _("hospital entrance"),
        "health_centre": _("community health centre"),
        "health_station": _("community health station"),
        "school_primary": _("primary school"),
        "school_junior": _("junior high school"),
        "school_senior": _("senior high school"),
        "school_k12": _("school, several stages"),
        "school_9yr": _("nine-year school"),
        "kindergarten": _("kindergarten"),
        "mall": _("shopping centre"),
        "park": _("park"),
        "landmark": _("landmark"),
        "bus_stop": _("bus stop"),
        "station": _("station"),
        "city_point": _("place in the city centre"),
        "cell": _("grid cell"),
    }
    if kind in texts:
        return texts[kind]
    return _("school") if kind.startswith("school") else kind.replace("_", " ")


def mark_text(mark: str) -> str:
    """Say what a mark of certainty means."""
    texts = {
        "S": _("S: read in a source"),
        "W": _("W: read in a weak source"),
        "U": _("U: general knowledge or convention, not checked"),
        "I": _("I: inferred or computed here"),
        "A": _("A: assumption"),
    }
    return texts.get(mark, mark)


def part_text(kind: str) -> str:
    """Name a kind of part of a journey."""
    texts = {
        "connector": _("between place and street"),
        "street": _("street"),
        "signal": _("waiting at signals"),
        "off_network": _("beside the network, straight line with detour factor"),
    }
    return texts.get(kind, kind)


def assumption_text(item: str) -> str:
    """Name an item of the register of assumptions (``road speed: trunk, peak``), itself where unknown."""
    group, _colon, rest = item.partition(": ")
    if group == "road speed":
        road_class, *names, period = rest.split(", ")
        parts = [class_text(road_class), *names, period_text(period, {})]
        return _("driving speed: {road}", road=_(", ").join(parts))
    if group == "speed":
        return _("speed: {mode}", mode=mode_text(rest))
    if rest.startswith(PLAUSIBLE):
        mode = mode_text(rest.removeprefix(PLAUSIBLE))
        return _("fastest measured trip that is believed: {mode}", mode=mode)
    texts = {
        "access": _("walk to the car and start"),
        "parking": _("park and walk to the door"),
        "signal_delay": _("delay per traffic signal"),
        "walk_speed": _("walking speed on connectors"),
        "max_rides": _("vehicles boarded at most"),
        "layover_share": _("rest of a vehicle at the end of a trip"),
        "layover_least": _("least rest of a vehicle at the end of a trip"),
        "range_samples": _("runs of the sample of a scenario with ranges"),
        "range_seed": _("seed of the sample of a scenario with ranges"),
        "max_walk": _("longest walk"),
        "max_access": _("longest ride to the first stop"),
        "max_duration": _("longest journey"),
        "board_slack": _("reserve at every boarding"),
        "snap_radius": _("radius in which a place is linked to a street"),
        "snap_radius_wide": _("second radius of linking"),
        "connector_detour_factor": _("detour factor of connectors"),
        "steps_factor": _("time on steps over that on level ground"),
        "island_share": _("smallest share of the network that is linked to"),
        "isochrone_buffer": _("half-width of the strip around reached streets"),
        "frequency_draws": _("draws of headway bands"),
        "stop_dwell": _("dwell of buses at new stops"),
        "street_join_radius": _("joining radius of new streets"),
        "morning_peak_from": _("start of the morning peak for buses"),
        "morning_peak_to": _("end of the morning peak for buses"),
        "evening_peak_from": _("start of the evening peak for buses"),
        "evening_peak_to": _("end of the evening peak for buses"),
        "max_grid_cells": _("squares of the grid at most"),
        "archive_max_files": _("files of an archive at most"),
        "archive_max_mb": _("size of an unpacked archive at most"),
        "archive_max_ratio": _("unpacked over packed size of an archive at most"),
    }
    return texts.get(rest, item)


def class_text(road_class: str) -> str:
    """Name a class of road."""
    link = road_class.endswith("_link")
    texts = {
        "motorway": _("motorway"),
        "trunk": _("trunk road"),
        "primary": _("primary road"),
        "secondary": _("secondary road"),
        "tertiary": _("tertiary road"),
        "unclassified": _("minor road"),
        "residential": _("residential street"),
        "living_street": _("living street"),
        "service": _("service road"),
        "road": _("all other roads"),
        "footway": _("footway"),
        "cycleway": _("cycleway"),
        "steps": _("steps"),
    }
    name = texts.get(road_class.removesuffix("_link"), road_class.replace("_", " "))
    return _("{road}, ramp", road=name) if link else name
