"""Connect: both ends are looked at before anything else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from engine.model.run import Step
from screens.run_screen import RunScreen
from screens.widgets.flow import labelled
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.events import ConnectionCheck
    from screens.sight import Sight, Trouble

__all__ = ["ConnectScreen"]

_MARKS = {"ok": ("✓ ok  ", "ok"), "warn": ("! warn", "warn"), "fail": ("✗ fail", "bad")}
NAME_CELLS = 18
"""Room for a check's name; longer names push their line, nothing is cut."""


class ConnectScreen(RunScreen):
    """What was checked, and what to do about what failed."""

    CSS_PATH = "connect.tcss"
    STEP = Step.CONNECT
    ABOUT: ClassVar[str] = (
        "Fordway looks at the target, at Redis and at every source before anything else. "
        "Each line says what was found; a line that failed says what to do about it."
    )
    KEYS = ("resume-run", "next-step", "previous-step", "coordination", "help", "commands", "quit")

    def compose_body(self) -> ComposeResult:
        """One text that scrolls."""
        self.text = Words()
        with VerticalScroll(id="connect"):
            yield self.text

    def draw(self, sight: Sight) -> None:
        """Progress while it starts, trouble if it can't, else the checks."""
        width = max(self.size.width - 4, 40)
        parts: list[Part] = [("Looking at both ends before anything is moved", "strong"), "\n\n"]
        parts += _opening(sight)
        if sight.trouble is not None:
            parts += _trouble(sight.trouble, width)
        if sight.view.sources:
            parts += [("sources  ", "quiet"), ", ".join(sight.view.sources), "\n"]
            parts += [("target   ", "quiet"), sight.view.target, "\n\n"]
        for check in sight.view.checks:
            parts += _check(check, width)
        failed = [check.name for check in sight.view.checks if check.status == "fail"]
        if failed:
            parts += ["\n", (f"Nothing was touched. Mend {', '.join(failed)}, then press r.", "warn")]
        self.text.show(*parts)
        self.keys.labels = {"resume-run": "try again" if sight.trouble else "resume"}

    def command(self, sight: Sight) -> str:  # noqa: ARG002 - the same for every run
        """Doctor checks the same."""
        return "doctor"


def _opening(sight: Sight) -> list[Part]:
    parts: list[Part] = []
    is_open = bool(sight.view.run_id)
    for place, line in enumerate(sight.opening):
        is_last = place == len(sight.opening) - 1
        if is_last and sight.trouble is not None:
            parts += [("✗ failed  ", "bad"), line, "\n"]
        elif is_last and not is_open:
            parts += [("● now     ", "busy"), line, "\n"]
        elif not is_open or sight.trouble is not None:
            parts += [("✓ done    ", "ok"), (line, "quiet"), "\n"]
    if not sight.opening and not is_open and sight.trouble is None:
        parts += [("● now     ", "busy"), "starting", "\n"]
    return [*parts, "\n"] if parts else []


def _trouble(trouble: Trouble, width: int) -> list[Part]:
    parts: list[Part] = []
    for word, text, token in (
        ("what happened", trouble.what, "bad"), ("where", trouble.where, "plain"),
        ("what is safe", trouble.safe, "ok"), ("what to do", trouble.todo, "plain"),
    ):  # fmt: skip
        if text:
            parts += labelled(word, (text, token), width=width)
    return [*parts, "\n", ("r", "key"), " tries again   ", ("q", "key"), " leaves\n\n"]


def _check(check: ConnectionCheck, width: int) -> list[Part]:
    mark, token = _MARKS[check.status]
    parts: list[Part] = [(mark, token), "  ", (check.name.ljust(NAME_CELLS), "strong"), " ", check.what, "\n"]
    if check.todo:
        parts += labelled("→", (check.todo, token), width=width, indent=8 + NAME_CELLS - 1, cells=2)
    return parts
