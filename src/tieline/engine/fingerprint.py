"""Fingerprints of what a table depends on beside its inputs: code, and values models ask for."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path
from typing import Any

import tieline
from tieline.engine.model import Model
from tieline.errors import TielineError

_PLAIN = (str, bytes, int, float, bool, date, type(None))


def asked(model: Model, context: Mapping[str, Any]) -> str:
    """A hash of all that a model's rows depend on beside the tables it reads.

    That is the code, ours and its own file, the packages it runs on, and the values of the context
    that it asks for.
    """
    told = [code(), _file(model.file), model.sql, model.header.key]
    told += [(name, of(context[name])) for name in model.context if name in context]
    return _hash(repr(told).encode())


def of(value: Any) -> str:
    """What a value of the context says: its own `fingerprint()`, or the plain data it is.

    Paths and functions say how to compute, not what, and give nothing. Raises on anything else,
    since a change of it would go unnoticed.
    """
    if isinstance(value, Path) or (callable(value) and not hasattr(value, "fingerprint")):
        return ""
    return _inside(value)


def _inside(value: Any) -> str:
    if callable(getattr(value, "fingerprint", None)):
        return str(value.fingerprint())
    if isinstance(value, _PLAIN):
        return repr(value)
    if isinstance(value, Mapping):
        return repr([(_inside(key), _inside(one)) for key, one in value.items()])
    if isinstance(value, (set, frozenset)):
        return repr(sorted(_inside(one) for one in value))
    if isinstance(value, Collection):
        return repr([_inside(one) for one in value])
    if is_dataclass(value):
        told = [(field.name, _inside(getattr(value, field.name))) for field in fields(value)]
        return repr((type(value).__name__, told))
    raise TielineError(
        "no_fingerprint",
        f"Whether a {type(value).__name__} has changed since the last build cannot be told.",
        next_step="Give it a method fingerprint() that returns a text.",
    )


@cache
def code() -> str:
    """A hash of every file of this package, of Python and of the packages it needs."""
    root = Path(tieline.__file__).parent
    told = [sys.version, *_packages()]
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        told += [str(Path(folder, n).relative_to(root)) + _file(Path(folder, n)) for n in names]
    return _hash("\n".join(sorted(told)).encode())


def _packages() -> list[str]:
    """Name and version of every installed package that this one needs (of all, if not installed).

    Read off the folders' names: asking `importlib.metadata` for each takes a third of a second.
    """
    try:
        needed = {_plain(line) for line in requires("tieline") or () if "extra ==" not in line}
    except PackageNotFoundError:
        needed = None
    folders = [folder for folder in sys.path if os.path.isdir(folder)]
    found = (name for folder in folders for name in os.listdir(folder))
    installed = [name for name in found if name.endswith(".dist-info")]
    return [name for name in installed if needed is None or _plain(name.split("-")[0]) in needed]


def _plain(requirement: str) -> str:
    found = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0] if found else requirement).lower()


@cache
def _file(path: Path) -> str:
    try:
        return _hash(path.read_bytes())
    except OSError:
        return ""


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
