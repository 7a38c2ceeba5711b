"""Words for people: Chinese first, English beside it.

The code carries the English sentence; ``zh/LC_MESSAGES/accessibility.po`` holds the Chinese one and is
compiled by ``python scripts/compile_messages.py``. The language is Chinese unless ``ACCESSIBILITY_LANG``
or ``--lang`` says ``en``.
"""

import errno
import gettext
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")

_spoken: ContextVar[str] = ContextVar("spoken", default="")
_language = ""


def set_language(language: str) -> None:
    """Speak ``zh`` or ``en`` from now on; anything else counts as ``zh``."""
    global _language
    _language = language if language in LANGUAGES else "zh"


@cache
def _read(language: str) -> gettext.NullTranslations:
    return gettext.translation(
        "accessibility", localedir=Path(__file__).parent, languages=[language], fallback=True
    )


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """
    Speak ``zh`` or ``en`` within a block, in this thread or task only.

    A server answers readers of both languages at the same time; `set_language` is for the whole process.
    """
    token = _spoken.set(language if language in LANGUAGES else "zh")
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """Return the language spoken now, ``zh`` or ``en``."""
    if _spoken.get():
        return _spoken.get()
    if not _language:
        set_language(os.environ.get("ACCESSIBILITY_LANG", "zh")[:2])
    return _language


def _(message: str, /, **values: object) -> str:
    """
    Translate a message and fill in its named places.

    Parameters
    ----------
    message
        The English sentence, with ``{name}`` where a value belongs.
    values
        The values.

    Returns
    -------
    sentence
        The sentence in the present language.
    """
    translated = _read(language()).gettext(message)
    return translated.format(**values) if values else translated


def listed(words: Iterable[str]) -> str:
    """Join names in a row, as the present language does."""
    row = ""
    for word in words:
        row = _("{words}, {word}", words=row, word=word) if row else word
    return row


def system_reason(error: BaseException) -> str:
    """
    Tell in the present language why the operating system refused something.

    Parameters
    ----------
    error
        What it raised.

    Returns
    -------
    reason
        The usual refusals in words of the catalogue, any other in the words of the system.
    """
    known = {
        errno.ENOENT: _("No such file or directory"),
        errno.EACCES: _("Permission denied"),
        errno.EPERM: _("Operation not permitted"),
        errno.EISDIR: _("Is a directory"),
        errno.ENOTDIR: _("Not a directory"),
        errno.EEXIST: _("File exists"),
        errno.EROFS: _("Read-only file system"),
        errno.ENOSPC: _("No space left on device"),
        errno.ENAMETOOLONG: _("File name too long"),
        errno.EADDRINUSE: _("Address already in use"),
        errno.EADDRNOTAVAIL: _("Cannot assign requested address"),
    }
    given: int = getattr(error, "errno", None) or 0
    return known.get(given) or getattr(error, "strerror", None) or str(error)
