"""Finds out what the doctor needs to know of a source."""

from __future__ import annotations

import struct
from pathlib import Path

from engine.model.connection import SourceFacts
from engine.model.errors import BadSource
from engine.stores.connect import connect
from engine.stores.dsn import is_postgres, scrub, split_schema, sqlite_path
from engine.stores.sqlite_file import open_read_only
from engine.stores.sqlstate import translated
from sql import load

__all__ = ["read_source_facts"]

_HEADER_BYTES = 100
_WAL_VERSION = 2
"""Header byte 18 of a file in WAL mode."""


def read_source_facts(url: str) -> SourceFacts:
    """What can be seen of a source in a moment; nothing is changed.

    Args:
        url: a SQLite file or a PostgreSQL URL.

    Raises:
        BadInput: the URL is of no kind Fordway reads.
        BadSource: the file is missing, is no database, or is damaged.
        CannotConnect: nobody answers, or the answer is no.
    """
    return _server_facts(url) if is_postgres(url) else _file_facts(sqlite_path(url))


def _server_facts(url: str) -> SourceFacts:
    place = scrub(url)
    schema = split_schema(url)[1] if "://" in url else "public"
    with connect(url, purpose="doctor") as connection, translated(place):
        row = connection.execute(load("doctor/read_source"), {"schema": schema}).fetchone()
    if row is None:
        raise AssertionError("an aggregate always has a row")
    return SourceFacts(
        place=place,
        kind="PostgreSQL",
        version_number=row[0],
        size_bytes=None,
        tables=row[4],
        unreadable_tables=row[4] - row[5],
        schema=schema,
        has_schema=row[2] and row[3],
    )


def _file_facts(path: Path) -> SourceFacts:
    open_read_only(path).close()
    size_bytes = path.stat().st_size
    with path.open("rb") as file:
        _check_header(file.read(_HEADER_BYTES), size_bytes, path)
    return SourceFacts(
        place=str(path), kind="SQLite", version_number=None, size_bytes=size_bytes, tables=None
    )


def _check_header(header: bytes, size_bytes: int, path: Path) -> None:
    """The file is as long as its header says (sqlite.org/fileformat2.html, section 1.3).

    The page count is only valid when the change counter at offset 24 equals the
    "version valid for" number at offset 92; very old versions did not write it.
    """
    if len(header) < _HEADER_BYTES:
        return  # an empty file is an empty database
    if header[18] == _WAL_VERSION and path.with_name(f"{path.name}-wal").exists():
        return  # the missing pages may be in the log
    page_bytes = struct.unpack(">H", header[16:18])[0]
    page_bytes = 65536 if page_bytes == 1 else page_bytes
    changes, pages = struct.unpack(">II", header[24:32])
    valid_for = struct.unpack(">I", header[92:96])[0]
    if changes == valid_for and pages * page_bytes > size_bytes:
        raise BadSource(
            f"The SQLite file is cut off: {size_bytes:,} bytes of {pages * page_bytes:,} are there",
            where=str(path),
            safe="The file was only read",
            todo="Copy it again from where it came, or recover it with sqlite3's .recover",
        )
