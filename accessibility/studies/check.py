"""What is wrong with these files?"""

from collections.abc import Iterable
from pathlib import Path

from accessibility.errors import AccessibilityError
from accessibility.model.provenance import Notice, error_notices
from accessibility.model.study import Study
from accessibility.sources.notices import check_files
from accessibility.sources.osm import read_streets
from accessibility.sources.study_file import read_study
from accessibility.sources.tables import read_table
from accessibility.studies.evidence.build import study_claims
from accessibility.studies.evidence.scenarios import apply_scenarios
from accessibility.studies.load import REPEATED_IDS, load_study, study_defaults, study_places
from accessibility.studies.measured import study_measured
from accessibility.studies.queries import speed_area_notices
from accessibility.studies.references import no_destinations_notices, reference_problems


def check_everything(paths: Iterable[Path], *, system: str, osm: Path | None) -> tuple[Notice, ...]:
    """
    Find everything that is wrong with some files; of a study, with every file that it names too.

    Parameters
    ----------
    paths
        Streets, tables of places, studies (``study.toml`` or its folder).
    system
        Coordinate system of the tables; those of a study state their own.
    osm
        Streets to hold the tables against.

    Returns
    -------
    notices
        In the order of the files.
    """
    found: list[Notice] = []
    plain: list[Path] = []
    for path in paths:
        if path.suffix.lower() == ".toml" or (path / "study.toml").is_file():
            found.extend(_study_notices(path))
        else:
            plain.append(path)
    streets = None
    if osm is not None:
        try:
            streets = read_streets(osm)
        except AccessibilityError as error:
            found.extend(error_notices(error))
    return (*found, *check_files(plain, system=system, streets=streets))


def _study_notices(path: Path) -> tuple[Notice, ...]:
    try:
        study = read_study(path)
        streets = read_streets(study.folder / study.streets_file, crs=study.crs)
        defaults = study_defaults(study)
    except AccessibilityError as error:
        return error_notices(error)
    found = list(streets.provenance.notices)
    try:
        found.extend(reference_problems(study, study_places(study), defaults, streets))
    except AccessibilityError as error:
        if error.code == REPEATED_IDS:  # what is wrong within a source is told below, file by file
            found.extend(error_notices(error))
    found.extend(no_destinations_notices(study.destination_kinds))
    if "drive" in study.modes:
        found.extend(speed_area_notices(defaults, streets))
    for file in (study.unknown_file, study.sources_file, *study.overlay_files):
        if file:
            try:
                found.extend(read_table(study.folder / file, label=file).notices)
            except AccessibilityError as error:
                found.extend(error_notices(error))
    found.extend(_evidence_notices(study))
    for source in study.places_files:
        if source.file:
            found.extend(check_files([study.folder / source.file], system=source.system, streets=streets))
    return (*found, *check_files(_timetable_files(study)))


def _timetable_files(study: Study) -> list[Path]:
    """List the line sheets and feeds that a study names."""
    use = study.transit
    return [] if use is None else [study.folder / file for file in (*use.line_sheets, *use.gtfs)]


def _evidence_notices(study: Study) -> tuple[Notice, ...]:
    """Find what is wrong with the claims and the measured times of a study."""
    if not (study.claims_file or study.measured_file):
        return ()
    try:
        loaded = load_study(study)
    except AccessibilityError:  # told already, file by file
        return ()
    found: list[Notice] = []

    def claims() -> None:
        apply_scenarios(loaded, study_claims(study, loaded.places, loaded.unknowns).claims)

    for read in (claims, lambda: study_measured(loaded)):
        try:
            read()
        except AccessibilityError as error:
            found.extend(error_notices(error))
    return tuple(found)
