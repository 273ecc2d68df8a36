"""Lists that give a value to the words of a text: `value <TAB> phrase; phrase`, first row wins.

A phrase is one word or several in a row; `*` at an end of a word stands for any letters. Titles
share their words, so each word is looked up once and remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tieline.data.values.folding import fold, fold_umlauts

_NONE = 1_000_000


class Found(NamedTuple):
    """The value of a row, and where its phrase stands: words `start` to before `end`."""

    value: str
    start: int
    end: int


class PhraseList:
    """The rows of one list, ready for look-ups; the rank of a row is its place in the list."""

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        self.values: list[str] = []
        self._exact: dict[str, int] = {}
        self._beginnings: dict[str, int] = {}
        self._inside: list[tuple[str, bool, int]] = []
        self._sequences: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._seen: dict[str, tuple[int, Sequence[tuple[tuple[str, ...], int]]]] = {}
        for rank, (value, phrases) in enumerate(rows):
            self.values.append(value)
            for phrase in phrases.split(";"):
                self._add(fold_umlauts(fold(phrase.strip())), rank)

    def _add(self, phrase: str, rank: int) -> None:
        words = tuple(phrase.split())
        if len(words) > 1:
            if "*" in words[0]:
                raise ValueError(f"the first of several words cannot have a star: {phrase!r}")
            self._sequences.setdefault(words[0], []).append((words, rank))
        elif phrase.startswith("*"):
            self._inside.append((phrase.strip("*"), phrase.endswith("*"), rank))
        elif phrase.endswith("*"):
            self._beginnings.setdefault(phrase[:-1], rank)
        else:
            self._exact.setdefault(phrase, rank)

    def found(self, words: list[str]) -> Found | None:
        """What the first row that has a phrase in these words says, and which words those are."""
        best, start, end = _NONE, 0, 0
        seen = self._seen
        for place, word in enumerate(words):
            known = seen.get(word)
            if known is None:
                known = seen[word] = self._look_up(word), self._sequences.get(word, ())
            rank, sequences = known
            if rank < best:
                best, start, end = rank, place, place + 1
            for phrase, rank in sequences:
                if rank < best and _follows(phrase, words, place):
                    best, start, end = rank, place, place + len(phrase)
        return Found(self.values[best], start, end) if best < _NONE else None

    def _look_up(self, word: str) -> int:
        ranks = [self._exact.get(word, _NONE)]
        beginnings = (word[:end] for end in range(1, len(word) + 1))
        ranks += [self._beginnings.get(beginning, _NONE) for beginning in beginnings]
        for part, anywhere, rank in self._inside:
            if word.endswith(part) or (anywhere and part in word):
                ranks.append(rank)
        return min(ranks)


def _follows(phrase: tuple[str, ...], words: list[str], place: int) -> bool:
    if place + len(phrase) > len(words):
        return False
    for offset, wanted in enumerate(phrase):
        word = words[place + offset]
        if word != wanted and not (wanted[-1] == "*" and word.startswith(wanted[:-1])):
            return False
    return True
