"""A scenario as a file and in words."""
