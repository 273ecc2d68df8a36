"""Who must not be written to, by what the columns about consent hold."""

import duckdb
import pytest

from tieline.data.consent import opted_out


def is_opted_out(opt_out: str | None, opt_in: str | None) -> bool:
    row = duckdb.execute(
        f"SELECT {opted_out('m.opt_out', 'm.opt_in')} FROM (SELECT ?::VARCHAR AS opt_out, "
        "?::VARCHAR AS opt_in) m",
        [opt_out, opt_in],
    ).fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    "text",
    ["X", "true", "Yes", "JA", " oui ", "1", "2024-05-01", "03/02/21", "1.3.2020", "abgemeldet",
     "Opted out", "2024-05-01T10:00:00Z", "Unsubscribed"],
)  # fmt: skip
def test_a_tick_a_date_or_a_word_under_opt_out(text):
    assert is_opted_out(text, None)


@pytest.mark.parametrize("text", [None, "", "No", "false", "0", "nein", "N", "-", "12", "3.5"])
def test_no_tick_under_opt_out(text):
    assert not is_opted_out(text, None)


@pytest.mark.parametrize(
    "text",
    ["withdrawn", "widerrufen", "Revoked", "unsubscribed", "declined"],
)
def test_a_withdrawal_under_opt_in(text):
    assert is_opted_out(None, text)


@pytest.mark.parametrize(
    "text", [None, "", "yes", "Ja", "2024-05-01", "01.02.23", "pending", "1", "No", "false", "0"]
)
def test_consent_silence_or_a_box_left_unticked_under_opt_in(text):
    assert not is_opted_out(None, text)
