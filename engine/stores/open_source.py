"""Opens whatever kind of source a URL names."""

from __future__ import annotations

from collections.abc import Mapping

from engine.model.ports import Source
from engine.stores.dsn import is_postgres, sqlite_path
from engine.stores.postgres_source import PostgresSource, open_postgres_source
from engine.stores.sqlite_source import SqliteSource, open_sqlite_source

__all__ = ["SourceShelf", "open_source"]


def open_source(name: str, url: str, *, snapshot: str | None = None) -> Source:
    """The source, reading one stable snapshot until it is closed.

    Args:
        name: the playbook's name of the source.
        url: a PostgreSQL URL, a SQLite URL or a file's path.
        snapshot: what ``SourceShelf.snapshots`` said of it: an exported PostgreSQL snapshot to
            share, or the state a SQLite file must still be in.

    Raises:
        CannotConnect: the server does not answer, or refuses.
        BadSource: the file is missing, no database, or damaged.
        BadInput: the URL is of no known kind.
    """
    if is_postgres(url):
        return open_postgres_source(name, url, snapshot=snapshot)
    return open_sqlite_source(name, sqlite_path(url), state=snapshot)


class SourceShelf:
    """Sources opened once each, for work that goes through many tables."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        """Opens nothing yet; ``urls`` by source name."""
        self._urls = urls
        self._opened: dict[str, Source] = {}

    def get(self, name: str) -> Source:
        """The source of that name, reading the snapshot it was first opened with."""
        if name not in self._opened:
            self._opened[name] = open_source(name, self._urls[name])
        return self._opened[name]

    def snapshots(self) -> dict[str, str]:
        """What other sessions open the same views with, by source name."""
        return {name: _snapshot_of(self.get(name)) for name in self._urls}

    def start_over(self) -> None:
        """After a cut connection: servers are connected to anew, and show another snapshot.

        Files stay open: who reads one must see it as it was.
        """
        for name, source in list(self._opened.items()):
            if is_postgres(self._urls[name]):
                source.close()
                del self._opened[name]

    def close(self) -> None:
        """Every snapshot is given back."""
        for source in self._opened.values():
            source.close()
        self._opened = {}


def _snapshot_of(source: Source) -> str:
    if isinstance(source, PostgresSource):
        return source.export_snapshot()
    return source.state if isinstance(source, SqliteSource) else ""
