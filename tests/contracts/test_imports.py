from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PROBE = """
import importlib, sys
for name in {modules!r}:
    importlib.import_module(name)
seen = {forbidden!r} & {{name.partition(".")[0] for name in sys.modules}}
print(" ".join(sorted(seen)))
"""


def _modules(package: str) -> list[str]:
    files = sorted((_ROOT / package).rglob("*.py"))
    names = [".".join(file.relative_to(_ROOT).with_suffix("").parts) for file in files]
    return [name.removesuffix(".__init__") for name in names if not name.endswith(".__main__")]


def _seen_after_importing(modules: list[str], forbidden: set[str]) -> str:
    program = _PROBE.format(modules=modules, forbidden=forbidden)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert not done.stderr, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("package", ["engine", "sql"])
def test_imports_below_screens_in_a_fresh_interpreter_bring_no_terminal(package: str) -> None:
    """Engine and SQL run where there is no Textual and no Rich."""
    assert "" == _seen_after_importing(_modules(package), {"textual", "rich"})


def test_imports_of_the_pure_engine_in_a_fresh_interpreter_bring_no_driver() -> None:
    """Model, planning and guidance decide without any database driver at hand."""
    modules = [name for part in ("model", "planning", "guidance") for name in _modules(f"engine/{part}")]

    assert "" == _seen_after_importing(modules, {"psycopg", "sqlite3", "redis", "textual", "rich"})


def test_imports_of_a_warm_attach_in_a_fresh_interpreter_are_light() -> None:
    """Attaching to running services loads neither drivers nor the process library."""
    assert "" == _seen_after_importing(
        ["console.embedded"], {"psycopg", "redis", "psutil", "pydantic", "textual"}
    )


def test_imports_of_the_command_line_in_a_fresh_interpreter_are_light() -> None:
    """`fordway --help` waits for no screen and no driver."""
    modules = [name for name in _modules("console") if name == "console.cli"]

    assert "" == _seen_after_importing(modules, {"textual", "psycopg", "redis"})
