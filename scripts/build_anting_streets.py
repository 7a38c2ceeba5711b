"""Compile the Anting main-road tables (junctions.csv, links.csv) into data/anting/streets.osm.

The tables in ``data/anting/network`` are the source; the OSM XML file is derived and can be rebuilt at any
time. Run without arguments to write the file, with ``--check`` to fail when the file on disk differs from
what the tables give.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Geod

ROOT = Path(__file__).resolve().parent.parent
TABLES = ROOT / "data" / "anting" / "network"
OUTPUT = ROOT / "data" / "anting" / "streets.osm"

BOX = (121.08, 31.22, 121.38, 31.41)
MARKS = {"S", "I", "U", "W"}
MOTORWAYS = {"motorway"}
RAMPS = {"motorway_link", "trunk_link"}
SURFACE = {"trunk", "primary", "secondary", "tertiary", "unclassified"}
CLASSES = MOTORWAYS | RAMPS | SURFACE
JUNCTION_COLUMNS = ["id", "name", "lon", "lat", "mark", "uncertainty_m", "source", "note"]
LINK_COLUMNS = [
    "id", "from", "to", "road", "ref", "class", "carriageway", "oneway", "shape",
    "mark", "uncertainty_m", "source", "note",
]  # fmt: skip
HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Generalised main-road network of the Anting study; compiled from data/anting/network, do not edit.
     Contains information from OpenStreetMap, (c) OpenStreetMap contributors, made available under the
     Open Database License (ODbL) 1.0; this derived network is offered under the same licence.
     Ids are local to this file and are not ids of the OpenStreetMap database. Not for navigation. -->
"""

GEOD = Geod(ellps="WGS84")
Point = tuple[float, float]


@dataclass(frozen=True)
class Junction:
    """A node where links meet or end."""

    id: str
    name: str
    lon: float
    lat: float
    mark: str
    uncertainty_m: int

    @property
    def point(self) -> Point:
        """Longitude and latitude in degrees."""
        return self.lon, self.lat


@dataclass(frozen=True)
class Link:
    """A stretch of one road between two consecutive junctions."""

    id: str
    start: str
    end: str
    road: str
    ref: str
    highway: str
    dual: bool
    oneway: bool
    shape: tuple[Point, ...]
    mark: str
    uncertainty_m: int

    def line(self, junctions: dict[str, Junction]) -> list[Point]:
        """Whole centre line, end junctions included."""
        return [junctions[self.start].point, *self.shape, junctions[self.end].point]


def read_rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
    """Read a table and insist on its columns."""
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        if reader.fieldnames != columns:
            raise ValueError(f"{path.name}: columns are {reader.fieldnames}, expected {columns}")
        return list(reader)


def parse_shape(text: str) -> tuple[Point, ...]:
    """Read ``lon lat;lon lat`` into points."""
    points = []
    for part in filter(None, text.split(";")):
        lon, lat = part.split()
        points.append((float(lon), float(lat)))
    return tuple(points)


def read_junctions(folder: Path = TABLES) -> list[Junction]:
    """Read junctions.csv."""
    return [
        Junction(r["id"], r["name"], float(r["lon"]), float(r["lat"]), r["mark"], int(r["uncertainty_m"]))
        for r in read_rows(folder / "junctions.csv", JUNCTION_COLUMNS)
    ]


def read_links(folder: Path = TABLES) -> list[Link]:
    """Read links.csv."""
    return [
        Link(
            r["id"], r["from"], r["to"], r["road"], r["ref"], r["class"], r["carriageway"] == "dual",
            r["oneway"] == "yes", parse_shape(r["shape"]), r["mark"], int(r["uncertainty_m"]),
        )
        for r in read_rows(folder / "links.csv", LINK_COLUMNS)
    ]  # fmt: skip


def length_m(line: list[Point]) -> float:
    """Geodesic length of a line in metres."""
    return GEOD.line_length([p[0] for p in line], [p[1] for p in line])


def in_box(point: Point) -> bool:
    """Whether a point lies in the area the tables may cover."""
    west, south, east, north = BOX
    return west <= point[0] <= east and south <= point[1] <= north


def check_values(folder: Path) -> Iterator[str]:
    """Yield faults in free-text columns that the typed rows no longer show."""
    for row in read_rows(folder / "links.csv", LINK_COLUMNS):
        if row["carriageway"] not in {"dual", "single"}:
            yield f"{row['id']}: carriageway {row['carriageway']!r}"
        if row["oneway"] not in {"yes", "no"}:
            yield f"{row['id']}: oneway {row['oneway']!r}"
        if not row["source"]:
            yield f"{row['id']}: no source"


def check_junctions(junctions: list[Junction]) -> Iterator[str]:
    """Yield faults of single junctions and repeated ids or names."""
    for what, values in (("id", [j.id for j in junctions]), ("name", [j.name for j in junctions])):
        for value, count in Counter(values).items():
            if count > 1:
                yield f"junction {what} {value!r} occurs {count} times"
    for junction in junctions:
        if not re.fullmatch(r"J\d{3,4}", junction.id):
            yield f"{junction.id}: id is not J and 3-4 digits"
        if not in_box(junction.point):
            yield f"{junction.id}: outside the box"
        if junction.mark not in MARKS or junction.uncertainty_m <= 0:
            yield f"{junction.id}: mark {junction.mark!r}, uncertainty {junction.uncertainty_m}"


def link_faults(link: Link, junctions: dict[str, Junction]) -> Iterator[str]:
    """Yield faults of one link."""
    faults = {
        "id is not L and 3-4 digits": not re.fullmatch(r"L\d{3,4}", link.id),
        f"end {link.start} or {link.end} is not a junction": not {link.start, link.end} <= set(junctions),
        f"starts and ends at {link.start}": link.start == link.end,
        f"class {link.highway!r}": link.highway not in CLASSES,
        f"mark {link.mark!r}": link.mark not in MARKS,
        f"uncertainty {link.uncertainty_m}": link.uncertainty_m <= 0,
        "shape point outside the box": not all(map(in_box, link.shape)),
    }
    yield from (f"{link.id}: {text}" for text, wrong in faults.items() if wrong)


def check_links(links: list[Link], junctions: dict[str, Junction]) -> Iterator[str]:
    """Yield faults of single links, repeated ids and duplicates."""
    for value, count in Counter(link.id for link in links).items():
        if count > 1:
            yield f"link id {value!r} occurs {count} times"
    seen: dict[tuple[object, ...], str] = {}
    for link in links:
        yield from link_faults(link, junctions)
        key = (frozenset((link.start, link.end)), frozenset(link.shape))
        if key in seen:
            yield f"{link.id}: duplicate of {seen[key]}"
        seen[key] = link.id


def components(links: list[Link]) -> list[set[str]]:
    """Sets of junctions joined by links, largest first."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for link in links:
        neighbours[link.start].add(link.end)
        neighbours[link.end].add(link.start)
    left, found = set(neighbours), []
    while left:
        stack, group = [min(left)], set()
        while stack:
            node = stack.pop()
            if node not in group:
                group.add(node)
                stack.extend(neighbours[node] - group)
        found.append(group)
        left -= group
    return sorted(found, key=len, reverse=True)


def check_topology(junctions: list[Junction], links: list[Link]) -> Iterator[str]:
    """Yield faults of the network as a whole."""
    groups = components(links)
    for group in groups[1:]:
        yield f"component apart from the main one: {', '.join(sorted(group)[:8])}"
    for junction in junctions:
        if not any(junction.id in group for group in groups):
            yield f"{junction.id}: no link meets here"
    kinds: dict[str, set[str]] = defaultdict(set)
    for link in links:
        for end in (link.start, link.end):
            kinds[end].add(link.highway)
    for node, classes in sorted(kinds.items()):
        if classes & MOTORWAYS and classes & SURFACE:
            yield f"{node}: a motorway meets a surface road without a ramp"


def segments_cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether segment a-b properly crosses segment c-d."""

    def side(p: Point, q: Point, r: Point) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def bounds(line: list[Point]) -> tuple[float, float, float, float]:
    """West, south, east and north of a line."""
    lons, lats = [p[0] for p in line], [p[1] for p in line]
    return min(lons), min(lats), max(lons), max(lats)


def crossings(links: list[Link], junctions: dict[str, Junction]) -> Iterator[str]:
    """Yield pairs of links of one level that cross where no junction is."""
    drawn = [(link, link.line(junctions)) for link in links if link.highway not in RAMPS]
    boxed = [(link, line, bounds(line)) for link, line in drawn]
    for index, (one, line, box) in enumerate(boxed):
        for other, line2, box2 in boxed[index + 1 :]:
            if (one.highway in MOTORWAYS) != (other.highway in MOTORWAYS):
                continue
            if box[0] > box2[2] or box2[0] > box[2] or box[1] > box2[3] or box2[1] > box[3]:
                continue
            pairs = product(pairwise(line), pairwise(line2))
            if any(segments_cross(*p, *q) for p, q in pairs):
                yield f"{one.id} {one.road} crosses {other.id} {other.road} without a junction"


def tags(link: Link) -> list[tuple[str, str]]:
    """OSM tags of a link, sorted by key.

    ``oneway`` is always written: readers take a motorway for one-way when it is absent, and here one line
    stands for both carriageways.
    """
    found = {
        "accuracy:m": str(link.uncertainty_m),
        "highway": link.highway,
        "mark": link.mark,
        "name": link.road,
        "oneway": "yes" if link.oneway else "no",
        "source": "OpenStreetMap contributors (ODbL), generalised" if link.mark == "S" else "inferred",
    }
    if link.ref:
        found["ref"] = link.ref
    if link.dual:
        found["dual_carriageway"] = "yes"
    if link.highway in MOTORWAYS | RAMPS:
        found |= {"foot": "no", "bicycle": "no"}
    return sorted(found.items())


def node_xml(ident: int, point: Point, pairs: list[tuple[str, str]]) -> str:
    """One node element."""
    head = f'  <node id="{ident}" version="1" lat="{point[1]:.5f}" lon="{point[0]:.5f}"'
    if not pairs:
        return head + "/>\n"
    inner = "".join(f"    <tag k={quoteattr(k)} v={quoteattr(v)}/>\n" for k, v in pairs)
    return f"{head}>\n{inner}  </node>\n"


def compile_osm(junctions: list[Junction], links: list[Link]) -> str:
    """OSM XML 0.6 text of the tables: same tables, same bytes."""
    numbers = {junction.id: int(junction.id[1:]) for junction in junctions}
    nodes = [
        (numbers[j.id], j.point, [("mark", j.mark), ("name", j.name), ("accuracy:m", str(j.uncertainty_m))])
        for j in junctions
    ]
    ways = []
    for link in links:
        base = 100_000 + int(link.id[1:]) * 1_000
        inner = [base + k for k in range(len(link.shape))]
        nodes += [(ident, point, []) for ident, point in zip(inner, link.shape, strict=True)]
        ways.append((int(link.id[1:]), [numbers[link.start], *inner, numbers[link.end]], tags(link)))
    west, south, east, north = bounds([point for _, point, _ in nodes])
    parts = [HEADER, '<osm version="0.6" generator="build_anting_streets">\n']
    box = f'minlat="{south:.5f}" minlon="{west:.5f}" maxlat="{north:.5f}" maxlon="{east:.5f}"'
    parts.append(f"  <bounds {box}/>\n")
    parts += [node_xml(ident, point, sorted(pairs)) for ident, point, pairs in sorted(nodes)]
    for ident, refs, pairs in sorted(ways):
        parts.append(f'  <way id="{ident}" version="1">\n')
        parts += [f'    <nd ref="{ref}"/>\n' for ref in refs]
        parts += [f"    <tag k={quoteattr(k)} v={quoteattr(v)}/>\n" for k, v in pairs]
        parts.append("  </way>\n")
    return "".join([*parts, "</osm>\n"])


def summary(junctions: list[Junction], links: list[Link]) -> Iterator[str]:
    """Yield lines that say how much the tables hold."""
    by_id = {j.id: j for j in junctions}
    classes: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    for link in links:
        km = length_m(link.line(by_id)) / 1000
        classes[link.highway] += km
        marks[link.mark] += km
    yield f"{len(junctions)} junctions, {len(links)} links, {sum(classes.values()):.1f} km"
    yield "km by class: " + ", ".join(f"{k} {v:.1f}" for k, v in classes.most_common())
    yield "km by mark: " + ", ".join(f"{k} {v:.1f}" for k, v in marks.most_common())
    yield f"components: {len(components(links))}"


def main() -> int:
    """Validate the tables, then write the file or compare it."""
    parser = argparse.ArgumentParser(description="Compile the Anting main-road tables into streets.osm.")
    parser.add_argument("--check", action="store_true", help="fail if the file differs from the tables")
    args = parser.parse_args()
    junctions, links = read_junctions(), read_links()
    by_id = {junction.id: junction for junction in junctions}
    faults = [*check_values(TABLES), *check_junctions(junctions), *check_links(links, by_id)]
    faults = faults or [*check_topology(junctions, links)]
    if faults:
        print("\n".join(["faults in the tables:", *faults]), file=sys.stderr)
        return 1
    print("\n".join(summary(junctions, links)))
    warnings = list(crossings(links, by_id))
    print("\n".join([f"warnings: {len(warnings)}", *warnings]))
    text = compile_osm(junctions, links)
    if args.check:
        same = OUTPUT.is_file() and OUTPUT.read_text(encoding="utf-8") == text
        print("streets.osm matches the tables" if same else "streets.osm differs from the tables: rebuild it")
        return 0 if same else 1
    OUTPUT.write_text(text, encoding="utf-8")
    print(f"written: {OUTPUT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
