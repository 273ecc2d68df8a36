"""Job titles by language, function and level; a career moves up its function's levels."""

from __future__ import annotations

import re

import numpy as np

from tieline.demo.columns import Text, take, text
from tieline.demo.draws import Ints, Weighted
from tieline.demo.pools import read_pool

LANGUAGES = ["en", "de", "fr", "it", "es", "nl", "sv", "da", "pl"]
TITLES_IN = {"no": "da", "fi": "en", "cz": "en", "pt": "en", "ja": "en"}
FUNCTIONS = [row["function"] for row in read_pool("departments")]
LEVELS = "csmdva"
# German, French, Italian and Spanish have a woman's form of most titles.
_GENDERS = read_pool("title_genders")


def gendered(title: str, language: str, gender: str) -> str:
    """Return the title as a woman (f) or a man (m) bears it."""
    for row in _GENDERS:
        if row["lang"] == language and row["gender"] == gender:
            title = re.sub(row["pattern"], row["replacement"], title)
    return title


class Titles:
    """All titles, drawn by language, or within one function and level of a language."""

    def __init__(self) -> None:
        """Read the titles table; every title is one choice with its share of the row's weight."""
        rows = read_pool("titles")
        self._by_language: list[list[float]] = [[] for _ in LANGUAGES]
        names: list[str] = []
        women: list[str] = []
        function: list[int] = []
        level: list[int] = []
        for number, language in enumerate(LANGUAGES):
            for row in (r for r in rows if r["lang"] == language):
                titles = row["titles"].split(";")
                names += [gendered(t, language, "m") for t in titles]
                women += [gendered(t, language, "f") for t in titles]
                function += [FUNCTIONS.index(row["function"])] * len(titles)
                level += [LEVELS.index(row["level"])] * len(titles)
                # titles stand in order of frequency: the third is about half as common as the first
                shares = np.array([1 / (1 + 0.5 * i) for i in range(len(titles))])
                self._by_language[number] += list(
                    (float(row["weight"]) + 1e-9) * shares / shares.sum()
                )
        self.names: Text = text(names)
        self.female: Text = text(women)
        self.function: Ints = np.array(function, dtype=np.int64)
        self.level: Ints = np.array(level, dtype=np.int64)
        self._draw = Weighted(self._by_language)
        self._similar = self._same_function()

    def _same_function(self) -> Weighted:
        """Return the draw of another title of the same language and function."""
        groups: list[list[float]] = []
        for number in range(len(LANGUAGES)):
            low, high = self._draw.offsets[number], self._draw.offsets[number + 1]
            functions = self.function[low:high]
            for function in range(len(FUNCTIONS)):
                weights = np.array(self._by_language[number]) * (functions == function)
                groups.append(list(weights + 1e-18))
        return Weighted(groups)

    def draw(self, language: Ints, rng: np.random.Generator) -> Ints:
        """Draw a title for people of each language."""
        return self._draw.draw(rng, language)

    def next(self, title: Ints, language: Ints, rng: np.random.Generator) -> Ints:
        """Draw the title after a promotion or a change of employer: same function, any level."""
        group = language * len(FUNCTIONS) + self.function[title]
        drawn = self._similar.draw(rng, group)
        # the similar-title groups repeat all titles of the language once per function
        within = drawn - self._similar.offsets[group]
        return np.asarray(self._draw.offsets[language] + within, dtype=np.int64)

    def of_function(self, function: str, language: Ints, rng: np.random.Generator) -> Ints:
        """Draw a title of one function."""
        group = language * len(FUNCTIONS) + FUNCTIONS.index(function)
        drawn = self._similar.draw(rng, group)
        return np.asarray(self._draw.offsets[language] + drawn - self._similar.offsets[group])

    def text(self, title: Ints) -> Text:
        """Return the words of the titles."""
        return take(self.names, title)
