from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT_FOLDER = "TEXTUAL_SNAPSHOT_TEMPDIR"
"""Where the snapshot plugin collects its report; a scrubbed worker has lost it."""


@pytest.fixture(autouse=True)
def plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the surrounding terminal says about colours and animations changes no picture."""
    for name in ("NO_COLOR", "COLORTERM", "TEXTUAL_ANIMATIONS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session", autouse=True)
def report_folder() -> Iterator[None]:
    if REPORT_FOLDER in os.environ:
        yield
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ[REPORT_FOLDER] = folder
        yield
        del os.environ[REPORT_FOLDER]
