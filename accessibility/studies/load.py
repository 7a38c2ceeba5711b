"""Load what a study names: its streets, places and speeds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from accessibility.errors import DataError
from accessibility.messages import _, language
from accessibility.model.defaults import Defaults
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.model.streets import Streets
from accessibility.model.study import Study
from accessibility.sources.cache import NetworkCache, kept_streets
from accessibility.sources.osm_places import read_osm_places
from accessibility.sources.places import read_places
from accessibility.sources.tables import read_table
from accessibility.studies.data_folder import data_folder, embedded_defaults


@dataclass(frozen=True, eq=False)
class LoadedStudy:
    """
    A study with everything it names.

    Parameters
    ----------
    study
        Settings.
    streets, places, defaults
        Streets, places from all its sources, speeds and limits.
    overlays
        Lines to draw as assumptions.
    unknowns
        Records of what is not known.
    provenance
        Sources and notices of all of them.
    """

    study: Study
    streets: Streets
    places: Places
    defaults: Defaults
    overlays: tuple[Places, ...]
    unknowns: tuple[Mapping[str, str], ...]
    provenance: Provenance


def load_study(study: Study, *, cache: NetworkCache | None = None) -> LoadedStudy:
    """
    Load streets, places and defaults of a study.

    Parameters
    ----------
    study
        What to load.
    cache
        Where networks are kept between runs; nowhere if not given.

    Raises
    ------
    DataError
        If the study has no origin of the kinds it names.
    """
    places = study_places(study)
    if not len(places.of_kinds(study.origin_kinds)):
        kinds = ", ".join(study.origin_kinds)
        what = _("no place of the study is of the kinds its journeys begin at ({kinds})", kinds=kinds)
        raise DataError(what, where="study.toml: origins.kinds", code="study-origins")
    defaults = embedded_defaults()
    problems = reference_problems(study, places, defaults)
    if problems:
        raise DataError(
            _("the study names {n} things that do not exist", n=len(problems)),
            notices=problems,
            where="study.toml",
            mend=_("Mend the settings named; docs/study.md describes each."),
            code="study-references",
        )
    streets = kept_streets(study.folder / study.streets_file, crs=study.crs, cache=cache)
    overlays = tuple(
        read_places(study.folder / file, kind="assumed", label=file) for file in study.overlay_files
    )
    unknowns, unknown_source = _records(study, study.unknown_file)
    everything = [streets.provenance, places.provenance, *(overlay.provenance for overlay in overlays)]
    provenance = Provenance().joined(*everything, unknown_source)
    descriptions = _descriptions(_records(study, study.sources_file)[0])
    own = _descriptions(_records_of(data_folder() / "defaults" / "sources.csv", "sources.csv")[0])
    provenance = provenance.described(descriptions).joined(defaults.provenance.described(own))
    return LoadedStudy(study, streets, places, defaults, overlays, unknowns, provenance)


def _records(study: Study, file: str) -> tuple[tuple[Mapping[str, str], ...], Provenance]:
    """Read a table of the study as records, nothing where none is named."""
    return _records_of(study.folder / file, file) if file else ((), Provenance())


def _records_of(path: Path, label: str) -> tuple[tuple[Mapping[str, str], ...], Provenance]:
    table = read_table(path, label=label)
    records = tuple(dict(zip(table.columns, row, strict=True)) for row in table.rows)
    return records, Provenance(sources=(table.source,))


def _descriptions(records: Iterable[Mapping[str, str]]) -> Mapping[str, SourceRecord]:
    """Turn records of ``file``, ``title``, ``title_en``, ``licence``, ``date`` into descriptions by file."""
    english = language() == "en"
    return {
        record.get("file", ""): SourceRecord(
            file=record.get("file", ""),
            sha256="",
            title=(record.get("title_en") if english else "") or record.get("title", ""),
            licence=record.get("licence", ""),
            date=record.get("date", ""),
        )
        for record in records
    }


def reference_problems(study: Study, places: Places, defaults: Defaults) -> tuple[Notice, ...]:
    """
    Find names in the settings that point nowhere: places, and periods without driving speeds.

    Returns
    -------
    problems
        One error notice per name.
    """

    def problem(field: str, message: str, value: str) -> Notice:
        return Notice("study-setting", "error", message, "study.toml", 0, field, value)

    found = []
    origins = set(places.of_kinds(study.origin_kinds).ids)
    if study.default_origin and study.default_origin not in origins:
        message = _("no place of the kinds that journeys begin at has the id {id}", id=study.default_origin)
        found.append(problem("origins.default", message, study.default_origin))
    destinations = set(places.of_kinds(study.destination_kinds).ids)
    for question in study.questions:
        for place in question.destinations:
            if place not in destinations:
                message = _("no place of the kinds in destinations.kinds has the id {id}", id=place)
                found.append(problem(f"question {question.id}", message, place))
    if "drive" in study.modes:
        for period in study.periods:
            if period.id not in defaults.road_speeds.periods:
                choices = ", ".join(defaults.road_speeds.periods)
                message = _(
                    "there are no driving speeds for this period; there are {choices}", choices=choices
                )
                found.append(problem("period", message, period.id))
    return tuple(found)


def study_places(study: Study) -> Places:
    """Read every source of places of a study and join them."""
    parts = []
    for source in study.places_files:
        if source.file:
            file = study.folder / source.file
            kind = source.kind or None
            parts.append(read_places(file, system=source.system, kind=kind, label=source.file))
        else:
            parts.append(read_osm_places(study.folder / study.streets_file, source.osm))
    return Places.joined(parts)
