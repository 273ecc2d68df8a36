"""The server: gunicorn with threads, static files, a worker for jobs in each process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tieline.errors import TielineError
from tieline.web import worker
from tieline.web.configuration import Serving, configure

THREADS = 8
A_YEAR = 365 * 24 * 3600
_STATIC = Path(__file__).parent / "static"


def application(serving: Serving) -> Any:
    """The WSGI application; static files go past Django, named by their content."""
    configure(serving)
    from django.core.handlers.wsgi import WSGIHandler
    from whitenoise import WhiteNoise

    from tieline.web.headers import HEADERS

    def headers(given: Any, path: str, url: str) -> None:
        for name, value in HEADERS.items():
            given[name] = value

    return WhiteNoise(
        WSGIHandler(),
        root=str(_STATIC),
        prefix="static/",
        max_age=A_YEAR,
        add_headers_function=headers,
    )


def bring_up_to_date(serving: Serving) -> None:
    """Make the tables, or change them to what this version knows."""
    configure(serving)
    from tieline.web import tables

    tables.bring_up_to_date()


def prepare(serving: Serving) -> str:
    """Make the tables; the secret of the first administrator's link, '' if there is one already."""
    bring_up_to_date(serving)
    from tieline.web import members

    return "" if members.has_administrator() else members.invite(role="administrator")


def serve(serving: Serving, said: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM.

    TielineError `port_taken` if another program listens there, `serve_missing` without gunicorn.
    """
    try:
        import whitenoise  # noqa: F401
        from gunicorn.app.base import BaseApplication
    except ImportError:
        raise TielineError(
            "serve_missing",
            "The pages need packages that are not installed.",
            next_step="Install them: pip install 'tieline[serve]'",
        ) from None
    _check_port(serving)

    class Server(BaseApplication):  # type: ignore[misc]
        """Gunicorn, told what it needs without a file."""

        def load_config(self) -> None:
            """Set what differs from gunicorn's own choice."""
            for name, value in _options(serving, said).items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            """The application, in each process of its own."""
            return application(serving)

    Server().run()


def _options(serving: Serving, said: Callable[[str], None]) -> dict[str, Any]:
    def when_ready(_: Any) -> None:
        said(f"Tieline listens at {serving.address} (Ctrl-C ends it).")

    def post_worker_init(_: Any) -> None:
        if serving.does_jobs:
            worker.start(serving.workspace)

    def worker_exit(_: Any, __: Any) -> None:
        worker.leave()

    host = f"[{serving.host}]" if ":" in serving.host else serving.host
    return {
        "bind": f"{host}:{serving.port}",
        "workers": serving.workers,
        "worker_class": "tieline.web.patient_worker.PatientWorker",
        "threads": THREADS,
        # Only dead processes are to be replaced: a preview of a merge may take its time.
        "timeout": 120,
        "graceful_timeout": 10,
        "keepalive": 5,
        "limit_request_line": 8190,
        "limit_request_fields": 60,
        "loglevel": "warning",
        "proc_name": "tieline",
        "forwarded_allow_ips": "127.0.0.1,::1",
        "control_socket_disable": True,
        "when_ready": when_ready,
        "post_worker_init": post_worker_init,
        "worker_exit": worker_exit,
    }


def _check_port(serving: Serving) -> None:
    import socket

    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((serving.host, serving.port))
        except OSError as problem:
            raise TielineError(
                "port_taken",
                f"The pages cannot listen at {serving.host}:{serving.port}: {problem.strerror}.",
                next_step="Name another port: tieline serve --port 8001",
            ) from None
