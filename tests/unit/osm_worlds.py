"""Small worlds of OpenStreetMap written as text.

Nodes: ``"A 0 0, B 100 0 highway=traffic_signals"`` (metres from a corner of Anting, then tags).
Ways: ``"1 A B C highway=residential name=East_Road"`` (an underscore in a name is a space).
Relations: ``"7 from=1 via=B to=2 restriction=no_left_turn"``; ways by their number, nodes by their letter.
"""

from pathlib import Path
from xml.sax.saxutils import quoteattr

from pyproj import Transformer

from accessibility.sources.osm import read_streets

CRS = "EPSG:4549"
ORIGIN_M = (610_000.0, 3_463_000.0)
_TO_DEGREES = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
_ROLES = ("from", "via", "to")


def osm_xml(nodes, ways, relations="", *, head='generator="test"'):
    """Write a world as OSM XML."""
    numbers, lines = {}, []
    for entry in _entries(nodes):
        letter, x, y, *tags = entry.split()
        numbers[letter] = len(numbers) + 1
        lon, lat = _TO_DEGREES.transform(ORIGIN_M[0] + float(x), ORIGIN_M[1] + float(y))
        lines.append(f'<node id="{numbers[letter]}" lon="{lon:.7f}" lat="{lat:.7f}">{_tags(tags)}</node>')
    for entry in _entries(ways):
        way, *words = entry.split()
        refs = "".join(f'<nd ref="{numbers.get(word, 999)}"/>' for word in words if "=" not in word)
        lines.append(f'<way id="{way}">{refs}{_tags(word for word in words if "=" in word)}</way>')
    for entry in _entries(relations):
        relation, *words = entry.split()
        pairs = [word.split("=", 1) for word in words]
        members = "".join(_member(role, ref, numbers) for role, ref in pairs if role in _ROLES)
        tags = ["type=restriction", *(word for word in words if word.split("=")[0] not in _ROLES)]
        lines.append(f'<relation id="{relation}">{members}{_tags(tags)}</relation>')
    body = "\n".join(lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" {head}>\n{body}\n</osm>\n'


def streets_of(folder: Path, nodes, ways, relations=""):
    """Write a world as a file and read its streets."""
    file = folder / "world.osm"
    file.write_text(osm_xml(nodes, ways, relations), encoding="utf-8")
    return read_streets(file, crs=CRS)


def edge(streets, way, *letters):
    """Find the edge of a way from one node (letter) to another."""
    ends = [ord(letter) - ord("A") + 1 for letter in letters]
    for segment in range(streets.n_segments):
        here = [int(streets.node_ids[c[segment]]) for c in (streets.segment_from, streets.segment_to)]
        if streets.way_ids[segment] == way and here in (ends, ends[::-1]):
            return 2 * segment + (here != ends)
    raise LookupError((way, letters))


def bans(streets):
    """Give the forbidden sequences with whom they bind."""
    offset = streets.ban_offset.tolist()
    edges = streets.ban_edges.tolist()
    return {
        tuple(edges[first:last]): modes
        for first, last, modes in zip(offset[:-1], offset[1:], streets.ban_modes.tolist(), strict=True)
    }


def codes(noun):
    """Give the notices by code with their counts."""
    return {notice.code: notice.count for notice in noun.provenance.notices}


def _entries(text):
    return [entry.strip() for entry in text.replace("\n", ",").split(",") if entry.strip()]


def _tags(words):
    pairs = [word.split("=", 1) for word in words]
    return "".join(
        f"<tag k={quoteattr(k)} v={quoteattr(v.replace('_', ' ') if k == 'name' else v)}/>" for k, v in pairs
    )


def _member(role, ref, numbers):
    kind = "node" if ref in numbers else "way"
    return f'<member type="{kind}" ref="{numbers.get(ref, ref)}" role="{role}"/>'
