"""What do the lines look like as a GTFS feed?"""

from pathlib import Path

from accessibility.errors import DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice
from accessibility.model.timetable import Timetable
from accessibility.outputs.gtfs import write_gtfs
from accessibility.outputs.writing import check_zip_target
from accessibility.sources.scenario_file import read_scenario
from accessibility.studies.scenario import NetworkFiles, read_baseline


def export_gtfs(
    out: str | Path, files: NetworkFiles, scenario: str | Path | None = None
) -> tuple[Timetable, tuple[Notice, ...]]:
    """
    Write lines as a GTFS feed, whole or not at all.

    Parameters
    ----------
    out
        Zip to write; never one of the inputs.
    files
        Lines, and streets for hops of the scenario without stated times.
    scenario
        Scenario file to apply before.

    Returns
    -------
    timetable, notices
        What was written, and what is to be known about it.

    Raises
    ------
    DataError
        If the scenario cannot be applied.
    """
    check_zip_target(out, [*files.gtfs, *files.lines, files.osm, files.study, scenario])
    wanted = None if scenario is None else read_scenario(scenario)
    baseline = read_baseline(files)
    network = baseline.network
    if wanted is not None:
        network = baseline.changed(wanted, file=Path(str(scenario)).name)
    if not network.timetable.trip_ids:
        what = _("no trip is left: there would be nothing in the feed")
        raise DataError(what, where=str(scenario), mend=_("Leave a line in service."), code="gtfs-no-trips")
    version = "" if wanted is None else wanted.name
    write_gtfs(out, network.timetable, version=version, served_only=wanted is not None)
    return network.timetable, network.provenance.notices
