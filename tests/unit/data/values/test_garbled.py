"""Text that was decoded wrongly once or twice is read as it was written."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.data.values import company_name, job_title, person_name, postal_address
from tieline.data.values.garbled import repair


def garbled(text: str) -> str:
    """UTF-8 read as Windows-1252, its five open bytes as control characters (as browsers do)."""
    return "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8")
    )


WORDS = [
    "Müller", "rubén", "lópez", "Łukasz Żak", "Çağlar Şahin", "Straße 5", "Ærø", "São Paulo",
    "À la carte", "N° 5", "Société Générale", "O’Neill – Söhne", "Иван Петров", "Ελένη", "Ístanbul",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_read_wrongly_once_or_twice(text):
    assert repair(garbled(text)) == text
    assert repair(garbled(garbled(text))) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("M&uuml;ller &amp; S&#246;hne", "Müller & Söhne"),
        ("O&#39;Neill", "O'Neill"),
        ("Barnes &amp;amp; Noble", "Barnes & Noble"),
        ("R&D; AT&T", "R&D; AT&T"),
        ("A&B &foobar; C", "A&B &foobar; C"),
    ],
)
def test_entities_of_a_web_form_are_read(text, read):
    assert repair(text) == read


def test_only_the_part_that_is_wrong_changes():
    assert repair("Müller, früher MÃ¼ller") == "Müller, früher Müller"


@pytest.mark.parametrize(
    "text",
    [*WORDS, "Ayd?n", "«CAFÉ»", "JOSÉ®", "Ã", "SÃO PAULO", "Âge d’or", "Å", "„Ä“", "Åsa", "ESPAÑA…",
     "AÑO “NUEVO”", "MAÑANA", "château…", "Ångström", "ÎLE-DE-FRANCE"],
)  # fmt: skip
def test_a_right_text_stays(text):
    assert repair(text) == text


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_any_text_is_read_and_once_is_enough(text):
    assert repair(repair(text)) == repair(text)


@pytest.mark.parametrize(
    ("kind", "cell", "output", "wanted"),
    [
        (person_name, {"given_name": "rubÃ©n", "family_name": "lÃ³pez"}, "family_key", "lopez"),
        (person_name, {"full_name": "Anna MÃ¼ller"}, "family_name", "Müller"),
        (person_name, {"full_name": "Ã\x81lvaro DÃ\xadaz"}, "given_key", "alvaro"),
        (company_name, {"company": "MÃ¼ller GmbH"}, "company", "Müller GmbH"),
        (job_title, {"title": "GeschÃ¤ftsfÃ¼hrer"}, "title", "Geschäftsführer"),
        (postal_address, {"address_line1": "HauptstraÃŸe 5", "city": "KÃ¶ln"}, "city", "Köln"),
        (postal_address, {"address_line1": "HauptstraÃŸe 5"}, "street", "Hauptstraße"),
        (postal_address, {"full_address": "5 rue du ChÃ¢teau, 75001 Paris"}, "street",
         "rue du Château"),
    ],
)  # fmt: skip
def test_every_value_with_letters_is_repaired(kind, cell, output, wanted):
    columns = {name: pa.array([cell.get(name)], pa.string()) for name in kind.INPUTS}
    assert kind.standardise(pa.table(columns))[output].to_pylist() == [wanted]
