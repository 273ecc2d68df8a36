"""Names of people by culture, as frequent as in life: a few everywhere, very many rare ones."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

import numpy as np

from tieline.demo.columns import Text, fold, text
from tieline.demo.draws import Floats, Weighted, zipf
from tieline.demo.pools import read_pool

# Which lists of the package faker (MIT) fill up the tail of a culture's given names and surnames.
FAKER_LOCALES = {
    "de": ("de_DE", "de_AT"),
    "en": ("en_US", "en_GB"),
    "fr": ("fr_FR", "fr_BE"),
    "it": ("it_IT",),
    "es": ("es_ES",),
    "nl": ("nl_NL", "nl_BE"),
    "sv": ("sv_SE",),
    "da": ("da_DK",),
    "no": ("no_NO",),
    "fi": ("fi_FI",),
    "pl": ("pl_PL",),
    "cz": ("cs_CZ",),
    "pt": ("pt_PT",),
    "ja": (),
}
CULTURES = list(FAKER_LOCALES)
# Share of people whose surname is on the head list: German and Anglo-Saxon surnames are widely
# spread, Scandinavian and Iberian ones are not (orders of magnitude of the national statistics).
HEAD_SHARE = {
    "da": 0.75,
    "es": 0.72,
    "pt": 0.85,
    "sv": 0.55,
    "no": 0.6,
    "fi": 0.6,
    "cz": 0.6,
    "ja": 1.0,
    "pl": 0.3,
    "nl": 0.45,
    "it": 0.3,
    "fr": 0.3,
    "en": 0.42,
    "de": 0.36,
}
GIVEN_HEAD_SHARE = 0.95


@dataclass(frozen=True)
class NamePool:
    """Names of one kind in all cultures; draw with the culture's number as the group."""

    values: Text
    female: Text
    draw: Weighted


def _faker(culture: str, attribute: str) -> list[str]:
    found: list[str] = []
    for locale in FAKER_LOCALES[culture]:
        provider = import_module(f"faker.providers.person.{locale}").Provider
        found += list(getattr(provider, attribute, ()))
    return [name for name in found if name.isprintable() and 2 < len(name) < 20]


def _composed(culture: str, parts: dict[str, dict[str, str]]) -> list[str]:
    if culture not in parts:
        return []
    starts, ends = parts[culture]["starts"].split(";"), parts[culture]["ends"].split(";")
    return [start + end for start in starts for end in ends if start[-1].lower() != end[0]]


def _pool(culture: str, head: list[str], tail: list[str], share: float) -> tuple[list[str], Floats]:
    known = {fold(name).lower() for name in head}
    extra = [name for name in sorted(set(tail)) if fold(name).lower() not in known]
    weights = zipf(len(head), 0.75, 4.0)
    weights *= (share if extra else 1.0) / weights.sum()
    if not extra:
        return head, weights
    return head + extra, np.r_[weights, np.full(len(extra), (1 - share) / len(extra))]


def female_form(culture: str, surname: str) -> str:
    """Return the surname a woman bears: Polish and Czech surnames have a form of their own."""
    if culture == "pl" and surname.endswith(("ski", "cki", "dzki")):
        return surname[:-1] + "a"
    if culture == "cz":
        if surname.endswith("ý"):
            return surname[:-1] + "á"
        if surname.endswith(("ek", "ec")):
            return surname[:-2] + surname[-1] + "ová"
        if not surname.endswith(("í", "á")):
            return surname.rstrip("a") + "ová"
    return surname


def load_names() -> dict[str, NamePool]:
    """Return the pools 'm' and 'f' (given names), 's' (surnames) and 'n' (newcomers' surnames)."""
    heads: dict[tuple[str, str], list[str]] = {
        (row["culture"], row["kind"]): row["names"].replace("_", " ").split(";")
        for row in read_pool("names")
    }
    parts = {row["culture"]: row for row in read_pool("surname_parts")}
    pools: dict[str, NamePool] = {}
    for kind, attribute in (("m", "first_names_male"), ("f", "first_names_female"), ("s", "")):
        values: list[str] = []
        female: list[str] = []
        groups: list[Floats] = []
        for culture in CULTURES:
            head = heads[culture, kind]
            if kind == "s":
                tail = _composed(culture, parts)
                if culture not in ("pl", "cz"):  # faker mixes both forms in one list there
                    tail = tail + _faker(culture, "last_names")
                share = HEAD_SHARE[culture]
            else:
                tail, share = _faker(culture, attribute), GIVEN_HEAD_SHARE
            names, weights = _pool(culture, head, tail, share)
            values += names
            female += [female_form(culture, name) for name in names] if kind == "s" else names
            groups.append(weights)
        pools[kind] = NamePool(text(values), text(female), Weighted(groups))
    newcomers = [heads.get((culture, "n"), heads["en", "n"]) for culture in CULTURES]
    flat = [name for names in newcomers for name in names]
    draw = Weighted([zipf(len(names), 0.4, 2.0) for names in newcomers])
    pools["n"] = NamePool(text(flat), text(flat), draw)
    return pools
