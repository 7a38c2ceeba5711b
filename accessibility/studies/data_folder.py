"""Find the data that come with the program: in the checkout, or inside the installed package."""

from pathlib import Path

import accessibility
from accessibility.errors import SourceError
from accessibility.messages import _
from accessibility.model.defaults import Defaults
from accessibility.sources.speeds import read_defaults


def embedded_defaults() -> Defaults:
    """Read the speeds, delays and limits that come with the program."""
    return read_defaults(data_folder() / "defaults")


def data_folder() -> Path:
    """
    Return the folder with the defaults and the embedded study.

    Raises
    ------
    SourceError
        If the installation is incomplete.
    """
    package = Path(accessibility.__file__).parent
    for folder in (package / "data", package.parent / "data"):
        if (folder / "defaults" / "limits.csv").is_file():
            return folder
    raise SourceError(
        _("the data that belong to the program are missing"),
        where=str(package),
        mend=_("Install the package again."),
        code="data-missing",
    )
