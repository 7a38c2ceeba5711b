"""Writing a text as a file, the same bytes on every system."""

from pathlib import Path

from accessibility.errors import OutputError
from accessibility.messages import _, system_reason


def write_text(path: str | Path, text: str) -> Path:
    """
    Write a text as UTF-8 with bare line feeds.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    except OSError as error:
        raise OutputError(
            _("the file cannot be written: {why}", why=system_reason(error)),
            where=str(path),
            mend=_("Check that the folder may be written to and that the disk is not full."),
            code="output-write",
        ) from error
    return path
