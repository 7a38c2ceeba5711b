"""What do the travel times of a matrix consist of?"""

from collections.abc import Iterator

import numpy as np

from accessibility.messages import _
from accessibility.model.breakdown import OriginBreakdown
from accessibility.model.transit_journey import PARTS
from accessibility.studies.on_transit import PreparedTransit
from accessibility.studies.progress import Progress, in_threads
from accessibility.transit_journeys import JourneySearch
from accessibility.transit_telling import lines_of

BLOCK_SIZE = 8
"""Origins per block: enough for threads to have work, few enough to be held."""

MAX_BLOCKS_WAITING = 32
"""Blocks handed to the threads at a time, so that what is not yet written stays small."""


def breakdowns(all_ready: PreparedTransit, progress: Progress) -> Iterator[OriginBreakdown]:
    """
    Find the journeys behind a matrix, origin by origin.

    Parameters
    ----------
    all_ready
        The question, prepared.
    progress
        Is told how far it is.

    Yields
    ------
    breakdown
        Of one origin after the other; nothing of those before is kept.
    """
    search = all_ready.search()
    n_origins = len(all_ready.ids[0])
    blocks = [range(i, min(i + BLOCK_SIZE, n_origins)) for i in range(0, n_origins, BLOCK_SIZE)]

    def answer(block: range) -> list[OriginBreakdown]:
        return [_of_origin(all_ready, search, origin) for origin in block]

    for first in range(0, len(blocks), MAX_BLOCKS_WAITING):
        some = blocks[first : first + MAX_BLOCKS_WAITING]

        def told(stage: str, done: int, _some: int, before: int = first) -> None:
            progress(stage, before + done, len(blocks))

        for found in in_threads(_("journeys"), told)(answer, some):
            yield from found


def _of_origin(all_ready: PreparedTransit, search: JourneySearch, origin: int) -> OriginBreakdown:
    n_destinations, n_levels = len(all_ready.ids[1]), len(all_ready.query.levels)
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
                names[-1] = lines_of(all_ready.timetable, search.days[way.draw], way)
        lines.append(tuple(names))
    return OriginBreakdown(seconds, rides, tuple(lines))
