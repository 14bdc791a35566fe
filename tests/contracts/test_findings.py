from __future__ import annotations

import re
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_RAISED = re.compile(r"[\"'](F[1-5]\d\d)[\"']")
_ROW = re.compile(r"^\| (F[1-5]\d\d) \| ([^|]+) \|.*\|.*\|.*\|$", re.MULTILINE)
_SEVERITIES = {"note", "warning", "blocker", "asks"}


def _rows() -> list[tuple[str, str]]:
    return _ROW.findall((_ROOT / "docs" / "findings.md").read_text(encoding="utf-8"))


def _raised() -> set[str]:
    return {
        code
        for file in (_ROOT / "engine").rglob("*.py")
        for code in _RAISED.findall(file.read_text(encoding="utf-8"))
    }


def test_codes_raised_in_the_engine_stand_in_the_table_of_findings() -> None:
    """Whoever reads a code can look it up."""
    assert set() == _raised() - {code for code, _ in _rows()}


def test_codes_in_the_table_of_findings_are_raised_in_the_engine() -> None:
    """The table promises nothing that no code does."""
    assert set() == {code for code, _ in _rows()} - _raised()


def test_table_of_findings_has_each_code_once_and_in_order() -> None:
    """A code means one thing."""
    codes = [code for code, _ in _rows()]

    assert sorted(set(codes)) == codes


def test_table_of_findings_uses_the_words_of_severity() -> None:
    """Note, warning, blocker, and blockers that ask."""
    odd = {code: words for code, words in _rows() if not set(words.split(", ")) <= _SEVERITIES}

    assert {} == odd


def test_codes_named_in_the_other_documents_stand_in_the_table_of_findings() -> None:
    """A document that names a code names one that exists."""
    texts = [_ROOT / "README.md", *(_ROOT / "docs").glob("*.md")]
    named = {
        code for file in texts for code in re.findall(r"\bF[1-5]\d\d\b", file.read_text(encoding="utf-8"))
    }

    assert set() == named - {code for code, _ in _rows()}
