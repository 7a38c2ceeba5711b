"""Is a scenario possible, what does it change, and how do two differ?"""

from collections.abc import Iterable
from pathlib import Path

from accessibility.errors import AccessibilityError
from accessibility.messages import _
from accessibility.model.provenance import Notice, error_notices
from accessibility.model.scenario import Scenario
from accessibility.outputs.ranges.words import range_sentences
from accessibility.outputs.scenario.names import Names
from accessibility.outputs.scenario.words import difference_sentences, scenario_sentences
from accessibility.sources.scenario_file import read_scenario
from accessibility.studies.comparing.range_ends import check_ends
from accessibility.studies.scenario import Baseline, NetworkFiles, read_baseline


def check_scenarios(paths: Iterable[Path], files: NetworkFiles) -> tuple[Notice, ...]:
    """
    Find everything that is wrong with some scenario files.

    Parameters
    ----------
    paths
        Scenario files.
    files
        The network they are to be applied to; where nothing is named, only the files are checked.

    Returns
    -------
    notices
        In the order of the files; with a network also how many segments names of streets mean.
    """
    baseline = read_baseline(files) if files.given else None
    found: list[Notice] = []
    for path in paths:
        try:
            scenario = read_scenario(path)
            found.extend(_told(baseline, scenario, path.name) if baseline is not None else ())
        except AccessibilityError as error:
            itself, *carried = error_notices(error)
            found.extend(carried or [itself])
    return tuple(found)


def _told(baseline: Baseline, scenario: Scenario, file: str) -> Iterable[Notice]:
    """Apply a scenario, also at the ends of its ranges, for what is told about it alone."""
    known = set(baseline.network.provenance.notices)
    changed = baseline.changed(scenario, file=file)
    check_ends(scenario, lambda one: baseline.changed(one, file=file), where=file)
    return [notice for notice in changed.provenance.notices if notice not in known]


def describe_scenario(path: Path, files: NetworkFiles) -> list[str]:
    """
    Tell what a scenario changes, line by line.

    Parameters
    ----------
    path
        Scenario file.
    files
        The network, for the names of lines and stops; it may be left out.

    Returns
    -------
    lines
        Name, note and mark, then one numbered sentence per modification, then one per range.
    """
    scenario = read_scenario(path)
    lines = [scenario.name, *([scenario.note] if scenario.note else [])]
    if scenario.mark:
        lines.append(_("mark: {mark}", mark=scenario.mark))
    if scenario.as_of is not None:
        lines.append(_("as of {day}", day=scenario.as_of))
    names = _names([scenario], files)
    sentences = scenario_sentences(scenario, names)
    lines += [f"{number}. {text}" for number, text in enumerate(sentences, start=1)]
    if scenario.ranges:
        lines.append(_("Known only as ranges; what stands above is the stated value of each:"))
    return [*lines, *(f"- {text}" for text in range_sentences(scenario, names))]


def compare_descriptions(first: Path, second: Path, files: NetworkFiles) -> list[str]:
    """Tell how the second scenario differs from the first, line by line."""
    one, other = read_scenario(first), read_scenario(second)
    sentences = difference_sentences(one, other, _names([one, other], files))
    return sentences or [_("both scenarios are the same")]


def _names(scenarios: list[Scenario], files: NetworkFiles) -> Names:
    return Names(scenarios, read_baseline(files).network.timetable if files.given else None)
