"""Files of the reference data folder, or a clear reason why a test cannot have them."""

import os
from pathlib import Path

import pytest


def reference(relative: str) -> Path:
    """Find a reference file; skip the test where it is absent, fail it in CI."""
    root = Path(__file__).resolve().parents[1]
    folder = Path(os.environ.get("ACCESSIBILITY_REFERENCE") or root.parent / "shared" / "data")
    path = folder / relative
    if not path.exists():
        reason = f"reference data {relative} not found; set ACCESSIBILITY_REFERENCE to its folder"
        if os.environ.get("ACCESSIBILITY_CI") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
