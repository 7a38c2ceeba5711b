"""Changes a scenario makes to streets, entrances and places. Pure data."""

from dataclasses import dataclass

Position = tuple[float, float]
"""Longitude and latitude (degrees, WGS-84)."""


@dataclass(frozen=True)
class AddStreet:
    """
    Build a street.

    Parameters
    ----------
    course
        Positions from end to end; an end within the joining radius of a street joins it there.
    road_class, name
        OSM ``highway`` value and name.
    modes
        Who may use it: ``walk``, ``cycle``, ``drive``; as is usual for its class where ``None``.
    one_way
        Whether cars and bicycles run along the course only.
    speed_kmh
        Speed limit, where there is one.
    junctions
        Positions on the course where streets that it crosses are joined; a crossing that is not stated is a
        bridge.
    """

    course: tuple[Position, ...]
    road_class: str = "residential"
    name: str = ""
    modes: tuple[str, ...] | None = None
    one_way: bool = False
    speed_kmh: float | None = None
    junctions: tuple[Position, ...] = ()


@dataclass(frozen=True)
class CloseStreet:
    """Close streets to some modes: by OSM way numbers, by name, by both where both are given."""

    ways: tuple[int, ...] = ()
    name: str = ""
    modes: tuple[str, ...] = ("walk", "cycle", "drive")


@dataclass(frozen=True)
class ChangeStreet:
    """
    Change streets, named as for `CloseStreet`.

    Parameters
    ----------
    ways, name
        Which streets.
    speed_kmh
        New speed limit.
    modes
        Who may use them from now on; who is let in anew goes where vehicles go. As before where ``None``.
    one_way
        ``True``: cars and bicycles run along the street only; ``False``: both ways; as before where ``None``.
    """

    ways: tuple[int, ...] = ()
    name: str = ""
    speed_kmh: float | None = None
    modes: tuple[str, ...] | None = None
    one_way: bool | None = None


@dataclass(frozen=True)
class AddEntrance:
    """Open another entrance to a stop: at a position, so many seconds' walk from the platform."""

    stop: str
    lon: float
    lat: float
    walk_s: int
    name: str = ""


@dataclass(frozen=True)
class AddPlace:
    """Open a school, a hospital, a station …: a place of a kind."""

    id: str
    kind: str
    name: str
    lon: float
    lat: float
    count: float = 1.0
    line: str = ""


@dataclass(frozen=True)
class MovePlace:
    """Move a place."""

    id: str
    lon: float
    lat: float
