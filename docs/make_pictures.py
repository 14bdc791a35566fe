"""Draws the README's pictures from the scripted journal: ``python docs/make_pictures.py [FOLDER]``.

The same script and the same clock give the same pictures, byte for byte.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(HOUSE))

PICTURES: dict[str, tuple[str, tuple[str, ...], tuple[int, int], str]] = {
    "connect": ("connected", (), (100, 30), "fordway-dark"),
    "discover": ("discovered", (), (100, 30), "fordway-dark"),
    "plan": ("planned", (), (100, 30), "fordway-dark"),
    "technical-plan": ("planned", ("t",), (120, 36), "fordway-dark"),
    "rehearse": ("rehearsed", (), (100, 30), "fordway-dark"),
    "move": ("moving", (), (120, 36), "fordway-dark"),
    "decide": ("missing-parents", ("up",) * 6, (120, 36), "fordway-dark"),
    "verify": ("verified", (), (100, 30), "fordway-dark"),
    "finish": ("finished", (), (100, 30), "fordway-dark"),
    "undo": ("finished", ("u",), (100, 30), "fordway-dark"),
    "coordination": ("moving", ("c",), (120, 36), "fordway-dark"),
    "quit": ("moving", ("q",), (100, 30), "fordway-dark"),
    "light": ("moving", (), (120, 36), "fordway-light"),
    "contrast": ("moving", (), (120, 36), "fordway-contrast"),
}
"""File name to stage or fault, keys, size in cells and theme."""


def main(folder: Path) -> None:
    """Writes every picture into ``folder``."""
    os.environ.pop("NO_COLOR", None)
    from tests.screens.scripted_faults import FAULTS
    from tests.screens.show import console_asked, console_on, picture

    folder.mkdir(parents=True, exist_ok=True)
    for name, (stage, keys, size, theme) in PICTURES.items():
        console = console_asked(stage) if stage in FAULTS else console_on(stage, theme=theme)
        drawn = asyncio.run(picture(console, size, keys))
        same = re.sub(r"\bterminal-\d+-", f"fordway-{name}-", drawn)
        same = same.replace(
            "<svg ", '<svg xml:space="preserve" ', 1
        )  # renderers that trim blanks keep the columns
        (folder / f"{name}.svg").write_text(same, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOUSE / "docs" / "pictures")
