"""RULE UNDER TEST: times to nodes are those of a destination that stands on the node."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accessibility.errors import ModelError
from accessibility.kernels.dijkstra import one_to_all, within
from accessibility.linking import link
from accessibility.measures import nearest_of_nodes, times_to_nodes
from accessibility.units import UNREACHED
from tests import naive
from tests.builders import moving, spots, town
from tests.properties.test_streets import graphs, towns


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_the_kernels_list_what_bellman_ford_reaches(graph):
    n, edges, seeds, _goals, limit = graph
    edges = sorted(edges)
    tail, head, cost = (np.array([edge[k] for edge in edges], dtype=int) for k in range(3))
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(tail, minlength=n), out=indptr[1:])
    csr = (indptr, head.astype(np.int32), cost.astype(float))
    offset = np.array([0, len(seeds), 2 * len(seeds)])
    vertex = np.array([v for v, _ in seeds] * 2, np.int32)
    seed_cost = np.array([c for _, c in seeds] * 2, float)
    best = naive.one_to_all(edges, seeds, limit)
    everything = np.empty((2, n))
    one_to_all(*csr, offset, vertex, seed_cost, float(limit), everything)
    assert everything.tolist() == [[best.get(v, np.inf) for v in range(n)]] * 2
    out_offset, out_vertex, out_cost = np.zeros(3, np.int64), np.empty(n, np.int32), np.empty(n)
    done, listed = 0, []
    while done < 2:  # room for one list at a time
        out_offset[done] = 0
        begin = done
        done = within(*csr, offset, vertex, seed_cost, float(limit), begin, out_offset, out_vertex, out_cost)
        for i in range(begin, done):
            part = slice(out_offset[i], out_offset[i + 1])
            listed.append(dict(zip(out_vertex[part].tolist(), out_cost[part].tolist(), strict=True)))
    assert listed == [best, best]


@settings(max_examples=100, deadline=None)
@given(towns(), st.integers(0, 400), st.integers(0, 400), st.sampled_from([200, 7200]))
def test_on_foot_a_node_is_as_far_as_it_is_from_the_node_to_the_place(streets, x, y, limit_s):
    places = spots(f"p {x} {y}, q {y} {x}, r ? ?")
    query = moving("walk", 1.3, detour_factor=1.3, max_duration_s=limit_s)
    at = link(streets, places, places, query).origins
    times = times_to_nodes(streets, at, query)
    table = np.array([times.to_all(i) for i in range(3)])
    nearest_s, which = nearest_of_nodes(streets, at, query, rank=3)
    assert (table[2] == UNREACHED).all()
    assert np.array_equal(np.sort(table, axis=0).T, nearest_s)
    reached = which[:, 0] >= 0
    assert np.array_equal(table[which[reached, 0], np.flatnonzero(reached)], nearest_s[reached, 0])


def test_a_search_stops_at_its_limit_and_goes_one_way_by_car():
    streets = town("A 0 0, B 400 0, C 400 300", "A B oneway, B C oneway, C A oneway")
    query = moving("drive", 10.0, max_duration_s=60)
    at = link(streets, spots("p 100 0"), spots("p 100 0"), query).origins
    assert times_to_nodes(streets, at, query).to_all(0).tolist() == [UNREACHED, 30, 60]
    assert nearest_of_nodes(streets, at, query)[0].ravel().tolist() == [10, UNREACHED, 60]


def test_a_rank_counts_from_1():
    streets = town("A 0 0, B 400 0", "A B")
    at = link(streets, spots("p 0 0"), spots("p 0 0"), moving("walk")).origins
    with pytest.raises(ModelError, match="rank"):
        nearest_of_nodes(streets, at, moving("walk"), rank=0)
