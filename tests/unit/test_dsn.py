from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import BadInput
from engine.stores.dsn import is_postgres, scrub, scrub_text, split_schema, sqlite_path

# A marker no host, user or database name contains: whatever surrounds it, it must not come through.
_SECRETS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=0, max_size=12
).map(lambda text: f"{text}hunter2{text}")
_USERS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
_HARMLESS = [
    "postgresql://me@db/app?sslmode=require",
    "postgresql:///app?host=/run/postgresql",
    "unix:///run/redis/redis.sock?db=0",
    "redis://db:6379/0",
    "/srv/legacy.db",
]
_SCHEMES = st.sampled_from(["postgresql", "postgres", "redis", "rediss"])


@given(scheme=_SCHEMES, user=_USERS, secret=_SECRETS)
def test_scrub_encoded_password_in_a_url_is_gone(scheme: str, user: str, secret: str) -> None:
    """A password before the @ never survives, and user and host do."""
    url = f"{scheme}://{user}:{quote(secret, safe='')}@db.example:5432/app?sslmode=require"

    shown = scrub(url)

    assert "hunter2" not in shown
    assert user in shown
    assert "db.example" in shown


@given(user=_USERS, secret=_SECRETS)
def test_scrub_password_as_parameter_is_gone(user: str, secret: str) -> None:
    """A password among the query parameters never survives."""
    url = f"postgresql://{user}@db.example/app?password={quote(secret, safe='')}&sslmode=require"

    shown = scrub(url)

    assert "hunter2" not in shown
    assert "sslmode=require" in shown


@pytest.mark.parametrize(
    "text",
    [
        "host=db password=hunter2 user=me",
        "host=db password = 'hunter2 and more' user=me",
        "connection to postgresql://me:hunter2@db/app failed",
        "redis://:hunter2@db:6379/0 refused",
        "sslpassword=hunter2",
    ],
)
def test_scrub_text_with_a_password_blots_it_out(text: str) -> None:
    """Passwords in free text, as drivers word their errors, are gone."""
    shown = scrub_text(text)

    assert "hunter2" not in shown


@given(url=st.sampled_from(_HARMLESS))
def test_scrub_url_without_a_password_is_unchanged(url: str) -> None:
    """What holds no secret is shown as it was written."""
    assert url == scrub(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://db/app?schema=legacy&sslmode=require",
            ("postgresql://db/app?sslmode=require", "legacy"),
        ),
        ("postgresql://db/app", ("postgresql://db/app", "public")),
        ("postgresql:///app?host=%2Frun%2Fpg", ("postgresql:///app?host=%2Frun%2Fpg", "public")),
    ],
)
def test_split_schema_of_a_url_leaves_what_libpq_knows(url: str, expected: tuple[str, str]) -> None:
    """Fordway's own parameter is taken out; everything else stays."""
    assert expected == split_schema(url)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///legacy.db", "legacy.db"),
        ("sqlite:////srv/legacy.db", "/srv/legacy.db"),
        ("file:legacy.db?mode=ro", "legacy.db"),
        ("/srv/legacy.db", "/srv/legacy.db"),
    ],
)
def test_sqlite_path_of_each_spelling_is_the_file(url: str, path: str) -> None:
    """All ways to name a SQLite file name the same file."""
    assert Path(path) == sqlite_path(url)


def test_sqlite_path_of_another_kind_is_refused_without_its_password() -> None:
    """A URL of a kind Fordway does not read is refused, its password unseen."""
    with pytest.raises(BadInput) as caught:
        sqlite_path("mysql://me:hunter2@db/app")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://db/app", True),
        ("postgres://db/app", True),
        ("host=db dbname=app", True),
        ("/srv/a.db", False),
    ],
)
def test_is_postgres_of_each_kind_is_told_apart(url: str, expected: bool) -> None:
    """A server's URL or keyword string is told from a file."""
    assert expected == is_postgres(url)
