"""Asks the embedded servers over their sockets whether they answer.

A few bytes of each wire protocol do: a driver takes longer to import than a warm
attach may last. PostgreSQL manual, "Frontend/Backend Protocol", Start-up and
Simple Query; Redis documentation, "Inline commands".
"""

from __future__ import annotations

import socket
import struct
from pathlib import Path

__all__ = ["NOBODY", "postgres_says", "redis_answers"]

NOBODY = "08001"
"""SQLSTATE "unable to establish connection": the socket is dead or silent."""

_PROTOCOL_3 = 196608
_ANSWER_SECONDS = 2.0
"""How long a living server may take over its first answer; a longer silence counts as none."""
_SOCKET_PATH_BYTES = 107


def postgres_says(path: Path, *, database: str, statement: str = "") -> str:
    """The SQLSTATE of a connection as ``fordway``, empty when all went well.

    Args:
        path: the server's socket.
        database: which database to connect to.
        statement: run after connecting; empty means only connect.
    """
    try:
        with _connected(path) as wire:
            start = struct.pack("!I", _PROTOCOL_3) + b"user\0fordway\0"
            start += b"database\0" + database.encode() + b"\0\0"
            wire.sendall(struct.pack("!I", len(start) + 4) + start)
            code = _until_ready(wire)
            if code or not statement:
                return code
            text = statement.encode() + b"\0"
            wire.sendall(b"Q" + struct.pack("!I", len(text) + 4) + text)
            return _until_ready(wire)
    except OSError:
        return NOBODY


def redis_answers(path: Path) -> bool:
    """Whether Redis answers PING; while it loads its file it does not."""
    try:
        with _connected(path) as wire:
            wire.sendall(b"PING\r\n")
            return wire.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def _connected(path: Path) -> socket.socket:
    if len(str(path).encode()) > _SOCKET_PATH_BYTES:
        raise OSError(f"socket path too long: {path}")
    wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    wire.settimeout(_ANSWER_SECONDS)
    try:
        wire.connect(str(path))
    except OSError:
        wire.close()
        raise
    return wire


def _until_ready(wire: socket.socket) -> str:
    """Reads up to ReadyForQuery; the SQLSTATE of the first error on the way, or empty."""
    code = ""
    while True:
        kind, size = struct.unpack("!cI", _exactly(wire, 5))
        body = _exactly(wire, size - 4)
        if kind == b"E":
            fields = {part[:1]: part[1:] for part in body.split(b"\0") if part}
            code = code or fields.get(b"C", NOBODY.encode()).decode()
            # A refused start-up ends with the error: no ReadyForQuery follows.
            if fields.get(b"V") in (b"FATAL", b"PANIC"):
                return code
        elif kind == b"Z":
            return code


def _exactly(wire: socket.socket, size: int) -> bytes:
    parts = b""
    while len(parts) < size:
        part = wire.recv(size - len(parts))
        if not part:
            raise ConnectionResetError("the server hung up")
        parts += part
    return parts
