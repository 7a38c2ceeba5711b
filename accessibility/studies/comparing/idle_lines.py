"""Which lines of a scenario run no otherwise on a date than before?"""

from collections.abc import Iterable, Sequence

from accessibility.model.scenario import Scenario
from accessibility.model.service_cost import LineCost
from accessibility.model.sweep import line_of
from accessibility.model.timetable import Timetable


def idle_lines(
    scenario: Scenario, timetables: Iterable[Timetable], costs: Iterable[Sequence[LineCost]]
) -> tuple[str, ...]:
    """
    Find the lines that a scenario speaks of and whose trips of the date are as before.

    Parameters
    ----------
    scenario
        The scenario.
    timetables, costs
        Before and after: the lines, and what those take to run that run otherwise on the date.

    Returns
    -------
    lines
        As the scenario names them, in its order: by identifier, or by short or long name.
    """
    otherwise = {cost.route for side in costs for cost in side}
    called = {name for table in timetables for name in _names(table, otherwise)}
    named = dict.fromkeys(line_of(change) for change in scenario.modifications)
    return tuple(name for name in named if name and name not in called)


def _names(table: Timetable, route_ids: set[str]) -> Iterable[str]:
    """Give every name of some lines; of a feed among several the identifier without the feed too."""
    columns = zip(table.route_ids, table.route_short_names, table.route_long_names, strict=True)
    for route_id, short_name, long_name in columns:
        if route_id in route_ids:
            yield from (route_id, route_id.partition(":")[2], short_name, long_name)
