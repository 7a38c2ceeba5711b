"""What a result depends on, in one short text: so that results of different questions are never mixed."""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from accessibility.model.provenance import Provenance


def fingerprint(value: Any) -> str:
    """
    Sum up nouns, arrays and settings.

    Parameters
    ----------
    value
        Dataclasses, arrays, mappings, sequences and plain values, as deep as they go.

    Returns
    -------
    text
        Hexadecimal; another one where any field differs. Provenance does not count: file names and notices
        change no figure.
    """
    digest = hashlib.blake2b(digest_size=16)
    _feed(digest, value)
    return digest.hexdigest()


def _feed(digest: "hashlib.blake2b", value: Any) -> None:
    if isinstance(value, Provenance):
        return
    if isinstance(value, np.ndarray):
        column = np.ascontiguousarray(value)
        digest.update(f"{column.dtype.str}{column.shape}".encode())
        if column.dtype.hasobject:  # their bytes are addresses
            _feed(digest, column.tolist())
        else:
            digest.update(column.data)
    elif is_dataclass(value):
        digest.update(f"<{type(value).__name__}".encode())
        for field in fields(value):
            digest.update(f" {field.name}=".encode())
            _feed(digest, getattr(value, field.name))
        digest.update(b">")
    elif isinstance(value, Mapping):
        _feed(digest, sorted(value.items()))
    elif isinstance(value, (tuple, list)):
        digest.update(f"({len(value)}".encode())
        for item in value:
            _feed(digest, item)
    else:
        digest.update(f"{type(value).__name__}:{value!r}\0".encode())
