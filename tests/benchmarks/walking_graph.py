"""The walking ways of Porto Alegre with every OSM node kept: one graph for every tool that is compared."""

import sys
from pathlib import Path

import numpy as np
import osmium

from accessibility.model.modes import WALK
from accessibility.model.osm_rules import street_class, way_modes
from accessibility.model.projection import project, step_lengths_m


def walking_graph(file, *, crs="EPSG:32722"):
    """
    Give the graph as arrays: both directions of every step from node to node.

    ``indptr``, ``target``, ``length_m`` (CSR; of parallel steps the shortest), ``x_m``, ``y_m`` of the nodes.
    """
    tails, heads, lon, lat = [], [], {}, {}
    for way in osmium.FileProcessor(str(file), osmium.osm.NODE | osmium.osm.WAY).with_locations():
        if not way.is_way():
            continue
        tags = {tag.k: tag.v for tag in way.tags}
        if not street_class(tags) or not (way_modes(tags)[0] | way_modes(tags)[1]) & WALK:
            continue
        nodes = [node for node in way.nodes if node.location.valid()]
        for node in nodes:
            lon[node.ref], lat[node.ref] = node.lon, node.lat
        tails += [node.ref for node in nodes[:-1]]
        heads += [node.ref for node in nodes[1:]]
    ids = np.array(sorted(lon))
    degrees = np.array([(lon[i], lat[i]) for i in ids.tolist()])
    tail, head = np.searchsorted(ids, tails), np.searchsorted(ids, heads)
    apart = tail != head
    tail, head = tail[apart], head[apart]
    tail, head = np.concatenate([tail, head]), np.concatenate([head, tail])
    both = np.unique(np.column_stack([tail, head]), axis=0)
    tail, head = both.T
    ends = np.column_stack([tail, head]).ravel()
    length_m = np.maximum(step_lengths_m(degrees[ends, 0], degrees[ends, 1])[::2], 0.01)
    x_m, y_m = project(degrees[:, 0], degrees[:, 1], crs)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=len(ids)))])
    return {
        "indptr": indptr.astype(np.int32),
        "target": head.astype(np.int32),
        "length_m": length_m,
        "x_m": x_m,
        "y_m": y_m,
    }


def export(osm, out):
    """Write the graph as an ``.npz`` file that the environment of the peers reads."""
    np.savez(Path(out), **walking_graph(osm))


if __name__ == "__main__":
    export(sys.argv[1], sys.argv[2])
