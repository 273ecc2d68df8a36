"""How likely a text is as words of a language: the judge between code pages.

A byte above 127 is another letter in each code page. The right one gives letters that follow each
other in real words: `Müller`, not `M³ller`; `père`, not `pčre`. Letter pairs are counted on the
word lists `languages.txt`; for Chinese, Japanese and Korean the frequent characters of `hanzi.txt`
and the level-1 sets of their national standards (GB 2312, Big5, JIS X 0208, KS X 1001) are used.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

#: Words of ASCII letters and characters beyond ASCII; only those with the latter count.
_WORD = re.compile(r"[^\x00-\x40\x5b-\x60\x7b-\x7f]*[^\x00-\x7f][^\x00-\x40\x5b-\x60\x7b-\x7f]*")

#: Marks beyond ASCII that lists of all languages hold, and those that stand between words.
_MARKS = frozenset("–—‘’“”„‚«»…€£§°®™©•·²³½¼º\xa0¿¡´№")
_BETWEEN_LETTERS = frozenset("’–·´\xa0-")
_WIDE_MARKS = frozenset("　、。・（）：，；！？「」『』－〜～＆／％＋．々〒ー①②③㈱")

#: Logarithms of the probability of characters no word list explains; set on the tests' words.
_MARK, _FOREIGN_LETTER, _CONTROL = -6.5, -11.0, -15.0
_RARE_HANZI, _LEVEL_2, _HALF_WIDTH_KANA = -16.0, -12.0, -7.5
_FREQUENT_BONUS = 2.2

#: Languages that write no Latin letters, and what one beside their own costs.
_NOT_LATIN = frozenset(("ru", "uk", "bg", "el", "he", "ar"))
_MIXED_SCRIPTS = -6.0

ASIAN = ("zh-hans", "zh-hant", "ja", "ko")


@dataclass(frozen=True)
class _Letters:
    """Letter and letter-pair shares of one language."""

    single: dict[str, float]
    after: dict[tuple[str, str], float]


def _lists(file: str) -> dict[str, str]:
    text = resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    pairs = (line.split(": ", 1) for line in text.splitlines() if line and line[0] != "#")
    return {pair[0]: pair[1] for pair in pairs}


@cache
def _languages() -> dict[str, _Letters]:
    return {name: _count(words.lower().split()) for name, words in _lists("languages.txt").items()}


@cache
def _frequent() -> dict[str, frozenset[str]]:
    return {name: frozenset(chars) for name, chars in _lists("hanzi.txt").items()}


def _count(words: list[str]) -> _Letters:
    single: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    before: Counter[str] = Counter()
    for word in words:
        single.update(word)
        for left, right in zip(" " + word, word + " ", strict=True):
            pairs[left, right] += 1
            before[left] += 1
    total = sum(single.values())
    return _Letters(
        {char: count / total for char, count in single.items()},
        {pair: count / before[pair[0]] for pair, count in pairs.items()},
    )


def likelihood(text: str, languages: tuple[str, ...]) -> float:
    """Natural logarithm of how likely the characters beyond ASCII are, best language each word.

    Only comparable between readings of the same bytes.
    """
    return sum(word_likelihood(word, languages) for word in _WORD.findall(text))


@lru_cache(maxsize=100_000)
def word_likelihood(word: str, languages: tuple[str, ...]) -> float:
    """The likelihood of one word in the language that suits it best."""
    return max(
        (_asian(word, name) if name in ASIAN else _western(word, name)) for name in languages
    )


def _western(word: str, language: str) -> float:
    letters = _languages()[language]
    score = 0.0
    left = " "
    for position, char in enumerate(word):
        lower = char.lower()
        lower = lower if len(lower) == 1 else char
        if ord(char) > 127:
            right = word[position + 1 : position + 2] or " "
            score += _char(char, lower, left, right, letters)
            if char.isupper() and left.islower():
                score -= 4.0
            if language in _NOT_LATIN and char.isalpha():
                neighbours = (left + right).strip()
                score += _MIXED_SCRIPTS * any(one.isascii() for one in neighbours)
        elif ord(left) > 127 and left.isalpha():
            known = letters.single.get(lower, 1e-4)
            pair = 0.7 * letters.after.get((left.lower()[:1], lower), 0.0) + 0.3 * known + 1e-5
            score += min(2.0, max(-2.0, math.log(pair / known)))
            if char.isupper() and left.islower():
                score -= 3.0
        left = char
    return score


def _char(char: str, lower: str, left: str, right: str, letters: _Letters) -> float:
    if lower in letters.single:
        pair = letters.after.get((left.lower()[:1], lower), 0.0)
        return math.log(0.7 * pair + 0.3 * letters.single[lower] + 1e-5)
    if char in _MARKS:
        inside = left.isalpha() and right.isalpha() and char not in _BETWEEN_LETTERS
        return _MARK - (4.0 if inside else 0.0)
    if char.isalpha():
        return _FOREIGN_LETTER
    return _CONTROL if ord(char) < 0xA0 or 0xE000 <= ord(char) <= 0xF8FF else -13.0


def _asian(word: str, language: str) -> float:
    frequent = _frequent()[language]
    return sum(_asian_char(char, language, frequent) for char in word if ord(char) > 127)


@lru_cache(maxsize=50_000)
def _asian_char(char: str, language: str, frequent: frozenset[str]) -> float:
    code = ord(char)
    bonus = _FREQUENT_BONUS if char in frequent else 0.0
    if char in _WIDE_MARKS:
        return -6.0
    if 0x3040 <= code <= 0x30FF:
        return -4.8 if language == "ja" else _LEVEL_2
    if 0xFF61 <= code <= 0xFF9F:
        return _HALF_WIDTH_KANA if language == "ja" else _CONTROL
    if 0xFF01 <= code <= 0xFF5E:
        return -7.5
    if 0xAC00 <= code <= 0xD7A3:
        if language != "ko":
            return _RARE_HANZI
        return bonus - (7.8 if _level(char, "euc_kr", 0xB0, 0xC8) else 14.0)
    if 0x4E00 <= code <= 0x9FFF:
        codec, low, high, usual = {
            "zh-hans": ("gb2312", 0xB0, 0xD7, 8.2),
            "zh-hant": ("big5", 0xA4, 0xC6, 8.6),
            "ja": ("shift_jis", 0x88, 0x97, 8.0),
            "ko": ("euc_kr", 0xFF, 0xFF, 12.0),
        }[language]
        if _level(char, codec, low, high):
            return bonus - usual
        return _LEVEL_2 + bonus if _level(char, codec, 0x81, 0xFE) else _RARE_HANZI
    return _CONTROL if code < 0xA0 or 0xE000 <= code <= 0xF8FF else -13.0


def _level(char: str, codec: str, low: int, high: int) -> bool:
    """True when the first byte of a character in its national standard lies in a range."""
    try:
        code = char.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(code) == 2 and low <= code[0] <= high
