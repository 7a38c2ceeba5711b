"""The command line: one thin command per question. Nothing heavy is loaded before a command runs."""

import gettext
import os
import sys
from importlib import import_module
from pathlib import Path

import click

import accessibility
from accessibility import messages
from accessibility.cli import terminal
from accessibility.errors import AccessibilityError, OutputError
from accessibility.messages import _, system_reason
from accessibility.threads import use_threads

COMMANDS = (
    *("run", "new", "check", "fetch", "matrix", "nearest", "surface", "measure", "isochrone", "explain"),
    *("evidence", "report", "archive", "verify", "compare", "ranges", "rank", "scenario"),
    *("export-gtfs", "import-plan", "convert-crs", "serve"),
)
"""Commands in the order of the help; each lives in the file of its name."""


class _Commands(click.Group):
    """Loads a command's file when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"accessibility.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


def _group() -> click.Group:
    group = _Commands(
        name="accessibility",
        help=_("Travel times to stations, schools and hospitals, with sources and reasons, offline."),
        epilog=_("Begin with: accessibility run"),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    )
    group.params += [
        click.Option(
            ["--lang"], type=click.Choice(messages.LANGUAGES), help=_("Language: zh (default) or en.")
        ),
        click.Option(
            ["--threads"],
            type=click.IntRange(min=1),
            metavar="N",
            expose_value=False,
            callback=lambda _context, _option, n_threads: use_threads(n_threads),
            help=_("Threads to work with; one per processor where not given."),
        ),
        click.Option(["--debug"], is_flag=True, help=_("Show the full trace of an error.")),
    ]
    return click.version_option(accessibility.__version__, message="%(prog)s %(version)s")(group)


def main(arguments: list[str] | None = None) -> int:
    """
    Run the command line.

    Parameters
    ----------
    arguments
        Arguments without the program's name; those of the process where not given.

    Returns
    -------
    exit_code
        0 done, 1 failed, 2 wrong use.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    _speak(given)
    terminal.survive_any_console()
    try:
        with _group().make_context("accessibility", list(given)) as context:
            _group().invoke(context)
    except click.exceptions.Exit as stop:
        return int(stop.exit_code)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 0
    except click.ClickException as error:
        terminal.show_wrong_use(error)
        return 2
    except AccessibilityError as error:
        terminal.show_error(error)
        terminal.show_kept(error)
        _trace_if_wanted(given)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort) as stop:
        terminal.show_line(_("Interrupted. No result was written; earlier results are untouched."))
        terminal.show_kept(stop)
        return 1
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - keeps the interpreter from flushing into the pipe
        return 1
    except OSError as error:
        terminal.show_error(_operating_system(error))
        terminal.show_kept(error)
        _trace_if_wanted(given)
        return 1
    except MemoryError as error:
        mend = _("Use fewer origins at a time, or a smaller area.")
        terminal.show_error(AccessibilityError(_("the computer's memory is full"), mend=mend, code="memory"))
        terminal.show_kept(error)
        return 1
    except Exception as error:  # a defect of the program: told in words, no trace unless asked for
        _trace_if_wanted(given)
        what = _(
            "the program failed at a place it should not: {kind}: {error}",
            kind=type(error).__name__,
            error=error,
        )
        mend = _("Run again with --debug before the command and report what it prints.")
        terminal.show_error(AccessibilityError(what, mend=mend, code="defect"))
        terminal.show_kept(error)
        return 1
    return 0


def _speak(given: list[str]) -> None:
    """Choose the language before any help text is made, for click's own words too."""
    language = os.environ.get("ACCESSIBILITY_LANG", "zh")[:2]
    for i, argument in enumerate(given):
        if argument.startswith("--lang="):
            language = argument.removeprefix("--lang=")
        elif argument == "--lang" and i + 1 < len(given):
            language = given[i + 1]
    messages.set_language(language)
    os.environ["LANGUAGE"] = messages.language()
    gettext.bindtextdomain("accessibility", str(Path(messages.__file__).parent))
    gettext.textdomain("accessibility")


def _trace_if_wanted(given: list[str]) -> None:
    if "--debug" in given:
        import traceback

        traceback.print_exc()


def _operating_system(error: OSError) -> OutputError:
    where = str(error.filename) if error.filename else ""
    what = _("the operating system refused: {reason}", reason=system_reason(error))
    return OutputError(what, where=where, mend=_("Check free space and permissions."), code="system")
