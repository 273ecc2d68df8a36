"""A process that publishes snapshots in a loop, and may die at chosen steps of it.

    publisher.py HOME ROUNDS [STEP...]

Round n publishes tables `a` and `b` whose every cell is n, so that a reader can tell a mixed
snapshot. With STEPs, for each of them a child process does so and kills itself, as a power cut
would, at that file system call of its work; the next child starts when a line is sent.
"""

import os
import signal
import sys
from pathlib import Path

import pyarrow as pa

from tieline.engine.duck import DuckEngine
from tieline.engine.snapshot import building, collect, publish
from tieline.errors import TielineError

CALLS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.utime", "os.listdir")


def rows(number):
    return pa.table({"n": [number] * 2000, "k": range(2000)})


def work(home, rounds, die_at):
    calls = 0

    def count(event, arguments):
        nonlocal calls
        if event in CALLS and arguments and str(home) in str(arguments[0]):
            calls += 1
            if calls == die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    with DuckEngine(threads=1) as engine:
        print("ready", flush=True)
        for number in range(rounds):
            with building(home) as build:
                engine.load("a", rows(number))
                engine.load("b", rows(number))
                keys = {"a": ["k"], "b": ["k"]}
                publish(build, engine, keys, inputs=str(number), versions={"code": "1"})
                collect(build, keep=2)
    print("calls", calls)


def main(home, rounds, *steps):
    for step in steps:
        if (child := os.fork()) == 0:
            work(Path(home), int(rounds), int(step))
            os._exit(0)
        print("died" if os.waitpid(child, 0)[1] == signal.SIGKILL else "lived", flush=True)
        input()
    if not steps:
        work(Path(home), int(rounds), None)


try:
    main(*sys.argv[1:])
except TielineError as problem:
    print(problem.code)
    sys.exit(2)
except KeyboardInterrupt:
    print("interrupted")
    sys.exit(3)
