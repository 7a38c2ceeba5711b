"""Read ``study.toml``: an area, its sources and what is asked."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.modes import STREET_MODES, TRANSIT_MODES, transit_mode
from accessibility.model.study import Period, PlacesFile, Question, StreetUse, Study, Target, TransitUse
from accessibility.sources.toml_table import TomlTable, load_toml, with_rows

MEASURES = ("duration", "distance", "nearest", "straight")


def read_study(path: Path) -> Study:
    """
    Read a study.

    Parameters
    ----------
    path
        ``study.toml``, or the folder that holds it.

    Returns
    -------
    study
        Files are named relative to ``study.folder``; none of them is opened here.

    Raises
    ------
    SourceError
        If the file is missing, unreadable, or no TOML.
    DataError
        If settings are missing or wrong; all of them are told at once.
    """
    file = study_file(path)
    mend = _("Name a study.toml, or make one with: accessibility new")
    table = TomlTable(load_toml(file, noun="study", missing=mend), file.name)
    study = _study(table, file.parent)
    table.no_more_keys()
    if table.problems:
        raise DataError(
            _("the study has {n} problems", n=len(table.problems)),
            notices=with_rows(table.problems, file),
            where=str(file),
            mend=_("Mend the settings named; docs/study.md describes each."),
            code="study-settings",
        )
    assert study is not None
    return study


def study_file(path: Path) -> Path:
    """Return the settings of a study: the file itself, or ``study.toml`` of the folder."""
    return path / "study.toml" if path.is_dir() else path


def _study(table: TomlTable, folder: Path) -> Study | None:
    about, streets, grid = table.table("study"), table.table("streets"), table.table("grid")
    travel, origins = table.table("travel"), table.table("origins")
    area = _area(about)
    study_id = about.get("id", str)
    if study_id and not re.fullmatch(r"[A-Za-z0-9_-]+", study_id):
        about.problem("id", _("an id holds only letters, digits, - and _"), study_id)
    values: dict[str, Any] = {
        "folder": folder,
        "id": study_id,
        "name": about.get("name", str),
        "name_en": about.get("name_en", str, ""),
        "asked": (about.get("asked", str, ""), about.get("asked_en", str, "")),
        "area": area,
        "crs": about.get("crs", str),
        "as_of": about.dates("as_of"),
        "streets_file": streets.get("file", str),
        "street_use": StreetUse(
            generalised=streets.get("generalised", bool, False),
            off_network_m=streets.number("off_network_m", 0.0),
            avoid=travel.texts("avoid", optional=True),
        ),
        "places_files": tuple(_places_file(entry) for entry in table.tables("places")),
        "origin_kinds": origins.texts("kinds"),
        "default_origin": origins.get("default", str, ""),
        "destination_kinds": table.table("destinations").texts("kinds"),
        "targets": tuple(_target(entry) for entry in table.tables("target")),
        "periods": tuple(_period(entry) for entry in table.tables("period")),
        "questions": tuple(_question(entry) for entry in table.tables("question")),
        "cell_m": grid.number("cell_m", 500.0),
        "modes": travel.texts("modes", choices=STREET_MODES),
        "max_duration_s": round(60 * travel.number("max_duration_min", 120.0)),
        "cutoffs_s": _cutoffs(travel),
        "speeds_file": travel.get("speeds", str, ""),
        "unknown_file": about.get("unknown", str, ""),
        "sources_file": about.get("sources", str, ""),
        "claims_file": about.get("claims", str, ""),
        "measured_file": about.get("measured", str, ""),
        "overlay_files": about.texts("overlays", optional=True),
        "transit": _transit(table.table("transit")) if "transit" in table.values else None,
    }
    if not values["modes"] and "modes" in travel.values:
        travel.problem("modes", _("{name} needs at least one mode", name="travel.modes"))
    if not values["as_of"]:
        about.problem("as_of", _("{name} needs at least one date", name="study.as_of"))
    _check_references(table, values)
    return None if table.problems else Study(**values)


def _area(about: TomlTable) -> tuple[float, float, float, float]:
    numbers = about.get("area", list)
    if len(numbers) != 4 or not all(type(n) in (int, float) for n in numbers):
        about.problem("area", _("an area is four numbers: west, south, east, north"), numbers)
        return (0.0, 0.0, 0.0, 0.0)
    west, south, east, north = (float(n) for n in numbers)
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        about.problem("area", _("an area is west < east and south < north, in degrees"), numbers)
    return west, south, east, north


def _cutoffs(travel: TomlTable) -> tuple[int, ...]:
    minutes = travel.get("cutoffs_min", list, [15, 30, 45])
    if not minutes or not all(type(m) in (int, float) and 0 < m <= 1440 for m in minutes):
        travel.problem("cutoffs_min", _("cutoffs are minutes above 0, at most 1440"), minutes)
        return ()
    return tuple(sorted({round(60 * m) for m in minutes}))


def _places_file(entry: TomlTable) -> PlacesFile:
    source = PlacesFile(
        file=entry.get("file", str, ""),
        osm=entry.texts("osm", optional=True),
        system=entry.get("system", str, "wgs84"),
        kind=entry.get("kind", str, ""),
    )
    if bool(source.file) == bool(source.osm):
        entry.problem("file", _("a source of places names either a file or OSM tags"))
    return source


def _transit(entry: TomlTable) -> TransitUse:
    percentiles = entry.get("percentiles", list, [10, 50, 90])
    if not (
        len(percentiles) == 3
        and all(type(p) is int and 1 <= p <= 99 for p in percentiles)
        and percentiles[0] < percentiles[1] < percentiles[2]
    ):
        what = _("percentiles are three whole numbers from 1 to 99, ascending")
        entry.problem("percentiles", what, percentiles)
        percentiles = [10, 50, 90]
    use = TransitUse(
        line_sheets=entry.texts("lines", optional=True),
        gtfs=entry.texts("gtfs", optional=True),
        percentiles=(percentiles[0], percentiles[1], percentiles[2]),
        access_modes=entry.texts("access", choices=STREET_MODES, optional=True) or ("walk",),
        skip_errors=entry.get("skip_errors", bool, False),
    )
    if not (use.line_sheets or use.gtfs):
        entry.problem("lines", _("public transport needs line sheets (lines) or feeds (gtfs)"))
    return use


def _target(entry: TomlTable) -> Target:
    return Target(
        id=entry.get("id", str),
        name=entry.get("name", str),
        name_en=entry.get("name_en", str, ""),
        kinds=entry.texts("kinds"),
        line=entry.get("line", str, ""),
    )


def _period(entry: TomlTable) -> Period:
    period = Period(
        id=entry.get("id", str),
        name=entry.get("name", str),
        name_en=entry.get("name_en", str, ""),
        start_s=entry.clock("from"),
        end_s=entry.clock("to"),
    )
    if not period.start_s < period.end_s:
        entry.problem("to", _("a period ends after it begins"))
    return period


def _question(entry: TomlTable) -> Question:
    measure = entry.get("measure", str)
    if measure not in MEASURES:
        choices = ", ".join(MEASURES)
        entry.problem(
            "measure", _("{name} must be one of {choices}", name="measure", choices=choices), measure
        )
    zh, en = entry.texts("rests_on", optional=True), entry.texts("rests_on_en", optional=True)
    if len(zh) != len(en):
        entry.problem("rests_on_en", _("rests_on and rests_on_en need the same number of sentences"))
    return Question(
        id=entry.get("id", str),
        quote=entry.get("quote", str),
        measure=measure,
        destinations=entry.texts("destinations", optional=True),
        targets=entry.texts("targets", optional=True),
        modes=entry.texts("modes", choices=(*STREET_MODES, *TRANSIT_MODES), optional=True),
        as_of=entry.dates("as_of", optional=True),
        stated=entry.get("stated", str, ""),
        rests_on=tuple(zip(zh, en, strict=False)),
    )


def _check_references(table: TomlTable, values: Mapping[str, Any]) -> None:
    """Hold names that point at each other together, and ids apart."""
    target_ids = [target.id for target in values["targets"]]
    known = {*STREET_MODES, *TRANSIT_MODES}
    for kind in ("targets", "periods", "questions"):
        ids = [item.id for item in values[kind]]
        for repeated in sorted({i for i in ids if ids.count(i) > 1}):
            table.problem(kind[:-1], _("the id {id} is given twice", id=repeated), repeated)
    for question in values["questions"]:
        where = f"question {question.id}"
        for unknown in [target for target in question.targets if target not in target_ids]:
            table.problem(where, _("there is no target {id}", id=unknown), unknown)
        for mode in sorted(set(question.modes) & known - _computed_modes(values)):
            what = _("the study does not compute {mode}: see travel.modes, transit.access", mode=mode)
            table.problem(where, what, mode)
        for day in [day for day in question.as_of if day not in values["as_of"]]:
            table.problem(where, _("the date {day} is not among study.as_of", day=day), day)
    for target in values["targets"]:
        for kind in [kind for kind in target.kinds if kind not in values["destination_kinds"]]:
            what = _("the kind {kind} is not among destinations.kinds", kind=kind)
            table.problem(f"target {target.id}", what, kind)
    timed = "drive" in values["modes"] or values["transit"] is not None
    if timed and not values["periods"]:
        table.problem("period", _("driving and public transport need at least one period"))


def _computed_modes(values: Mapping[str, Any]) -> set[str]:
    use = values["transit"]
    return {*values["modes"], *(map(transit_mode, use.access_modes) if use is not None else ())}
