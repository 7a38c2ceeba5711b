"""Words for people: Chinese first, English beside it.

The code carries the English sentence; ``zh/LC_MESSAGES/accessibility.po`` holds the Chinese one and is
compiled by ``python scripts/compile_messages.py``. The language is Chinese unless ``ACCESSIBILITY_LANG``
or ``--lang`` says ``en``.
"""

import gettext
import os
from pathlib import Path

LANGUAGES = ("zh", "en")

_catalogue: gettext.NullTranslations | None = None
_language = ""


def set_language(language: str) -> None:
    """Speak ``zh`` or ``en`` from now on; anything else counts as ``zh``."""
    global _catalogue, _language
    _language = language if language in LANGUAGES else "zh"
    _catalogue = gettext.translation(
        "accessibility", localedir=Path(__file__).parent, languages=[_language], fallback=True
    )


def language() -> str:
    """Return the language spoken now, ``zh`` or ``en``."""
    if _catalogue is None:
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
    language()
    translated = _catalogue.gettext(message) if _catalogue is not None else message
    return translated.format(**values) if values else translated
