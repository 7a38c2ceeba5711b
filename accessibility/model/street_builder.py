"""From ways as they are mapped to the columns of ``Streets``: split where streets meet, measure, number.

A way is cut at its ends, at every node that another place of a way shares, at traffic signals and at
barriers. A ring without a junction, and a loop that comes back to where it left, are cut once more in the
middle, so that both ways round stay two different edges. Two nodes drawn at one spot stay two nodes, a
millimetre apart: a piece is never dropped, for that would part what is joined.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accessibility.errors import ModelError
from accessibility.messages import _
from accessibility.model.projection import check_use, metric_crs, project, step_lengths_m, utm_crs
from accessibility.model.turn_bans import Restriction, ban_columns

SHORTEST_M = 0.001
"""Length (m) that a piece without length is given: a tenth of the resolution of OpenStreetMap."""

Index = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RawWays:
    """
    Ways as they are mapped.

    Parameters
    ----------
    way_ids
        Identifier of every way, unique, shape ``[n_ways]``.
    ref_offset, refs
        Nodes of way ``i``: ``refs[ref_offset[i]:ref_offset[i + 1]]``.
    lon, lat
        Position (degrees, WGS-84) of every one of `refs`; NaN where the file lacks the node.
    road_class, name
        Class of street and street name of every way.
    speed_cap_mps
        Posted maximum speed (m/s), ``inf`` where none.
    forward, backward
        Modes (bits) along and against every way.
    """

    way_ids: Index
    ref_offset: Index
    refs: Index
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    road_class: Sequence[str]
    name: Sequence[str]
    speed_cap_mps: NDArray[np.float32]
    forward: NDArray[np.uint8]
    backward: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class BuiltStreets:
    """
    Columns of ``Streets`` and what could not be used for them.

    Parameters
    ----------
    columns
        Every field of ``Streets`` but ``provenance``.
    clipped_way_ids
        Ways that lack at least one node; what is left of them is kept.
    failures
        Restriction relations that could not be applied, and why: ``missing``, ``apart`` or ``unclear``.
    """

    columns: dict[str, Any]
    clipped_way_ids: tuple[int, ...]
    failures: tuple[tuple[int, str], ...]


@dataclass(frozen=True, eq=False)
class _Chains:
    """Runs of nodes without a gap: for every place in a run its way, run, node and position."""

    way: Index
    chain: Index
    node: Index
    node_ids: Index
    node_lon: NDArray[np.float64]
    node_lat: NDArray[np.float64]


def build_streets(
    ways: RawWays,
    *,
    signals: Iterable[int] = (),
    closed: Mapping[int, int] | None = None,
    restrictions: Sequence[Restriction] = (),
    crs: str | None = None,
) -> BuiltStreets:
    """
    Build the columns of a street network from mapped ways.

    Parameters
    ----------
    ways
        The ways to keep; a way that nobody may use is best left out before.
    signals
        Nodes with traffic signals.
    closed
        Node -> modes (bits) that cannot pass it.
    restrictions
        Turn restrictions.
    crs
        Projected coordinate system (m); the UTM zone of the middle where not given.

    Returns
    -------
    built
        Segments in the order of `ways`, nodes in the order of their identifiers.

    Raises
    ------
    ModelError
        If no way has two known nodes, or `crs` does not measure in metres or does not reach there.
    """
    chains = _chains(ways)
    signal = np.isin(chains.node_ids, np.fromiter(signals, dtype=np.int64))
    barrier = _looked_up(chains.node_ids, closed or {})
    starts, ends = _pieces(chains, signal | (barrier > 0))
    if not len(starts):
        raise ModelError(_("no street has two known points"), code="streets-empty")

    crs = metric_crs(crs) if crs else utm_crs(chains.node_lon, chains.node_lat)
    check_use(crs, chains.node_lon, chains.node_lat)
    x_m, y_m = project(chains.node_lon, chains.node_lat, crs)
    used, ends_of_pieces = np.unique(
        np.concatenate([chains.node[starts], chains.node[ends]]), return_inverse=True
    )
    way = chains.way[starts]
    class_names, class_of_way = np.unique(np.asarray(ways.road_class, dtype=object), return_inverse=True)
    names, name_of_way = np.unique(np.asarray(ways.name, dtype=object), return_inverse=True)
    columns: dict[str, Any] = {
        "crs": crs,
        "node_ids": chains.node_ids[used],
        "x_m": x_m[used],
        "y_m": y_m[used],
        "node_signal": signal[used],
        "node_closed": barrier[used],
        "segment_from": ends_of_pieces[: len(starts)].astype(np.int32),
        "segment_to": ends_of_pieces[len(starts) :].astype(np.int32),
        "length_m": _lengths(chains, starts),
        "way_ids": ways.way_ids[way],
        "road_class": class_of_way[way].astype(np.int16),
        "road_classes": tuple(class_names.tolist()),
        "name": name_of_way[way].astype(np.int32),
        "names": tuple(names.tolist()),
        "speed_cap_mps": ways.speed_cap_mps[way],
        "forward": ways.forward[way],
        "backward": ways.backward[way],
        "steps": (np.asarray(ways.road_class, dtype=object) == "steps")[way],
        **_shapes(chains, starts, ends, x_m, y_m),
    }
    bans, failures = ban_columns(columns, restrictions)
    return BuiltStreets({**columns, **bans}, _clipped(ways), failures)


def _looked_up(node_ids: Index, values: Mapping[int, int]) -> NDArray[np.uint8]:
    """Write the value of every node that has one into a column (0 elsewhere)."""
    column = np.zeros(len(node_ids), dtype=np.uint8)
    known = np.isin(node_ids, np.fromiter(values, dtype=np.int64))
    column[known] = [values[node] for node in node_ids[known].tolist()]
    return column


def _clipped(ways: RawWays) -> tuple[int, ...]:
    unknown = ~np.isfinite(ways.lon)
    way_of_ref = np.repeat(np.arange(len(ways.way_ids)), np.diff(ways.ref_offset))
    return tuple(ways.way_ids[np.unique(way_of_ref[unknown])].tolist())


def _chains(ways: RawWays) -> _Chains:
    """Cut ways where a node is unknown and leave out nodes named twice in a row."""
    way = np.repeat(np.arange(len(ways.way_ids)), np.diff(ways.ref_offset))
    known = np.isfinite(ways.lon) & np.isfinite(ways.lat)
    begins = np.ones(len(way), dtype=bool)
    begins[1:] = (way[1:] != way[:-1]) | ~known[:-1]
    chain = np.cumsum(begins)
    keep = known.copy()
    keep[1:] &= begins[1:] | (ways.refs[1:] != ways.refs[:-1])
    node_ids, first, node = np.unique(ways.refs[keep], return_index=True, return_inverse=True)
    return _Chains(
        way=way[keep],
        chain=chain[keep],
        node=node,
        node_ids=node_ids,
        node_lon=ways.lon[keep][first],
        node_lat=ways.lat[keep][first],
    )


def _pieces(chains: _Chains, special: NDArray[np.bool_]) -> tuple[Index, Index]:
    """Find the first and last place of every piece between two cuts."""
    count = np.bincount(chains.node, minlength=len(chains.node_ids))
    cut = (count[chains.node] > 1) | special[chains.node]
    if len(cut):
        change = chains.chain[1:] != chains.chain[:-1]
        cut[0] = cut[-1] = True
        cut[1:] |= change
        cut[:-1] |= change
    places = np.flatnonzero(cut)
    same = chains.chain[places[:-1]] == chains.chain[places[1:]]
    starts, ends = places[:-1][same], places[1:][same]
    loop = (chains.node[starts] == chains.node[ends]) & (ends - starts > 1)
    middles = (starts[loop] + ends[loop]) // 2
    return np.sort(np.concatenate([starts, middles])), np.sort(np.concatenate([ends, middles]))


def _lengths(chains: _Chains, starts: Index) -> NDArray[np.float64]:
    """Measure every piece (m); places between two runs of nodes count nothing."""
    step_m = np.zeros(len(chains.node))
    step_m[:-1] = step_lengths_m(chains.node_lon[chains.node], chains.node_lat[chains.node])
    step_m[:-1][chains.chain[1:] != chains.chain[:-1]] = 0.0
    return np.maximum(np.add.reduceat(step_m, starts), SHORTEST_M)


def _shapes(
    chains: _Chains, starts: Index, ends: Index, x_m: NDArray[np.float64], y_m: NDArray[np.float64]
) -> dict[str, Any]:
    """Collect the points of every piece, both ends included."""
    n_points = ends - starts + 1
    offset = np.concatenate([[0], np.cumsum(n_points)])
    place = np.arange(offset[-1]) + np.repeat(starts - offset[:-1], n_points)
    node = chains.node[place]
    return {"shape_offset": offset, "shape_x_m": x_m[node], "shape_y_m": y_m[node]}
