"""How companies are called: brand, family, place or letters, what they do, and the legal form."""

from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc

from tieline.demo.columns import Text, glue, join, take, text, where
from tieline.demo.draws import Flags, Ints, Weighted, rank_in_group
from tieline.demo.markets import Markets
from tieline.demo.names import CULTURES, NamePool
from tieline.demo.pools import read_pool, weighted_list

_INDUSTRIES = read_pool("industries")
INDUSTRIES = [row["industry"] for row in _INDUSTRIES]
INDUSTRY_WEIGHTS = [float(row["weight"]) for row in _INDUSTRIES]
LANGUAGES = ["en", "de", "fr", "it", "es", "nl", "sv", "da", "fi", "pl", "cz", "pt"]
WORDS_OF = {"NO": "da", "FI": "fi", "CZ": "cz", "PT": "pt"}
FORMS_OF = {"CF": "CH", "CI": "CH", "BN": "BE", "BF": "BE"}
FAMILY_PATTERNS = {  # {a} one family, {b} another
    "en": ["{a} & Sons", "{a} & {b}", "{a} Brothers", "{a}", "{a} {b}"],
    "de": ["{a} & Söhne", "{a} & {b}", "Gebr. {a}", "{a}", "{a}", "Gebrüder {a}"],
    "fr": ["{a} & Fils", "Établissements {a}", "{a} Frères", "{a} et {b}", "{a}"],
    "it": ["Fratelli {a}", "{a} & {b}", "F.lli {a}", "{a}", "Officine {a}"],
    "es": ["Hijos de {a}", "{a} y {b}", "Hermanos {a}", "Talleres {a}", "{a}"],
    "nl": ["Gebr. {a}", "{a} & Zn.", "{a} en {b}", "{a}"],
}
# Names a reader would take for a real, well-known company; a composed brand must not be one.
KNOWN = {
    "norex",
    "norgen",
    "coris",
    "cortex",
    "vertex",
    "solaris",
    "polaris",
    "meritor",
    "tritec",
    "ventrix",
    "altera",
    "alteris",
    "calgen",
    "ferex",
    "lumex",
    "terex",
    "corion",
    "solex",
    "polytec",
    "merion",
    "astra",
    "astec",
    "benex",
    "caltron",
    "sertec",
    "novaris",
}


def _brands(pool: list[dict[str, str]]) -> tuple[list[str], list[list[float]]]:
    """Return brand words by language with their weights; every language also has invented ones."""
    by_kind = {row["kind"]: row["words"].split(";") for row in pool if row["lang"] == "*"}
    composed = [
        head + tail
        for head in by_kind["head"]
        for tail in by_kind["tail"]
        if head[-1] != tail[0] and (head + tail).lower() not in KNOWN
    ]
    words: list[str] = []
    groups: list[list[float]] = []
    own = {row["lang"]: row["words"].split(";") for row in pool if row["kind"] == "brand"}
    for language in LANGUAGES:
        common = own["*"] + own.get(language, []) * 3
        words += common + composed
        # 45 in 100 brands are words that others use too: similar names, unrelated companies
        groups.append([45 / len(common)] * len(common) + [55 / len(composed)] * len(composed))
    return words, groups


class CompanyNames:
    """The drawing of company names for accounts of given markets and industries."""

    def __init__(self, markets: Markets, names: dict[str, NamePool]) -> None:
        """Read the word pools once."""
        pool = read_pool("companies")
        self._markets = markets
        self._names = names
        brands, weights = _brands(pool)
        self._brands, self._brand_draw = text(brands), Weighted(weights)
        languages = [WORDS_OF.get(r["market"], r["language"]) for r in markets.rows]
        self.language: Ints = np.array([LANGUAGES.index(v) for v in languages], dtype=np.int64)
        self._read_words(pool)
        self._read_forms(pool)

    def _read_words(self, pool: list[dict[str, str]]) -> None:
        words: list[str] = []
        groups: list[list[float]] = []
        found = {(r["lang"], r["kind"]): r["words"].split(";") for r in pool}
        for language in LANGUAGES:
            for industry in INDUSTRIES:
                own = found.get((language, f"word:{industry}"), found["en", f"word:{industry}"])
                words += own
                groups.append([1.0] * len(own))
        self._words, self._word_draw = text(words), Weighted(groups)

    def _read_forms(self, pool: list[dict[str, str]]) -> None:
        cells = {r["lang"]: r["words"] for r in pool if r["kind"] == "forms"}
        self._forms_flat: list[str] = []
        groups: list[list[float]] = []
        for market in self._markets.codes:
            forms, weights = weighted_list(cells[FORMS_OF.get(market, market)])
            self._forms_flat += forms
            groups.append(weights)
        self._forms, self._form_draw = text(self._forms_flat), Weighted(groups)

    def forms(self, market: Ints, rng: np.random.Generator) -> Text:
        """Draw the legal form usual in each market."""
        return take(self._forms, self._form_draw.draw(rng, market))

    def words(self, market: Ints, industry: Ints, rng: np.random.Generator) -> Text:
        """Draw the word for what a company does, in its market's language."""
        group = self.language[market] * len(INDUSTRIES) + industry
        return take(self._words, self._word_draw.draw(rng, group))

    def brands(self, market: Ints, rng: np.random.Generator) -> Text:
        """Draw brand words; some are common property of unrelated companies."""
        return take(self._brands, self._brand_draw.draw(rng, self.language[market]))

    def cores(self, market: Ints, word: Text, city: Text, rng: np.random.Generator) -> Text:
        """Draw the name without its legal form: by brand, family, place or letters."""
        count = len(market)
        kind = rng.random(count)
        core = join(self.brands(market, rng), word, sep=" ")
        core = where(kind > 0.44, self._family(market, word, rng), core)
        place = join(where(rng.random(count) < 0.5, city, glue(city, "er")), word, sep=" ")
        german = np.isin(self.language[market], [LANGUAGES.index("de")])
        ends_well = np.asarray(pc.match_substring_regex(city, pattern="^[^ ]+[gnrtmkdl]$"))
        place = where(german & ends_well, place, join(city, word, sep=" "))
        core = where(kind > 0.80, place, core)
        core = where(kind > 0.91, join(self._letters(count, rng), word, sep=" "), core)
        return where((kind > 0.39) & (kind <= 0.44), self.brands(market, rng), core)

    def _family(self, market: Ints, word: Text, rng: np.random.Generator) -> Text:
        culture = np.array([CULTURES.index(r["culture"]) for r in self._markets.rows])[market]
        pool = self._names["s"]
        one = take(pool.values, pool.draw.draw(rng, culture))
        two = take(pool.values, pool.draw.draw(rng, culture))
        by_market = [FAMILY_PATTERNS.get(r["language"], ["{a}"]) for r in self._markets.rows]
        drawn = Weighted([[1.0] * len(patterns) for patterns in by_market]).draw(rng, market)
        parts = [
            re.split(r"\{a\}|\{b\}", pattern) for patterns in by_market for pattern in patterns
        ]
        before = take(text([part[0] or None for part in parts]), drawn)
        after = take(text([part[1] or None for part in parts]), drawn)
        has_two = np.array([len(part) > 2 for part in parts])[drawn]
        return join(join(before, one, after, where(has_two, two, None)), word, sep=" ")

    @staticmethod
    def _letters(count: int, rng: np.random.Generator) -> Text:
        letters = text(list("ABCDEFGHIKLMNPRSTVWZ"))
        drawn = [take(letters, rng.integers(0, len(letters), count)) for _ in range(3)]
        three = join(*drawn)
        return where(rng.random(count) < 0.2, join(drawn[0], "&", drawn[1]), three)


def with_form(core: Text, form: Text) -> Text:
    """Put the legal form behind the name as its country writes it."""
    comma = np.asarray(pc.starts_with(form, ","))
    return where(comma, glue(core, form), join(core, form, sep=" "))


def same_name(cores: Text, market: Ints) -> Flags:
    """Return rows whose name is taken by an earlier row of the same market."""
    keys = pc.utf8_lower(cores).dictionary_encode()
    codes = np.asarray(keys.indices, dtype=np.int64) * 1000 + market
    return np.asarray(rank_in_group(codes) > 0)
