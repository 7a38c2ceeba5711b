"""What do the travel times of a matrix consist of?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.timetable import Timetable
from accessibility.model.transit_journey import PARTS
from accessibility.transit_journeys import JourneySearch
from accessibility.transit_telling import lines_of

BLOCK_SIZE = 8
"""Origins per block: enough for threads to have work, few enough to be held."""

MapBlocks = Callable[[Callable[[range], Any], Sequence[range]], Iterable[Any]]


def breakdowns(
    timetable: Timetable,
    search: JourneySearch,
    origins: range,
    n_destinations: int,
    map_blocks: MapBlocks = map,
) -> Iterator[OriginBreakdown]:
    """
    Find the journeys behind a matrix, origin by origin.

    Parameters
    ----------
    timetable
        Names of the lines.
    search
        Finds single journeys.
    origins, n_destinations
        Origins to tell, and how many destinations there are.
    map_blocks
        How to work off blocks of origins; answers must come back in order.

    Yields
    ------
    breakdown
        Of one origin after the other; nothing of those before is kept.
    """

    def answer(block: range) -> list[OriginBreakdown]:
        return [_of_origin(timetable, search, origin, n_destinations) for origin in block]

    blocks = [
        range(i, min(i + BLOCK_SIZE, origins.stop)) for i in range(origins.start, origins.stop, BLOCK_SIZE)
    ]
    for found in map_blocks(answer, blocks):
        yield from found


def _of_origin(
    timetable: Timetable, search: JourneySearch, origin: int, n_destinations: int
) -> OriginBreakdown:
    n_levels = len(search.query.levels)
    seconds = np.zeros((n_destinations, n_levels, len(PARTS)), np.int32)
    rides = np.full((n_destinations, n_levels), -1, np.int8)
    lines = []
    for destination, ways in enumerate(search.ways(origin, range(n_destinations))):
        names = []
        for level, way in enumerate(ways):
            names.append("")
            if way is not None:
                parts = way.seconds()
                seconds[destination, level] = [parts[part] for part in PARTS]
                rides[destination, level] = len(way.rides)
                names[-1] = lines_of(timetable, search.days[way.draw], way)
        lines.append(tuple(names))
    return OriginBreakdown(seconds, rides, tuple(lines))
