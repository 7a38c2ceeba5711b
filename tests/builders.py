"""Small worlds written as text."""

import numpy as np

from accessibility.model.modes import CYCLE, DRIVE, EVERYONE, WALK
from accessibility.model.places import Places
from accessibility.model.projection import unproject
from accessibility.model.streets import Streets
from accessibility.model.travel_query import TravelQuery

CRS = "EPSG:4549"
ORIGIN_M = (610_000.0, 3_463_000.0)
MODES = {"all": EVERYONE, "walk": WALK, "cycle": CYCLE, "drive": DRIVE, "ride": CYCLE | DRIVE}


def town(nodes, segments, *, bans=(), signals=(), closed=None):
    """
    Build streets.

    Nodes: ``"A 0 0, B 100 0"`` (metres from a corner of Anting). Segments: ``"A B"``, then any of a class, a
    name in quotes (``'x'``), ``oneway`` (one way for cycle and drive), ``len=120``, ``only=walk``, ``cap=30``
    (km/h), ``steps``. Bans: tuples of node letters, e.g. ``("A B C",)``. Closed: node -> modes.
    """
    letters, xy = [], []
    for entry in nodes.replace("\n", ",").split(","):
        if entry.strip():
            letter, x, y = entry.split()
            letters.append(letter)
            xy.append((ORIGIN_M[0] + float(x), ORIGIN_M[1] + float(y)))
    index = {letter: i for i, letter in enumerate(letters)}
    rows = [_segment(line, index, xy) for line in segments.replace("\n", ",").split(",") if line.strip()]
    classes = tuple(dict.fromkeys(row["road_class"] for row in rows))
    names = ("", *dict.fromkeys(row["name"] for row in rows if row["name"]))
    by_ends = {}
    for i, row in enumerate(rows):
        by_ends[row["ends"]] = 2 * i
        by_ends.setdefault(row["ends"][::-1], 2 * i + 1)
    ban_edges = [
        [by_ends[index[a], index[b]] for a, b in zip(p.split(), p.split()[1:], strict=False)] for p in bans
    ]
    x_m, y_m = np.array(xy).T
    ends = np.array([row["ends"] for row in rows])
    blocked = np.zeros(len(letters), np.uint8)
    for letter, modes in (closed or {}).items():
        blocked[index[letter]] = MODES[modes]
    return Streets(
        crs=CRS,
        node_ids=np.arange(len(letters)),
        x_m=x_m,
        y_m=y_m,
        node_signal=np.isin(letters, list(signals)),
        node_closed=blocked,
        segment_from=ends[:, 0],
        segment_to=ends[:, 1],
        length_m=[row["length_m"] for row in rows],
        way_ids=np.arange(len(rows)),
        road_class=[classes.index(row["road_class"]) for row in rows],
        road_classes=classes,
        name=[names.index(row["name"]) for row in rows],
        names=names,
        speed_cap_mps=[row["cap"] / 3.6 for row in rows],
        forward=[row["forward"] for row in rows],
        backward=[row["backward"] for row in rows],
        steps=[row["steps"] for row in rows],
        shape_offset=np.arange(len(rows) + 1) * 2,
        shape_x_m=x_m[ends].ravel(),
        shape_y_m=y_m[ends].ravel(),
        ban_offset=np.concatenate([[0], np.cumsum([len(ban) for ban in ban_edges])]).astype(int),
        ban_edges=[edge for ban in ban_edges for edge in ban],
        ban_modes=[DRIVE] * len(ban_edges),
    )


def _segment(line, index, xy):
    a, b, *words = line.split()
    ends = (index[a], index[b])
    row = {
        "ends": ends,
        "road_class": "residential",
        "name": "",
        "length_m": float(np.hypot(*(np.array(xy[ends[1]]) - np.array(xy[ends[0]])))),
        "cap": np.inf,
        "forward": EVERYONE,
        "backward": EVERYONE,
        "steps": False,
    }
    for word in words:
        key, _, value = word.partition("=")
        if word == "oneway":
            row["backward"] = WALK
        elif word == "steps":
            row.update(steps=True, road_class="steps", forward=WALK, backward=WALK)
        elif key == "len":
            row["length_m"] = float(value)
        elif key == "cap":
            row["cap"] = float(value)
        elif key == "only":
            row.update(forward=MODES[value], backward=MODES[value])
        elif word.startswith("'"):
            row["name"] = word.strip("'")
        else:
            row["road_class"] = word
    return row


def spots(text, *, kind="spot", facts=None):
    """Build places: ``"p 10 0, q 90 5"`` in the metres of `town`; ``"r ? ?"`` has no position."""
    ids, lon, lat = [], [], []
    for entry in text.split(","):
        place, x, y = entry.split()
        ids.append(place)
        known = x != "?"
        at = _degrees(float(x), float(y)) if known else (np.nan, np.nan)
        lon.append(at[0])
        lat.append(at[1])
    n = len(ids)
    return Places(
        tuple(ids),
        tuple(ids),
        (kind,) * n,
        np.array(lon),
        np.array(lat),
        np.ones(n),
        np.zeros(n),
        facts or {},
    )


def _degrees(x, y):
    lon, lat = unproject(np.array([ORIGIN_M[0] + x]), np.array([ORIGIN_M[1] + y]), CRS)
    return lon.item(), lat.item()


def walking(mps=1.0, **changes):
    """Build a query on foot: 1 m/s and no detour, so that metres are seconds."""
    return moving("walk", mps, **changes)


def moving(mode, mps=1.0, **changes):
    """Build a query for a mode at one speed."""
    settings = {
        "mode": mode,
        "levels": ("mid",),
        "connector_mps": (mps,),
        "detour_factor": 1.0,
        "snap_radius_m": (300.0, 1600.0),
        "island_share": 0.0,
        "steps_factor": 2.0,
        "max_duration_s": 7200,
        "speed_mps": (mps,),
    }
    return TravelQuery(**(settings | changes))
