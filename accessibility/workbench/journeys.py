"""One journey in words, as the travel times on the map have it."""

from accessibility.linking import link
from accessibility.messages import _
from accessibility.model.linkage import TransitLinkage
from accessibility.model.places import Places
from accessibility.model.streets import Streets
from accessibility.model.timetable import Timetable
from accessibility.model.transit_query import TransitQuery
from accessibility.model.travel_query import TravelQuery
from accessibility.outputs.journey_words import journey_lines
from accessibility.streetwork.paths import find_journey
from accessibility.studies.told_journeys import way_lines
from accessibility.transit import drawn_days, timed_walks
from accessibility.transit_journeys import JourneySearch


def transit_lines(
    timetable: Timetable, linkage: TransitLinkage, query: TransitQuery, pair: tuple[Places, Places]
) -> list[str]:
    """Tell the journey behind the percentile: departure, then a line per leg, then the whole."""
    days = tuple(drawn_days(timetable, query))
    search = JourneySearch(days, timed_walks(timetable, linkage, query), query)
    ((way,),) = search.ways(0, [0])
    if way is None:
        return [_("not reached within the limit of the study")]
    ends = Places.joined(list(pair))
    return way_lines(timetable, days[way.draw], way, ends, level=query.levels[0])


def street_lines(streets: Streets, pair: tuple[Places, Places], query: TravelQuery) -> list[str]:
    """Tell the way over the streets, a line per road."""
    linkage = link(streets, *pair, query)
    ids = (pair[0].ids[0], pair[1].ids[0])
    journey = find_journey(streets, linkage, query, ids, level="mid")
    if journey is None:
        return [_("no answer: no way leads there on the streets known")]
    return [line.strip() for line in journey_lines(journey, Places.joined(list(pair)))[1:]]
