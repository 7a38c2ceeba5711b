"""Is a scenario possible at every end of its ranges?"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.assumed_range import Ranges, Value
from accessibility.model.provenance import Notice
from accessibility.model.range_values import stated_value, with_values
from accessibility.model.scenario import Scenario


def stated_values(scenario: Scenario) -> tuple[Value, ...]:
    """Return what the scenario itself states for each of its ranges."""
    ranges = scenario.ranges
    return tuple(stated_value(one, scenario.modifications, ranges.weights) for one in ranges.ranges)


def values_at_ends(scenario: Scenario) -> Iterator[tuple[Value, ...]]:
    """Give, for every end of every range, the values of all ranges: that end, all else as stated."""
    stated = stated_values(scenario)
    for number, one in enumerate(scenario.ranges.ranges):
        for end in one.ends:
            yield (*stated[:number], end, *stated[number + 1 :])


def with_range_values(scenario: Scenario, values: tuple[Value, ...]) -> Scenario:
    """Put a value of every range in its place: a scenario without ranges."""
    changes = with_values(scenario.modifications, scenario.ranges.ranges, values)
    return replace(scenario, modifications=changes, ranges=Ranges())


def check_ends(scenario: Scenario, apply: Callable[[Scenario], object], *, where: str) -> None:
    """
    Apply a scenario at the ends of its ranges.

    Parameters
    ----------
    scenario
        The scenario; that it can be as stated is known.
    apply
        Applies a scenario to a copy of the network.
    where
        Its file.

    Raises
    ------
    DataError
        With everything that cannot be, each problem once.
    """
    problems: dict[Notice, None] = {}
    seen = {scenario.modifications}
    for values in values_at_ends(scenario):
        changed = with_range_values(scenario, values)
        if changed.modifications in seen:
            continue
        seen.add(changed.modifications)
        try:
            apply(changed)
        except DataError as error:
            problems |= {one: None for one in error.notices if isinstance(one, Notice)}
    if problems:
        raise DataError(
            _("the scenario cannot be at every end of its ranges"),
            notices=tuple(problems),
            where=where,
            mend=_("Narrow the ranges, or mend the settings named; docs/ranges.md describes them."),
            code="range-impossible",
        )
