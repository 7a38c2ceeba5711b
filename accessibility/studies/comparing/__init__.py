"""Scenarios against the study as it is: one, many in order, and with ranges."""
