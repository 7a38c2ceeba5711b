"""Options that several commands share, each written once."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from accessibility.messages import _

_Command = TypeVar("_Command", bound=Callable[..., Any])

MODES = ("walk", "cycle", "ebike", "drive", "transit")

_TRANSIT_NAMES = ("gtfs", "lines", "day", "depart", "arrive_by", "planned", "window", "percentiles",
                  "max_rides", "max_walk", "access_mode", "egress_mode",
                  "max_access", "max_egress", "skip_errors")  # fmt: skip


def cache_option(command: _Command) -> _Command:
    """Add the switch that reads every network from its file again."""
    return click.option(
        "--no-cache", is_flag=True, help=_("Do not keep networks between runs, nor use kept ones.")
    )(command)


def network_cache(*, no_cache: bool = False) -> Any:
    """
    Find where networks are kept between runs.

    Returns
    -------
    cache
        In ``ACCESSIBILITY_CACHE``, else in the user's folder for such things; ``None`` where switched off.
    """
    if no_cache:
        return None
    from accessibility.sources.cache import NetworkCache

    return NetworkCache(_cache_folder(os.environ, sys.platform))


def _cache_folder(environment: Mapping[str, str], platform: str) -> Path:
    """Name the folder by the custom of the system."""
    if stated := environment.get("ACCESSIBILITY_CACHE"):
        return Path(stated)
    home = Path(os.path.expanduser("~"))
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local") / "accessibility" / "Cache"
    if platform == "darwin":
        return home / "Library" / "Caches" / "accessibility"
    return Path(environment.get("XDG_CACHE_HOME") or home / ".cache") / "accessibility"


def street_options(command: _Command) -> _Command:
    """Add what says how people travel: streets, mode, speeds, limits."""
    for option in reversed(
        (
            click.option("--osm", type=click.Path(path_type=Path), metavar="FILE",
                         help=_("Streets: .osm.pbf, .osm or .osm.gz.")),
            click.option("--study", type=click.Path(path_type=Path), metavar="FILE",
                         help=_("A study.toml, in place of --osm: its streets and limits.")),
            click.option("--mode", type=click.Choice(MODES), default="walk", show_default=True,
                         help=_("How people travel.")),
            click.option("--walk-speed", type=float, metavar="KM/H",
                         help=_("Walking speed; 3.6 where not given.")),
            click.option("--cycle-speed", type=float, metavar="KM/H",
                         help=_("Speed by bicycle or e-bike; 12 or 17.5 where not given.")),
            click.option("--period", default="", metavar="NAME",
                         help=_("Period of the driving speeds: peak (default) or offpeak.")),
            click.option("--avoid", metavar="LIST",
                         help=_("Classes of road a car does not use, like motorway,motorway_link; none: -")),
            click.option("--max-duration", type=float, metavar="MIN",
                         help=_("Longest travel time in minutes; 120 where not given.")),
            click.option("--speeds", type=click.Path(path_type=Path), metavar="FILE",
                         help=_("Table of driving speeds in place of the default one.")),
            click.option("--crs", metavar="EPSG:N",
                         help=_("Projected coordinate system to measure in; the UTM zone where not given.")),
            click.option("--system", default="wgs84", show_default=True, metavar="NAME",
                         help=_("Coordinate system of the points: wgs84, gcj02, bd09, cgcs2000, EPSG:n.")),
            cache_option,
        )
    ):  # fmt: skip
        command = option(command)
    return command


def transit_options(command: _Command) -> _Command:
    """Add what a question on public transport needs; ``--gtfs`` or ``--lines`` turns it on."""
    for option in reversed(
        (
            click.option("--gtfs", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
                         help=_("GTFS feed (zip or folder); may be repeated. Implies --mode transit.")),
            click.option("--lines", type=click.Path(path_type=Path), multiple=True, metavar="PATH",
                         help=_("Line sheets (folder or .xlsx), beside or without --gtfs; may be repeated.")),
            click.option("--date", "day", metavar="DATE", help=_("Service day, like 2019-05-13.")),
            click.option("--depart", metavar="HH:MM",
                         help=_("First departure of the window; 07:30 where not given.")),
            click.option("--arrive-by", metavar="HH:MM",
                         help=_("First latest arrival of the window, in place of --depart.")),
            click.option("--planned", is_flag=True,
                         help=_("People know the timetable: no wait before the first ride.")),
            click.option("--window", type=int, default=60, show_default=True, metavar="MIN",
                         help=_("Length of the window: one departure, or latest arrival, per minute.")),
            click.option("--percentile", "percentiles", type=int, multiple=True, default=(50,),
                         show_default=True, metavar="P",
                         help=_("Percentile of the travel times over the window; may be repeated.")),
            click.option("--max-rides", type=int, metavar="N", help=_("Vehicles boarded at most; 3.")),
            click.option("--max-walk", type=float, metavar="MIN",
                         help=_("Longest walk in minutes, each leg and all the way; 30.")),
            click.option("--access-mode", type=click.Choice(MODES[:-1]), default="walk", show_default=True,
                         help=_("How people get to their first stop; drive: they are driven.")),
            click.option("--egress-mode", type=click.Choice(MODES[:-1]), default="walk", show_default=True,
                         help=_("How people go on from their last stop.")),
            click.option("--max-access", type=float, metavar="MIN",
                         help=_("Longest time to the first stop; that of a walk where not given.")),
            click.option("--max-egress", type=float, metavar="MIN",
                         help=_("Longest time from the last stop; that of a walk where not given.")),
            click.option("--skip-errors", is_flag=True,
                         help=_("Go on without what is malformed in a GTFS feed, and say so; "
                                "otherwise nothing is computed.")),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def transit_from(given: dict[str, Any]) -> tuple[Any, Any]:
    """
    Turn what `street_options` and `transit_options` collected into options for streets or public transport.

    Returns
    -------
    options, study
        As for `options_from`.

    Raises
    ------
    click.UsageError
        If timetables are missing for ``--mode transit``, the date for them, or the window begins in two ways.
    """
    transit = {name: given.pop(name) for name in _TRANSIT_NAMES}
    if not transit["gtfs"] and not transit["lines"]:
        if given["mode"] == "transit":
            raise click.UsageError(_("public transport needs a timetable: --gtfs or --lines"))
        return options_from(given)
    if transit["day"] is None:
        raise click.UsageError(_("a timetable needs a service day: --date"))
    if transit["depart"] is not None and transit["arrive_by"] is not None:
        raise click.UsageError(_("a window has either --depart or --arrive-by"))
    if transit["depart"] is None:
        del transit["depart"]
    given["mode"] = "walk"
    streets, study = options_from(given)
    from accessibility.studies.on_transit import TransitOptions

    return TransitOptions(streets=streets, **transit), study


def definition_line(options: Any) -> str:
    """Say from when to when the travel times of a question on public transport count; ``""`` on streets."""
    from accessibility.model.transit_query import definition_text
    from accessibility.studies.on_transit import TransitOptions

    if not isinstance(options, TransitOptions):
        return ""
    return _("Travel times count {how}.", how=definition_text(options.definition))


def options_from(street: dict[str, Any]) -> tuple[Any, Any]:
    """
    Turn what `street_options` collected into `StreetOptions`, and read the study where one is named.

    Returns
    -------
    options, study
        The study is ``None`` where streets were named by ``--osm``.

    Raises
    ------
    click.UsageError
        If neither or both of ``--osm`` and ``--study`` are given.
    """
    study_file = street.pop("study")
    street["cache"] = network_cache(no_cache=street.pop("no_cache"))
    if street["avoid"] is not None:
        street["avoid"] = tuple(part for part in street["avoid"].replace("-", "").split(",") if part)
    if (street["osm"] is None) == (study_file is None):
        raise click.UsageError(_("give either --osm or --study"))
    from accessibility.studies.on_streets import StreetOptions

    if study_file is None:
        return StreetOptions(**street), None
    from accessibility.sources.study_file import read_study

    study = read_study(study_file)
    return StreetOptions.of_study(study, **street), study


def comparison_options(command: _Command) -> _Command:
    """Add what is asked of a study before and after a scenario."""
    for option in reversed(
        (
            click.option("--as-of", default="", metavar="DATE",
                         help=_("Date; the last of the study where not given.")),
            click.option("--period", default="", metavar="NAME",
                         help=_("Period of the study; the first where not given.")),
            click.option("--percentile", type=int, default=50, show_default=True, metavar="N",
                         help=_("Percentile of the travel times over the departures of the period.")),
            click.option("--access-mode", default="", metavar="MODE",
                         help=_("Way to the first stop, one of those of the study; walk where not given.")),
            click.option("--target", "targets", multiple=True, metavar="ID",
                         help=_("Target of the study; may be repeated; all of them where not given.")),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def output_option(command: _Command) -> _Command:
    """Add where the result goes."""
    return click.option(
        "-o",
        "--out",
        type=click.Path(path_type=Path),
        required=True,
        metavar="FILE",
        help=_("Where to write."),
    )(command)


def many_options(where: str = "") -> Callable[[_Command], _Command]:
    """Add who works off many origins, and a result that may be a folder; `where` says it otherwise."""
    usual = _("Where to write: ….csv, or a folder of Parquet parts: ….parquet or DIR/.")

    def added(command: _Command) -> _Command:
        for option in reversed(
            (
                click.option("--workers", type=int, metavar="N",
                             help=_("Work in N processes on this computer, in place of threads.")),
                click.option("--scheduler", default="", metavar="ADDRESS",
                             help=_("Work on a cluster: the Dask scheduler, like tcp://host:8786.")),
                click.option("-o", "--out", required=True, metavar="FILE", help=where or usual),
            )
        ):  # fmt: skip
            command = option(command)
        return command

    return added


def nearest_options(command: _Command) -> _Command:
    """Add which of the destinations counts, and catchments in place of the nearest."""
    for option in reversed(
        (
            click.option("--destinations", type=click.Path(path_type=Path), required=True, metavar="FILE",
                         help=_("Points of which the nearest counts.")),
            click.option("--rank", type=int, default=1, show_default=True,
                         help=_("1 for the nearest, 2 for the second …")),
            click.option("--catchment", metavar="LIST",
                         help=_("In place of the nearest, one row per destination: how many origins (and "
                                "people, column count) reach it within minutes like 15,30.")),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def catchment_limits(text: str | None, rank: int) -> tuple[int, ...]:
    """
    Read the limits (s) of catchments; none where nobody asks for them.

    Raises
    ------
    click.UsageError
        If a rank is asked for too.
    click.BadParameter
        If they are not numbers above 0.
    """
    if text is None:
        return ()
    if rank != 1:
        raise click.UsageError(_("catchments have no rank: leave out --rank or --catchment"))
    return tuple(dict.fromkeys(minutes(text)))


def minutes(text: str) -> tuple[int, ...]:
    """
    Read a list of minutes as seconds.

    Raises
    ------
    click.BadParameter
        If it holds something else than numbers above 0.
    """
    try:
        found = tuple(round(60 * float(part)) for part in text.split(","))
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(_("{text} is no list of minutes like 15,30,45", text=text)) from error
    if not all(0 < cutoff <= 86400 for cutoff in found):
        raise click.BadParameter(_("minutes must lie between 0 and 1440"))
    return found


def numbers(text: str, *, count: int, example: str) -> tuple[float, ...]:
    """
    Read a fixed number of numbers, separated by commas.

    Raises
    ------
    click.BadParameter
        If there are more, fewer, or something else.
    """
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count or not all(abs(number) < 1e9 for number in found):
        raise click.BadParameter(_("{text} is not of the form {example}", text=text, example=example))
    return found
