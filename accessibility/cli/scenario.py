"""``accessibility scenario``: scenario files checked, told in words, and compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from accessibility.cli import terminal
from accessibility.messages import _

_Command = TypeVar("_Command", bound=Callable[..., Any])


def network_options(command: _Command) -> _Command:
    """Add what a scenario may be held against."""
    for option in reversed(
        (
            click.option("--study", type=click.Path(path_type=Path), metavar="FILE",
                         help=_("A study.toml: its streets, places and speeds.")),
            click.option("--osm", type=click.Path(path_type=Path), metavar="FILE",
                         help=_("Streets: .osm.pbf, .osm or .osm.gz.")),
            click.option("--gtfs", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
                         help=_("GTFS feed (zip or folder); may be repeated.")),
            click.option("--lines", type=click.Path(path_type=Path), multiple=True, metavar="PATH",
                         help=_("Line sheets (folder or .xlsx), beside or without --gtfs; may be repeated.")),
            click.option("--date", "day", default="", metavar="DATE",
                         help=_("Date around which line sheets are laid out.")),
            click.option("--system", default="wgs84", show_default=True, metavar="NAME",
                         help=_("Coordinate system of the points: wgs84, gcj02, bd09, cgcs2000, EPSG:n.")),
        )
    ):  # fmt: skip
        command = option(command)
    return command


def files_from(given: dict[str, Any]) -> Any:
    """
    Turn what `network_options` collected into `accessibility.studies.scenario.NetworkFiles`.

    Raises
    ------
    click.UsageError
        If streets are named twice.
    """
    from accessibility.studies.scenario import NetworkFiles

    if given["study"] is not None and given["osm"] is not None:
        raise click.UsageError(_("give either --osm or --study"))
    return NetworkFiles(**given)


@click.group("scenario", help=_("Check scenario files, tell them in words, compare two of them."))
def command() -> None:
    """Gather the commands below."""


@command.command("check", help=_("Tell everything that is wrong with scenario files."))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@network_options
@click.pass_context
def check(ctx: click.Context, /, files: tuple[Path, ...], **network: Any) -> None:
    """Print notices on standard output; exit 1 where one is an error."""
    from accessibility.studies.check_scenario import check_scenarios

    notices = check_scenarios(files, files_from(network))
    for notice in notices:
        click.echo(terminal.notice_line(notice))
    errors = sum(notice.count for notice in notices if notice.severity == "error")
    click.echo(_("{files} scenarios: {errors} errors", files=len(files), errors=errors))
    ctx.exit(1 if errors else 0)


@command.command("describe", help=_("Tell in words what a scenario changes."))
@click.argument("file", type=click.Path(path_type=Path))
@network_options
def describe(file: Path, **network: Any) -> None:
    """Print one sentence per modification on standard output."""
    from accessibility.studies.check_scenario import describe_scenario

    for line in describe_scenario(file, files_from(network)):
        click.echo(line)


@command.command("diff", help=_("Tell in words how the second scenario differs from the first."))
@click.argument("first", type=click.Path(path_type=Path))
@click.argument("second", type=click.Path(path_type=Path))
@network_options
def diff(first: Path, second: Path, **network: Any) -> None:
    """Print one sentence per difference on standard output."""
    from accessibility.studies.check_scenario import compare_descriptions

    for line in compare_descriptions(first, second, files_from(network)):
        click.echo(line)
