"""Compiled kernels: arrays in, arrays out. Every one has a slow, obvious twin in ``tests/naive.py``."""
