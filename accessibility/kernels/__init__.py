"""Compiled kernels: arrays in, arrays out. Every one has a slow, obvious twin in ``tests/naive.py``.

Compiled code is kept beside the kernels or in the cache folder of the user. Where neither can be written (a
read-only installation, no home folder), it is kept in the temporary folder: slower once, never a failure.
"""

import os
import tempfile
from pathlib import Path

if "NUMBA_CACHE_DIR" not in os.environ:
    _HERE = Path(__file__).parent
    _HOME = Path(os.path.expanduser("~"))
    if not (os.access(_HERE, os.W_OK) or os.access(_HOME, os.W_OK)):
        os.environ["NUMBA_CACHE_DIR"] = str(Path(tempfile.gettempdir()) / "accessibility-kernels")
