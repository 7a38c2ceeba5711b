"""Several scenario files at once: every problem of all of them is told before anything is computed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from accessibility.errors import AccessibilityError, DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice, error_notices
from accessibility.model.scenario import Scenario
from accessibility.model.transport_network import TransportNetwork
from accessibility.sources.scenario_file import read_scenario

Made = TypeVar("Made")


def read_scenarios(files: Sequence[Path]) -> list[Scenario]:
    """
    Read scenario files.

    Raises
    ------
    AccessibilityError
        If any of them cannot be read: what is wrong with all of them.
    """
    return _each(files, read_scenario)


def check_scenarios_apply(
    changed: Callable[..., TransportNetwork], scenarios: Sequence[Scenario], files: Sequence[Path]
) -> None:
    """
    Apply every scenario once, so that none is found to be impossible after others were computed.

    Parameters
    ----------
    changed
        Applies a scenario to a copy of the network; called with the scenario and ``file``.
    scenarios, files
        Scenarios, and the files they come from.

    Raises
    ------
    AccessibilityError
        If any of them cannot be applied: what is wrong with all of them.
    """
    by_file = dict(zip(files, scenarios, strict=True))
    _each(files, lambda path: changed(by_file[path], file=path.name))


def _each(files: Sequence[Path], make: Callable[[Path], Made]) -> list[Made]:
    made: list[Made] = []
    errors: list[AccessibilityError] = []
    for path in files:
        try:
            made.append(make(path))
        except AccessibilityError as error:
            errors.append(error)
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise DataError(
            _("{n} scenario files have problems", n=len(errors)),
            notices=[notice for error in errors for notice in _notices(error)],
            where=", ".join(path.name for path in files),
            mend=_("Mend the settings named; docs/scenarios.md describes each."),
            code="scenario-problems",
        )
    return made


def _notices(error: AccessibilityError) -> Sequence[Notice]:
    itself, *carried = error_notices(error)
    return carried or [itself]
