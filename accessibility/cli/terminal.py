"""What people see in a terminal: lines, progress, notices, errors."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from accessibility.errors import AccessibilityError, DataError
from accessibility.messages import _
from accessibility.model.provenance import Notice, group_notices

_SHOWN = 20
_EXAMPLES = 5
"""What stops a run is to be mended: so many rows of each kind are named."""
_LONGEST_VALUE = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SIGN = {"error": "✗", "warning": "!", "info": "·"}


def survive_any_console() -> None:
    """Let a console that cannot show a character (GBK, ASCII) replace it instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def show_line(text: str) -> None:
    """Print a line for people, apart from results."""
    click.echo(text, err=True)


def show_wrong_use(error: click.ClickException) -> None:
    """Print why a call cannot be understood."""
    context = getattr(error, "ctx", None)
    show_line(_("wrong use [usage]: {message}", message=error.format_message()))
    path = context.command_path if context is not None else "accessibility"
    show_line("  → " + _("See: {command} --help", command=path))


def show_error(error: AccessibilityError) -> None:
    """Print what happened, where, how to mend it, with its code."""
    show_line(_("error [{code}]: {what}", code=error.code, what=error.what))
    if error.where:
        show_line("  " + _("where: {where}", where=error.where))
    if isinstance(error, DataError):
        show_notices([notice for notice in error.notices if isinstance(notice, Notice)], examples=_EXAMPLES)
    if error.mend:
        show_line(f"  → {error.mend}")


def show_kept(error: BaseException) -> None:
    """Print what an error says about work that is finished and kept."""
    for note in getattr(error, "__notes__", ()):
        show_line(f"  {note}")


def show_notices(notices: Sequence[Notice], *, most: int = _SHOWN, examples: int = 1) -> None:
    """Print notices, like ones grouped with some examples of each kind, the grave ones first."""
    grouped = group_notices(notices, examples=examples)
    for notice in grouped[:most]:
        show_line("  " + notice_line(notice))
    more = sum(notice.count > 0 for notice in grouped[most:])
    if more:
        show_line("  " + _("… and {n} more kinds", n=more))


def notice_line(notice: Notice) -> str:
    """Tell a notice in one line: sign, code, place, message, remedy, how many like it."""
    place = notice.file + (f":{notice.row}" if notice.row else "")
    value = _one_line(notice.value)
    value = value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
    what = f"{notice.field}={value}" if notice.field and value else notice.field or value
    count = " " + _("(×{n})", n=notice.count) if notice.count > 1 else ""
    where = " ".join(part for part in (_one_line(place), _one_line(what)) if part)
    head = f"{_SIGN[notice.severity]} [{notice.code}]{count} {where}".rstrip()
    remedy = f" → {notice.mend}" if notice.mend else ""
    return f"{head}: {_one_line(notice.message)}{remedy}"


def _one_line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


@contextmanager
def progress_shown() -> Iterator[Callable[[str, int, int], None]]:
    """
    Show stages as they pass: a bar with the remaining time on a terminal, plain lines elsewhere.

    Yields
    ------
    progress
        To be called with stage, done, total.
    """
    if not sys.stderr.isatty():
        seen: set[str] = set()

        def tell(stage: str, _done: int, _total: int) -> None:
            if stage not in seen:
                seen.add(stage)
                show_line(f"· {stage}")

        yield tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def draw(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield draw
