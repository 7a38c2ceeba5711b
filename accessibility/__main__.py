"""``python -m accessibility``: the command line, with an answer to Ctrl-C from its first moment."""

import sys


def main() -> int:
    """Load the command line and run it; return 1 where it is interrupted before it can say so itself."""
    try:
        from accessibility.cli import main as run

        return run()
    except KeyboardInterrupt:
        sys.stderr.write("\n已中断。 Interrupted.\n")  # the catalogue of messages is not loaded yet
        return 1


if __name__ == "__main__":
    sys.exit(main())
