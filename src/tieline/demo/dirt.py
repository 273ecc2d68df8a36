"""How texts get damaged: fingers, scanners and wrong encodings; seeded, cell by cell."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from tieline.demo.columns import Text, change, fold
from tieline.demo.draws import Flags, Floats

NEIGHBOURS = {
    "q": "wa",
    "w": "qes",
    "e": "wrd",
    "r": "etf",
    "t": "rzg",
    "z": "tuh",
    "u": "zij",
    "i": "uok",
    "o": "ipl",
    "p": "ol",
    "a": "sqy",
    "s": "adw",
    "d": "sfe",
    "f": "dgr",
    "g": "fht",
    "h": "gjz",
    "j": "hku",
    "k": "jli",
    "l": "ko",
    "y": "xa",
    "x": "ycs",
    "c": "xvd",
    "v": "cbf",
    "b": "vng",
    "n": "bmh",
    "m": "nj",
}
SCANNED = [
    ("rn", "m"),
    ("m", "rn"),
    ("l", "1"),
    ("i", "l"),
    ("O", "0"),
    ("0", "O"),
    ("S", "5"),
    ("B", "8"),
    ("cl", "d"),
    ("e", "c"),
    ("ü", "ii"),
    ("ö", "6"),
    ("I", "l"),
    ("5", "S"),
    ("vv", "w"),
]

Damage = Callable[[str, random.Random], str]


def misspell(value: str, chance: random.Random) -> str:
    """Make one typing error: a neighbouring key, two letters swapped, one lost or doubled."""
    letters = [i for i, c in enumerate(value) if c.isalpha() and i > 0] or [0]
    if len(value) < 3:
        return value
    at, kind = letters[int(chance.random() * len(letters))], chance.random()
    if kind < 0.30 and at + 1 < len(value) and value[at + 1].isalpha():
        return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    if kind < 0.55:
        return value[:at] + value[at + 1 :]
    if kind < 0.75:
        return value[:at] + value[at] + value[at:]
    keys = NEIGHBOURS.get(value[at].lower(), "")
    if not keys:
        return value[:at] + value[at + 1 :]
    return value[:at] + keys[int(chance.random() * len(keys))] + value[at + 1 :]


def misread(value: str, chance: random.Random) -> str:
    """Make one error of a scanner or of somebody who reads bad handwriting."""
    possible = [(old, new) for old, new in SCANNED if old in value[1:]]
    if not possible:
        return misspell(value, chance)
    old, new = possible[int(chance.random() * len(possible))]
    return value[0] + value[1:].replace(old, new, 1)


def slip_digit(value: str, chance: random.Random) -> str:
    """Swap two neighbouring digits or change one."""
    digits = [i for i, c in enumerate(value) if c.isdigit()]
    if len(digits) < 4:
        return value
    at = digits[1 + int(chance.random() * (len(digits) - 2))]
    if chance.random() < 0.5 and at + 1 < len(value) and value[at + 1].isdigit():
        return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
    return value[:at] + str((int(value[at]) + 1 + int(chance.random() * 8)) % 10) + value[at + 1 :]


def mojibake(value: str, chance: random.Random) -> str:
    """Read UTF-8 as if it were Windows-1252, as careless imports do."""
    try:
        return value.encode("utf-8").decode("cp1252")
    except UnicodeDecodeError:
        return value.replace("Ã", "A")


def question_marks(value: str, chance: random.Random) -> str:
    """Lose every letter outside ASCII."""
    return value.encode("ascii", "replace").decode("ascii")


def without_accents(value: str, chance: random.Random) -> str:
    """Write the text on a keyboard without accents."""
    return fold(value)


def umlauts_spelled_out(value: str, chance: random.Random) -> str:
    """Write ä, ö, ü and ß as ae, oe, ue and ss."""
    return fold(value, german=True)


def cut(value: str, chance: random.Random) -> str:
    """Cut the text where an old system's field ended, after 30 characters."""
    return value[:30].rstrip()


def stray_spaces(value: str, chance: random.Random) -> str:
    """Add spaces nobody sees."""
    kind = chance.random()
    if kind < 0.4:
        return value + " "
    if kind < 0.6:
        return " " + value
    return value.replace(" ", "  ", 1) if " " in value else value + "\u00a0"


def damage(
    column: Text, chances: Floats | float, rng: np.random.Generator, *kinds: Damage
) -> tuple[Text, Flags]:
    """Damage cells by these kinds, each row by its own chance; return also which rows."""
    rows: Flags = rng.random(len(column)) < chances
    chance = random.Random(int(rng.integers(2**32)))

    def rewrite(cells: list[str]) -> list[str | None]:
        return [
            kinds[int(chance.random() * len(kinds))](cell, chance) if cell else cell
            for cell in cells
        ]

    return change(column, rows, rewrite), rows
