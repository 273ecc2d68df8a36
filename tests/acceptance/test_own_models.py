"""A user's own tables, and learning the weights anew, through the command line."""

from __future__ import annotations

import pytest

HEADER = """/*
question: How many accounts are in each country?
row: One country.
key: country
owner: analyst
columns:
  country: The country.
  accounts: How many accounts.
*/
"""
COUNTED = "SELECT country, count(*) AS accounts FROM accounts GROUP BY country"


def a_model(built, name, select):
    (built.workspace / "models" / f"{name}.sql").write_text(HEADER + select, encoding="utf-8")


def test_an_own_table_is_built_and_shown_beside_ours(built):
    a_model(built, "accounts_by_country", COUNTED)
    built("build")
    assert "country" in built("show", "accounts_by_country").out
    rows = {row["country"]: row["accounts"] for row in built.rows("accounts_by_country")}
    assert sum(rows.values()) == len(built.rows("accounts"))


@pytest.mark.parametrize(
    ("name", "select", "told"),
    [
        ("accounts", "SELECT country, 1 AS accounts FROM sites", "cannot be the name"),
        ("mine", "SELECT country, 1 AS accounts FROM read_csv('lists.csv')", "models/mine.sql"),
        ("mine", "SELECT country, 1 AS accounts FROM nowhere", "nowhere"),
        ("mine", "DROP TABLE accounts", "mine.sql"),
    ],
)
def test_an_own_table_that_reaches_outside_is_refused(built, name, select, told):
    before = built.rows("accounts")
    a_model(built, name, select)
    assert told in built("build", code=2).err
    assert built.rows("accounts") == before


def test_retraining_learns_anew_and_tells_before_and_after(built):
    said = built("retrain").out
    assert "before" in said
    assert "after" in said
