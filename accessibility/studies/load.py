"""Load what a study names: its streets, places and speeds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from accessibility.errors import DataError
from accessibility.messages import _, language
from accessibility.model.defaults import Defaults
from accessibility.model.joining import join_timetables
from accessibility.model.places import Places
from accessibility.model.provenance import Notice, Provenance, SourceRecord
from accessibility.model.streets import Streets
from accessibility.model.study import Study, TransitUse
from accessibility.model.timetable import Timetable
from accessibility.sources.cache import NetworkCache, kept_streets
from accessibility.sources.gtfs import read_feeds, timetable_labels
from accessibility.sources.line_sheets import read_line_sheets
from accessibility.sources.line_sheets.layout import Headway
from accessibility.sources.osm_places import read_osm_places
from accessibility.sources.places import read_places
from accessibility.sources.speeds import replace_road_speeds
from accessibility.sources.tables import read_table
from accessibility.studies.data_folder import data_folder, embedded_defaults
from accessibility.studies.feed_errors import usable_feeds
from accessibility.studies.queries import speed_area_notices
from accessibility.studies.references import no_destinations_notices, reference_problems

REPEATED_IDS = "places-ids-repeated"
"""Code of the one error that no source of places has on its own."""

HEADWAY_ENDS: tuple[Headway, ...] = ("mid", "low", "high")
"""Which headways of assumed ranges a timetable holds, in the order of `LoadedStudy.timetables`."""

_A_DAY = timedelta(days=1)
"""Lines are laid out one day beyond the dates of a study: a window sees trips around midnight."""


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
    timetables
        Public transport with assumed headways in the middle of their ranges, at the short and at the long
        end; empty where the study has none, one where no headway is a range.
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
    timetables: tuple[Timetable, ...]
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
        If the study names what does not exist or cannot be; all of it is told at once.
    """
    places = study_places(study)
    defaults = study_defaults(study)
    streets = kept_streets(study.folder / study.streets_file, crs=study.crs, cache=cache)
    problems = reference_problems(study, places, defaults, streets)
    if problems:
        raise DataError(
            _("{n} settings of the study do not fit its data", n=len(problems)),
            notices=problems,
            where="study.toml",
            mend=_("Mend the settings named; docs/study.md describes each."),
            code="study-references",
        )
    overlays = tuple(
        read_places(study.folder / file, kind="assumed", label=file) for file in study.overlay_files
    )
    unknowns, unknown_source = _records(study, study.unknown_file)
    timetables = study_timetables(study)
    everything = [streets.provenance, places.provenance, *(overlay.provenance for overlay in overlays)]
    everything += [timetable.provenance for timetable in timetables[:1]]
    provenance = Provenance().joined(*everything, unknown_source)
    descriptions = source_descriptions(study)
    own = _descriptions(_records_of(data_folder() / "defaults" / "sources.csv", "sources.csv")[0])
    provenance = provenance.described(descriptions).joined(defaults.provenance.described(own))
    provenance = provenance.with_notices(no_destinations_notices(study.destination_kinds))
    if "drive" in study.modes:
        provenance = provenance.with_notices(speed_area_notices(defaults, streets))
    return LoadedStudy(study, streets, places, defaults, timetables, overlays, unknowns, provenance)


def source_descriptions(study: Study) -> Mapping[str, SourceRecord]:
    """Read title, licence and date of the study's own files, by file; none where it has no such table."""
    return _descriptions(_records(study, study.sources_file)[0])


def study_defaults(study: Study) -> Defaults:
    """Read the default speeds and limits, with the study's own driving speeds where it names some."""
    defaults = embedded_defaults()
    return replace_road_speeds(defaults, study.folder / study.speeds_file) if study.speeds_file else defaults


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


def study_timetables(study: Study) -> tuple[Timetable, ...]:
    """
    Read the lines of a study, with assumed headways in the middle, at the short and at the long end.

    Returns
    -------
    timetables
        None where the study has no lines, one where no headway is a range.
    """
    use = study.transit
    if use is None:
        return ()
    first_day, last_day = min(study.as_of) - _A_DAY, max(study.as_of) + _A_DAY
    feeds = _study_feeds(study, use)
    labels = [*(Path(file).stem for file in use.line_sheets), *["gtfs"] * len(feeds)]
    found = []
    for end in HEADWAY_ENDS:
        parts = [
            read_line_sheets(
                study.folder / file, first_day=first_day, last_day=last_day, headway=end, label=file
            )
            for file in use.line_sheets
        ]
        parts += feeds
        found.append(parts[0] if len(parts) == 1 else join_timetables(parts, labels))
    same = all(np.array_equal(found[0].headway_s, other.headway_s) for other in found[1:])
    return tuple(found[:1] if same else found)


def _study_feeds(study: Study, use: TransitUse) -> list[Timetable]:
    """Read the feeds of a study as one timetable, none where it has none."""
    if not use.gtfs:
        return []
    paths = [study.folder / file for file in use.gtfs]
    labels = timetable_labels(paths)
    return [join_timetables(usable_feeds(read_feeds(paths, labels), skip_errors=use.skip_errors), labels)]


def study_places(study: Study) -> Places:
    """
    Read every source of places of a study and join them.

    Raises
    ------
    DataError
        If two sources name a place alike; all of them are told at once.
    """
    parts = []
    for source in study.places_files:
        if source.file:
            file = study.folder / source.file
            kind = source.kind or None
            parts.append(read_places(file, system=source.system, kind=kind, label=source.file))
        else:
            parts.append(read_osm_places(study.folder / study.streets_file, source.osm))
    repeated = _repeated_ids(study, parts)
    if repeated:
        raise DataError(
            _("{n} identifiers stand in more than one source of places", n=len(repeated)),
            notices=repeated,
            where="study.toml: places",
            mend=_("Give every place an identifier of its own."),
            code=REPEATED_IDS,
        )
    return Places.joined(parts)


def _repeated_ids(study: Study, parts: Iterable[Places]) -> list[Notice]:
    first: dict[str, str] = {}
    told = []
    for source, places in zip(study.places_files, parts, strict=True):
        file = source.file or study.streets_file
        for place_id in places.ids:
            if place_id in first:
                message = _("the identifier stands in {file} too", file=first[place_id])
                told.append(Notice("id-twice", "error", message, file, 0, "id", place_id))
            first.setdefault(place_id, file)
    return told
