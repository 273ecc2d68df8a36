"""What agrees between an account and an entry of a register, and how many bits that weighs.

A word that both names have weighs log2(entries / entries with the word): so unlikely is it that
another entry has it by chance (Fellegi and Sunter 1969, with the frequency of the value). The
weights of the other outcomes are stated in `WEIGHTS`; where they come from is told there.
"""

from __future__ import annotations

from tieline.data.sql_text import literal
from tieline.engine.tables import Engine, Table
from tieline.identity.registry_keys import WORD, hashed
from tieline.identity.registry_search import MILLI

SHARED, SIMILAR, LACKING, SURPLUS = 0.1, 0.2, -0.02, -0.22
"""What a bit of a word counts that both names have, nearly have, only the account's, only the
entry's name has: little beside whether the whole name is the same."""
WEIGHTS: dict[str, dict[str | int, float]] = {
    "name_is": {"same": 7.7, "part": 4.4, "letters": 5.2, "inside": 2.7},
    "legal_form": {-1: -3.6},
    "street": {"A": 3.0, "B": 1.0, "F": -1.4},
    "city": {"A": 3.7, "F": -1.2},
    "postcode": {"A": 2.0, "B": 0.6, "F": -1.0},
    "country": {"F": -4.3},
    "phone": {"A": 6.0, "B": 4.1, "F": -0.8},
    "domain": {"A": 5.8, "B": 2.5, "F": -1.5},
    "number": {"A": 30.0, "F": -10.0},
}
"""Bits of each outcome. All but those of `number`, which are stated, were fitted once, together
with the numbers above and below: a conditional logit over the candidates of an account and none of
them, by maximum likelihood around stated beliefs, on a random half of the ROR train strings and of
the SEC names and on two invented markets (McFadden 1974). On the other halves, answers with 0.9 were
right in .93 (ROR) and .97 (SEC); `benchmarks/registry.py` measures such figures anew, and markets
that the fit never saw."""
IN_PART, LATER_PART = 1.5, 0.9
"""Bits of a name that is a part of the account's name, and of each part before it, to four: what
comes last is the whole that the others belong to."""
INACTIVE = -1.5
"""Bits of an entry that is no longer active: accounts mostly are."""
PRIOR, PER_DOUBLING = -1.3, -0.3
"""Bits before anything is compared, and for each doubling of the register: in a larger one more
entries are alike by chance."""


def weigh(engine: Engine, entries: Table, keys: Table, hierarchy: Table) -> str:
    """The SELECT of the pairs with their grades and weights; needs `sought_*` and `met*`."""
    _names(engine, keys)
    engine.create("pair_grades", _grades())
    outcomes = " + ".join(
        f"CASE g.{field} "
        + " ".join(
            f"WHEN {literal(code) if isinstance(code, str) else code} THEN {round(bits * MILLI)}"
            for code, bits in codes.items()
        )
        + " ELSE 0 END"
        for field, codes in WEIGHTS.items()
    )
    return f"""
    SELECT s.account_id, e.registry, e.registry_id, h.legal_entity_id, g.name,
      g.shared, g.similar, g.lacking, g.surplus, g.name_is, g.place, g.legal_form, g.street, g.city,
      g.postcode, g.country, g.phone, g.domain, g.number, e.is_active,
      CAST(CAST(round({SHARED} * g.shared + {SIMILAR} * g.similar + {LACKING} * g.lacking
        + {SURPLUS} * g.surplus) AS BIGINT) + {outcomes}
        + CASE WHEN e.is_active = false THEN {round(INACTIVE * MILLI)} ELSE 0 END
        + CASE WHEN g.place < 0 THEN 0
          ELSE {round(IN_PART * MILLI)} + {round(LATER_PART * MILLI)} * least(g.place, 4) END
        + {round(PRIOR * MILLI)} + CAST(round({PER_DOUBLING * MILLI} * log2(r.entries)) AS BIGINT)
        AS DOUBLE) / {MILLI} AS weight
    FROM pair_grades g JOIN sought s ON s.entry = g.account
    JOIN {entries} e ON e.entry = g.entry
    JOIN {hierarchy} h ON h.registry = e.registry AND h.registry_id = e.registry_id
    JOIN registers r ON r.register = g.entry >> 32
    """


def _names(engine: Engine, keys: Table) -> None:
    """Make `name_evidence`: of each pair the two names that are nearest, and what they share."""
    engine.create(
        "key_words",
        "SELECT company_key, unnest(list_distinct(string_split(company_key, ' '))) AS word FROM "
        "(SELECT company_key FROM sought_names WHERE company_key IS NOT NULL "
        "UNION SELECT company_key FROM met_names)",
    )
    coarse = "replace(replace(replace(word, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
    engine.create(
        "word_bits",
        f"""
        WITH words AS (
          SELECT word, {hashed(WORD, coarse)} AS value FROM (SELECT DISTINCT word FROM key_words)
        ), counted AS (
          SELECT k.entry >> 32 AS register, w.word, count(*) AS entries
          FROM {keys} k JOIN words w ON w.value = k.value WHERE k.kind = {WORD} GROUP BY 1, 2
        )
        SELECT r.register, w.word, CAST(round({MILLI} * log2(r.entries
          / coalesce(c.entries, 1))) AS BIGINT) AS bits
        FROM words w CROSS JOIN registers r
        LEFT JOIN counted c ON c.word = w.word AND c.register = r.register
        """,
    )
    # The words with their bits, so that no later join has the register alone to go by: there are few
    # registers, and each word would meet each name.
    engine.create(
        "key_word_bits",
        "SELECT b.register, w.company_key, w.word, b.bits FROM key_words w "
        "JOIN word_bits b USING (word)",
    )
    engine.create(
        "key_bits",
        "SELECT register, company_key, sum(bits)::BIGINT AS bits FROM key_word_bits GROUP BY 1, 2",
    )
    # One join at a time: all at once, words would be joined with words before anything narrows them.
    engine.create("both_names", _BOTH_NAMES)
    engine.create("our_words", _OUR_WORDS)
    engine.create("name_pairs", _NAME_PAIRS)
    engine.create("nearest_names", _NEAREST)
    engine.create("open_names", _OPEN_NAMES)
    engine.create("our_left", _words_left("ours", "theirs"))
    engine.create("their_left", _words_left("theirs", "ours"))
    engine.create("word_pairs", _WORD_PAIRS)
    engine.create("alike_words", _ALIKE_WORDS)
    engine.create("name_evidence", _WITH_SIMILAR)


_BOTH_NAMES = """
SELECT p.account, p.entry, a.company_key AS ours, max(a.place) AS place, e.company_key AS theirs
FROM sought_pairs p JOIN sought_names a ON a.entry = p.account
JOIN met_names e ON e.entry = p.entry WHERE a.company_key IS NOT NULL GROUP BY 1, 2, 3, 5
"""
_OUR_WORDS = """
SELECT p.account, p.entry, p.ours, p.theirs, w.word
FROM both_names p JOIN key_words w ON w.company_key = p.ours
"""
_NAME_PAIRS = """
WITH common AS (
  SELECT w.account, w.entry, w.ours, w.theirs, sum(t.bits)::BIGINT AS shared
  FROM our_words w JOIN key_word_bits t ON t.company_key = w.theirs AND t.word = w.word
    AND t.register = w.entry >> 32
  GROUP BY 1, 2, 3, 4
)
SELECT p.account, p.entry, p.ours, p.theirs, p.place,
  CASE WHEN p.ours = p.theirs THEN 2
    WHEN replace(p.ours, ' ', '') = replace(p.theirs, ' ', '') THEN 1 ELSE 0 END AS same_name,
  CASE WHEN replace(p.ours, ' ', '') = replace(p.theirs, ' ', '') THEN least(o.bits, t.bits)
    ELSE coalesce(b.shared, 0) END AS shared, o.bits AS of_ours, t.bits AS of_theirs
FROM both_names p
JOIN key_bits o ON o.company_key = p.ours AND o.register = p.entry >> 32
JOIN key_bits t ON t.company_key = p.theirs AND t.register = p.entry >> 32
LEFT JOIN common b ON b.account = p.account AND b.entry = p.entry AND b.ours = p.ours
  AND b.theirs = p.theirs
"""
_NEAREST = """
SELECT account, entry, ours, theirs, place, same_name, shared,
  CASE WHEN same_name > 0 THEN 0 ELSE of_ours - shared END AS lacking,
  CASE WHEN same_name > 0 THEN 0 ELSE of_theirs - shared END AS surplus
FROM name_pairs
QUALIFY row_number() OVER (PARTITION BY account, entry ORDER BY same_name DESC,
  3 * shared - (of_ours - shared) - 2 * (of_theirs - shared) DESC, place DESC, theirs, ours) = 1
"""
# Two words are nearly the same: one is cut off, or a letter (in long ones two) is another.
_SIMILAR = """
length(our_word) >= 4 AND length(their_word) >= 3 AND (
  starts_with(our_word, their_word) OR starts_with(their_word, our_word)
  OR (length(our_word) >= 5 AND abs(length(our_word) - length(their_word)) <= 2
    AND damerau_levenshtein(our_word, their_word) <= CASE WHEN length(our_word) >= 9 THEN 2 ELSE 1 END))
"""
_OPEN_NAMES = "SELECT * FROM nearest_names WHERE lacking > 0 AND surplus > 0"


def _words_left(side: str, other: str) -> str:
    """The words of one name of each open pair that the other name does not have."""
    return f"""
    SELECT n.account, n.entry, w.word, w.bits FROM open_names n
    JOIN key_word_bits w ON w.company_key = n.{side} AND w.register = n.entry >> 32
    ANTI JOIN key_words x ON x.company_key = n.{other} AND x.word = w.word
    """


_WORD_PAIRS = """
SELECT o.account, o.entry, o.word AS our_word, o.bits AS of_ours, t.word AS their_word,
  t.bits AS of_theirs
FROM our_left o JOIN their_left t ON t.account = o.account AND t.entry = o.entry
"""
# Every two words are compared once, however many pairs of names have them.
_ALIKE_WORDS = f"""
SELECT our_word, their_word
FROM (SELECT DISTINCT our_word, their_word FROM word_pairs)
WHERE {_SIMILAR}
"""
_WITH_SIMILAR = """
WITH alike AS (
  SELECT p.account, p.entry, p.of_ours, p.of_theirs,
    row_number() OVER (PARTITION BY p.account, p.entry, p.our_word
      ORDER BY p.of_theirs DESC, p.their_word) AS a,
    row_number() OVER (PARTITION BY p.account, p.entry, p.their_word
      ORDER BY p.of_ours DESC, p.our_word) AS b
  FROM word_pairs p JOIN alike_words w USING (our_word, their_word)
), sums AS (
  SELECT account, entry, sum(least(of_ours, of_theirs))::BIGINT AS similar,
    sum(of_ours)::BIGINT AS of_ours, sum(of_theirs)::BIGINT AS of_theirs
  FROM alike WHERE a = 1 AND b = 1 GROUP BY 1, 2
)
SELECT n.account, n.entry, n.ours, n.theirs, n.place, n.same_name, n.shared,
  coalesce(s.similar, 0) AS similar, n.lacking - coalesce(s.of_ours, 0) AS lacking,
  n.surplus - coalesce(s.of_theirs, 0) AS surplus
FROM nearest_names n LEFT JOIN sums s ON s.account = n.account AND s.entry = n.entry
"""


def _grades() -> str:
    """Of each pair the grade of each field, the best of what the account is known by."""
    number = "regexp_replace({}, '[0-9]{{3}}$', '')"
    return f"""
    WITH places AS (
      SELECT p.account, p.entry, min(g.street) AS street, min(g.city) AS city,
        min(g.postcode) AS postcode, min(g.country) AS country
      FROM sought_pairs p JOIN met m ON m.entry = p.entry JOIN sought_places a ON a.entry = p.account,
      LATERAL (SELECT
        CASE WHEN a.street_key IS NULL OR m.street_key IS NULL THEN 'Z'
          WHEN a.street_key = m.street_key
            AND (a.city_key = m.city_key OR a.postcode_key = m.postcode_key) THEN
            CASE WHEN a.house_number = m.house_number OR a.house_number IS NULL
              OR m.house_number IS NULL THEN 'A' ELSE 'B' END
          WHEN (a.city_key = m.city_key OR a.postcode_key = m.postcode_key)
            AND jaro_winkler_similarity(a.street_key, m.street_key) >= 0.92 THEN 'B'
          ELSE 'F' END AS street,
        CASE WHEN a.city_key IS NULL OR m.city_key IS NULL THEN 'Z'
          WHEN a.city_key = m.city_key AND coalesce(a.country = m.country, true) THEN 'A'
          WHEN jaro_winkler_similarity(a.city_key, m.city_key) >= 0.92
            AND coalesce(a.country = m.country, true) THEN 'B' ELSE 'F' END AS city,
        CASE WHEN a.postcode_key IS NULL OR m.postcode_key IS NULL THEN 'Z'
          WHEN a.country IS DISTINCT FROM m.country THEN 'F'
          WHEN a.postcode_key = m.postcode_key THEN 'A'
          WHEN left(a.postcode_key, 3) = left(m.postcode_key, 3) THEN 'B' ELSE 'F' END AS postcode,
        CASE WHEN a.country IS NULL OR m.country IS NULL THEN 'Z'
          WHEN a.country = m.country THEN 'A' ELSE 'F' END AS country) g
      GROUP BY 1, 2
    ), phones AS (
      SELECT p.account, p.entry, min(CASE WHEN a.phone = m.phone THEN 'A'
        WHEN length(a.phone) >= 10 AND {number.format("a.phone")} = {number.format("m.phone")}
        THEN 'B' ELSE 'F' END) AS phone
      FROM sought_pairs p JOIN met m ON m.entry = p.entry
      JOIN sought_phones a ON a.entry = p.account WHERE m.phone IS NOT NULL GROUP BY 1, 2
    ), domains AS (
      SELECT p.account, p.entry, min(CASE WHEN a.domain = m.domain THEN 'A'
        WHEN split_part(a.domain, '.', 1) = split_part(m.domain, '.', 1) THEN 'B' ELSE 'F' END)
        AS domain
      FROM sought_pairs p JOIN met m ON m.entry = p.entry
      JOIN sought_domains a ON a.entry = p.account
      WHERE m.domain IS NOT NULL AND a.domain IS NOT NULL GROUP BY 1, 2
    ), numbers AS (
      SELECT p.account, p.entry, min(CASE WHEN a.value = m.registry_id THEN 'A' ELSE 'F' END)
        AS number
      FROM sought_pairs p JOIN met m ON m.entry = p.entry
      JOIN sought_numbers a ON a.entry = p.account AND a.scheme = m.scheme GROUP BY 1, 2
    ), towns AS (
      SELECT DISTINCT p.account, p.entry, 'A' AS city FROM sought_pairs p
      JOIN met m ON m.entry = p.entry
      JOIN sought_parts a ON a.entry = p.account AND a.company_key = m.city_key
    ), forms AS (
      SELECT p.account, p.entry,
        max(CASE WHEN a.legal_form = e.legal_form THEN 1 ELSE -1 END) AS legal_form
      FROM name_evidence p JOIN sought_names a ON a.entry = p.account AND a.company_key = p.ours
      JOIN met_names e ON e.entry = p.entry AND e.company_key = p.theirs
      WHERE a.legal_form IS NOT NULL AND e.legal_form IS NOT NULL GROUP BY 1, 2
    ), shown AS (
      SELECT p.account, p.entry, min(e.company) AS name
      FROM name_evidence p JOIN met_names e ON e.entry = p.entry AND e.company_key = p.theirs
      GROUP BY 1, 2
    )
    SELECT p.account, p.entry, coalesce(s.name, t.name) AS name,
      coalesce(n.shared, 0) AS shared, coalesce(n.similar, 0) AS similar,
      coalesce(n.lacking, 0) AS lacking, coalesce(n.surplus, 0) AS surplus,
      CASE WHEN n.same_name = 2 AND n.place >= 0 THEN 'part' WHEN n.same_name = 2 THEN 'same'
        WHEN n.same_name = 1 THEN 'letters'
        WHEN n.shared > 0 AND n.surplus + n.similar = 0 THEN 'inside'
        WHEN n.account IS NULL THEN 'none' ELSE 'other' END AS name_is,
      coalesce(n.place, -1) AS place, coalesce(f.legal_form, 0) AS legal_form,
      coalesce(l.street, 'Z') AS street, coalesce(w.city, l.city, 'Z') AS city,
      coalesce(l.postcode, 'Z') AS postcode, coalesce(l.country, 'Z') AS country,
      coalesce(h.phone, 'Z') AS phone, coalesce(d.domain, 'Z') AS domain,
      coalesce(i.number, 'Z') AS number
    FROM sought_pairs p JOIN met_told t ON t.entry = p.entry
    LEFT JOIN name_evidence n ON n.account = p.account AND n.entry = p.entry
    LEFT JOIN shown s ON s.account = p.account AND s.entry = p.entry
    LEFT JOIN forms f ON f.account = p.account AND f.entry = p.entry
    LEFT JOIN places l ON l.account = p.account AND l.entry = p.entry
    LEFT JOIN towns w ON w.account = p.account AND w.entry = p.entry
    LEFT JOIN phones h ON h.account = p.account AND h.entry = p.entry
    LEFT JOIN domains d ON d.account = p.account AND d.entry = p.entry
    LEFT JOIN numbers i ON i.account = p.account AND i.entry = p.entry
    """
