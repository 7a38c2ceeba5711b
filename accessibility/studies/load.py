"""Load what a study names: its streets, places and speeds."""

from dataclasses import dataclass

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.defaults import Defaults
from accessibility.model.places import Places
from accessibility.model.streets import Streets
from accessibility.model.study import Study
from accessibility.sources.osm import read_streets
from accessibility.sources.osm_places import read_osm_places
from accessibility.sources.places import read_places
from accessibility.studies.data_folder import embedded_defaults


@dataclass(frozen=True, eq=False)
class LoadedStudy:
    """A study with everything it names: streets, places, defaults."""

    study: Study
    streets: Streets
    places: Places
    defaults: Defaults


def load_study(study: Study) -> LoadedStudy:
    """
    Load streets, places and defaults of a study.

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
    streets = read_streets(study.folder / study.streets_file, crs=study.crs)
    return LoadedStudy(study, streets, places, embedded_defaults())


def study_places(study: Study) -> Places:
    """Read every source of places of a study and join them."""
    parts = []
    for source in study.places_files:
        if source.file:
            file = study.folder / source.file
            parts.append(read_places(file, system=source.system, kind=source.kind or None))
        else:
            parts.append(read_osm_places(study.folder / study.streets_file, source.osm))
    return Places.joined(parts)
