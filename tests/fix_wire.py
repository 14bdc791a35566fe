"""A wire between Fordway and a server that can be cut, as networks are."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

__all__ = ["Wire", "wired"]

_RESET = struct.pack("ii", 1, 0)
"""Closing a socket that lingers for no time sends a reset."""


class Wire:
    """Passes bytes on between clients and one server."""

    def __init__(self, url: str) -> None:
        """Listens for clients at once.

        Args:
            url: of the server.
        """
        parts = urlsplit(url)
        asked = dict(parse_qsl(parts.query))
        self._folder = asked.pop("host", "")
        self._server = (parts.hostname or "127.0.0.1", int(asked.pop("port", parts.port or 5432)))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()
        port = self._listener.getsockname()[1]
        user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
        self.url = urlunsplit(parts._replace(netloc=f"{user}127.0.0.1:{port}", query=urlencode(asked)))
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self) -> None:
        """Every connection is reset; new ones go through."""
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            with suppress(OSError):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody listens any more."""
        self._listener.close()
        self.cut()

    def _reach(self) -> socket.socket:
        """A connection to the server, by its socket file where it has one."""
        if not self._folder:
            return socket.create_connection(self._server)
        server = socket.socket(socket.AF_UNIX)
        server.connect(f"{self._folder}/.s.PGSQL.{self._server[1]}")
        return server

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = self._reach()
            except OSError:
                return
            with self._lock:
                self._ends += [client, server]
            threading.Thread(target=_join, args=(client, server), daemon=True).start()


def _join(client: socket.socket, server: socket.socket) -> None:
    """Passes on in both directions until either end is shut, then closes both.

    Whoever closes a socket another thread reads from makes that thread read from whatever is opened next.
    """
    back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
    back.start()
    _pass_on(client, server)
    back.join()
    client.close()
    server.close()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    for end in (one, other):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextmanager
def wired(url: str) -> Iterator[Wire]:
    """A wire to the server of that URL."""
    wire = Wire(url)
    try:
        yield wire
    finally:
        wire.close()
