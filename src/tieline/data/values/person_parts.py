"""A whole person name in one text, taken apart.

Names are read from the outside in: nickname, titles in front, degrees behind, then family and given
name by comma, capitals, particles and known names. What this reading declines (six words and more
between title and suffix) is given to `nameparser`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from anyascii import anyascii
from nameparser import HumanName

from tieline.data.values.person_words import (
    generations,
    iberian_family_names,
    known_family_names,
    known_given_names,
    name_key,
    particles,
    second_titles,
    suffixes,
    titles,
    word_key,
)


class Parts(NamedTuple):
    """The parts of one name as they were written; empty text where there is none."""

    prefix: str = ""
    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    nickname: str = ""
    issue: str | None = None


_NICKNAME = re.compile(
    r"\s*[(\[]\s*([^()\[\]]*?)\s*[)\]]"
    r"|(?:^|(?<=\s))[\"“”„«]\s*([^\"“”„«»]+?)\s*[\"“”»](?=\s|,|$)"
    r"|(?<=\s)['‘’´`]([^'‘’´`]{2,}?)['‘’´`](?=\s|,|$)"
)
_MAIDEN = re.compile(
    r"[\s,(]+(?:née|nee|né|geb\.?|geborene|born|nata)\s+([^\s,()]+)\)?", re.IGNORECASE
)
_TWO = re.compile(r"\s*(?:&|\+|(?<=\s)(?:and|und|et|og|och|en|or|oder)(?=\s))\s*", re.IGNORECASE)
_INITIAL = re.compile(r"^[^\W\d_]\.?$")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.-?){2,}[^\W\d_]?\.?$")
_DOTTED_LOGIN = re.compile(r"^([^\W\d_]{2,})[._]([^\W\d_]{2,})$")
_PATRONYMIC = re.compile(r"(?:ович|евич|ьич|овна|евна|ична|инична)$", re.IGNORECASE)
_HAN = re.compile(r"^[\u3400-\u9fff]{2,4}$")
_HANGUL = re.compile(r"^[\uac00-\ud7a3]{2,4}$")
EAST_ASIAN = re.compile(r"^[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+$")
_FAMILY_ONLY = frozenset(
    {"van", "von", "de", "di", "del", "della", "dos", "ter", "ten", "mc", "st"}
)
TRADES = frozenset({"realtor", "trustee", "attorney"})
"""Trades that are cut off behind a name."""
_TRADE = re.compile(
    r"[\s,]+(?:attorneys?|atty\.?) at law$|[\s,]+(?:" + "|".join(sorted(TRADES)) + ")$",
    re.IGNORECASE,
)
_SCHOOLS = frozenset({"fh", "tu", "th", "ba", "univ", "uni", "eth", "dhbw"})
_MOST_WORDS = 5
# Commas of Chinese, Arabic and full-width writing.
_COMMAS = str.maketrans({"，": ",", "、": ",", "،": ",", ";": ","})


def parts_of(text: str) -> Parts:
    """The parts of a whole name."""
    text = _TRADE.sub("", text.translate(_COMMAS))
    login = _DOTTED_LOGIN.match(text)
    if login and word_key(login[1]) not in titles():
        text = f"{login[1]} {login[2]}"
    text, nickname = _without_nickname(_MAIDEN.sub(" ", text))
    if _TWO.search(text):
        first = _first_of_two(text)
        if first is not None:
            return first._replace(issue="two_persons")
    segments = [part for part in (piece.strip(" .-") for piece in text.split(",")) if part]
    if not segments:
        return Parts(nickname=nickname)
    segments = [_keep_dot(part, text) for part in segments]
    behind: list[str] = []
    while len(segments) > 1 and _is_suffix_text(segments[-1]):
        behind.insert(0, segments.pop())
    parts = _by_comma(segments) if len(segments) > 1 else _in_order(segments[0].split())
    if parts.given and parts.family and not parts.middle:
        given, family = (name_key(part) for part in (parts.given, parts.family))
        if given_stands_behind(given, family, in_capitals=False):
            # 'Hans, Müller' has its comma in the wrong place.
            parts = parts._replace(given=parts.family, family=parts.given)
    suffix = " ".join(part for part in (parts.suffix, *behind) if part)
    return parts._replace(suffix=_standard_suffix(suffix), nickname=nickname or parts.nickname)


def _keep_dot(part: str, text: str) -> str:
    """Stripping took the dot of a last initial: put it back ('Young, Walter F.')."""
    return f"{part}." if f"{part}." in text else part


def _without_nickname(text: str) -> tuple[str, str]:
    found = _NICKNAME.search(text)
    if not found:
        return text.strip(" \"'"), ""
    nickname = next((group for group in found.groups() if group), "")
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    rest = _NICKNAME.sub(" ", rest).replace(" ,", ",")
    rest = " ".join(rest.strip(" \"'()[]").split())
    if not rest:
        return nickname, ""
    # 'Dipl.-Ing. (FH)' and '(PhD)' are no nicknames.
    school = word_key(nickname) in _SCHOOLS or word_key(nickname) in suffixes()
    return rest, "" if school or len(nickname) < 2 else nickname


def _first_of_two(text: str) -> Parts | None:
    """The first of two people in one text: 'Charles and Jean Dukes' is Charles Dukes."""
    first, _, second = _TWO.sub("\0", text, count=1).partition("\0")
    second_parts = parts_of(_TWO.sub(" ", second)) if second.strip() else Parts()
    words = first.split()
    if not words or not second.strip():
        return parts_of(first or second)
    prefix, rest = _split_prefix(words)
    other_is_alone = not (second_parts.given and second_parts.family)
    if prefix and len(rest) == 1 and other_is_alone and word_key(rest[0]) not in titles():
        # 'Dr. Fandel & Dr. Williams'
        return Parts(prefix=" ".join(prefix), family=rest[0])
    if all(word_key(word) in titles() for word in words):
        # 'Mr & Mrs John Smith'
        return second_parts._replace(prefix=first.strip())
    first_parts = parts_of(first)
    if "," in second and "," not in first:
        return first_parts._replace(family=first_parts.family or second_parts.family)
    given_only = not first_parts.given or not first_parts.family
    if given_only or (len(words) == 2 and _INITIAL.match(words[1])):
        given = first_parts.given or first_parts.family
        middle = words[1] if len(words) == 2 and _INITIAL.match(words[1]) else first_parts.middle
        return first_parts._replace(given=given, middle=middle, family=second_parts.family)
    return first_parts


def _is_suffix_text(text: str) -> bool:
    """Whether a piece behind a comma is nothing but degrees ('Jr., M.D.', 'attorney at law')."""
    if word_key(text) in suffixes():
        return True
    words = text.split()
    return all(word_key(word) in suffixes() or word_key(word) in titles() for word in words)


def _standard_suffix(text: str) -> str:
    return " ".join(suffixes().get(word_key(word), word) for word in text.split())


def _by_comma(segments: list[str]) -> Parts:
    """Family name first, then title, given and middle names ('Smith Jr., Dr. John A.')."""
    family_words, suffix = _split_suffix(segments[0].split())
    prefix, family_words = _split_prefix(family_words)
    given_words = " ".join(segments[1:]).split()
    title, given_words = _split_prefix(given_words)
    given_words, more_suffix = _split_suffix(given_words, keep=1)
    behind: list[str] = []
    while len(given_words) > 1 and word_key(given_words[-1]) in particles():
        # 'Berg, Anna van den': the particle goes back to the family name.
        behind.insert(0, given_words.pop())
    given, middle = _given_and_middle(given_words)
    return Parts(
        prefix=" ".join((*prefix, *title)),
        given=given,
        middle=middle,
        family=" ".join((*behind, *family_words)),
        suffix=" ".join((*suffix, *more_suffix)),
    )


def _split_prefix(words: list[str]) -> tuple[list[str], list[str]]:
    """(titles in front, the rest); at least one word that is no title stays behind."""
    count = 0
    while count < len(words) - 1 and _is_title(words[count], behind_another=count > 0):
        count += 1
    return words[:count], words[count:]


def _is_title(word: str, behind_another: bool) -> bool:
    key = word_key(word)
    if key in titles() or (behind_another and key in second_titles()):
        return True
    if key in suffixes() and key not in generations() and word.isupper() and len(key) > 2:
        # 'MBA Anna Lee'
        return True
    # 'Dipl.-Ing.(FH)' and 'Dr.-Ing.' have their dots and dashes.
    dotted = "." in word and len(key) > 3
    return dotted and any(key.startswith(title) for title in ("dipl", "dring", "prof", "mag"))


def _split_suffix(words: list[str], keep: int = 1) -> tuple[list[str], list[str]]:
    """(the rest, suffixes behind)."""
    end = len(words)
    while end > keep and _is_suffix(words[end - 1], end):
        end -= 1
    return words[:end], words[end:]


def _is_suffix(word: str, words_left: int) -> bool:
    key = word_key(word)
    if key not in suffixes() or (key in ("v", "vi") and words_left < 3):
        return False
    # 'Ma', 'Do' and 'Ba' are family names; degrees are written in capitals or with dots.
    capital = word.isupper() or "." in word or key in generations() or key == "phd"
    return capital or (words_left > 2 and len(key) > 2)


def _given_and_middle(words: list[str]) -> tuple[str, str]:
    if not words:
        return "", ""
    first = words[0]
    if _INITIALS.match(first) and len(words) == 1:
        letters = [letter for letter in re.split(r"[.\s-]+", first) if letter]
        return f"{letters[0]}.", " ".join(f"{letter}." for letter in letters[1:])
    return first, " ".join(words[1:])


def _in_order(words: list[str]) -> Parts:
    """A name without comma."""
    prefix, words = _split_prefix(words)
    words, suffix = _split_suffix(words)
    outside = Parts(prefix=" ".join(prefix), suffix=" ".join(suffix))
    if len(words) == 1:
        return _single(words[0], outside)
    if len(words) > _MOST_WORDS and _first_particle(words) is None:
        return _by_library(" ".join(words), outside)
    if _PATRONYMIC.search(words[-1]) and len(words) == 3:
        return outside._replace(family=words[0], given=words[1], middle=words[2])
    start = _family_start(words)
    if start == 0:
        # The family name comes first: 'MUELLER Hans', or is all there is: 'van Gogh'.
        end = _leading_family_end(words)
        given, middle = _given_and_middle(words[end:])
        return outside._replace(given=given, middle=middle, family=" ".join(words[:end]))
    given, middle = _given_and_middle(words[:start])
    return outside._replace(given=given, middle=middle, family=" ".join(words[start:]))


def _single(word: str, outside: Parts) -> Parts:
    for pattern, split in ((_HANGUL, 1), (_HAN, 2 if len(word) == 4 else 1)):
        if pattern.match(word):
            return outside._replace(family=word[:split], given=word[split:])
    key = name_key(word)
    given = key in known_given_names() and not outside.prefix
    return outside._replace(given=word) if given else outside._replace(family=word)


def _first_particle(words: list[str]) -> int | None:
    for position in range(1, len(words) - 1):
        word = words[position]
        key = word_key(word)
        if key in particles() and (key == "st" or not word.endswith(".")):
            return position
    return None


def _family_start(words: list[str]) -> int:
    """The position of the first word of the family name."""
    if _is_family_first(words):
        return 0
    particle = _first_particle(words)
    if particle is not None:
        return particle
    last = len(words) - 1
    if last >= 2 and words[last - 1] in ("y", "i", "e"):
        return max(1, last - 2)
    if last >= 2:
        keys = [name_key(word) for word in words[-2:]]
        both_iberian = all(key in iberian_family_names() for key in keys)
        if both_iberian and keys[0] not in known_given_names():
            return last - 1
    return last


def _is_family_first(words: list[str]) -> bool:
    first = word_key(words[0])
    if first in particles() and (words[0].islower() or len(words) == 2):
        # 'van Gogh' and 'Van Gogh', but 'Al Gore' and 'Le Song'.
        return words[0].islower() or first in _FAMILY_ONLY
    capitals = [len(word) > 1 and word.isupper() and not _INITIALS.match(word) for word in words]
    if capitals[0] and not any(capitals[1:]):
        follows = _INITIAL.match(words[1]) or word_key(words[1]) in particles()
        first, second = (name_key(word) for word in words[:2])
        given_first = first in known_given_names() and second not in known_given_names()
        return not follows and not given_first and len(words[0]) > 2
    if len(words) > 3 or (len(words) == 3 and not _INITIAL.match(words[2])):
        return False
    first, second = (name_key(word) for word in words[:2])
    return given_stands_behind(first, second, all(capitals[:2]))


def given_stands_behind(first: str, second: str, in_capitals: bool) -> bool:
    """Whether two folded words are family and given name, in this order.

    In capitals (MUELLER HANS) the order is open and known names decide; otherwise the given name
    comes first unless both words are known for the other part only.
    """
    if second not in known_given_names() or first in known_given_names():
        return False
    if second not in known_family_names():
        return in_capitals or first in known_family_names()
    return in_capitals and first in known_family_names()


def _leading_family_end(words: list[str]) -> int:
    end = 1
    while end < len(words) and word_key(words[end - 1]) in particles():
        end += 1
    while 1 < end < len(words) and words[end].isupper() and len(words[end]) > 2:
        if words[0].isupper() and not words[-1].isupper():
            end += 1
        else:
            break
    return end


def _by_library(text: str, outside: Parts) -> Parts:
    name = HumanName(text)
    return Parts(
        prefix=" ".join(part for part in (outside.prefix, name.title) if part),
        given=name.first,
        middle=name.middle,
        family=name.last,
        suffix=" ".join(part for part in (name.suffix.replace(",", ""), outside.suffix) if part),
        nickname=name.nickname,
    )


def latin(text: str) -> str:
    """A name of another script in Latin letters, for keys."""
    return text if text.isascii() else str(anyascii(text))
