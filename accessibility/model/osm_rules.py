"""The rules of OpenStreetMap: which tags let whom pass, as tables of data and the functions that apply them.

Sources: the OpenStreetMap wiki, pages *OSM tags for routing/Access restrictions* (worldwide defaults),
*Key:access*, *Key:oneway*, *Key:barrier*, *Key:maxspeed* and *Relation:restriction*. Where the wiki leaves a
choice, the choice is told beside the row.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.units import mps_from_kmh

Tags = Mapping[str, str]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLASS_MODES: Mapping[str, int] = {
    "motorway": DRIVE,
    "motorway_link": DRIVE,
    "trunk": EVERYONE,
    "trunk_link": EVERYONE,
    "primary": EVERYONE,
    "primary_link": EVERYONE,
    "secondary": EVERYONE,
    "secondary_link": EVERYONE,
    "tertiary": EVERYONE,
    "tertiary_link": EVERYONE,
    "unclassified": EVERYONE,
    "residential": EVERYONE,
    "living_street": EVERYONE,
    "service": EVERYONE,
    "road": EVERYONE,
    "track": WALK | CYCLE,  # driven only where a tag says so: most tracks serve fields and forests alone
    "path": WALK | CYCLE,
    "cycleway": CYCLE,
    "footway": WALK,
    "pedestrian": WALK,
    "steps": WALK,
    "platform": WALK,
    "elevator": WALK,
    "bridleway": 0,  # horses; others where a tag says so
    "busway": 0,  # buses run by their timetable; others where a tag says so
    "bus_guideway": 0,
}
"""Class of street (value of ``highway``) -> who may use it where no other tag says anything."""

NOT_STREETS = _words(
    "abandoned bus_stop construction corridor crossing demolished disused dismantled emergency_access_point "
    "emergency_bay escape historic ladder milestone no passing_place planned proposed raceway razed removed "
    "rest_area services street_lamp toll_gantry traffic_island traffic_signals trailhead turning_circle "
    "via_ferrata virtual"
)
"""Values of ``highway`` that are known and are no street to travel on."""

ACCESS_KEYS: Mapping[int, tuple[str, ...]] = {
    WALK: ("access", "foot"),
    CYCLE: ("access", "vehicle", "bicycle"),
    DRIVE: ("access", "vehicle", "motor_vehicle", "motorcar"),
}
"""Mode -> its access keys, the more special the later; the last one that says something holds."""

OWN_KEYS = frozenset({"foot", "bicycle", "motor_vehicle", "motorcar"})
"""Keys that can open what the class closes; ``access=yes`` does not make a footway a road for cars."""

ALLOWED = _words("yes designated official permissive destination customers residents tolerated discouraged")
DENIED = _words(
    "no private agricultural forestry delivery emergency military permit psv bus taxi hov service "
    "use_sidepath dismount restricted staff employees official_only closed"
)
"""Values of the access keys; any other value (``unknown``, ``variable``) leaves what was said before."""

ONEWAY: Mapping[str, tuple[bool, bool]] = {
    "yes": (True, False),
    "true": (True, False),
    "1": (True, False),
    "-1": (False, True),
    "reverse": (False, True),
    "no": (True, True),
    "false": (True, True),
    "0": (True, True),
    "alternating": (True, True),
    "reversible": (False, False),  # which way is open changes with the hour: nobody can rely on it
}
"""Value of ``oneway`` -> open along the way, open against it."""

ONEWAY_KEYS: Mapping[int, tuple[str, ...]] = {
    WALK: ("oneway:foot",),
    CYCLE: ("oneway:bicycle", "oneway:vehicle", "oneway"),
    DRIVE: ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"),
}
"""Mode -> the keys that tell its direction, the most special first; one-way streets are walked both ways."""

ONEWAY_CLASSES = frozenset({"motorway"})
ROUND = frozenset({"roundabout", "circular"})
"""Classes and values of ``junction`` that imply one-way traffic unless ``oneway=no`` is tagged."""

BARRIERS: Mapping[str, int] = {
    **dict.fromkeys(
        _words(
            "block bollard bump_gate bus_trap chain cycle_barrier cycle_block debris jersey_barrier log "
            "motorcycle_barrier obstacle planter rope sump_buster tree wicket_gate yes"
        ),
        DRIVE,
    ),
    **dict.fromkeys(_words("full-height_turnstile horse_stile kissing_gate stile turnstile"), DRIVE | CYCLE),
    **dict.fromkeys(_words("ditch fence guard_rail hedge retaining_wall wall"), EVERYONE),
}
"""Value of ``barrier`` on a node -> who cannot pass; gates, lift gates, toll booths, kerbs, cattle grids and
whatever is not listed let everybody pass unless their access tags say otherwise."""

SPEED_UNITS_KMH: Mapping[str, float] = {
    "": 1.0,
    "km/h": 1.0,
    "kmh": 1.0,
    "kph": 1.0,
    "mph": 1.609344,
    "knots": 1.852,
}
"""Unit behind a value of ``maxspeed`` -> km/h; the international mile and nautical mile."""

SPEED_WORDS_KMH: Mapping[str, float] = {"walk": 7.0}
"""Words that are a speed: walking pace, the value routers share (wiki, *Key:maxspeed*)."""

RESTRICTION_MODES: Mapping[str, int] = {
    "restriction": DRIVE | CYCLE,
    "restriction:motor_vehicle": DRIVE,
    "restriction:motorcar": DRIVE,
    "restriction:bicycle": CYCLE,
}
"""Key of a restriction relation -> whom it binds; keys for lorries or buses bind nobody here."""

EXCEPTIONS: Mapping[str, int] = {
    "bicycle": CYCLE,
    "motorcar": DRIVE,
    "motor_vehicle": DRIVE,
    "vehicle": DRIVE | CYCLE,
}
"""Word in ``except`` -> whom the restriction spares."""

_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z/]*)")


NO_STOPPING = ("motorway", "motorway_link")
"""Classes on which nobody may stop, so that no journey begins or ends there."""


def street_class(tags: Tags) -> str:
    """
    Name the class of street a way belongs to.

    Parameters
    ----------
    tags
        Tags of the way.

    Returns
    -------
    road_class
        A key of `CLASS_MODES`; ``""`` where the way is no street. Of several values (``a;b``) the first
        known one; a platform without ``highway`` is a ``platform``.
    """
    value = tags.get("highway", "")
    if value in CLASS_MODES:
        return value
    for part in value.split(";"):
        if part.strip() in CLASS_MODES:
            return part.strip()
    if not value and "platform" in (tags.get("railway"), tags.get("public_transport")):
        return "platform"
    return ""


def way_modes(tags: Tags) -> tuple[int, int]:
    """
    Find who may use a way.

    Parameters
    ----------
    tags
        Tags of the way.

    Returns
    -------
    forward, backward
        Modes (bits) that may go along the way and against it; both 0 where it is no street.
    """
    road_class = street_class(tags)
    if not road_class:
        return 0, 0
    default = _default_modes(tags, road_class)
    both_ways = [0, 0]
    for mode in (WALK, CYCLE, DRIVE):
        open_ways = _directions(tags, mode, road_class)
        for direction, suffix in enumerate((":forward", ":backward")):
            if open_ways[direction] and _granted(tags, mode, allowed=bool(default & mode), suffix=suffix):
                both_ways[direction] |= mode
    return both_ways[0], both_ways[1]


def _default_modes(tags: Tags, road_class: str) -> int:
    """Say who may use a street before its access tags are read."""
    modes = CLASS_MODES[road_class]
    if tags.get("motorroad") == "yes":
        modes &= ~(WALK | CYCLE)
    if tags.get("area") == "yes":
        modes &= WALK  # the outline of an area is walked; wheels have no line there
    if tags.get("service") == "emergency_access":
        modes &= WALK
    if any(tags.get(key) in _PAVEMENT for key in _SIDEWALKS):
        modes |= WALK
    if any(tags.get(key) in _CYCLE_LANES for key in _CYCLEWAYS):
        modes |= CYCLE
    if road_class == "cycleway" and tags.get("segregated") in {"yes", "no"}:
        modes |= WALK  # the key only makes sense where walkers share the way
    return modes


_SIDEWALKS = ("sidewalk", "sidewalk:left", "sidewalk:right", "sidewalk:both")
_PAVEMENT = frozenset({"yes", "both", "left", "right"})
_CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")
_CYCLE_LANES = _words("lane track share_busway opposite_lane opposite_track opposite_share_busway")


def _granted(tags: Tags, mode: int, *, allowed: bool, suffix: str = "") -> bool:
    """Follow the access keys of a mode from the general to the special, each also in one direction."""
    granted = allowed
    for key in ACCESS_KEYS[mode]:
        for name in (key, key + suffix) if suffix else (key,):
            value = tags.get(name)
            if value is None:
                continue
            words = {word.strip() for word in value.split(";")}
            if words & ALLOWED:
                granted = granted or allowed or key in OWN_KEYS
            elif words & DENIED:
                granted = False
    return granted


def _directions(tags: Tags, mode: int, road_class: str) -> tuple[bool, bool]:
    """Say whether a mode may go along a way and against it, by the one-way tags."""
    if mode == WALK and "conveying" in tags:
        moving = {"forward": (True, False), "backward": (False, True)}.get(tags["conveying"])
        if moving:
            return moving
    if mode == CYCLE and "oneway:bicycle" not in tags and _contraflow(tags):
        return True, True
    for key in ONEWAY_KEYS[mode]:
        if tags.get(key) in ONEWAY:
            return ONEWAY[tags[key]]
    implied = mode != WALK and (road_class in ONEWAY_CLASSES or tags.get("junction") in ROUND)
    return ONEWAY["yes"] if implied else ONEWAY["no"]


def _contraflow(tags: Tags) -> bool:
    return any(
        tags.get(key, "").startswith("opposite") or tags.get(f"{key}:oneway") in {"-1", "no"}
        for key in _CYCLEWAYS
    )


def node_closed(tags: Tags) -> int:
    """
    Find who cannot pass a node.

    Parameters
    ----------
    tags
        Tags of the node.

    Returns
    -------
    closed
        Modes (bits) a barrier stops; its access tags override its kind, a locked gate stops everyone whom
        no tag lets through. 0 where there is no barrier.
    """
    barrier = tags.get("barrier")
    if barrier is None:
        return 0
    stopped = EVERYONE if tags.get("locked") == "yes" else BARRIERS.get(barrier, 0)
    closed = 0
    for mode in (WALK, CYCLE, DRIVE):
        if not _granted(tags, mode, allowed=not stopped & mode):
            closed |= mode
    return closed


def has_signals(tags: Tags) -> bool:
    """Say whether traffic signals for vehicles stand at a node; those of a foot crossing do not count."""
    return "traffic_signals" in tags.get("highway", "").split(";")


def speed_cap_mps(tags: Tags) -> float:
    """
    Read the posted maximum speed.

    Parameters
    ----------
    tags
        Tags of the way.

    Returns
    -------
    cap_mps
        Speed (m/s); the lowest where several are posted; ``inf`` where none is, or only a zone
        (``CN:urban``), ``none`` or ``signals``.
    """
    values = [tags["maxspeed"]] if "maxspeed" in tags else []
    values = values or [tags[key] for key in ("maxspeed:forward", "maxspeed:backward") if key in tags]
    caps = [_speed_kmh(part) for value in values for part in value.split(";")]
    return mps_from_kmh(min(caps, default=math.inf))


def _speed_kmh(text: str) -> float:
    word = text.strip().lower()
    if word in SPEED_WORDS_KMH:
        return SPEED_WORDS_KMH[word]
    match = _SPEED.fullmatch(word)
    if match is None or match[2] not in SPEED_UNITS_KMH or float(match[1]) <= 0:
        return math.inf
    return float(match[1]) * SPEED_UNITS_KMH[match[2]]


def street_name(tags: Tags) -> str:
    """Read what a street is called: its name (Chinese or English where it has no other) or its number."""
    return next((tags[key] for key in ("name", "name:zh", "name:en", "ref") if tags.get(key)), "")


@dataclass(frozen=True)
class TurnRule:
    """
    What the tags of a restriction relation say.

    Parameters
    ----------
    kind
        ``no`` (this manoeuvre is forbidden), ``only`` (every other one is), or ``conditional`` (at certain
        hours; not applied).
    value
        The tagged value, e.g. ``no_left_turn``.
    modes
        Modes (bits) that are bound; not 0.
    """

    kind: str
    value: str
    modes: int


def turn_rules(tags: Tags) -> tuple[TurnRule, ...]:
    """
    Read the tags of a restriction relation.

    Parameters
    ----------
    tags
        Tags of a relation with ``type=restriction``.

    Returns
    -------
    rules
        One per key that binds a mode of this program; empty where lorries or buses alone are bound.
    """
    spared = 0
    for word in tags.get("except", "").split(";"):
        spared |= EXCEPTIONS.get(word.strip(), 0)
    rules = []
    for key, bound in RESTRICTION_MODES.items():
        modes = bound & ~spared
        if not modes:
            continue
        if f"{key}:conditional" in tags:
            rules.append(TurnRule("conditional", tags[f"{key}:conditional"], modes))
        value = tags.get(key, "")
        kind = value.partition("_")[0]
        if kind in {"no", "only"} and value != kind:
            hours = "hour_on" in tags or "day_on" in tags
            rules.append(TurnRule("conditional" if hours else kind, value, modes))
    return tuple(rules)
