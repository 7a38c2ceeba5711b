"""Modes of travel on streets: bits of a permission mask, and words."""

from accessibility.messages import _

WALK = 1
CYCLE = 2
DRIVE = 4
EVERYONE = WALK | CYCLE | DRIVE

PERMISSION = {"walk": WALK, "cycle": CYCLE, "ebike": CYCLE, "drive": DRIVE}
"""Street mode -> the bit that must be set on a street; an e-bike goes where a bicycle may go."""

STREET_MODES = tuple(PERMISSION)


def mode_text(mode: str) -> str:
    """Name a mode of travel in the present language."""
    texts = {
        "walk": _("walking"),
        "cycle": _("cycling"),
        "ebike": _("e-bike"),
        "drive": _("driving"),
        "transit": _("public transport"),
    }
    return texts.get(mode, mode)
