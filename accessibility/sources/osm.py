"""Streets from a file of OpenStreetMap: ``.osm.pbf``, ``.osm``, ``.osm.gz``, ``.osm.bz2``."""

import math
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import osmium
import osmium.version
from numpy.typing import NDArray
from osmium.filter import IdFilter, KeyFilter, TagFilter
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from accessibility.errors import DataError, ModelError
from accessibility.messages import _
from accessibility.model.osm_rules import (
    NOT_STREETS,
    has_signals,
    node_closed,
    speed_cap_mps,
    street_class,
    street_name,
    turn_rules,
    way_modes,
)
from accessibility.model.provenance import Notice, Provenance, Severity
from accessibility.model.street_builder import BuiltStreets, RawWays, build_streets
from accessibility.model.streets import Streets
from accessibility.model.turn_bans import Restriction
from accessibility.sources.osm_files import OsmFile, osm_file, told_as_damage

_UNKNOWN = 2**31 - 1  # what osmium writes where a node has no position
_DEGREES = 1e-7  # unit of osmium's whole-number positions
_MOST_MISSING = 0.5
"""Share of the nodes of ways that may be missing; the edge of a cut-out clips a few per cent of them."""


def read_streets(path: str | Path, *, crs: str | None = None) -> Streets:
    """
    Read the streets of an extract of OpenStreetMap.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    crs
        Projected coordinate system (m) to measure in; the UTM zone of the middle where not given.

    Returns
    -------
    streets
        Every way somebody may walk, cycle or drive, cut at junctions, signals and barriers, with the turn
        restrictions; notices tell what was left out.

    Raises
    ------
    SourceError
        If the file is missing, damaged or of another format than its name says.
    DataError
        If no street is in it, or most nodes of its ways are missing.
    """
    file = osm_file(path)
    with told_as_damage(file.path):
        source = file.record()
        found = _Found()
        _read(file, found)
        _find_missing(file, found)
        no_relations = file.format == "pbf" and not found.has_restrictions and not _holds_relations(file)
    if not found.way_ids:
        raise _no_streets(file)
    _check_nodes(found, file)
    try:
        built = build_streets(
            found.ways(), signals=found.signals, closed=found.closed, restrictions=found.restrictions, crs=crs
        )
    except ModelError as error:
        if error.code == "streets-empty":
            raise _no_streets(file) from error
        raise
    cut = [_cut_notice(file)] if no_relations else []
    notices = (*cut, *found.notices(file.path.name), *_builder_notices(built, file.path.name))
    versions = (("osmium", osmium.version.pyosmium_release),)
    streets = Streets(**built.columns, provenance=Provenance((source,), notices, versions))
    return _with_islands_told(streets, file.path.name)


def _no_streets(file: OsmFile) -> DataError:
    return DataError(
        _("there is no street in the file that anybody may use"),
        where=file.path.name,
        mend=_("Take an extract with highway ways and their nodes, downloaded to its end."),
        code="osm-no-streets",
    )


@dataclass
class _Found:
    """What a file gives, as it is read."""

    way_ids: list[int] = field(default_factory=list)
    n_refs: list[int] = field(default_factory=list)
    refs: "array[int]" = field(default_factory=lambda: array("q"))
    x: "array[int]" = field(default_factory=lambda: array("i"))
    y: "array[int]" = field(default_factory=lambda: array("i"))
    road_class: list[str] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    speed_cap_mps: list[float] = field(default_factory=list)
    forward: list[int] = field(default_factory=list)
    backward: list[int] = field(default_factory=list)
    signals: set[int] = field(default_factory=set)
    closed: dict[int, int] = field(default_factory=dict)
    restrictions: list[Restriction] = field(default_factory=list)
    conditional: list[int] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    n_private: int = 0
    seen: set[int] = field(default_factory=set)
    repeated: list[int] = field(default_factory=list)

    def node(self, node: osmium.osm.Node) -> None:
        """Take over signals and barriers."""
        tags = {tag.k: tag.v for tag in node.tags}
        if has_signals(tags):
            self.signals.add(node.id)
        if closed := node_closed(tags):
            self.closed[node.id] = closed

    def way(self, way: osmium.osm.Way) -> None:
        """Take over a street."""
        tags = {tag.k: tag.v for tag in way.tags}
        road_class = street_class(tags)
        if not road_class:
            if tags.get("highway", "no") not in NOT_STREETS:
                self.unknown[tags["highway"]] += 1
            return
        if way.id in self.seen:
            self.repeated.append(way.id)
            return
        self.seen.add(way.id)
        forward, backward = way_modes(tags)
        if not forward | backward:
            self.n_private += 1
            return
        before = len(self.refs)
        for node in way.nodes:
            location = node.location
            self.refs.append(node.ref)
            self.x.append(location.x)
            self.y.append(location.y)
        self.way_ids.append(way.id)
        self.n_refs.append(len(self.refs) - before)
        self.road_class.append(road_class)
        self.name.append(street_name(tags))
        self.speed_cap_mps.append(speed_cap_mps(tags))
        self.forward.append(forward)
        self.backward.append(backward)

    def relation(self, relation: osmium.osm.Relation) -> None:
        """Take over a turn restriction."""
        tags = {tag.k: tag.v for tag in relation.tags}
        members: dict[tuple[str, str], tuple[int, ...]] = {}
        for member in relation.members:
            part = (member.type, member.role)
            members[part] = (*members.get(part, ()), member.ref)
        for rule in turn_rules(tags):
            if rule.kind == "conditional":
                self.conditional.append(relation.id)
                continue
            self.restrictions.append(
                Restriction(
                    relation_id=relation.id,
                    kind=rule.kind,
                    value=rule.value,
                    modes=rule.modes,
                    from_ways=members.get(("w", "from"), ()),
                    to_ways=members.get(("w", "to"), ()),
                    via_nodes=members.get(("n", "via"), ()),
                    via_ways=members.get(("w", "via"), ()),
                )
            )

    @property
    def has_restrictions(self) -> bool:
        """Whether any turn restriction was met, applied or not."""
        return bool(self.restrictions or self.conditional)

    def ways(self) -> RawWays:
        """Give the streets in the order of their identifiers."""
        n_refs = np.array(self.n_refs, dtype=np.int64)
        offset = np.concatenate([[0], np.cumsum(n_refs)])
        order = np.argsort(np.array(self.way_ids, dtype=np.int64), kind="stable")
        new_offset = np.concatenate([[0], np.cumsum(n_refs[order])])
        place = np.arange(new_offset[-1]) + np.repeat(offset[:-1][order] - new_offset[:-1], n_refs[order])
        return RawWays(
            way_ids=np.array(self.way_ids, dtype=np.int64)[order],
            ref_offset=new_offset,
            refs=np.array(self.refs, dtype=np.int64)[place],
            lon=_degrees(self.x)[place],
            lat=_degrees(self.y)[place],
            road_class=[self.road_class[i] for i in order],
            name=[self.name[i] for i in order],
            speed_cap_mps=np.array(self.speed_cap_mps, dtype=np.float32)[order],
            forward=np.array(self.forward, dtype=np.uint8)[order],
            backward=np.array(self.backward, dtype=np.uint8)[order],
        )

    def notices(self, file: str) -> list[Notice]:
        """Tell what was left out while reading."""
        value, _n = next(iter(self.unknown.most_common(1)), ("", 0))
        told = [
            Notice(
                "osm-closed-ways",
                "info",
                _("ways nobody may walk, cycle or drive on (private, or only for others) are left out"),
                count=self.n_private,
            ),
            Notice(
                "osm-unknown-highway",
                "info",
                _("ways of a class nobody knows are left out, e.g. highway={value}", value=value),
                field="highway",
                value=value,
                count=self.unknown.total(),
            ),
            _about_some(
                "osm-repeated-way",
                "warning",
                _("ways stand in the file more than once, e.g. way {id}; the first holds"),
                self.repeated,
            ),
            _about_some(
                "osm-restriction-conditional",
                "info",
                _("turn restrictions that hold only at certain hours are not applied, e.g. relation {id}"),
                self.conditional,
            ),
            Notice(
                "osm-no-restrictions",
                "info",
                _("there is no turn restriction in the file; every turn counts as allowed"),
                count=int(not self.restrictions),
            ),
        ]
        return [replace(notice, file=file) for notice in told if notice.count]


def _read(file: OsmFile, found: _Found) -> None:
    """Read the tagged nodes, the streets with the positions of their nodes, and the restrictions."""
    bits = osmium.osm
    processor = osmium.FileProcessor(file.open(), bits.NODE | bits.WAY | bits.RELATION).with_locations()
    wanted = {
        bits.NODE: KeyFilter("highway", "barrier"),
        bits.WAY: KeyFilter("highway", "railway", "public_transport"),
        bits.RELATION: TagFilter(("type", "restriction")),
    }
    for entity, only in wanted.items():
        only.enable_for(entity)
        processor.with_filter(only)
    take = {"n": found.node, "w": found.way, "r": found.relation}
    for thing in processor:
        if not thing.deleted:
            take[thing.type_str()](thing)


def _holds_relations(file: OsmFile) -> bool:
    """Look for any relation."""
    return any(True for _relation in osmium.FileProcessor(file.open(), osmium.osm.RELATION))


def _cut_notice(file: OsmFile) -> Notice:
    """Tell that a PBF may lack its end: a download cut off between two blocks is a sound file."""
    message = _("the file holds no relation at all, as a download that was cut off does; ways may be missing")
    mend = _("Compare its size with the one the server states.")
    return Notice("osm-no-relations", "warning", message, file=file.path.name, mend=mend)


def _check_nodes(found: _Found, file: OsmFile) -> None:
    """Refuse a file in which most nodes of the ways are missing: no edge of an extract clips so many."""
    n_missing, n_refs = sum(x == _UNKNOWN for x in found.x), len(found.x)
    if n_missing > _MOST_MISSING * n_refs:
        raise DataError(
            _("{n} of the {total} nodes of its ways are not in the file", n=n_missing, total=n_refs),
            where=file.path.name,
            mend=_("Take an extract with highway ways and their nodes, downloaded to its end."),
            code="osm-nodes-missing",
        )


def _find_missing(file: OsmFile, found: _Found) -> None:
    """Read the nodes that stand behind the ways in a file that is not in the usual order."""
    places: dict[int, list[int]] = {}
    for place, x in enumerate(found.x):
        if x == _UNKNOWN:
            places.setdefault(found.refs[place], []).append(place)
    if not places:
        return
    nodes = osmium.FileProcessor(file.open(), osmium.osm.NODE).with_filter(IdFilter(places))
    for node in nodes:
        if node.location.valid():
            for place in places[node.id]:
                found.x[place], found.y[place] = node.location.x, node.location.y


def _degrees(positions: "array[int]") -> NDArray[np.float64]:
    whole = np.array(positions, dtype=np.int64)
    return np.where(whole == _UNKNOWN, math.nan, whole * _DEGREES)


def _about_some(code: str, severity: Severity, message: str, ids: Sequence[int]) -> Notice:
    """Write a notice about some ways or relations with the first as its example."""
    example = str(ids[0]) if ids else ""
    return Notice(code, severity, message.format(id=example), value=example, count=len(ids))


def _builder_notices(built: BuiltStreets, file: str) -> list[Notice]:
    """Tell what could not be built."""
    clipped = _("ways lack nodes, mostly at the edge of the extract, e.g. way {id}; the rest of them is kept")
    reasons: dict[str, tuple[Severity, str]] = {
        "missing": (
            "info",
            _("turn restrictions name ways or nodes that are no streets here, e.g. relation {id}"),
        ),
        "apart": ("warning", _("turn restrictions name ways that do not meet, e.g. relation {id}")),
        "unclear": (
            "warning",
            _("turn restrictions do not say which half of a way they mean, e.g. relation {id}"),
        ),
    }
    told = [_about_some("osm-clipped-ways", "info", clipped, built.clipped_way_ids)]
    for reason, (severity, message) in reasons.items():
        relations = [relation for relation, why in built.failures if why == reason]
        notice = _about_some(f"osm-restriction-{reason}", severity, message, relations)
        told.append(replace(notice, mend=_("They are not applied; correct them in OpenStreetMap.")))
    return [replace(notice, file=file) for notice in told if notice.count]


def _with_islands_told(streets: Streets, file: str) -> Streets:
    """Add a notice about the pieces that hang together with nothing else."""
    ends = (streets.segment_from, streets.segment_to)
    joined = coo_array((np.ones(streets.n_segments, dtype=np.int8), ends), shape=(streets.n_nodes,) * 2)
    n_parts, part = connected_components(joined, directed=False)
    if n_parts == 1:
        return streets
    length_m = np.bincount(part[streets.segment_from], weights=streets.length_m, minlength=n_parts)
    share = 1 - length_m.max() / length_m.sum()
    notice = Notice(
        "osm-islands",
        "info",
        _(
            "{n} islands hang together with nothing else; they hold {share} of the street length",
            n=n_parts - 1,
            share=f"{share:.1%}",
        ),
        file=file,
        count=n_parts - 1,
    )
    return replace(streets, provenance=streets.provenance.with_notices([notice]))
