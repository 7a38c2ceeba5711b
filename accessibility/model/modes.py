"""Modes of travel on streets: bits of a permission mask, and words."""

from accessibility.messages import _

WALK = 1
CYCLE = 2
DRIVE = 4
EVERYONE = WALK | CYCLE | DRIVE

PERMISSION = {"walk": WALK, "cycle": CYCLE, "ebike": CYCLE, "drive": DRIVE}
"""Street mode -> the bit that must be set on a street; an e-bike goes where a bicycle may go."""

STREET_MODES = tuple(PERMISSION)


def transit_mode(access_mode: str) -> str:
    """Name travelling by public transport after the way to the first stop, where that is not on foot."""
    return "transit" if access_mode == "walk" else f"{access_mode}_transit"


TRANSIT_MODES = tuple(transit_mode(mode) for mode in STREET_MODES)


def mode_text(mode: str) -> str:
    """Name a mode of travel in the present language."""
    texts = {
        "walk": _("walking"),
        "cycle": _("cycling"),
        "ebike": _("e-bike"),
        "drive": _("driving"),
        "transit": _("public transport"),
        "cycle_transit": _("public transport, by bicycle to the stop"),
        "ebike_transit": _("public transport, by e-bike to the stop"),
        "drive_transit": _("public transport, driven to the stop"),
    }
    return texts.get(mode, mode)
