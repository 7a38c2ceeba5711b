"""Intervals of a scenario and what matters most, as people read them."""
