"""Connection strings: what kind they are, and how they look without secrets."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from engine.model.errors import BadInput

__all__ = ["is_postgres", "scrub", "scrub_text", "split_schema", "sqlite_path"]

_SECRET_PARAMETERS = frozenset({"password", "sslpassword", "passfile", "sslkey"})
_URL_SECRET = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*):(?P<secret>[^\s@/]*)@", re.IGNORECASE)
_WORD_SECRET = re.compile(r"(?P<head>\b(?:ssl)?password\s*=\s*)(?:'[^']*'|[^\s&']+)", re.IGNORECASE)


def is_postgres(url: str) -> bool:
    """Whether the URL names a PostgreSQL server (a URL or a keyword string)."""
    return url.startswith(("postgresql://", "postgres://")) or bool(re.match(r"\w+=", url))


def sqlite_path(url: str) -> Path:
    """The file a SQLite URL or plain path names.

    ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``file:x.db`` and plain
    paths are understood; ``~`` is expanded.

    Raises:
        BadInput: the URL is of some other kind.
    """
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).expanduser()
    if url.startswith("file:"):
        return Path(url.removeprefix("file:").split("?", 1)[0]).expanduser()
    if "://" in url:
        raise BadInput(
            f"{scrub(url)} is no source Fordway can read",
            todo="Name a SQLite file or a postgresql:// URL",
        )
    return Path(url).expanduser()


def split_schema(url: str) -> tuple[str, str]:
    """A PostgreSQL URL without Fordway's own ``schema`` parameter, and that schema.

    Returns:
        The URL libpq understands, and the schema's name (``public`` when unnamed).
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for key, value in pairs if key == "schema"), "public")
    rest = urlencode([(key, value) for key, value in pairs if key != "schema"], quote_via=quote)
    return _joined(parts._replace(query=rest)), schema


def scrub(url: str) -> str:
    """The connection string as a person may see it: no password anywhere."""
    if "://" not in url:
        return scrub_text(url)
    parts = urlsplit(url)
    netloc = parts.netloc
    if "@" in netloc:
        login, _, host = netloc.rpartition("@")
        user = login.split(":", 1)[0]
        netloc = f"{user}@{host}"
    pairs = [
        (key, "***" if key in _SECRET_PARAMETERS else value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return _joined(parts._replace(netloc=netloc, query=urlencode(pairs, quote_via=quote, safe="/*")))


def _joined(parts: SplitResult) -> str:
    """The URL again; the standard library drops the empty authority of ``scheme:///path``."""
    text = urlunsplit(parts)
    head = f"{parts.scheme}:"
    return text if parts.netloc or text.startswith(f"{head}//") else f"{head}//{text.removeprefix(head)}"


def scrub_text(text: str) -> str:
    """Any text with the passwords of connection strings in it blotted out."""
    return _WORD_SECRET.sub(r"\g<head>***", _URL_SECRET.sub(r"\g<head>@", text))
