"""Claims held against what is computed."""
