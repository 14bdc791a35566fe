from __future__ import annotations

import re
from pathlib import Path

import pytest

_SQL = Path(__file__).parents[2] / "sql"
_FILES = sorted(_SQL.rglob("*.sql"))
_LITERAL = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_KEYWORDS = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE|FROM|WHERE|JOIN|CREATE|TABLE|ALTER|DROP|VALUES|RETURNING|ORDER BY|GROUP BY"
    r"|BEGIN|COMMIT|WITH|AND|OR|NOT|NULL|AS|ON|SET|INTO|LIMIT|COPY)\b"
)
_STAR = re.compile(r"\bselect\s+(?:distinct\s+)?(?:\w+\.)?\*")
_OFFSET = re.compile(r"\boffset\b", re.IGNORECASE)
_LONGEST_LINES = 200


def _code(text: str) -> str:
    """The statement without comments and without what stands in quotes."""
    return _LITERAL.sub("''", _COMMENT.sub("", text))


@pytest.mark.parametrize("file", _FILES, ids=lambda file: str(file.relative_to(_SQL)))
def test_sql_file_of_the_house_keeps_the_rules(file: Path) -> None:
    """Header comment, lower case, explicit columns, keyset instead of offset, short (rules 17 and 21)."""
    text = file.read_text("utf-8")
    code = _code(text)

    assert text.startswith("--"), "the header comment is missing"
    assert code.strip(), "there is no statement"
    assert not _STAR.search(code.lower()), "select * hides which columns are read"
    assert not _KEYWORDS.search(code), "keywords are lower case"
    assert not _OFFSET.search(code), "offset reads what it skips"
    # Numbered migrations are scripts; everything else is one statement or a short script.
    if "migrations" not in file.parts:
        assert len(text.splitlines()) <= _LONGEST_LINES, "too long for one statement"


def test_sql_folder_holds_statements_at_all() -> None:
    """The contract above is not kept by there being nothing to check."""
    assert len(_FILES) > 10
