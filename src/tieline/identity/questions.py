"""What a person reads to tell whether two sides are the same, and how long that takes."""

from __future__ import annotations

_ADDRESS = "concat_ws(', ', {0}.address_line, {0}.postcode, {0}.city, {0}.country)"
FIELDS: dict[str, dict[str, str]] = {
    "contact": {
        "name": "{0}.full_name",
        "title": "{0}.title",
        "company": "{0}.company",
        "e-mail": "concat_ws(', ', {0}.email, {0}.email_2)",
        "phone": "concat_ws(', ', {0}.phone, {0}.phone_2, {0}.phone_3)",
        "address": _ADDRESS,
        "birth date": "{0}.birth_date::VARCHAR",
        "birth place": "{0}.birth_place",
        "gender": "{0}.gender",
    },
    "account": {
        "company": "{0}.company",
        "legal form": "{0}.legal_form",
        "domain": "{0}.company_domain",
        "phone": "{0}.phone",
        "address": _ADDRESS,
        "industry": "{0}.industry",
    },
    "site": {
        "company": "{0}.company",
        "street": "concat_ws(', ', {0}.address_line, {0}.po_box)",
        "postcode": "{0}.postcode",
        "town": "{0}.city",
        "country": "{0}.country",
        "phone": "{0}.phone",
    },
}
"""Field in words -> SQL expression over the alias of `standard_records`, in the order shown."""

WORDS_A_MINUTE = 238
"""Silent reading of English (Brysbaert 2019, "How many words do we read per minute?", J. Memory and
Language 109: mean of 190 studies)."""
LETTERS_A_WORD = 5.0
"""As typing is measured; names, addresses and numbers have no words to be counted better."""
DECIDE_SECONDS = 1.35
"""One mental act in the keystroke-level model (Card, Moran and Newell 1980, "The Keystroke-Level
Model for User Performance Time", CACM 23)."""
KEY_SECONDS = 0.2
"""One keystroke of an average skilled typist in the same model."""


def minutes(entity: str, left: str, right: str) -> str:
    """The SQL expression of the minutes one question takes, a model and not a measurement.

    Assumed: both records are read once; each field in which they differ takes one
    mental act, and so does the decision; then one key. The sources of the constants measured
    other tasks than this.
    """
    values = [(e.format(left), e.format(right)) for e in FIELDS[entity].values()]
    letters = " + ".join(f"coalesce(length({text}), 0)" for pair in values for text in pair)
    differing = " + ".join(
        f"CASE WHEN nullif({a}, '') <> nullif({b}, '') THEN 1 ELSE 0 END" for a, b in values
    )
    return (
        f"round(({letters}) / {LETTERS_A_WORD * WORDS_A_MINUTE} "
        f"+ ((1 + {differing}) * {DECIDE_SECONDS} + {KEY_SECONDS}) / 60.0, 4)"
    )
