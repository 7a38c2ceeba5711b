"""Data inside a page: safe in a script, small, and the same bytes every time."""

import base64
import hashlib
import json
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

DEGREE_STEP = 1e-5
"""Coordinates in pages are whole multiples of this (degrees), about a metre."""


def json_for_script(data: Any) -> str:
    """
    Write data as JSON that stays data wherever it stands in a page.

    Parameters
    ----------
    data
        What `json.dumps` takes; NaN is refused.

    Returns
    -------
    text
        Sorted JSON in which no text can end the script, start a comment or be taken for a template.
    """
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    for sign in ("{", "%", "#"):
        text = text.replace("{" + sign, f"{{\\u{ord(sign):04x}")
    return text


def packed(values: NDArray[Any], dtype: str) -> str:
    """Write numbers as base64 of little-endian `dtype` (``<i2``, ``<i4``, ``<u2``, ``|u1``)."""
    return base64.b64encode(np.ascontiguousarray(values).astype(dtype).tobytes()).decode("ascii")


def packed_lines(parts: list[NDArray[np.float64]]) -> dict[str, str]:
    """
    Write courses of lines as starts, counts and steps of 1e-5 degrees.

    Parameters
    ----------
    parts
        Courses (degrees, WGS-84), each of shape ``[n_points, 2]``: lon, lat.

    Returns
    -------
    columns
        ``starts`` (int32 pairs), ``counts`` (int32, points per line), ``steps`` (int16 pairs), in base64.
    """
    starts, counts, steps = [], [], []
    for part in parts:
        whole = np.round(part / DEGREE_STEP).astype(np.int64)
        moves = np.diff(whole, axis=0)
        keep = np.concatenate([[True], np.any(moves != 0, axis=1)])
        whole = _with_short_steps(whole[keep])
        starts.append(whole[0])
        counts.append(len(whole))
        steps.append(np.diff(whole, axis=0))
    empty = np.empty((0, 2), np.int64)
    return {
        "starts": packed(np.array(starts if starts else empty), "<i4"),
        "counts": packed(np.array(counts), "<i4"),
        "steps": packed(np.concatenate([empty, *steps]), "<i2"),
    }


def _with_short_steps(whole: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put points on steps too long for 16 bits."""
    limit = 32000
    while len(whole) > 1 and np.abs(np.diff(whole, axis=0)).max() > limit:
        at = int(np.argmax(np.abs(np.diff(whole, axis=0)).max(axis=1)))
        middle = (whole[at] + whole[at + 1]) // 2
        whole = np.insert(whole, at + 1, middle, axis=0)
    return whole


class ArrayPool:
    """Arrays of a page, each kept once however many layers show it."""

    def __init__(self) -> None:
        self.arrays: list[str] = []
        self._known: dict[bytes, int] = {}

    def add(self, values: NDArray[Any], dtype: str) -> int:
        """Keep an array and return its number."""
        text = packed(values, dtype)
        key = hashlib.sha256(f"{dtype}{text}".encode()).digest()
        if key not in self._known:
            self._known[key] = len(self.arrays)
            self.arrays.append(text)
        return self._known[key]


def template_text(name: str) -> str:
    """Read a file that lies beside the templates."""
    return (resources.files("accessibility.outputs") / "templates" / name).read_text(encoding="utf-8")


def data_uri(kind: str, text: str) -> str:
    """Write a text as a ``data:`` address of a media type."""
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode('utf-8')).decode('ascii')}"
