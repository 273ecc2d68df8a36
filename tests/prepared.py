"""The command `tieline` in a process of its own that need not load the program first.

A prepared process has everything imported and has read the models; each command is forked off it,
with folder, environment and streams of its own. Nothing else runs there, so that forking is safe.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


def tieline(
    words: Sequence[str], *, folder: Path | None = None, env: Mapping[str, str] | None = None
) -> Ran:
    """Run `tieline WORDS` to its end in this folder, with this whole environment."""
    with tempfile.TemporaryDirectory() as streams:
        out, err = Path(streams, "out"), Path(streams, "err")
        told = {
            "words": list(words),
            "folder": str(folder or Path.cwd()),
            "env": dict(os.environ if env is None else env),
            "out": str(out),
            "err": str(err),
        }
        server = _server()
        assert server.stdin
        assert server.stdout
        server.stdin.write(json.dumps(told) + "\n")
        server.stdin.flush()
        answer = server.stdout.readline()
        assert answer, "the prepared process has ended"
        texts = (path.read_bytes().decode("utf-8", "replace") for path in (out, err))
        return Ran(int(answer), *texts)


@cache
def _server() -> subprocess.Popen[str]:
    started = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(started.kill)
    return started


def _serve() -> None:
    import importlib
    import pkgutil

    import tieline.cli
    from tieline.pipeline import models

    for module in pkgutil.iter_modules(tieline.cli.__path__):
        importlib.import_module(f"tieline.cli.{module.name}")
    models()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(told: dict) -> None:
    """Be the command, to its end."""
    from tieline.cli.main import main

    code = 70
    try:
        for stream, path in ((1, told["out"]), (2, told["err"])):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        os.environ.clear()
        os.environ.update(told["env"])
        os.chdir(told["folder"])
        sys.argv = ["tieline", *told["words"]]
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
