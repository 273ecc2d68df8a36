"""The parts the world is made of: chance, columns of text, damage."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.demo import dirt
from tieline.demo.columns import choose, glue, join, slugs, text
from tieline.demo.draws import Weighted, rank_in_group, sample, stream
from tieline.demo.names import female_form
from tieline.demo.people import unique_mails
from tieline.demo.titles import gendered


def test_streams_are_independent_of_each_other() -> None:
    assert stream(1, "people").random() == stream(1, "people").random()
    assert stream(1, "people").random() != stream(1, "sites").random()
    assert stream(1, "people").random() != stream(2, "people").random()


def test_weighted_draws_stay_in_their_group_and_follow_the_weights() -> None:
    draw = Weighted([[1.0], [1.0, 9.0], [5.0, 5.0, 0.0]])
    groups = np.repeat([0, 1, 2], 4_000)
    drawn = draw.draw(stream(1, "t"), groups)
    assert set(drawn[:4_000]) == {0}
    assert abs(np.mean(drawn[4_000:8_000] == 2) - 0.9) < 0.02
    assert set(drawn[8_000:]) == {3, 4}


def test_sample_gives_different_rows_and_prefers_heavy_ones() -> None:
    weights = np.array([0.0] * 10 + [1.0] * 500 + [20.0] * 50)
    rows = sample(stream(1, "t"), weights, 100)
    assert len(set(rows.tolist())) == 100
    assert rows.min() >= 10
    assert np.mean(rows >= 510) > 0.35


def test_rank_in_group_counts_earlier_equals() -> None:
    assert rank_in_group(np.array([7, 3, 7, 7, 3])).tolist() == [0, 0, 1, 2, 1]


def test_join_leaves_out_empty_parts_and_keeps_empty_rows() -> None:
    one, two = text(["a", None, None]), text(["b", "b", None])
    assert join(one, two, sep=" ").to_pylist() == ["a b", "b", None]
    assert glue(one, "-", two).to_pylist() == ["a-b", None, None]
    assert choose(np.array([0, 1, 1]), [one, two]).to_pylist() == ["a", "b", None]


def test_slugs_follow_the_custom_of_the_language() -> None:
    names = text(["Jörg Müller", "O'Brien & Sons", "Łódź  Świat"])
    german = slugs(names, np.ones(3, dtype=bool)).to_pylist()
    other = slugs(names, np.zeros(3, dtype=bool)).to_pylist()
    assert german == ["joerg-mueller", "obrien-sons", "lodz-swiat"]
    assert other[0] == "jorg-muller"


def test_a_taken_mail_address_gets_a_number() -> None:
    mails = text(["j.smith@x.com", "j.smith@x.com", None, "a@y.com", "j.smith@x.com"])
    assert unique_mails(mails).to_pylist() == [
        "j.smith@x.com", "j.smith2@x.com", None, "a@y.com", "j.smith3@x.com",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("culture", "surname", "expected"),
    [("pl", "Kowalski", "Kowalska"), ("pl", "Nowak", "Nowak"), ("cz", "Novák", "Nováková"),
     ("cz", "Černý", "Černá"), ("cz", "Svoboda", "Svobodová"), ("cz", "Marek", "Marková"),
     ("de", "Schmidt", "Schmidt")],
)  # fmt: skip
def test_surnames_of_women(culture: str, surname: str, expected: str) -> None:
    assert female_form(culture, surname) == expected


@pytest.mark.parametrize(
    ("title", "language", "gender", "expected"),
    [("Geschäftsführer", "de", "f", "Geschäftsführerin"),
     ("Leiter Einkauf", "de", "f", "Leiterin Einkauf"),
     ("Directeur Financier", "fr", "f", "Directrice Financière"),
     ("Directrice Générale", "fr", "m", "Directeur Général"),
     ("Jefe de Compras", "es", "f", "Jefa de Compras"), ("IT Manager", "en", "f", "IT Manager")],
)  # fmt: skip
def test_titles_of_women_and_men(title: str, language: str, gender: str, expected: str) -> None:
    assert gendered(title, language, gender) == expected


@given(st.text(max_size=40), st.integers(0, 1_000))
def test_no_text_is_too_strange_to_be_damaged(value: str, seed: int) -> None:
    for kind in (
        dirt.misspell,
        dirt.misread,
        dirt.slip_digit,
        dirt.mojibake,
        dirt.cut,
        dirt.stray_spaces,
    ):
        if value or kind is not dirt.misread:
            assert isinstance(kind(value, random.Random(seed)), str)


def test_damage_looks_like_what_people_and_machines_do() -> None:
    chance = random.Random(1)
    slips = {dirt.misspell("Hoffmann", chance) for _ in range(200)}
    assert all(abs(len(slip) - len("Hoffmann")) <= 1 for slip in slips)
    assert all(slip[0] == "H" for slip in slips)
    assert dirt.mojibake("Müller", chance) == "MÃ¼ller"
    assert dirt.misread("Bernd", chance) in {"Bemd", "Bcrnd"}
