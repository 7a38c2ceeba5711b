"""The error tree.

::

    AccessibilityError            code, what, where, mend           exit code
    ├── UsageError                the call itself is wrong              2
    ├── SourceError               a file cannot be read at all          1
    ├── DataError                 a file was read; its content is bad   1   carries every notice
    ├── ModelError                a noun's guarantee would be broken    1
    ├── OfflineError              a server cannot be reached            1
    └── OutputError               a result cannot be written            1

What is wrong with *data* is a notice (see `accessibility.model.provenance.Notice`) and travels with the
result; an error means that there is no result.
"""

from collections.abc import Sequence


class AccessibilityError(Exception):
    """
    A failure that a user can mend.

    Parameters
    ----------
    what
        What happened, one sentence.
    where
        File, row, option: the place to look at.
    mend
        What to do about it.
    code
        Short stable name of the failure, for searching and for tests.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", mend: str = "", code: str = "error") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.mend = mend
        self.code = code

    def __str__(self) -> str:
        """Join code, place, event and remedy to the one message a log needs."""
        place = f"{self.where}: " if self.where else ""
        remedy = f" {self.mend}" if self.mend else ""
        return f"[{self.code}] {place}{self.what}{remedy}"


class UsageError(AccessibilityError):
    """The call is wrong: an option, an argument, a combination of them."""

    exit_code = 2


class SourceError(AccessibilityError):
    """A file is missing, empty, damaged, or not what its name says."""


class DataError(AccessibilityError):
    """
    A file was read, but rows in it make any result wrong.

    Parameters
    ----------
    notices
        Everything that was found, each with file, row, value and remedy.
    """

    def __init__(
        self,
        what: str,
        *,
        notices: Sequence[object] = (),
        where: str = "",
        mend: str = "",
        code: str = "data",
    ) -> None:
        super().__init__(what, where=where, mend=mend, code=code)
        self.notices = tuple(notices)


class ModelError(AccessibilityError):
    """Arguments contradict what a noun of the model guarantees."""


class OfflineError(AccessibilityError):
    """A server cannot be reached or gives no usable answer."""


class OutputError(AccessibilityError):
    """A result cannot be written; what stood there before is untouched."""
