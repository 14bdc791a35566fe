"""Opens whatever kind of source a URL names."""

from __future__ import annotations

from engine.model.ports import Source
from engine.stores.dsn import is_postgres, sqlite_path
from engine.stores.postgres_source import open_postgres_source
from engine.stores.sqlite_source import open_sqlite_source

__all__ = ["open_source"]


def open_source(name: str, url: str, *, snapshot: str | None = None) -> Source:
    """The source, reading one stable snapshot until it is closed.

    Args:
        name: the playbook's name of the source.
        url: a PostgreSQL URL, a SQLite URL or a file's path.
        snapshot: an exported PostgreSQL snapshot to share; SQLite has none to share and ignores it.

    Raises:
        CannotConnect: the server does not answer, or refuses.
        BadSource: the file is missing, no database, or damaged.
        BadInput: the URL is of no known kind.
    """
    if is_postgres(url):
        return open_postgres_source(name, url, snapshot=snapshot)
    return open_sqlite_source(name, sqlite_path(url))
