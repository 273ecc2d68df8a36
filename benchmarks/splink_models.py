"""Peer: the Splink models, one written by hand for each set (runs in the peers' environment).

A model is what a practitioner who knows the set would write after a day with Splink's guides:
cleaned columns, comparisons with term frequencies where values are skewed, blocking rules that let
few true pairs slip, and rules for estimation. `historical_50k` follows Splink's own example for
that set; the others are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import block_on


@dataclass(frozen=True)
class Model:
    """A set's cleaning SELECT (over `raw`, with `unique_id`), comparisons and rules."""

    clean: str
    comparisons: list
    blocking: list
    training: list
    certain: list
    certain_recall: float


def tf(comparison):
    """Adjust a comparison for how frequent the value is."""
    return comparison.configure(term_frequency_adjustments=True)


def known(comparison, *m):
    """Set the m probabilities by hand, for the levels from exact to else."""
    return comparison.configure(m_probabilities=list(m))


def fold(column: str) -> str:
    """Lower case, no accents, only letters, digits and single spaces; empty is NULL."""
    text = f"regexp_replace(lower(strip_accents({column})), '[^a-z0-9]+', ' ', 'g')"
    return f"nullif(trim({text}), '')"


def digits(column: str) -> str:
    """Only the digits; empty is NULL."""
    return f"nullif(regexp_replace({column}, '[^0-9]', '', 'g'), '')"


def fake_1000() -> Model:
    """People with typos, swapped names, lost fields; e-mail repeats the name."""
    return Model(
        clean="""select unique_id, lower(first_name) as first_name, lower(surname) as surname,
            lower(first_name) || ' ' || lower(surname) as full_name, dob, lower(city) as city,
            lower(email) as email from raw""",
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="full_name"
            ).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            tf(cl.ExactMatch("city")),
            tf(cl.EmailComparison("email")),
        ],
        blocking=[
            block_on("email"),
            block_on("dob", "city"),
            block_on("first_name", "dob"),
            block_on("surname", "dob"),
            block_on("first_name", "surname"),
            block_on("surname", "city"),
            block_on("first_name", "city"),
            block_on("substr(email, 1, 5)"),
            "l.first_name = r.surname and l.surname = r.first_name",
            block_on("dob"),
        ],
        training=[block_on("dob"), block_on("email")],
        certain=[
            block_on("first_name", "surname", "dob"),
            block_on("email"),
        ],
        certain_recall=0.7,
    )


def historical_50k() -> Model:
    """Splink's own example for this set, with wider blocking and the names as whole strings too."""
    return Model(
        clean="""select unique_id, first_name, surname, first_and_surname as full_name, dob,
            substr(dob, 1, 4) as birth_year, postcode_fake as postcode,
            birth_place, occupation from raw""",
        comparisons=[
            cl.ForenameSurnameComparison(
                "first_name", "surname", forename_surname_concat_col_name="full_name"
            ).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            tf(cl.JaroWinklerAtThresholds("postcode", [0.95, 0.85])),
            tf(cl.ExactMatch("birth_place")),
            tf(cl.ExactMatch("occupation")),
        ],
        blocking=[
            block_on("first_name", "surname"),
            block_on("surname", "dob"),
            block_on("first_name", "dob"),
            block_on("postcode", "first_name"),
            block_on("postcode", "surname"),
            block_on("dob", "occupation"),
            block_on("dob", "birth_place"),
            block_on("dob", "postcode"),
            block_on("postcode", "birth_year"),
            block_on("postcode", "birth_place", "occupation"),
            block_on("first_name", "birth_place", "birth_year"),
            block_on("birth_place", "birth_year", "occupation"),
            block_on("surname", "birth_place", "birth_year"),
            block_on("substr(first_name, 1, 3)", "substr(surname, 1, 3)", "birth_year"),
        ],
        training=[block_on("first_name", "surname"), block_on("dob")],
        certain=[
            block_on("first_name", "surname", "dob"),
            block_on("first_name", "dob", "postcode"),
            block_on("full_name", "dob"),
        ],
        certain_recall=0.6,
    )


def febrl3() -> Model:
    """Australians with an SSN, a birth date and an address, up to five errors a row."""
    return Model(
        clean="""select unique_id, given_name, surname, given_name || ' ' || surname as full_name,
            date_of_birth, soc_sec_id, postcode, street_number, address_1, suburb from raw""",
        comparisons=[
            cl.ForenameSurnameComparison(
                "given_name", "surname", forename_surname_concat_col_name="full_name"
            ).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            tf(cl.DamerauLevenshteinAtThresholds("postcode", [1, 2])),
            tf(cl.ExactMatch("street_number")),
            tf(cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7])),
            tf(cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7])),
        ],
        blocking=[
            block_on("soc_sec_id"),
            block_on("date_of_birth"),
            block_on("given_name", "surname"),
            block_on("surname", "postcode"),
            block_on("given_name", "postcode"),
            block_on("address_1"),
            block_on("suburb", "street_number"),
            block_on("postcode", "street_number"),
            block_on("substr(soc_sec_id, 1, 4)"),
            block_on("substr(soc_sec_id, 4, 4)"),
        ],
        training=[block_on("date_of_birth"), block_on("soc_sec_id")],
        certain=[block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")],
        certain_recall=0.9,
    )


def senzing() -> Model:
    """Mixed people and companies: sorted name words, each identifier, phone, e-mail, address.

    So few rows that estimating m ends in an underflow: set by hand, as the guides advise then.
    """
    name = """coalesce(PRIMARY_NAME_FULL, PRIMARY_NAME_ORG,
        nullif(concat_ws(' ', PRIMARY_NAME_FIRST, PRIMARY_NAME_LAST), ''), NATIVE_NAME_FULL)"""
    place = "concat_ws(' ', ADDR_FULL, ADDR_LINE1, ADDR_CITY, ADDR_STATE, ADDR_POSTAL_CODE)"
    words = f"array_to_string(list_sort(string_split(lower(trim({name})), ' ')), ' ')"
    styles = "['%m/%d/%Y', '%m/%d/%y', '%Y-%m-%d']"
    return Model(
        clean=f"""select unique_id, RECORD_TYPE as record_type,
            replace({words}, ',', '') as name,
            try_strptime(DATE_OF_BIRTH, {styles})::date::varchar as dob,
            right({digits("PHONE_NUMBER")}, 9) as phone, lower(EMAIL_ADDRESS) as email,
            {fold(place)} as address, regexp_extract({fold(place)}, '[0-9]+') as house,
            SSN_NUMBER as ssn, PASSPORT_NUMBER as passport, DRIVERS_LICENSE_NUMBER as licence,
            coalesce(NATIONAL_ID_NUMBER, TAX_ID_NUMBER, LEI_NUMBER) as national_id from raw""",
        comparisons=[
            tf(
                known(
                    cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]),
                    0.45,
                    0.2,
                    0.2,
                    0.12,
                    0.03,
                )
            ),
            known(cl.DamerauLevenshteinAtThresholds("dob", [1]), 0.9, 0.08, 0.02),
            known(cl.ExactMatch("phone"), 0.6, 0.4),
            known(cl.ExactMatch("email"), 0.6, 0.4),
            known(cl.JaroWinklerAtThresholds("address", [0.95, 0.85]), 0.3, 0.2, 0.2, 0.3),
            any_identifier("ssn", "passport", "licence", "national_id"),
        ],
        blocking=["l.record_type = r.record_type"],
        training=[],
        certain=[block_on("name", "dob"), block_on("name", "address"), block_on("name", "phone")],
        certain_recall=0.4,
    )


def restaurants() -> Model:
    """Two lists of restaurants: name, street and phone; only pairs across the lists."""
    other = " and l.list <> r.list"
    return Model(
        clean=f"""select unique_id, list, {fold("name")} as name, {fold("addr")} as street,
            regexp_extract(addr, '^[0-9]+') as house, {fold("city")} as city,
            {digits("phone")} as phone from raw""",
        comparisons=[
            tf(cl.JaroWinklerAtThresholds("name", [0.92, 0.8])),
            cl.JaroWinklerAtThresholds("street", [0.95, 0.85]),
            tf(cl.ExactMatch("city")),
            cl.DamerauLevenshteinAtThresholds("phone", [1]),
        ],
        blocking=[f"l.{column} = r.{column}{other}" for column in ("phone", "name", "house")]
        + [f"substr(l.name, 1, 4) = substr(r.name, 1, 4) and l.city = r.city{other}"],
        training=[f"l.phone = r.phone{other}", f"l.name = r.name{other}"],
        certain=[f"l.phone = r.phone{other}", f"l.name = r.name and l.house = r.house{other}"],
        certain_recall=0.9,
    )


def any_identifier(*columns: str):
    """One comparison over several rare identifiers: nothing shared, any equal, all different."""
    equal = " or ".join(f"{c}_l = {c}_r" for c in columns)
    shared = " or ".join(f"({c}_l is not null and {c}_r is not null)" for c in columns)
    return cl.CustomComparison(
        output_column_name="identifier",
        comparison_levels=[
            {"sql_condition": f"not ({shared})", "is_null_level": True},
            cll.CustomLevel(f"coalesce({equal}, false)", label_for_charts="any equal").configure(
                m_probability=0.9
            ),
            cll.ElseLevel().configure(m_probability=0.1),
        ],
    )


def same_person_elsewhere(column: str, *levels):
    """A comparison with its own levels between exact and else."""
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            cll.ExactMatchLevel(column, term_frequency_adjustments=True),
            *levels,
            cll.ElseLevel(),
        ],
    )


def demo() -> Model:
    """The demo world's contacts on standard fields, given to the peer already mapped."""
    return Model(
        clean=f"""select unique_id, {fold("given_name")} as given, {fold("family_name")} as family,
            {fold("given_name")} || ' ' || {fold("family_name")} as full_name,
            lower(trim(email)) as email, right({digits("phone")}, 9) as phone,
            {fold("company")} as company, {fold("city")} as city, {fold("title")} as title,
            split_part(lower(email), '@', 2) as domain from raw""",
        comparisons=[
            cl.ForenameSurnameComparison(
                "given", "family", forename_surname_concat_col_name="full_name"
            ).configure(term_frequency_adjustments=True),
            tf(cl.EmailComparison("email")),
            tf(cl.ExactMatch("phone")),
            same_person_elsewhere(
                "company",
                cll.JaroWinklerLevel("company", 0.92),
                cll.CustomLevel("domain_l = domain_r", label_for_charts="same domain"),
            ),
            tf(cl.ExactMatch("city")),
            tf(cl.JaroWinklerAtThresholds("title", [0.85])),
        ],
        blocking=[
            block_on("email"),
            block_on("phone", "given"),
            block_on("phone", "family"),
            block_on("family", "given"),
            block_on("family", "substr(company, 1, 6)"),
            block_on("given", "substr(company, 1, 6)", "substr(family, 1, 1)"),
            block_on("family", "domain"),
        ],
        training=[block_on("email"), block_on("given", "family")],
        certain=[block_on("email", "family"), block_on("given", "family", "phone")],
        certain_recall=0.7,
    )


MODELS = {
    model.__name__: model
    for model in (fake_1000, historical_50k, febrl3, senzing, restaurants, demo)
}
