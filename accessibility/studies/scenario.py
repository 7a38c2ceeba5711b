"""What does a scenario make of a network?"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from accessibility.errors import UsageError
from accessibility.messages import _
from accessibility.model.defaults import Defaults
from accessibility.model.scenario import Scenario
from accessibility.model.study import StreetUse, Study
from accessibility.model.timetable import Timetable
from accessibility.model.transport_network import TransportNetwork
from accessibility.scenarios import apply_scenario
from accessibility.sources.gtfs import read_gtfs
from accessibility.sources.osm import read_streets
from accessibility.sources.study_file import read_study
from accessibility.studies.bus_rides import BusRides
from accessibility.studies.data_folder import embedded_defaults
from accessibility.studies.load import study_defaults, study_places, study_timetables
from accessibility.studies.on_transit import read_timetables
from accessibility.studies.queries import COMPLETE_STREETS, day_of


@dataclass(frozen=True)
class NetworkFiles:
    """
    What a scenario is applied to, as a face hands it over.

    Parameters
    ----------
    study
        A ``study.toml``: its streets, places and speeds.
    osm
        Streets, without a study.
    gtfs, lines
        Timetables; those of the study where none is named.
    day
        Date (ISO) around which line sheets are laid out; the first of the study where empty.
    system
        Coordinate system of the line sheets.
    """

    study: Path | None = None
    osm: Path | None = None
    gtfs: tuple[Path, ...] = ()
    lines: tuple[Path, ...] = ()
    day: str = ""
    system: str = "wgs84"

    @property
    def given(self) -> bool:
        """Whether anything is named."""
        return bool(self.study or self.osm or self.gtfs or self.lines)


@dataclass(frozen=True, eq=False)
class Baseline:
    """
    A network as it is, and what scenarios on it rest on.

    Parameters
    ----------
    network
        Lines, and streets and places where there are any.
    defaults
        Speeds, dwell, radius.
    use
        How the streets are to be used.
    """

    network: TransportNetwork
    defaults: Defaults
    use: StreetUse = COMPLETE_STREETS

    def changed(self, scenario: Scenario, *, file: str = "") -> TransportNetwork:
        """
        Apply a scenario to a copy.

        Parameters
        ----------
        scenario
            The scenario.
        file
            Its file, for the notices.

        Returns
        -------
        network
            The same object where the scenario is empty.

        Raises
        ------
        DataError
            If any modification cannot be.
        """
        limits = self.defaults.limits
        return apply_scenario(
            self.network,
            scenario,
            default_dwell_s=round(limits["stop_dwell"]),
            ride=None if self.network.streets is None else BusRides(self.defaults, self.use),
            join_m=limits["street_join_radius"],
            detour_factor=limits["connector_detour_factor"],
            file=file,
        )


def read_baseline(files: NetworkFiles) -> Baseline:
    """
    Read the network that scenarios are applied to.

    Raises
    ------
    UsageError
        If there is no timetable, or line sheets are named without a date.
    """
    study = None if files.study is None else read_study(files.study)
    if files.lines:
        timetable = read_timetables(files.gtfs, files.lines, _day(files, study), system=files.system)
    elif files.gtfs:
        timetable = read_gtfs(files.gtfs)
    else:
        timetable = _study_lines(study)
    if study is None:
        streets = None if files.osm is None else read_streets(files.osm)
        return Baseline(TransportNetwork(timetable, streets), embedded_defaults())
    streets = read_streets(study.folder / study.streets_file, crs=study.crs)
    network = TransportNetwork(timetable, streets, study_places(study))
    return Baseline(network, study_defaults(study), study.street_use)


def _study_lines(study: Study | None) -> Timetable:
    """Read the lines that a study names, with headways in the middle of their ranges."""
    found = () if study is None else study_timetables(study)
    if not found:
        what, mend = _("no timetable was given"), _("Name the lines: --gtfs or --lines.")
        raise UsageError(what, mend=mend, code="scenario-no-lines")
    return found[0]


def _day(files: NetworkFiles, study: Study | None) -> date:
    if files.day:
        return day_of(files.day, "--date")
    if study is not None:
        return study.as_of[0]
    what, mend = _("line sheets need a date to be laid out around"), _("State --date, like 2021-05-21.")
    raise UsageError(what, where="--lines", mend=mend, code="scenario-no-date")
