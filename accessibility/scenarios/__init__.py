"""Scenarios: changes are checked, then applied to a copy; what they start from never changes."""

from accessibility.scenarios.apply import apply_scenario

__all__ = ["apply_scenario"]
