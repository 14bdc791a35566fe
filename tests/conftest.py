"""What every test may use; each plugin is one file beside this one."""

from __future__ import annotations

pytest_plugins = [
    "tests.fix_services",
    "tests.fix_runs",
    "tests.fix_kills",
    "tests.fix_filled",
    "tests.fix_case_files",
    "tests.fix_commands",
]
