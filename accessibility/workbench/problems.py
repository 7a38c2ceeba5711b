"""What a request may be refused for: one error type that becomes a JSON answer with words."""

from collections.abc import Sequence
from typing import Any

from accessibility.errors import AccessibilityError
from accessibility.messages import _
from accessibility.model.provenance import Notice

MAX_NOTICES = 60


class RequestError(Exception):
    """
    A request that cannot be answered as it stands.

    Parameters
    ----------
    status
        HTTP status, 4xx or 5xx.
    code
        Short stable name.
    what, mend
        What is wrong and what to do, in words.
    details
        Further members of the answer.
    """

    def __init__(self, status: int, code: str, what: str, *, mend: str = "", **details: Any) -> None:
        super().__init__(what)
        self.status, self.code, self.what, self.mend, self.details = status, code, what, mend, details

    def as_data(self) -> dict[str, Any]:
        """Return the body of the answer."""
        return {"error": {"code": self.code, "what": self.what, "mend": self.mend, **self.details}}


def told(error: AccessibilityError) -> dict[str, Any]:
    """Return an error of the program as the body of an answer; no path of this computer leaves it."""
    return {
        "code": error.code,
        "what": error.what,
        "mend": error.mend,
        "notices": notices_data(getattr(error, "notices", ())),
    }


def notices_data(notices: Sequence[object]) -> list[dict[str, str]]:
    """Return notices as data, the gravest first: how grave, where, what is wrong, the value, the remedy."""
    order = {"error": 0, "warning": 1, "info": 2}
    known = sorted((one for one in notices if isinstance(one, Notice)), key=lambda one: order[one.severity])
    return [
        {
            "severity": one.severity,
            "where": _place(one),
            "what": one.message,
            "value": one.value[:200],
            "mend": one.mend,
        }
        for one in known[:MAX_NOTICES]
    ]


def _place(notice: Notice) -> str:
    """Name the setting of a scenario, or file, row and column of a table."""
    if notice.row:
        return " ".join((notice.file, _("row {n}", n=notice.row), notice.field)).rstrip()
    return notice.field or notice.file
