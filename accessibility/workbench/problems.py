"""What a request may be refused for: one error type that becomes a JSON answer with words."""

from collections.abc import Sequence
from typing import Any

from accessibility.errors import AccessibilityError
from accessibility.model.provenance import Notice


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
    """Return notices as data: the place within a scenario, what is wrong, the value, the remedy."""
    return [
        {"where": one.field, "what": one.message, "value": one.value[:200], "mend": one.mend}
        for one in notices
        if isinstance(one, Notice)
    ]
