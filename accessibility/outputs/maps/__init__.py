"""Offline maps."""
