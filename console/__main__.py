"""The ``fordway`` command."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Runs one command and exits with its documented code."""
    from console.cli import run_command_line

    sys.exit(run_command_line(sys.argv[1:]))


if __name__ == "__main__":
    main()
