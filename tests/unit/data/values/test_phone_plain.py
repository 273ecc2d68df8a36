"""The short way of telephone numbers agrees with the library on every number it answers."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from tieline.data.values.phone_plain import PLAIN_COUNTRIES, read_plain

SHAPES = (
    "+{code}{number}",
    "+{code} {number}",
    "+{code} (0){number}",
    "+{code}0{number}",
    "00{code}{number}",
    "0{number}",
    "{number}",
    "1{number}",
    "{code}{number}",
)


def random_numbers(country: str, chance: random.Random) -> list[str]:
    """National numbers of every type, half of them with digits changed, added or taken away."""
    numbers = []
    for kind in range(11):
        example = phonenumbers.example_number_for_type(country, kind)
        if example is None:
            continue
        whole = phonenumbers.national_significant_number(example)
        for _ in range(12):
            keep = chance.randrange(1, len(whole) + 1)
            tail = "".join(chance.choice("0123456789") for _ in whole[keep:])
            numbers.append((whole[:keep] + tail)[: chance.choice((len(whole), len(whole) - 1))])
            numbers.append(whole[:keep] + tail + chance.choice(("", "", "7")))
    return numbers


@pytest.mark.parametrize("country", [*PLAIN_COUNTRIES, "CA"])
def test_agrees_with_the_library(country: str) -> None:
    chance = random.Random(country)
    answered = 0
    for number in random_numbers(country, chance):
        code = phonenumbers.country_code_for_region(country)
        text = chance.choice(SHAPES).format(code=code, number=number)
        region = chance.choice((country, country, None, "US", "DE"))
        plain = read_plain(text, region)
        if plain is None:
            continue
        answered += 1
        parsed = phonenumbers.parse(text, region)
        assert phonenumbers.is_valid_number(parsed), (text, region)
        e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        assert (plain.standard, plain.country) == (
            e164,
            phonenumbers.region_code_for_number(parsed),
        ), (text, region)
        assert plain.national == phonenumbers.national_significant_number(parsed)
    assert answered > 20


@pytest.mark.parametrize("country", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_numbers_of_other_countries_are_left_to_the_library(country: str) -> None:
    example = phonenumbers.example_number(country)
    if example is None:
        return
    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    plain = read_plain(text, country)
    if plain is not None:
        assert plain.country == phonenumbers.region_code_for_number(example)
