"""Every difference between engines is refused where it is written, with what to write instead."""

import pytest

from tieline.engine.portable import RULES, TYPE_RULES, violations

SCHEMA = {
    "x": {
        "n": "BIGINT",
        "t": "VARCHAR",
        "f": "DOUBLE",
        "d": "DATE",
        "e": "DATE",
        "s": "TIMESTAMP",
        "l": "BIGINT[]",
    },
    "y": {"n": "BIGINT", "u": "VARCHAR"},
}

REFUSED = {
    "outside": """
        SELECT * FROM read_csv('a.csv')
        SELECT * FROM 'a.parquet'
        SELECT * FROM "https://example.com/a.csv"
        SELECT * FROM glob('/etc/*')
        SELECT * FROM read_text('/etc/passwd')
        SELECT * FROM information_schema.tables
        SELECT * FROM duckdb_settings()
        SELECT * FROM range(3)
        SELECT * FROM x WHERE n IN (SELECT n FROM read_json('a'))
        SELECT n FROM x WHERE n = $1
        SELECT n FROM x WHERE n = ?
    """,
    "not_a_select": """
        DROP TABLE x
        SELECT 1 AS a; SELECT 2 AS b
        ATTACH 'a.db'
        COPY x TO 'a.csv'
        PRAGMA database_list
        SET memory_limit = '1GB'
        INSTALL httpfs
        INSERT INTO x SELECT * FROM y
        CREATE TABLE z AS SELECT 1 AS a
        CALL pragma_version()
        DESCRIBE x
        PIVOT y ON u USING count(*)
    """,
    "bad_sql": """
        SELECT FROM WHERE
        SELECT (1
        EXPORT DATABASE 'a'
    """,
    "unlisted_function": """
        SELECT getenv('HOME') AS v
        SELECT current_setting('threads') AS v
        SELECT strip_accents(t) AS v FROM x
        SELECT try_strptime(t, '%Y') AS v FROM x
        SELECT list_intersect(l, l) AS v FROM x
        SELECT map {'a': 1} AS v
        SELECT quantile_cont(f, 0.5) AS v FROM x
        SELECT histogram(t) AS v FROM x
        SELECT entropy(t) AS v FROM x
        SELECT product(f) AS v FROM x
        SELECT mode(t) AS v FROM x
        SELECT string_split(t, ' ') AS v FROM x
        SELECT upper(t) AS v FROM x
        SELECT hash(t) AS v FROM x
        SELECT date_sub('month', d, e) AS v FROM x
        SELECT log(f) AS v FROM x
        SELECT * FROM x WHERE no_such_function(n)
    """,
    "not_steady": """
        SELECT now() AS v
        SELECT current_date AS v
        SELECT random() AS v
        SELECT uuid() AS v
        SELECT today() AS v
    """,
    "unordered_list": """
        SELECT list(t) AS v FROM x
        SELECT list_sort(list(t)) AS v FROM x
        SELECT array_agg(t ORDER BY t) AS v FROM x
        SELECT list(t) FILTER (WHERE t IS NOT NULL) AS v FROM x
        SELECT list_sort(list(t) FILTER (WHERE n IS NOT NULL)) AS v FROM x
        SELECT list_distinct(l) AS v FROM x
    """,
    "unordered_text": """
        SELECT string_agg(t, ',') AS v FROM x
    """,
    "unordered_window": """
        SELECT row_number() OVER () AS v FROM x
        SELECT lag(n) OVER (PARTITION BY t) AS v FROM x
        SELECT first(t) AS v FROM x
        SELECT any_value(t) AS v FROM x
        SELECT first(t ORDER BY n) AS v FROM x
    """,
    "unordered_limit": """
        SELECT n FROM x LIMIT 3
        SELECT * FROM (SELECT n FROM x LIMIT 3) ORDER BY n
    """,
    "zero_divisor": """
        SELECT n / n AS v FROM x
        SELECT n // 0 AS v FROM x
        SELECT n % CAST(n AS BIGINT) AS v FROM x
    """,
    "period_difference": """
        SELECT date_diff('month', d, e) AS v FROM x
        SELECT datediff('year', d, e) AS v FROM x
        SELECT date_diff('hour', s, s) AS v FROM x
    """,
    "regexp_first_only": """
        SELECT regexp_replace(t, 'a', 'b') AS v FROM x
        SELECT regexp_replace(t, 'a', 'b', 'i') AS v FROM x
    """,
    "subscript": """
        SELECT l[1] AS v FROM x
        SELECT t[1:2] AS v FROM x
    """,
    "weekday": """
        SELECT extract(dow FROM d) AS v FROM x
        SELECT dayofweek(d) AS v FROM x
        SELECT isodow(d) AS v FROM x
        SELECT dayname(d) AS v FROM x
    """,
    "like_escape": """
        SELECT n FROM x WHERE t LIKE '%\\_%'
    """,
    "odd_join": """
        SELECT x.n FROM x ASOF JOIN y ON x.n >= y.n
        SELECT x.n FROM x POSITIONAL JOIN y
        SELECT x.n, v.v FROM x LEFT JOIN unnest(l) AS v(v) ON true
        SELECT * FROM x NATURAL JOIN y
    """,
    "odd_shape": """
        SELECT n, count(*) AS c FROM x GROUP BY ALL
        SELECT n FROM x ORDER BY ALL
        SELECT DISTINCT ON (t) n FROM x ORDER BY t, n
        SELECT n FROM x UNION ALL BY NAME SELECT n FROM y
        SELECT * FROM x TABLESAMPLE 50%
        SELECT columns('n|t') FROM x
        WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 5) SELECT i FROM r
    """,
    "odd_type": """
        SELECT CAST(n AS UBIGINT) AS v FROM x
        SELECT CAST(t AS BLOB) AS v FROM x
        SELECT CAST(t AS JSON) AS v FROM x
        SELECT CAST(d AS TIMESTAMP WITH TIME ZONE) AS v FROM x
        SELECT CAST(n AS HUGEINT[]) AS v FROM x
    """,
    "arrow_lambda": """
        SELECT list_transform(l, q -> q + 1) AS v FROM x
    """,
    "loose_interval": """
        SELECT d + INTERVAL (n) DAY AS v FROM x
    """,
    "start_zero": """
        SELECT substr(t, 0, 2) AS v FROM x
    """,
    "pattern_operator": """
        SELECT n FROM x WHERE t ~ 'a'
        SELECT n FROM x WHERE t SIMILAR TO 'a'
        SELECT n FROM x WHERE t GLOB 'a*'
    """,
    "any_of_list": """
        SELECT n FROM x WHERE n = ANY(l)
    """,
    "sum_of_condition": """
        SELECT sum(n > 1) AS v FROM x
        SELECT sum(NOT (n > 1)) AS v FROM x
    """,
    "rounding_cast": """
        SELECT CAST(f AS BIGINT) AS v FROM x
        SELECT f::INTEGER AS v FROM x
        SELECT CAST(n / 2 AS BIGINT) AS v FROM x
        SELECT CAST(z.half AS BIGINT) AS v FROM (SELECT f / 2 AS half FROM x) AS z
    """,
    "text_to_whole": """
        SELECT TRY_CAST(t AS BIGINT) AS v FROM x
        SELECT CAST(trim(t) AS INTEGER) AS v FROM x
    """,
    "length_of_list": """
        SELECT len(l) AS v FROM x
    """,
    "inexact_sum": """
        SELECT sum(f) AS v FROM x
        SELECT avg(f) OVER (PARTITION BY t) AS v FROM x
        SELECT stddev(n) AS v FROM x
        SELECT z.total FROM (SELECT sum(f * 2) AS total FROM x) AS z
    """,
}
CASES = [
    (code, select.strip())
    for code, selects in REFUSED.items()
    for select in selects.strip().splitlines()
]


@pytest.mark.parametrize(("code", "select"), CASES)
def test_refused(code, select):
    found = violations(select, SCHEMA)
    assert code in {violation.code for violation in found}
    assert all(violation.sentence for violation in found)


def test_every_rule_has_a_refused_example():
    assert {rule.code for rule in (*RULES, *TYPE_RULES)} <= set(REFUSED)


def test_the_types_of_columns_need_not_be_known():
    assert violations("SELECT sum(f) AS v, TRY_CAST(t AS BIGINT) AS w FROM x") == []
    assert [v.code for v in violations("SELECT CAST(n / 2 AS BIGINT) AS v FROM x")] == [
        "rounding_cast"
    ]


def test_an_unknown_column_is_left_to_the_engine():
    assert violations("SELECT nope FROM x", SCHEMA) == []


def test_the_line_and_the_remedy_are_named():
    found = violations("SELECT\n  n,\n\n  strip_accents(t) AS v\nFROM x\nWHERE t ~ 'a'\n")
    assert [(v.line, v.code) for v in found] == [
        (4, "unlisted_function"),
        (6, "pattern_operator"),
    ]
    assert "regexp_matches" in str(found[1])
    assert str(found[0]).startswith("line 4: STRIP_ACCENTS(t)")


def test_a_very_deep_text_is_refused_not_crashed_on():
    deep = "SELECT " + "(" * 3000 + "1" + ")" * 3000 + " AS v"
    assert [v.code for v in violations(deep)] == ["bad_sql"]
