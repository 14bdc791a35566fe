from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from console import settings as settings_module
from console.settings import Settings, load_settings
from engine.model.errors import BadInput


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "config.yaml"
    monkeypatch.setattr(settings_module, "config_file", lambda: file)
    return file


def test_settings_without_any_source_are_the_defaults(settings_file: Path) -> None:
    """Nothing set means embedded services, one worker and the dark theme."""
    found = load_settings()

    assert (None, None, None, "fordway-dark", 15) == (
        found.target_url,
        found.redis_url,
        found.workers,
        found.theme,
        found.lease_seconds,
    )


def test_settings_in_every_source_are_won_by_the_flag(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Flags win over the environment, the environment over the file, the file over defaults."""
    settings_file.write_text("workers: 2\nlease_seconds: 30\ntheme: fordway-light\n", "utf-8")
    monkeypatch.setenv("FORDWAY_WORKERS", "3")
    monkeypatch.setenv("FORDWAY_LEASE_SECONDS", "40")

    found = load_settings(workers=4, batch_rows=None)

    assert (4, 40, "fordway-light", None) == (
        found.workers,
        found.lease_seconds,
        found.theme,
        found.batch_rows,
    )


def test_settings_data_dir_with_a_tilde_is_expanded(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A tilde means the home folder, as in a shell."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("FORDWAY_DATA_DIR", "~/moves")

    assert tmp_path / "moves" == load_settings().data_dir


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ({"workers": 0}, "The setting `workers` has a value that can't be used"),
        ({"log_level": "loud"}, "The setting `log_level` has a value that can't be used"),
        ({"wrokers": 2}, "There is no setting `wrokers`"),
        ({"target_url": "mysql://me:hunter2@db/x"}, "it must start with postgresql://"),
        ({"redis_url": "http://me:hunter2@db/x"}, "it must start with redis://"),
    ],
)
def test_settings_bad_flag_is_refused_in_a_sentence(
    settings_file: Path, flags: dict[str, object], sentence: str
) -> None:
    """A bad value names its setting, says what to do, and never repeats a password."""
    with pytest.raises(BadInput) as caught:
        load_settings(**flags)

    assert sentence in str(caught.value)
    assert caught.value.todo
    assert "hunter2" not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize("text", ["theme: [", "- workers\n", "theme: '\x00'\n"])
def test_settings_broken_file_is_refused_in_a_sentence(settings_file: Path, text: str) -> None:
    """A file that is no YAML mapping is named, not swallowed."""
    settings_file.write_text(text, "utf-8")

    with pytest.raises(BadInput, match="settings file can't be read") as caught:
        load_settings()

    assert str(settings_file) in str(caught.value)


def test_settings_shown_never_reveal_a_password(settings_file: Path) -> None:
    """However settings are printed, the URLs stay hidden."""
    found = load_settings(target_url="postgresql://me:hunter2@db/x", redis_url="redis://:hunter2@db")

    assert "hunter2" not in f"{found!r}{found}{found.model_dump()}{found.model_dump_json()}"


def test_settings_fields_are_all_in_the_documentation() -> None:
    """Every field has the docstring under it that rule 7 asks for."""
    lines = Path(settings_module.__file__).read_text("utf-8").splitlines()
    described = {
        line.split(":")[0].strip() for line, after in pairwise(lines) if after.strip().startswith('"""')
    }

    assert set(Settings.model_fields) <= described
