"""A study with its results in one file, and whether it still gives them."""
