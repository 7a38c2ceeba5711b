"""Check the Anting main-road tables against a folder of reference geometry and against known distances.

Usage: ``python scripts/check_anting_streets.py [REFERENCE_FOLDER] [--write]``. The reference folder (OSM way
fragments, not distributed) holds GeoJSON files; without it only the anchor distances are checked.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
from build_anting_streets import MOTORWAYS, RAMPS, TABLES, Junction, Link, read_junctions, read_links
from pyproj import Transformer
from shapely import STRtree
from shapely.geometry import LineString, Point
from shapely.ops import substring

DEFAULT_REFERENCE = Path("..") / "shared" / "data" / "anting_reference"
DEVIATIONS = TABLES / "deviation.csv"
TO_METRES = Transformer.from_crs("EPSG:4326", "EPSG:4549", always_xy=True)
STEP_M = 50.0
NEAR_M = 200.0
STUDY_BOX = (121.09, 31.23, 121.36, 31.40)
ALIASES = {"黄渡 • 绿苑南路": "绿苑路"}
STRUCTURES = {
    "翔江公路": ["一号桥", "二号桥", "三号桥", "四号桥", "五号桥", "翔江公路9号桥"],
    "金昌西路": ["高泾河桥", "盐铁河桥", "星光新开河桥", "新浅江桥", "嘉金跨线桥", "第四沥1号河桥",
              "第四沥2号河桥", "翔黄路跨线桥", "吾尚塘桥"],
    "金沙江西路": ["金沙江路桥"],
    "华翔路": ["华翔路高架桥"],
}  # fmt: skip
COLUMNS = [
    "road", "ours_km", "reference_km", "compared_share", "median_m", "p90_m", "max_m",
    "s_km", "s_compared_km", "s_median_m", "s_p90_m",
    "other_km", "other_compared_km", "other_median_m", "other_p90_m",
    "reverse_median_m", "reverse_p90_m", "reverse_max_m",
]  # fmt: skip

Drawn = tuple[Link, LineString]

# Points of the anchors: name, longitude, latitude (WGS-84). The centre's site is a candidate, +-600 m.
C2 = ("候选 C2", 121.25707, 31.27762)
FENGBANG = ("封浜站", 121.29254, 31.26946)
ANTING = ("安亭站", 121.15745, 31.29039)
RUIJIN = ("瑞金北院", 121.25448, 31.33745)
NORTH = ("安亭北站", 121.15283, 31.31568)
HUANGDU = ("黄渡汽车站", 121.20734, 31.27429)
OLD_STREET = ("和静路安亭老街(位置推断)", 121.15300, 31.30360)
XINYUAN = ("新源路×曹安公路", 121.15489, 31.29059)
ROUTE_HUANGDU = (
    "径二路", "宝安公路", "墨玉北路", "墨玉路", "民丰路", "米泉路", "米泉南路", "曹安公路", "绿苑路",
)  # fmt: skip
ROUTE_NORTH = ("和静路", "新源路", "宝安公路", "径二路")
# Stops of bus 嘉定116 between its ends, in the order inferred from the streets (map-service list of 2020).
STOPS_116 = (
    (121.14612, 31.31116), (121.14882, 31.30785), (121.15341, 31.30787), (121.15657, 31.30786),
    (121.15855, 31.30219), (121.15881, 31.28981), (121.16011, 31.28288), (121.16221, 31.28230),
    (121.16939, 31.28387), (121.17462, 31.28314), (121.18615, 31.27928), (121.19053, 31.27857),
    (121.18896, 31.27613), (121.19040, 31.26805), (121.19802, 31.26626), (121.20450, 31.26466),
    (121.21295, 31.26427), (121.21069, 31.26953),
)  # fmt: skip


@dataclass(frozen=True)
class Anchor:
    """A distance known from elsewhere and the band it must fall in."""

    start: tuple[str, float, float]
    end: tuple[str, float, float]
    low_km: float
    high_km: float
    source: str
    roads: tuple[str, ...] = ()
    via: tuple[tuple[float, float], ...] = ()

    def legs(self) -> Iterator[tuple[tuple[str, float, float], tuple[str, float, float]]]:
        """Pairs of named points to be driven one after the other."""
        inner = [(f"via {k}", lon, lat) for k, (lon, lat) in enumerate(self.via)]
        yield from pairwise([self.start, *inner, self.end])


ANCHORS = [
    Anchor(C2, FENGBANG, 3.4, 4.0, "centre line 3.5 km"),
    Anchor(C2, ANTING, 9.9, 11.5, "centre line 10.0-10.6 km"),
    Anchor(C2, RUIJIN, 7.5, 12.0, "straight line 6.6 km, detour 1.13-1.8"),
    Anchor(FENGBANG, XINYUAN, 13.3, 13.9, "centre line of 曹安公路 13.6 km", ("曹安公路",)),
    Anchor(NORTH, HUANGDU, 8.7, 9.8, "driving plan, empty run 9.2 km", ROUTE_HUANGDU),
    Anchor(OLD_STREET, NORTH, 2.1, 2.9, "driving plan, empty run 2.5 km", ROUTE_NORTH),
    Anchor(NORTH, HUANGDU, 14.0, 16.4, "bus 嘉定116, plan 15.2 km; stop order inferred", via=STOPS_116),
]


def to_metres(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Project points to EPSG:4549."""
    return [TO_METRES.transform(lon, lat) for lon, lat in points]


def our_lines(junctions: list[Junction], links: list[Link]) -> list[Drawn]:
    """Centre lines of the links in metres."""
    by_id = {junction.id: junction for junction in junctions}
    return [(link, LineString(to_metres(link.line(by_id)))) for link in links]


def reference_lines(folder: Path) -> dict[str, list[LineString]]:
    """Named reference lines in metres; bridges with a name of their own go to their road."""
    owners = {bridge: road for road, bridges in STRUCTURES.items() for bridge in bridges} | ALIASES
    found: dict[str, list[LineString]] = defaultdict(list)
    for path in sorted(folder.glob("*.geojson")):
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            properties = feature["properties"]
            name = properties.get("name")
            if name and properties.get("kind") != "metro" and feature["geometry"]["type"] == "LineString":
                line = LineString(to_metres((p[0], p[1]) for p in feature["geometry"]["coordinates"]))
                found[owners.get(name, name)].append(line)
    return found


def sample(line: LineString) -> list[Point]:
    """Points along a line, one for every started step, at the middle of each."""
    count = max(1, round(line.length / STEP_M))
    return [line.interpolate((k + 0.5) / count, normalized=True) for k in range(count)]


def nearest_m(points: list[Point], lines: list[LineString]) -> np.ndarray:
    """Distance of each point to the nearest of the lines."""
    if not points or not lines:
        return np.full(len(points), np.inf)
    tree = STRtree(lines)
    return np.asarray(tree.query_nearest(points, return_distance=True, all_matches=False)[1], dtype=float)


def beside_m(line: LineString, reference: list[LineString]) -> np.ndarray:
    """Distance of samples of a line to the reference beside them, infinite where there is none beside.

    A fragment that ends before or after the sample is not beside it: its distance would measure the gap along
    the road, not how far the road lies from its place.
    """
    points, near = sample(line), [other for other in reference if other.distance(line) <= NEAR_M]
    found = np.full(len(points), np.inf)
    for k, point in enumerate(points):
        at = line.project(point)
        ahead, behind = line.interpolate(min(line.length, at + 1)), line.interpolate(max(0.0, at - 1))
        size = max(ahead.distance(behind), 1e-9)
        along = (ahead.x - behind.x) / size, (ahead.y - behind.y) / size
        for other in near:
            foot = other.interpolate(other.project(point))
            if abs((foot.x - point.x) * along[0] + (foot.y - point.y) * along[1]) <= STEP_M / 2:
                found[k] = min(found[k], point.distance(foot))
    return found


def quantiles(values: np.ndarray) -> list[str]:
    """Median, 90th percentile and maximum as text, empty where nothing was compared."""
    if not len(values):
        return ["", "", ""]
    return [f"{value:.0f}" for value in (np.median(values), np.quantile(values, 0.9), values.max())]


def reverse_m(reference: list[LineString], ours: list[LineString]) -> np.ndarray:
    """Distances from the reference inside the study box to our lines, parts beyond our ends left out."""
    (west, south), (east, north) = to_metres([STUDY_BOX[:2], STUDY_BOX[2:]])
    points = [p for line in reference for p in sample(line) if west < p.x < east and south < p.y < north]
    if not points or not ours:
        return np.array([])
    counts: dict[tuple[float, ...], int] = defaultdict(int)
    for line in ours:
        counts[line.coords[0]] += 1
        counts[line.coords[-1]] += 1
    ends = [Point(end) for end, count in counts.items() if count == 1]
    tree = STRtree(ours)
    kept = []
    for point in points:
        line = ours[int(tree.nearest(point))]
        foot = line.interpolate(line.project(point))
        if all(foot.distance(end) > 1 for end in ends):
            kept.append(point.distance(foot))
    return np.array(kept)


def compare_road(road: str, rows: list[Drawn], reference: list[LineString]) -> dict[str, str]:
    """One row of the deviation table."""
    values: dict[bool, list[np.ndarray]] = {True: [], False: []}
    length = {True: 0.0, False: 0.0}
    for link, line in rows:
        source = link.mark == "S"
        length[source] += line.length
        values[source].append(beside_m(line, reference))
    joined = {key: np.concatenate(parts) if parts else np.array([]) for key, parts in values.items()}
    near = {key: found[found <= NEAR_M] for key, found in joined.items()}
    every, compared = np.concatenate(list(joined.values())), np.concatenate(list(near.values()))
    km = {k: len(near[k]) / max(1, len(joined[k])) * length[k] / 1000 for k in near}
    overall, s, other = quantiles(compared), quantiles(near[True]), quantiles(near[False])
    back = quantiles(reverse_m(reference, [line for _, line in rows]))
    cells = [
        road, f"{sum(length.values()) / 1000:.2f}", f"{sum(x.length for x in reference) / 1000:.2f}",
        f"{len(compared) / len(every):.2f}", *overall,
        f"{length[True] / 1000:.2f}", f"{km[True]:.2f}", *s[:2],
        f"{length[False] / 1000:.2f}", f"{km[False]:.2f}", *other[:2], *back,
    ]  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def compare(lines: list[Drawn], reference: dict[str, list[LineString]]) -> list[dict[str, str]]:
    """Deviation rows of all roads but ramps, longest first, and a last row for all of them."""
    by_road: dict[str, list[Drawn]] = defaultdict(list)
    for link, line in lines:
        if link.highway not in RAMPS:
            by_road[link.road].append((link, line))
    rows = [compare_road(road, found, reference.get(road, [])) for road, found in by_road.items()]
    return sorted(rows, key=lambda row: (-float(row["ours_km"]), row["road"]))


def print_table(rows: list[dict[str, str]]) -> None:
    """Print the main columns."""
    names = ["ours_km", "reference_km", "compared_share", "median_m", "p90_m", "max_m"]
    names += ["s_km", "s_median_m", "s_p90_m", "other_km", "other_median_m", "other_p90_m", "reverse_p90_m"]
    print("\t".join(["road", *names]))
    for row in rows:
        print("\t".join([row["road"], *(row[name] for name in names)]))


def totals(lines: list[Drawn], reference: dict[str, list[LineString]]) -> Iterator[str]:
    """Yield one line per mark: length, compared length and deviation over all roads together."""
    for title, chosen in (("mark S", {"S"}), ("marks I, U, W", {"I", "U", "W"})):
        found, length = [], 0.0
        for link, line in lines:
            if link.mark in chosen and link.highway not in RAMPS:
                found.append(beside_m(line, reference.get(link.road, [])))
                length += line.length
        values = np.concatenate(found)
        near = values[values <= NEAR_M]
        median, p90, largest = quantiles(near)
        head = f"{title}: {length / 1000:.1f} km, compared {len(near) / len(values):.0%}"
        yield f"{head}, median {median} m, P90 {p90} m, max {largest} m"


class Drive:
    """Shortest driving distances over the links, from and to points beside them."""

    def __init__(self, lines: list[Drawn]) -> None:
        """Build the graph; a point is joined to the nearest link that is neither motorway nor ramp."""
        self.graph = nx.DiGraph()
        self.entries = [(k, r) for k, r in lines if k.highway not in MOTORWAYS | RAMPS]
        for link, line in lines:
            self._add(link.start, link.end, line.length, link)

    def _add(self, start: str, end: str, length: float, link: Link) -> None:
        for a, b in ((start, end),) if link.oneway else ((start, end), (end, start)):
            if length < self.graph.get_edge_data(a, b, {"m": np.inf})["m"]:
                self.graph.add_edge(a, b, m=length, road=link.road)

    def attach(self, anchor: tuple[str, float, float], roads: tuple[str, ...]) -> None:
        """Join a point to its nearest link (of the named roads, if any) by a straight connector."""
        name, place = anchor[0], Point(*to_metres([anchor[1:]])[0])
        entries = [(k, r) for k, r in self.entries if not roads or k.road in roads]
        link, line = min(entries, key=lambda entry: entry[1].distance(place))
        at = line.project(place)
        foot, gap = f"{name} foot", line.distance(place)
        same = [(k, n) for k, n in self.graph.nodes(data="at") if n and n[0] == link.id]
        for other, (_, position) in same:
            self._add(foot, other, abs(position - at), link)
        self._add(link.start, foot, substring(line, 0, at).length, link)
        self._add(foot, link.end, substring(line, at, line.length).length, link)
        self.graph.nodes[foot]["at"] = (link.id, at)
        for a, b in ((name, foot), (foot, name)):
            self.graph.add_edge(a, b, m=gap, road="")

    def leg_km(
        self, start: tuple[str, float, float], end: tuple[str, float, float], roads: tuple[str, ...]
    ) -> float:
        """Driving distance in km, connectors included, by the named roads if any are named."""
        scratch = Drive([])
        scratch.graph, scratch.entries = self.graph.copy(), self.entries
        for place in (start, end):
            scratch.attach(place, roads)
        graph = scratch.graph
        if roads:
            graph = graph.edge_subgraph(
                [(a, b) for a, b, road in graph.edges(data="road") if not road or road in roads]
            )
        try:
            return float(nx.shortest_path_length(graph, start[0], end[0], weight="m")) / 1000
        except (nx.NetworkXNoPath, nx.NodeNotFound):
            return float("inf")

    def km(self, anchor: Anchor) -> float:
        """Driving distance of an anchor in km, leg by leg."""
        return sum(self.leg_km(start, end, anchor.roads) for start, end in anchor.legs())


def check_anchors(lines: list[Drawn]) -> bool:
    """Print the anchors and say whether all lie in their bands."""
    drive, good = Drive(lines), True
    for anchor in ANCHORS:
        km = drive.km(anchor)
        held = anchor.low_km <= km <= anchor.high_km
        good &= held
        band = f"{anchor.low_km}-{anchor.high_km} km: {anchor.source}"
        print(f"{anchor.start[0]} - {anchor.end[0]}: {km:.2f} km ({band}) {'ok' if held else 'OUT'}")
    return good


def write_deviations(rows: list[dict[str, str]]) -> None:
    """Write deviation.csv."""
    with DEVIATIONS.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"written: {DEVIATIONS.name}")


def main() -> int:
    """Compare, check the anchors, print and maybe write."""
    parser = argparse.ArgumentParser(description="Check the Anting main-road tables.")
    parser.add_argument("reference", nargs="?", type=Path, default=DEFAULT_REFERENCE)
    parser.add_argument("--write", action="store_true", help="write data/anting/network/deviation.csv")
    args = parser.parse_args()
    lines = our_lines(read_junctions(), read_links())
    if args.reference.is_dir():
        reference = reference_lines(args.reference)
        rows = compare(lines, reference)
        print_table(rows)
        print("\n".join(totals(lines, reference)))
        if args.write:
            write_deviations(rows)
    else:
        print("reference folder not found: the deviations are not computed, the anchors are")
    return 0 if check_anchors(lines) else 1


if __name__ == "__main__":
    sys.exit(main())
