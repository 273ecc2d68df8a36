"""A gunicorn worker whose threads never wait for a slow client: requests are gathered beforehand.

gunicorn's own threads read the head and the body of a request themselves, so that as many clients
as there are threads, each sending a byte now and then, keep everybody else out; and its main loop
waits up to two seconds for each client that does not hang up. Here the main loop, which waits for
all sockets at once, gathers what comes and gives a thread only what is whole. A web server in front
does the same; this is for where there is none.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

HEAD_SECONDS = 10
"""From the first moment until the head of a request is there."""
BODY_SECONDS = 60
"""And until its body is; 2 MB take a line of 300 kbit/s so long."""
LEAVE_SECONDS = 2
"""How long a client may take to hang up after its last answer."""
STALLED_SECONDS = 20
"""How long a thread waits for a byte more of a file, or for a client to take one of an answer."""
LARGEST_HEAD = 64 * 1024
"""Bytes; gunicorn itself then refuses it, since no head of ours is a tenth of it."""
LARGEST_BODY = 2 * 1024 * 1024 + 64 * 1024
"""Bytes. What is larger is a file or a whole table: the guard looks at who sends it before a byte
of it is read, and a thread reads it."""
MOST_GATHERED = 64 * 1024 * 1024
"""Bytes of all that is gathered in one process."""
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_WAITS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_TOO_SLOW = (
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: text/plain\r\n"
    b"Content-Length: 29\r\n\r\nThe request came too slowly.\n"
)


@dataclass
class Coming:
    """What has come of a request; `wanted` bytes make it whole, 0 as long as its head is not."""

    until: float
    came: bytearray = field(default_factory=bytearray)
    wanted: int = 0

    def take(self, data: bytes) -> bool:
        """Add what came; whether a thread may have it now."""
        looked_at = max(len(self.came) - len(_END), 0)
        self.came += data
        if not self.wanted:
            end = self.came.find(_END, looked_at)
            if end < 0:
                return len(self.came) > LARGEST_HEAD
            head = bytes(self.came[: end + len(_END)])
            length = _LENGTH.search(head)
            body = int(length[1]) if length and not _CHUNKED.search(head) else 0
            # A thread reads the rest of what is too large: until then its head is all of it.
            self.wanted = len(head) + (body if body <= LARGEST_BODY else 0)
            self.until += BODY_SECONDS - HEAD_SECONDS
        return len(self.came) >= self.wanted

    @property
    def waits_for_us(self) -> bool:
        """Whether the client sends its body only once it is told to go on."""
        return 0 < len(self.came) < self.wanted and _WAITS.search(self.came) is not None


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker, but for who waits for clients."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._coming: dict[TConn, Coming] = {}
        self._leaving: dict[TConn, float] = {}

    def accept(self, listener: Any) -> None:
        """Take a new client on, and wait for what it sends."""
        try:
            client, address = listener.accept()
        except OSError:
            # It went away before we looked.
            return
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            client.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", STALLED_SECONDS, 0))
        self.nr_conns += 1
        self._gather(TConn(self.cfg, client, address, listener.getsockname()))

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """Wait for another request of a client that is known."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._gather(conn)

    def murder_pending(self) -> None:
        """End what takes too long, and the oldest where too many are coming."""
        super().murder_pending()
        now, most = time.monotonic(), self.worker_connections // 2
        late = [conn for conn, coming in self._coming.items() if coming.until < now]
        late += list(self._coming)[: max(len(self._coming) - most, 0)]
        if not self.alive:
            late += [conn for conn, coming in self._coming.items() if not coming.came]
        for conn in dict.fromkeys(late):
            with contextlib.suppress(OSError):
                if self._coming[conn].came:
                    conn.sock.send(_TOO_SLOW)
            self._drop(conn)
        for conn in [conn for conn, until in self._leaving.items() if until < now]:
            self._drop(conn)

    def finish_request(self, conn: TConn, fs: Any) -> None:
        """Go on with a client after its answer; nothing of that waits."""
        failed = fs.cancelled() or fs.exception() is not None
        goes_on = not failed and fs.result() is True and self.alive
        if not goes_on:
            self._leave(conn)
            return
        sent_already = conn.parser.unreader.take_buffered()
        if sent_already:
            self._gather(conn, sent_already)
        else:
            super().finish_request(conn, fs)

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:
        """Whether the client may go on: not where we refused to read what it wanted to send."""
        if not keepalive:
            return False
        # What is whole is here already; the rest of another body is not waited for.
        return bool(conn.parser.finish_body(deadline=time.monotonic() + 0.1))

    def _gather(self, conn: TConn, sent_already: bytes = b"") -> None:
        coming = Coming(time.monotonic() + HEAD_SECONDS)
        if sent_already and coming.take(sent_already):
            self._hand_over(conn, coming)
            return
        conn.sock.setblocking(False)
        self._coming[conn] = coming
        self.poller.register(conn.sock, 1, partial(self._more, conn))

    def _more(self, conn: TConn, client: Any) -> None:
        """Take what a client sent just now."""
        coming = self._coming[conn]
        try:
            data = client.recv(64 * 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        gathered = sum(len(one.came) for one in self._coming.values())
        if not data or gathered > MOST_GATHERED:
            self._drop(conn)
            return
        had_head = coming.wanted > 0
        if coming.take(data):
            self.poller.unregister(client)
            del self._coming[conn]
            self._hand_over(conn, coming)
        elif coming.waits_for_us and not had_head:
            with contextlib.suppress(OSError):
                client.send(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _hand_over(self, conn: TConn, coming: Coming) -> None:
        conn.init()
        conn.parser.unreader.unread(bytes(coming.came))
        conn.data_ready = True
        self.enqueue_req(conn)

    def _leave(self, conn: TConn) -> None:
        """Say that nothing more comes; hang up once the client did, or soon (RFC 9112, 9.6)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self.poller.register(conn.sock, 1, partial(self._rest, conn))
        except (OSError, ValueError):
            self.nr_conns -= 1
            util.close(conn.sock)
            return
        self._leaving[conn] = time.monotonic() + LEAVE_SECONDS

    def _rest(self, conn: TConn, client: Any) -> None:
        """Throw away what a client still sends to an answer that was its last."""
        try:
            if client.recv(64 * 1024):
                return
        except BlockingIOError:
            return
        except OSError:
            # It hung up the hard way.
            pass
        self._drop(conn)

    def _drop(self, conn: TConn) -> None:
        self._coming.pop(conn, None)
        self._leaving.pop(conn, None)
        with contextlib.suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        util.close(conn.sock)
