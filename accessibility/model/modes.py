"""Modes of travel on streets, as bits of a permission mask."""

WALK = 1
CYCLE = 2
DRIVE = 4
EVERYONE = WALK | CYCLE | DRIVE

PERMISSION = {"walk": WALK, "cycle": CYCLE, "ebike": CYCLE, "drive": DRIVE}
"""Street mode -> the bit that must be set on a street; an e-bike goes where a bicycle may go."""

STREET_MODES = tuple(PERMISSION)
