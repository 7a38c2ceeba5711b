"""Sweep files: TOML that varies one scenario file over candidate stops and headways."""

from pathlib import Path

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.line_changes import AddLine, CourseRef, NewStop, Reroute, called_at
from accessibility.model.scenario import Scenario
from accessibility.model.sweep import Candidate, Sweep, holds, line_of
from accessibility.sources.scenario_file import read_scenario, read_stops
from accessibility.sources.toml_table import TomlTable, load_toml

CODE = "sweep-setting"


def sweep_template(path: Path) -> str:
    """
    Say which template a sweep names, without opening it.

    Raises
    ------
    SourceError
        If the sweep is missing, unreadable, or no TOML.
    """
    table = load_toml(path, noun="sweep", missing=_("Name a sweep file (.toml)."))
    return str(table.get("template", ""))


def read_sweep(path: str | Path) -> Sweep:
    """
    Read a sweep.

    Parameters
    ----------
    path
        TOML file: ``template`` (a scenario file, relative to this one), ``line``, ``vehicles``,
        ``headways_s``, and with ``replace`` the ``[[candidate]]`` tables of ``name`` and ``stops``.

    Returns
    -------
    sweep
        Pure data: whether lines and stops exist is checked when a variant is applied.

    Raises
    ------
    SourceError
        If a file is missing, unreadable, or no TOML: with line and column.
    DataError
        If settings are missing, misspelt or contradict each other or the template; all of them are told at
        once.
    """
    file = Path(path)
    table = TomlTable(load_toml(file, noun="sweep", missing=_("Name a sweep file (.toml).")), file.name,
                      code=CODE)  # fmt: skip
    name, template_file = table.get("name", str, file.stem), table.get("template", str)
    line, replaced = table.get("line", str), table.get("replace", str, "")
    vehicles, headways_s = _vehicles(table), _headways(table)
    candidates = tuple(_candidate(entry) for entry in table.tables("candidate"))
    table.no_more_keys()
    template = read_scenario(file.parent / template_file) if template_file else None
    if template is not None:
        _check_against(table, template, line, replaced, candidates)
    if table.problems or template is None:
        raise DataError(
            _("the sweep has {n} problems", n=len(table.problems)),
            notices=table.problems,
            where=str(file),
            mend=_("Mend the settings named; docs/scenarios.md describes each."),
            code="sweep-settings",
        )
    return Sweep(name, template, line, vehicles, headways_s, replaced, candidates, template_file)


def _vehicles(table: TomlTable) -> int:
    number = table.get("vehicles", int)
    if "vehicles" in table.values and number < 1:
        table.problem("vehicles", _("{name} must be 1 or more", name="vehicles"), number)
    return number


def _headways(table: TomlTable) -> tuple[int, ...]:
    items = table.get("headways_s", list)
    if "headways_s" in table.values and not items:
        table.problem("headways_s", _("{name} needs at least one headway", name="headways_s"))
    good = [item for item in items if type(item) is int and item >= 1]
    for item in items:
        if item not in good or type(item) is not int:
            table.problem("headways_s", _("a headway is a whole number of seconds above 0"), item)
    if len(set(good)) < len(good):
        table.problem("headways_s", _("a headway is named twice"), ", ".join(map(str, good)))
    return tuple(good)


def _candidate(entry: TomlTable) -> Candidate:
    stops = read_stops(entry, "stops")
    if "stops" in entry.values and not entry.values["stops"]:
        entry.problem("stops", _("a candidate needs at least one stop"))
    return Candidate(entry.get("name", str, _stop_name(stops)), stops)


def _stop_name(stops: tuple[CourseRef, ...]) -> str:
    return " – ".join(stop.name if isinstance(stop, NewStop) else stop for stop in called_at(stops))


def _check_against(
    table: TomlTable, template: Scenario, line: str, replaced: str, candidates: tuple[Candidate, ...]
) -> None:
    """Hold the settings against the template: its line, its stop, its headways."""
    concerned = [change for change in template.modifications if line_of(change) == line]
    if line and not concerned:
        lines = ", ".join(dict.fromkeys(filter(None, map(line_of, template.modifications))))
        table.problem("line", _("the template changes no line {line}; it changes {lines}",
                                line=line, lines=lines or "–"), line)  # fmt: skip
    elif line and not any(getattr(change, "headways", ()) for change in concerned):
        what = _("the template states no headways for {line}: nothing can be varied", line=line)
        table.problem("headways_s", what)
    if bool(replaced) != bool(candidates):
        what = _("replace and [[candidate]] are given together or not at all")
        table.problem("replace", what, replaced)
    placed = [one for one in concerned if isinstance(one, (AddLine, Reroute)) and holds(one, replaced)]
    if replaced and concerned and not placed:
        what = _("the template's changes to {line} hold no stop {stop}", line=line, stop=replaced)
        table.problem("replace", what, replaced)
    if candidates and any(one.hop_s or one.dwell_s for one in placed):
        what = _(
            "the template states hop_s or dwell_s for {line}, which hold for its own stops only", line=line
        )
        table.problem("template", what)
    names = [candidate.name for candidate in candidates]
    if len(set(names)) < len(names):
        table.problem("candidate", _("two candidates bear the same name"), ", ".join(names))
