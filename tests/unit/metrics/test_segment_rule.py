"""A segment's rule: what may be written, what it means, and that an empty field is never a no."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tieline.engine.duck import DuckEngine
from tieline.errors import TielineError
from tieline.metrics.segment_fields import FIELDS
from tieline.metrics.segment_rule import read_rule

SITE = {"industry": "Chemicals", "country": "DE", "employees": 60.0, "postcode": "80331"}


@pytest.fixture(scope="module")
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def answer(engine, rule, site):
    """What the rule says of a site: True, False or None."""
    kinds = {"text": "VARCHAR", "number": "DOUBLE", "truth": "BOOLEAN"}
    cells = []
    for field in FIELDS:
        value = site.get(field.column)
        shown = "NULL" if value is None else f"'{value}'"
        cells.append(f'CAST({shown} AS {kinds[field.kind]}) AS "{field.column}"')
    select = f"SELECT {read_rule(rule).sql} AS answer FROM (SELECT {', '.join(cells)})"
    return engine.arrow(select)["answer"][0].as_py()


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("industry = 'Chemicals'", True),
        ("industry = 'CHEMICALS'", True),
        ("industry <> 'chemicals'", False),
        ("industry IN ('Pharma', 'chemicals')", True),
        ("industry NOT IN ('Pharma')", True),
        ("industry LIKE 'chem%'", True),
        ("starts_with(industry, 'CHEM')", True),
        ("ends_with(industry, 'cals')", True),
        ("contains(lower(industry), 'MIC')", True),
        ("left(postcode, 2) = '80'", True),
        ("length(postcode) = 5", True),
        ("employees BETWEEN 50 AND 100", True),
        ("employees * 2 - 20 >= 100", True),
        ("employees > -1", True),
        ("site.country = 'de' AND employees >= 50", True),
        ("country = 'AT' OR (country = 'DE' AND NOT employees < 50)", True),
        ("TRUE", True),
        ("revenue > 1000", None),
        ("NOT revenue > 1000", None),
        ("revenue > 1000 OR country = 'DE'", True),
        ("revenue > 1000 AND country = 'AT'", False),
        ("region IN ('BY', 'BW')", None),
        ("city NOT LIKE 'B%'", None),
        ("account.employees >= 50", None),
    ],
)
def test_what_a_rule_says(engine, rule, says):
    assert answer(engine, rule, SITE) is says


@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("industri = 'Chemicals'", "unknown_field", "Did you mean 'industry'?"),
        ("sites.country = 'DE'", "unknown_field", "no field 'sites.country'"),
        ('industry = "Chemicals"', "bad_rule", "Put texts in single quotes: 'chemicals'"),
        ("employees >= '50'", "bad_rule", "Write numbers without quotes"),
        ("industry = 5", "bad_rule", "Put texts in single quotes"),
        ("industry", "bad_rule", "a yes or no is needed"),
        ("employees", "bad_rule", "a yes or no is needed"),
        ("employees AND country = 'DE'", "bad_rule", "a yes or no is needed"),
        ("employees => 50", "bad_rule", "Write >="),
        ("country = 'DE' && employees > 5", "bad_rule", "not part of a rule"),
        ("employees >= 50 and < 100", "bad_rule", "Name the field again"),
        ("industry contains 'x'", "bad_rule", "contains(field"),
        ("industry = ‘Chemicals’", "bad_rule", "straight single quotes"),
        ("country = 'DE", "bad_rule", "Close it"),
        ("", "bad_rule", "empty"),
        ("industry IS NULL", "bad_rule", "counts as unknown"),
        ("industry IS NOT NULL AND industry = 'x'", "bad_rule", "counts as unknown"),
        ("coalesce(employees, 0) > 5", "bad_rule", "counts as unknown"),
        ("industry IS DISTINCT FROM 'x'", "bad_rule", "counts as unknown"),
        ("CASE WHEN employees > 5 THEN TRUE ELSE FALSE END", "bad_rule", "counts as unknown"),
        ("industry = NULL", "bad_rule", "counts as unknown"),
        ("country IN (SELECT country FROM accounts)", "bad_rule", "IN needs a list"),
        ("name IN (SELECT content FROM read_text('/etc/passwd'))", "bad_rule", "IN needs a list"),
        ("read_text('/etc/passwd') = 'x'", "bad_rule", "not part of a rule"),
        ("getenv('HOME') = 'x'", "bad_rule", "not part of a rule"),
        ("EXISTS (SELECT 1 FROM '/etc/passwd')", "bad_rule", "not part of a rule"),
        ("country = 'DE'; DROP TABLE contacts", "bad_rule", "not part of a rule"),
        ("country = 'DE' UNION SELECT 1", "bad_rule", ""),
        ("$1 = 5", "bad_rule", "not part of a rule"),
        ("name LIKE '%x%' ESCAPE '!'", "bad_rule", "not part of a rule"),
        ("employees / 0 > 5", "bad_rule", "not part of a rule"),
        ("random() > 0.5", "bad_rule", "not part of a rule"),
        ("employees BETWEEN SYMMETRIC 5 AND 1", "bad_rule", "SYMMETRIC"),
        ("employees > 5 " + "OR employees > 5 " * 400, "bad_rule", "letters"),
        ("NOT " * 900 + "TRUE", "bad_rule", ""),
    ],
)
def test_what_is_refused_and_how(rule, code, said):
    with pytest.raises(TielineError) as caught:
        read_rule(rule)
    assert caught.value.code == code
    assert said in f"{caught.value.message} {caught.value.next_step}"
    assert caught.value.next_step


def test_a_text_with_a_quote_stays_a_text(engine):
    assert answer(engine, "name = 'O''Brien'' OR TRUE --'", {"name": "x"}) is False


COMPARED = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(["employees", "revenue"]),
              st.sampled_from(["=", "<>", "<", ">="]), st.integers(-2, 2)),
    st.builds("{} IN ('{}', '{}')".format, st.sampled_from(["country", "industry"]),
              st.sampled_from("ab"), st.sampled_from("bc")),
    st.builds("starts_with(industry, '{}')".format, st.sampled_from("ab")),
    st.builds("employees BETWEEN {} AND {}".format, st.integers(-2, 0), st.integers(0, 2)),
    st.sampled_from(["TRUE", "FALSE"]),
)  # fmt: skip
RULES = st.recursive(
    COMPARED,
    lambda rule: st.one_of(
        st.builds("({} AND {})".format, rule, rule),
        st.builds("({} OR {})".format, rule, rule),
        st.builds("(NOT {})".format, rule),
    ),
    max_leaves=6,
)
SITES = st.fixed_dictionaries(
    {
        "employees": st.integers(-2, 2).map(float),
        "revenue": st.integers(-2, 2).map(float),
        "country": st.sampled_from("abc"),
        "industry": st.sampled_from("abc"),
    }
)


@settings(deadline=None, max_examples=150)
@given(RULES, SITES, st.sets(st.sampled_from(["employees", "revenue", "country", "industry"])))
def test_filling_in_a_field_never_turns_an_answer_round(rule, site, empty):
    with DuckEngine(threads=1) as engine:
        before = answer(engine, rule, {k: v for k, v in site.items() if k not in empty})
        after = answer(engine, rule, site)
    assert after is not None
    assert before is None or before == after
