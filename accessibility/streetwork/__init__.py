"""Work on streets: attach a point to a segment, give edges their cost, find a way."""
