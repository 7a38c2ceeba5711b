"""One journey in words, as the travel times on the map have it."""

from dataclasses import replace

import numpy as np

from accessibility.linking import link
from accessibility.messages import _
from accessibility.model.comparison import CompareSettings
from accessibility.model.places import Places
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.model.travel_query import TravelQuery
from accessibility.outputs.journey_words import journey_lines
from accessibility.streetwork.paths import find_journey
from accessibility.studies.comparing.comparison_side import ComparisonSide
from accessibility.studies.comparing.told_journeys import way_lines
from accessibility.transit_journeys import JourneySearch
from accessibility.units import UNREACHED


def nearest_lines(
    timetable: Timetable,
    asked: ComparisonSide,
    origin: int,
    settings: CompareSettings,
    ends: tuple[Places, Places],
) -> list[str]:
    """
    Tell the journey behind the time to the nearest of a set.

    Parameters
    ----------
    timetable, asked
        A side of a comparison.
    origin
        Row of the origin.
    settings
        What was asked; of the targets the first counts.
    ends
        The origin, and the destination that the comparison names.

    Returns
    -------
    lines
        A line per leg, then the whole: of the earliest minute, then the lowest draw, at which the nearest of
        the set is that destination and takes the time reported.
    """
    search = JourneySearch(asked.days, asked.walks, asked.query)
    members = asked.members[settings.targets[0]]
    duration_s = search.durations(origin, members)
    nearest_s = duration_s.min(axis=0)
    pooled = np.sort(nearest_s, axis=None)
    value_s = pooled[(settings.percentile * len(pooled) + 99) // 100 - 1]
    goal = asked.ids[1].index(ends[1].ids[0])
    there = (nearest_s == value_s) & (duration_s[members.index(goal)] == value_s)
    if value_s == UNREACHED or not there.any():
        return [_("not reached within the limit of the study")]
    minute, draw = divmod(int(np.argmax(there)), nearest_s.shape[1])
    query = replace(asked.query, start_s=asked.query.start_s + 60 * minute, n_minutes=1)
    ((way,),) = JourneySearch((asked.days[draw],), asked.walks, query).ways(origin, [goal])
    assert way is not None, "the durations have found it"
    modes, both = (settings.access_mode, "walk"), Places.joined(list(ends))
    return way_lines(timetable, asked.days[draw], way, both, level=query.levels[0], modes=modes)


def street_lines(streets: Streets, pair: tuple[Places, Places], query: TravelQuery) -> list[str]:
    """Tell the way over the streets, a line per road."""
    linkage = link(streets, *pair, query)
    ids = (pair[0].ids[0], pair[1].ids[0])
    journey = find_journey(streets, linkage, query, ids, level="mid")
    if journey is None:
        return [_("no answer: no way leads there on the streets known")]
    return [line.strip() for line in journey_lines(journey, Places.joined(list(pair)))[1:]]
