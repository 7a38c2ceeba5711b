"""One tool on the graph that all are given; runs in the environment of the peers, apart from this package.

Usage: python peer_tools.py TOOL GRAPH.npz ANSWERS.npz RUNS. Prints a line of JSON: median, least and most
seconds by task, seconds to build, version. A task that a tool has no call for is not listed.
"""

import json
import statistics
import sys
import time
import warnings
from importlib import metadata

import numpy as np

LIMIT_M = 1800.0
FARTHEST_M = 1e6
"""No way is as long; tools that know no ``inf`` put such a number where there is none."""


class Graph:
    """The arrays, and what all tools need of them."""

    def __init__(self, path):
        with np.load(path) as columns:
            self.indptr, self.target = columns["indptr"], columns["target"]
            self.length_m = columns["length_m"]
            self.x_m, self.y_m = columns["x_m"], columns["y_m"]
            self.origins = columns["origins"]
        self.n = len(self.indptr) - 1
        self.tail = np.repeat(np.arange(self.n), np.diff(self.indptr))

    def triples(self, *, with_source=False):
        """List (tail, head, length); with a source that leads to every facility for nothing, where wanted."""
        edges = list(zip(self.tail.tolist(), self.target.tolist(), self.length_m.tolist(), strict=True))
        if with_source:
            edges += [(self.n, facility, 0.0) for facility in self.origins.tolist()]
        return edges

    def dense(self, lists):
        """Turn a dict of distances per origin into a table."""
        table = np.full((len(lists), self.n), np.inf)
        for row, reached in enumerate(lists):
            table[row, np.fromiter(reached.keys(), int, len(reached))] = list(reached.values())
        return table


def scipy(graph):
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    matrix = csr_array((graph.length_m, graph.target, graph.indptr), shape=(graph.n, graph.n))
    return {
        "bounded": lambda: dijkstra(matrix, indices=graph.origins, limit=LIMIT_M),
        "nearest": lambda: dijkstra(matrix, indices=graph.origins, min_only=True, return_predecessors=True)[
            0
        ],
        "all": lambda: dijkstra(matrix, indices=graph.origins),
    }


def networkx(graph):
    import networkx as nx

    world = nx.DiGraph()
    world.add_nodes_from(range(graph.n))
    world.add_weighted_edges_from(graph.triples())
    origins = graph.origins.tolist()
    one = nx.single_source_dijkstra_path_length
    return {
        "bounded": lambda: [one(world, origin, cutoff=LIMIT_M) for origin in origins],
        "nearest": lambda: [nx.multi_source_dijkstra_path_length(world, set(origins))],
        "all": lambda: [one(world, origin) for origin in origins],
    }


def igraph(graph):
    import igraph as ig

    def build(triples, n):
        world = ig.Graph(n=n, edges=[edge[:2] for edge in triples], directed=True)
        world.es["length"] = [edge[2] for edge in triples]
        return world

    world, with_source = build(graph.triples(), graph.n), build(graph.triples(with_source=True), graph.n + 1)
    origins = graph.origins.tolist()
    return {
        "nearest": lambda: np.array(with_source.distances(graph.n, weights="length"))[:, : graph.n],
        "all": lambda: world.distances(origins, weights="length"),
    }


def networkit(graph):
    import networkit as nk

    def build(triples, n):
        world = nk.Graph(n, weighted=True, directed=True)
        for tail, head, length in triples:
            world.addEdge(tail, head, length)
        return world

    world, with_source = build(graph.triples(), graph.n), build(graph.triples(with_source=True), graph.n + 1)

    def distances(one, origin):
        search = nk.distance.Dijkstra(one, origin, False)
        search.run()
        return search.getDistances()

    return {
        "nearest": lambda: [distances(with_source, graph.n)[: graph.n]],
        "all": lambda: [distances(world, origin) for origin in graph.origins.tolist()],
    }


def rustworkx(graph):
    import rustworkx as rx

    def build(triples, n):
        world = rx.PyDiGraph()
        world.add_nodes_from(range(n))
        world.add_edges_from(triples)
        return world

    world, with_source = build(graph.triples(), graph.n), build(graph.triples(with_source=True), graph.n + 1)
    one = rx.dijkstra_shortest_path_lengths
    return {
        "nearest": lambda: [dict(one(with_source, graph.n, float))],
        "all": lambda: [{origin: 0.0, **one(world, origin, float)} for origin in graph.origins.tolist()],
    }


def pandana(graph):
    import pandana as pdna
    import pandas as pd

    once = graph.tail < graph.target
    world = pdna.Network(
        pd.Series(graph.x_m),
        pd.Series(graph.y_m),
        pd.Series(graph.tail[once]),
        pd.Series(graph.target[once].astype(np.int64)),
        pd.DataFrame({"length": graph.length_m[once]}),
        twoway=True,
    )
    world.set_pois("facility", FARTHEST_M, 1, graph.x_m[graph.origins], graph.y_m[graph.origins])
    return {
        "bounded": lambda: world.nodes_in_range(graph.origins.tolist(), LIMIT_M),
        "nearest": lambda: world.nearest_pois(FARTHEST_M, "facility", num_pois=1),
    }


TOOLS = {one.__name__: one for one in (scipy, networkx, igraph, networkit, rustworkx, pandana)}


def table(graph, answer):
    """Bring any tool's answer into one form: ``inf`` where unreached."""
    if isinstance(answer, list) and isinstance(answer[0], dict):
        return graph.dense(answer)
    if hasattr(answer, "columns") and "destination" in answer.columns:
        found = np.full((len(graph.origins), graph.n), np.inf)
        row = {origin: i for i, origin in enumerate(graph.origins.tolist())}
        found[answer["source"].map(row), answer["destination"]] = answer["length"]
        return found
    found = np.atleast_2d(np.array(answer, dtype=float).reshape(-1, graph.n))
    found[found >= FARTHEST_M] = np.inf
    return found


def main():
    """Build, run every task, print what it took, keep the answers."""
    tool, graph_file, answers_file, runs = sys.argv[1:5]
    warnings.simplefilter("ignore")
    graph = Graph(graph_file)
    began = time.perf_counter()
    tasks = TOOLS[tool](graph)
    told = {"build_s": time.perf_counter() - began, "version": metadata.version(tool), "seconds": {}}
    answers = {}
    for task, run in tasks.items():
        answers[task] = table(graph, run()).astype(np.float32)  # the warm-up
        seconds = []
        for _ in range(int(runs)):
            began = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - began)
        told["seconds"][task] = [statistics.median(seconds), min(seconds), max(seconds)]
    np.savez(answers_file, **answers)
    print("ANSWER " + json.dumps(told))


if __name__ == "__main__":
    main()
