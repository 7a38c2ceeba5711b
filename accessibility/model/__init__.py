"""The nouns: frozen, checked at birth, arrays read-only. One noun per file."""
