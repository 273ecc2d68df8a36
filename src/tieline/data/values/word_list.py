"""Word lists that lie beside the code: plain text, one entry per line, `#` starts a comment."""

from __future__ import annotations

from importlib.resources import files


def lines(name: str) -> list[str]:
    """The entries of one list in the order of the file."""
    text = files("tieline.data.values").joinpath(name).read_text(encoding="utf-8")
    return [line.rstrip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def words(name: str) -> list[str]:
    """The entries of a list with one word or phrase per line."""
    return [line.strip() for line in lines(name)]


def rows(name: str) -> list[list[str]]:
    """The rows of a tab-separated list, its header left out."""
    return [line.split("\t") for line in lines(name)][1:]
