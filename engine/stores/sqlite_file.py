"""A SQLite file opened for reading only, and the state its bytes are in."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from engine.model.errors import BadSource
from engine.stores.sqlstate import translated_sqlite
from sql import load

__all__ = ["BUSY_SECONDS", "changed_at", "content_state", "file_state", "lenient_text", "open_read_only"]

BUSY_SECONDS = 10.0
"""How long to wait for another program's lock; a writer's commit seldom takes longer."""
_OLDEST = (3, 37, 0)
"""``pragma table_list`` appears here (https://sqlite.org/pragma.html#pragma_table_list)."""
_HEADER_BYTES = 100
_WAL_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_Value = str | bytes | int | float | None
_WAL_VERSIONS = b"\x02\x02"
"""Header bytes 18 and 19 of a file in WAL mode (https://sqlite.org/fileformat2.html)."""


def open_read_only(path: Path) -> sqlite3.Connection:
    """A connection inside one read transaction: its snapshot stands until it is closed.

    The file is never created or written. A WAL-mode file in a folder that may not be
    written is opened as immutable when it has no log, because SQLite can't make its
    shared-memory file there (https://sqlite.org/wal.html#read_only_databases).

    Raises:
        BadSource: missing, a folder, no database, damaged, or not readable.
        ServerBusy: another program holds it locked.
    """
    _refuse_what_is_no_file(path)
    try:
        return _begin(path, "mode=ro")
    except BadSource:
        if not _is_wal_without_log(path):
            raise
        return _begin(path, "immutable=1")


def _begin(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?{mode}"
    with translated_sqlite(str(path)):
        # Transactions are ours: the driver must not begin or commit by itself.
        connection = sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
    connection.text_factory = lenient_text
    connection.create_function("shortest_decimal", 1, _shortest_decimal, deterministic=True)
    try:
        with translated_sqlite(str(path)):
            connection.execute("begin")
            # BEGIN takes no snapshot, the first read does (https://sqlite.org/lang_transaction.html).
            connection.execute(load("sqlite_source/take_snapshot")).fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def lenient_text(text: bytes) -> str:
    """Text that may be no UTF-8."""
    # Bytes that are no UTF-8 come through as lone surrogates, so that they can be told apart.
    return str(text, "utf-8", "surrogateescape")


def _shortest_decimal(value: _Value) -> _Value:
    """A double with as many digits as tell it from all others; anything else as it is."""
    return repr(value) if isinstance(value, float) else value


def _refuse_what_is_no_file(path: Path) -> None:
    if sqlite3.sqlite_version_info < _OLDEST:
        raise BadSource(
            f"Python's SQLite is {sqlite3.sqlite_version}, and 3.37 is the oldest that will do",
            todo="Use a newer Python",
        )
    safe = "Nothing was created"
    if path.is_dir():
        raise BadSource(
            "This is a folder, not a file", where=str(path), safe=safe, todo="Name the SQLite file in it"
        )
    if not path.exists():
        raise BadSource("There is no such file", where=str(path), safe=safe, todo="Correct the path")
    if path.stat().st_size == 0:
        raise BadSource(
            "The file is empty, it holds no database",
            where=str(path),
            safe=safe,
            todo="Name a SQLite file with tables",
        )


def _is_wal_without_log(path: Path) -> bool:
    log = _beside(path, "-wal")
    try:
        with path.open("rb") as file:
            versions = file.read(_HEADER_BYTES)[18:20]
        return versions == _WAL_VERSIONS and not (log.exists() and log.stat().st_size)
    except OSError:
        return False


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def file_state(path: Path) -> str:
    """Changes with every committed write outside WAL mode, and with every one still in the log in WAL mode.

    Outside WAL mode each write raises the change counter in the header (bytes 24-27 of
    the first page, https://sqlite.org/fileformat2.html#file_change_counter). In WAL
    mode it stays, and size and salts stay too while an old log is being overwritten;
    the running checksum of the last valid frame does change with every commit
    (https://sqlite.org/fileformat2.html#wal_file_format). What a checkpoint has taken
    over leaves no trace but the content: see ``content_state``.

    Raises:
        BadSource: the file has gone.
    """
    digest = hashlib.sha256()
    with _readable(path), path.open("rb") as file:
        digest.update(file.read(_HEADER_BYTES))
        digest.update(os.fstat(file.fileno()).st_size.to_bytes(8, "big"))
    with suppress(FileNotFoundError), _beside(path, "-wal").open("rb") as log:
        digest.update(_last_commit(log))
    return digest.hexdigest()


def content_state(path: Path) -> str:
    """Changes with every byte of a WAL-mode file; always empty for others, whose header tells.

    A program that writes in WAL mode and ends leaves no log behind and need not raise
    the change counter, so the whole file is read: about a second a gigabyte.

    Raises:
        BadSource: the file has gone.
    """
    with _readable(path), path.open("rb") as file:
        if file.read(_HEADER_BYTES)[18:20] != _WAL_VERSIONS:
            return ""
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def changed_at(path: Path) -> int:
    """When the file was last written, in nanoseconds; a checkpoint is a write too.

    Raises:
        BadSource: the file has gone.
    """
    with _readable(path):
        return path.stat().st_mtime_ns


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadSource(
            "The file can't be read",
            where=str(path),
            todo="Put it back, correct the path, or allow reading it",
        ) from error


def _last_commit(log: BinaryIO) -> bytes:
    """Salts and running checksum of the last committed frame; empty when there is none."""
    header = log.read(_WAL_HEADER_BYTES)
    if len(header) < _WAL_HEADER_BYTES:
        return b""
    page_bytes = int.from_bytes(header[8:12], "big")
    salts, last, place = header[16:24], b"", _WAL_HEADER_BYTES
    while True:
        log.seek(place)
        frame = log.read(_FRAME_HEADER_BYTES)
        if len(frame) < _FRAME_HEADER_BYTES or frame[8:16] != salts:
            return last
        if any(frame[4:8]):
            last = frame[8:24]
        place += _FRAME_HEADER_BYTES + page_bytes
