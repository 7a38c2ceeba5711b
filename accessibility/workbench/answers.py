"""What a worker answers: a medium and its bytes."""

import json
from typing import Any

Answer = tuple[str, bytes]
"""Media type and content."""


def as_json(data: Any) -> Answer:
    """Write an answer as JSON; NaN is a defect and refused."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return "application/json; charset=utf-8", text.encode()
