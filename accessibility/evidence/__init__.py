"""Evidence: from claims to what must be computed, from answers to words."""
