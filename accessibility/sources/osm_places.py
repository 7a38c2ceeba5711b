"""Places (schools, hospitals, stations, …) from a file of OpenStreetMap."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import osmium
import shapely
from osmium.filter import TagFilter

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance
from accessibility.sources.osm_files import OsmFile, osm_file, told_as_damage

_NOWHERE = (math.nan, math.nan)


@dataclass(frozen=True)
class _Thing:
    """A place as it is mapped; `area` is ``None`` where it is a point or has no usable outline."""

    kind: str
    number: int
    tags: Mapping[str, str]
    position: tuple[float, float]
    area: shapely.Geometry | None = None

    @property
    def place_id(self) -> str:
        return f"{self.kind}{self.number}"

    @property
    def name(self) -> str:
        return next((self.tags[key] for key in ("name", "name:zh", "name:en") if self.tags.get(key)), "")


def read_osm_places(path: str | Path, tags: Mapping[str, Sequence[str]] | Sequence[str]) -> Places:
    """
    Find places by their tags in an extract of OpenStreetMap.

    Parameters
    ----------
    path
        A file that `read_streets` reads too; nodes before ways before relations, as is usual.
    tags
        What to find: ``{"amenity": ["school", "hospital"]}`` or ``["amenity=school", "railway=station"]``.

    Returns
    -------
    places
        Points, and areas as one point inside them (the centroid where that lies inside). Identifiers are
        ``n``, ``w`` or ``r`` and the number in OpenStreetMap; the kind is the value of the first tag asked
        for that it has; facts are ``mark``, ``source`` and ``osm`` (the tag). A place whose outline is not
        complete in the file is kept without a position. A point that stands in an area of the same kind
        and name is that place a second time and left out, with a notice.

    Raises
    ------
    UsageError
        If a tag is not written as key and value.
    SourceError
        If the file is missing, damaged or of another format than its name says.
    """
    wanted = _pairs(tags)
    file = osm_file(path)
    with told_as_damage(file.path):
        source = file.record()
        found = _read(file, wanted)
    found, twice = _without_repeats(found, wanted)
    notices = _notices(found, twice, wanted)
    pairs = [_first_pair(thing, wanted) for thing in found]
    position = np.array([thing.position for thing in found], dtype=float).reshape(-1, 2)
    return Places(
        ids=tuple(thing.place_id for thing in found),
        names=tuple(
            thing.name or f"{pair[1]} {thing.place_id}" for thing, pair in zip(found, pairs, strict=True)
        ),
        kinds=tuple(value for _key, value in pairs),
        lon=position[:, 0],
        lat=position[:, 1],
        count=np.ones(len(found)),
        uncertainty_m=np.zeros(len(found)),
        facts={
            "mark": ("S",) * len(found),
            "source": ("OpenStreetMap",) * len(found),
            "osm": tuple("=".join(pair) for pair in pairs),
            "name_en": tuple(thing.tags.get("name:en", "") for thing in found),
        },
        provenance=Provenance((source,), tuple(replace(notice, file=file.path.name) for notice in notices)),
    )


def _pairs(tags: Mapping[str, Sequence[str]] | Sequence[str]) -> list[tuple[str, str]]:
    if isinstance(tags, Mapping):
        pairs = [(key, value) for key, values in tags.items() for value in values]
    else:
        pairs = [(key.strip(), value.strip()) for key, _equals, value in (tag.partition("=") for tag in tags)]
    if not pairs or not all(key and value for key, value in pairs):
        raise UsageError(
            _("a tag is written as key=value"), mend=_("For example amenity=school."), code="osm-tag"
        )
    return pairs


def _first_pair(thing: _Thing, wanted: Iterable[tuple[str, str]]) -> tuple[str, str]:
    return next((key, value) for key, value in wanted if thing.tags.get(key) == value)


def _read(file: OsmFile, wanted: Sequence[tuple[str, str]]) -> list[_Thing]:
    """Read points, areas, and what was meant as an area but has no complete outline; by kind and number."""
    found: dict[str, _Thing] = {}
    draw = osmium.geom.WKBFactory()
    processor = (
        osmium.FileProcessor(file.open()).with_areas(TagFilter(*wanted)).with_filter(TagFilter(*wanted))
    )
    for thing in processor:
        if thing.deleted:
            continue
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_area():
            kind, number = ("w" if thing.from_way() else "r"), thing.orig_id()
            area = shapely.from_wkb(draw.create_multipolygon(thing))
            one = _Thing(kind, number, tags, _inside(area), area)
        elif thing.is_node():
            known = thing.location.valid()
            position = (thing.location.lon, thing.location.lat) if known else _NOWHERE
            one = _Thing("n", thing.id, tags, position)
        else:
            position = _middle(thing) if thing.is_way() else _NOWHERE
            one = _Thing(thing.type_str(), thing.id, tags, position)
        if one.area is not None or one.place_id not in found:
            found[one.place_id] = one
    return sorted(found.values(), key=lambda thing: (thing.kind, thing.number))


def _inside(area: shapely.Geometry) -> tuple[float, float]:
    point = area.centroid if area.contains(area.centroid) else area.point_on_surface()
    return point.x, point.y


def _middle(way: osmium.osm.Way) -> tuple[float, float]:
    """Find the middle of an open way."""
    points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    if not points:
        return _NOWHERE
    middle = shapely.MultiPoint(points).centroid if len(points) < 2 else shapely.LineString(points).centroid
    return middle.x, middle.y


def _without_repeats(
    found: Sequence[_Thing], wanted: Sequence[tuple[str, str]]
) -> tuple[list[_Thing], list[_Thing]]:
    """Part places from points that repeat an area of the same kind and name around them."""
    areas: dict[tuple[str, str], list[_Thing]] = {}
    for thing in found:
        if thing.area is not None and thing.name:
            areas.setdefault((_first_pair(thing, wanted)[1], thing.name), []).append(thing)
    twice = [
        thing
        for thing in found
        if thing.kind == "n"
        and any(
            area.area is not None and area.area.covers(shapely.Point(thing.position))
            for area in areas.get((_first_pair(thing, wanted)[1], thing.name), ())
        )
    ]
    left_out = {thing.place_id for thing in twice}
    return [thing for thing in found if thing.place_id not in left_out], twice


def _notices(
    found: Sequence[_Thing], twice: Sequence[_Thing], wanted: Sequence[tuple[str, str]]
) -> list[Notice]:
    asked = ", ".join("=".join(pair) for pair in wanted)
    nowhere = [thing.place_id for thing in found if math.isnan(thing.position[0])]
    repeated = [thing.place_id for thing in twice]
    told = [
        Notice(
            "osm-no-places",
            "warning",
            _("no place in the file has one of the tags {tags}", tags=asked),
            count=int(not found),
        ),
        Notice(
            "osm-place-nowhere",
            "warning",
            _("places have no complete outline in the file and stay without a position, e.g. {id}"),
            value="".join(nowhere[:1]),
            count=len(nowhere),
        ),
        Notice(
            "osm-place-twice",
            "info",
            _("points repeat an area of the same kind and name around them and are left out, e.g. {id}"),
            value="".join(repeated[:1]),
            count=len(repeated),
        ),
    ]
    return [
        replace(notice, message=notice.message.replace("{id}", notice.value))
        for notice in told
        if notice.count
    ]
