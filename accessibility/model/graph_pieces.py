"""Edges of a graph, two by two: an edge and its reverse are one segment of street."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import networkx as nx

from accessibility.model.graph_values import Data, as_number, as_truth, as_whole

_Edge = tuple[int, int, Data]


@dataclass(frozen=True)
class Piece:
    """
    One segment of street in a graph.

    Parameters
    ----------
    tail, head
        Its ends.
    along, against
        Attributes of the edge in its direction and of the one against it; one may be missing.
    number
        The number it brings, -1 where none.
    """

    tail: int
    head: int
    along: Data | None
    against: Data | None
    number: int = -1

    @property
    def data(self) -> Data:
        """Give the attributes whose tags hold."""
        return self.along if self.along is not None else self.against or {}


def paired_edges(graph: nx.MultiDiGraph, index: Mapping[int, int]) -> Iterator[Piece]:
    """
    Pair the edges of a graph with their reverses.

    Parameters
    ----------
    graph
        A directed graph.
    index
        Node -> its index.

    Yields
    ------
    piece
        First those that bring a number, in its order, then all others in the order of the graph.
    """
    numbered: dict[int, dict[bool, _Edge]] = {}
    others: dict[tuple[Any, ...], list[_Edge]] = {}
    for u, v, data in graph.edges(data=True):
        edge = (index[u], index[v], data)
        number, reverse = as_whole(data.get("segment")), as_truth(data.get("reversed"))
        if number >= 0 and reverse not in numbered.get(number, {}):
            numbered.setdefault(number, {})[reverse] = edge
        else:
            others.setdefault((min(edge[:2]), max(edge[:2]), *_alike(data)), []).append(edge)
    for number in sorted(numbered):
        along, against = numbered[number].get(False), numbered[number].get(True)
        if along is not None:
            yield Piece(along[0], along[1], along[2], against[2] if against else None, number)
        elif against is not None:
            yield Piece(against[1], against[0], None, against[2], number)
    for some in others.values():
        yield from _pairs(some)


def _alike(data: Data) -> tuple[Any, ...]:
    """Describe an edge by what its reverse shares with it."""
    osmid = data.get("osmid", "")
    ids = tuple(sorted(map(str, osmid))) if isinstance(osmid, list | tuple | set) else (str(osmid),)
    length_m = as_number(data.get("length"))
    return ids, round(length_m, 2) if math.isfinite(length_m) else None


def _pairs(edges: Sequence[_Edge]) -> Iterator[Piece]:
    """Pair like edges between two nodes, along first where OSMnx says which that is."""
    waiting: list[_Edge] = []
    for edge in edges:
        mate = next((i for i, other in enumerate(waiting) if _is_reverse(edge, other)), None)
        if mate is None:
            waiting.append(edge)
            continue
        first, second = waiting.pop(mate), edge
        if as_truth(first[2].get("reversed")) and not as_truth(second[2].get("reversed")):
            first, second = second, first
        yield Piece(first[0], first[1], first[2], second[2])
    for tail, head, data in waiting:
        yield Piece(tail, head, data, None)


def _is_reverse(edge: _Edge, other: _Edge) -> bool:
    """Say whether two like edges are each other's reverse; a loop also has to say that it runs backwards."""
    if edge[0] == edge[1]:
        return as_truth(edge[2].get("reversed")) != as_truth(other[2].get("reversed"))
    return (edge[0], edge[1]) == (other[1], other[0])
