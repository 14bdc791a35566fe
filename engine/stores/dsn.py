"""Connection strings: what kind they are, and how they look without secrets."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from engine.model.errors import BadInput

__all__ = ["check_url", "is_postgres", "scrub", "scrub_text", "split_schema", "sqlite_path"]

_SECRET_PARAMETERS = frozenset({"password", "sslpassword", "passfile", "sslkey"})
_URL_SECRET = re.compile(r"(?P<head>[a-z][a-z0-9+.-]*://[^\s:/@]*):\S*@", re.IGNORECASE)
"""Up to the last ``@`` of the word: a password may hold any character, written rightly or not."""
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
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
    scheme = _SCHEME.match(url)
    if scheme:
        # Nothing behind the scheme is shown: what is wrong with it may hide a password.
        raise BadInput(
            f"{scheme.group()}... is no source Fordway can read",
            safe="Nothing was changed",
            todo="Name a SQLite file (./name:with:colons.db) or a postgresql:// URL",
        )
    return Path(url).expanduser()


def split_schema(url: str) -> tuple[str, str]:
    """A PostgreSQL URL without Fordway's own ``schema`` parameter, and that schema.

    Returns:
        The URL libpq understands, and the schema's name (``public`` when unnamed).

    Raises:
        BadInput: the URL can't be taken apart.
    """
    check_url(url)
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    schema = next((value for key, value in pairs if key == "schema"), "public")
    rest = urlencode([(key, value) for key, value in pairs if key != "schema"], quote_via=quote)
    return _joined(parts._replace(query=rest)), schema


def check_url(url: str) -> None:
    """The URL can be taken apart without doubt about where its password ends.

    Raises:
        BadInput: user or password hold a character that must be written as ``%XX``
            (RFC 3986, 3.2.1): everything behind it would be read as host or path.
    """
    if "://" in url and not _is_sound(url):
        raise BadInput(
            f"The URL can't be taken apart, perhaps for a sign in its password ({scrub(url)})",
            safe="Nothing was changed and nothing was stored",
            todo="Write / as %2F, ? as %3F, # as %23 and @ as %40, or leave it to PGPASSWORD",
        )


def _is_sound(url: str) -> bool:
    """Whether the only ``@`` outside of parameters is the one that ends the login."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    loose = [piece for piece in parts.query.split("&") if "=" not in piece]
    return parts.netloc.count("@") <= 1 and "@" not in "".join((parts.path, parts.fragment, *loose))


def scrub(url: str) -> str:
    """The connection string as a person may see it: no password anywhere.

    In a URL that can't be taken apart without doubt, everything before the last ``@`` counts
    as the login: showing too little is better than showing a password.
    """
    if "://" not in url:
        return scrub_text(url)
    scheme, _, rest = url.partition("://")
    if _is_sound(url):
        login, at, _ = urlsplit(url).netloc.rpartition("@")
        place = rest[len(login) + len(at) :]
    else:
        login, at, place = rest.rpartition("@")
    user = login.split(":", 1)[0]
    try:
        parts = urlsplit(f"{scheme}://{user}{at}{place}")
    except ValueError:
        return f"{scheme}://..."
    pairs = [
        (key, "***" if key.lower() in _SECRET_PARAMETERS else value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return _joined(parts._replace(query=urlencode(pairs, quote_via=quote, safe="/*")))


def _joined(parts: SplitResult) -> str:
    """The URL again; the standard library drops the empty authority of ``scheme:///path``."""
    text = urlunsplit(parts)
    head = f"{parts.scheme}:"
    return text if parts.netloc or text.startswith(f"{head}//") else f"{head}//{text.removeprefix(head)}"


def scrub_text(text: str) -> str:
    """Any text with the passwords of connection strings in it blotted out."""
    return _WORD_SECRET.sub(r"\g<head>***", _URL_SECRET.sub(r"\g<head>@", text))
