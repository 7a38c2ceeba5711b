"""Why a pair has no answer: one small code, stored with every travel time."""

REACHED = 0
ORIGIN_NO_POSITION = 1
DESTINATION_NO_POSITION = 2
ORIGIN_NOT_LINKED = 3
DESTINATION_NOT_LINKED = 4
BEYOND_LIMITS = 5
NO_WAY = 6
NO_SERVICE = 7
NO_SUCH_DESTINATION = 8

REASON_CODES = (
    "",
    "origin-no-position",
    "destination-no-position",
    "origin-not-linked",
    "destination-not-linked",
    "beyond-limits",
    "no-way",
    "no-service",
    "no-such-destination",
)
"""Reason -> what tables print; the empty text means reached."""
