"""What the names reach on labels that other people made; the floors are a little under it.

probablepeople's labelled names: 2,898 persons and 1,383 companies of United States lists.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pytest

from tieline.data.values import company_name, person_name
from tieline.data.values.folding import fold_umlauts, fold_words

FOLDER = Path(__file__).parents[5] / "shared/data/normalisation_suites/probablepeople"

Labelled = tuple[str, list[tuple[str, str]]]


def labelled(name: str) -> list[Labelled]:
    path = FOLDER / name
    if not path.exists():
        pytest.skip("probablepeople's labelled names are not here")
    names = []
    for element in ElementTree.parse(path).getroot():
        words = [(word.tag, word.text or "") for word in element]
        names.append((" ".join(text for _, text in words), words))
    return names


def key(words: list[str]) -> str:
    return fold_umlauts(fold_words(" ".join(words).replace("'", "")))


def expected(words: list[tuple[str, str]]) -> tuple[str, str]:
    """(given key, family key) of the first person of the labels."""
    first: dict[str, list[str]] = defaultdict(list)
    everybody: dict[str, list[str]] = defaultdict(list)
    seen_and = False
    for tag, text in words:
        seen_and = seen_and or tag == "And"
        everybody[tag].append(text)
        if not seen_and:
            first[tag].append(text)
    family = first["Surname"] or first["LastInitial"] or everybody["Surname"]
    return key(first["GivenName"] + first["FirstInitial"]), key(family)


def test_persons_of_two_words_and_more() -> None:
    names = [name for name in labelled("person_labeled.xml") if len(name[1]) > 1]
    nulls = pa.nulls(len(names), pa.string())
    raw = dict.fromkeys(person_name.INPUTS, nulls)
    raw["full_name"] = pa.array([text for text, _ in names])
    right = 0
    for (_, words), row in zip(
        names, person_name.standardise(pa.table(raw)).to_pylist(), strict=True
    ):
        given, family = expected(words)
        same_given = given == (row["given_key"] or "")
        # 'Mr. and Mrs. Max Smith' is labelled without given name for Mr. Smith.
        couple = not given and row["name_issue"] == "two_persons"
        right += family == (row["family_key"] or "") and (same_given or couple)
    assert len(names) == 1710
    assert right / len(names) > 0.95


def test_legal_forms_of_companies() -> None:
    names = labelled("company_labeled.xml")
    table = company_name.standardise(pa.table({"company": [text for text, _ in names]}))
    found = table.column("legal_form").to_pylist()
    labels = [any(tag == "CorporationLegalType" for tag, _ in words) for _, words in names]
    hits = sum(1 for form, label in zip(found, labels, strict=True) if form and label)
    # The labels call 'Company' and 'Corporation' part of the name, which is a matter of taste.
    wrong = [
        form
        for form, label in zip(found, labels, strict=True)
        if form not in (None, "Co", "Corp") and not label
    ]
    assert hits / sum(labels) > 0.92
    assert len(wrong) <= 5
    assert table.column("company_key").null_count <= 2
