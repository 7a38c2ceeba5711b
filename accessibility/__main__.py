"""``python -m accessibility``."""

import sys

from accessibility.cli import main

if __name__ == "__main__":
    sys.exit(main())
