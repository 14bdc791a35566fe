from __future__ import annotations

import re
import subprocess
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_FOLDERS = ("console", "screens", "engine", "sql", "tests")
# Written so that this file does not find itself.
_HOSTS = re.compile(r"py[p]i\.org|pythonh[o]sted\.org|extra-index-u[r]l|npm[j]s\.org")
_HOMES = re.compile(r"(?<![\w./~])/(?:roo[t]|hom[e]/[a-z]+|User[s]/\w+)/")


def _texts() -> list[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=_ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    names = listed.stdout.splitlines() if listed.returncode == 0 else []
    files = [_ROOT / name for name in names] or [
        file for folder in _FOLDERS for file in (_ROOT / folder).rglob("*") if "__pycache__" not in file.parts
    ]
    texts = []
    for file in files:
        if file.is_file() and file.suffix in {
            ".py",
            ".md",
            ".sql",
            ".toml",
            ".txt",
            ".yaml",
            ".sh",
            ".tcss",
            "",
        }:
            texts.append((str(file.relative_to(_ROOT)), file.read_text("utf-8", "replace")))
    return texts


def test_repository_names_no_registry_host() -> None:
    """Where packages come from is the business of the machine that installs them."""
    assert [] == [name for name, text in _texts() if _HOSTS.search(text)]


def test_repository_names_no_folder_of_one_machine() -> None:
    """Nothing depends on the home folder of whoever wrote it."""
    assert [] == [name for name, text in _texts() if _HOMES.search(text)]


def test_constraints_pin_exact_versions_only() -> None:
    """One `name==version` a line: no addresses, no paths, no editable installs."""
    lines = (_ROOT / "constraints.txt").read_text("utf-8").splitlines()

    assert [] == [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line)]
