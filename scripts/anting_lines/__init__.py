"""How the lines of the Anting study are made from tables of facts; run by ``build_anting_lines.py``."""
