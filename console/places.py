"""Where Fordway keeps what belongs to one user."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_config_dir

__all__ = ["config_file"]


def config_file() -> Path:
    """Where the settings file is looked for; it need not exist."""
    return Path(user_config_dir("fordway")) / "config.yaml"
