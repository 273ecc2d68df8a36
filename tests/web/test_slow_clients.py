"""Who sends slowly, too much or nothing at all keeps nobody else out."""

import contextlib
import select
import socket
import time

import pytest

MANY = 50
"""Six times the threads of the server."""


def talk(site, text=b""):
    client = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    if text:
        client.sendall(text)
    return client


START = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
KINDS = {
    "silent": b"",
    "slow head": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ",
    "slow body": START + b"Content-Length: 4000\r\n\r\n",
    "slow body once told to go on": START + b"Expect: 100-continue\r\nContent-Length: 4000\r\n\r\n",
    "slow chunks": START + b"Transfer-Encoding: chunked\r\n\r\n",
    "slow upload": b"POST /sources/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900000000"
    b"\r\nContent-Type: multipart/form-data; boundary=b\r\n\r\n",
    "slow second request": b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
    "hangs not up": b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n",
}


@pytest.mark.parametrize("kind", KINDS)
def test_fifty_slow_clients_keep_nobody_out(site, kind):
    slow = [talk(site, KINDS[kind]) for _ in range(MANY)]
    try:
        waits = []
        for _ in range(5):
            for client in slow:
                with contextlib.suppress(OSError):
                    if kind not in ("silent", "hangs not up"):
                        client.send(b"1")
            began = time.monotonic()
            assert site.ask("/health").status == 200
            assert site.ask("/accounts", role="viewer").status == 200
            waits.append(time.monotonic() - began)
        assert sum(waits) < 5, waits
    finally:
        for client in slow:
            client.close()


def test_who_is_too_slow_is_told_and_cut_off(site):
    client = talk(site, b"GET / HTTP/1.1\r\nHost: localhost\r\n")
    began = time.monotonic()
    assert client.recv(1000).startswith(b"HTTP/1.1 408")
    assert 5 < time.monotonic() - began < 25
    assert client.recv(1000) == b""


def test_a_request_in_pieces_is_read_whole(site):
    client = talk(site)
    form = b"login=nobody&password=x&csrfmiddlewaretoken=" + b"t" * 32
    whole = (
        START
        + b"Cookie: tieline_form=%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        % (b"t" * 32)
        + b"Content-Length: %d\r\n\r\n" % len(form)
        + form
    )
    for at in range(0, len(whole), 7):
        client.sendall(whole[at : at + 7])
        time.sleep(0.001)
    assert client.recv(4000).startswith(b"HTTP/1.1 403")
    client.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
    told = b""
    while told.count(b"HTTP/1.1 200") < 3:
        assert select.select([client], [], [], 30)[0]
        told += client.recv(4000)
    client.close()


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (b"400", b"414")),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\n\r\n", (b"400", b"431")),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 200 + b"\r\n", (b"400", b"431")),
        (START + b"Content-Length: 99999999999\r\n\r\nx", (b"400", b"403", b"413")),
        (START + b"Content-Length: -1\r\n\r\nx", (b"400",)),
        (START + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (b"400",)),
        (START + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", (b"400",)),
        (b"GET / HTTP/1.1\r\n\r\n", (b"400", b"302")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", (b"400",)),
    ],
)  # fmt: skip
def test_what_is_too_large_or_no_request_is_refused(site, text, statuses):
    client = talk(site)
    with contextlib.suppress(OSError):
        client.sendall(text)
    told = client.recv(4000)
    assert told[9:12] in statuses, told[:200]
    client.close()
    assert site.ask("/health").status == 200
