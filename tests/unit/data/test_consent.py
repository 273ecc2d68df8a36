"""What cells about consent say, under each heading."""

import datetime as dt

import pytest

from tieline.data.consent import read_cells
from tieline.data.kinds.consent_words import purpose_and_channel, stated_channel, stated_purpose


def state(text: str, heading: str) -> str | None:
    return read_cells([text], heading)[text][0]


@pytest.mark.parametrize(
    "text",
    ["X", "true", "Yes", "JA", " oui ", "1", "2024-05-01", "03/02/21", "1.3.2020", "abgemeldet",
     "Opted out", "2024-05-01T10:00:00Z", "Unsubscribed"],
)  # fmt: skip
def test_a_tick_a_date_or_a_word_under_opt_out(text):
    assert state(text, "opt_out") == "withdrawn"


@pytest.mark.parametrize("text", ["", "No", "false", "0", "nein", "N", "-", "12", "3.5", "?"])
def test_no_tick_under_opt_out(text):
    assert state(text, "opt_out") is None


@pytest.mark.parametrize("text", ["withdrawn", "widerrufen", "Revoked", "unsubscribed", "declined"])
def test_a_withdrawal_under_opt_in(text):
    assert state(text, "opt_in") == "withdrawn"


@pytest.mark.parametrize("text", ["yes", "Ja", "2024-05-01", "01.02.23", "1", "subscribed"])
def test_a_tick_or_a_date_under_opt_in(text):
    assert state(text, "opt_in") == "granted"


@pytest.mark.parametrize("text", ["", "pending", "No", "false", "0"])
def test_silence_or_a_box_left_unticked_under_opt_in_says_nothing(text):
    assert state(text, "opt_in") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("granted", "granted"), ("Withdrawn", "withdrawn"), ("yes", "granted"), ("no", "withdrawn"),
     ("0", "withdrawn"), ("pending", None), ("erteilt", "granted"), ("entzogen", "withdrawn")],
)  # fmt: skip
def test_a_log_names_the_state_itself(text, said):
    assert state(text, "consent_state") == said


def test_the_day_a_cell_names_is_when_it_was_said():
    cells = ["13.04.2021", "yes (01.02.2020)", "withdrawn 3.4.2022", "yes", "nothing since 2020"]
    days = {text: day for text, (_, day) in read_cells(cells, "opt_in").items()}
    assert days["13.04.2021"] == dt.date(2021, 4, 13)
    assert days["yes (01.02.2020)"] == dt.date(2020, 2, 1)
    assert days["withdrawn 3.4.2022"] == dt.date(2022, 4, 3)
    assert days["yes"] is None


@pytest.mark.parametrize(
    ("header", "purpose", "channel"),
    [
        ("Do not call", "marketing", "phone"),
        ("DoNotMail", "marketing", "mail"),
        ("HasOptedOutOfEmail", "marketing", "email"),
        ("keine E-Mail", "marketing", "email"),
        ("Einwilligung Telefon", "marketing", "phone"),
        ("NOMAIL", "marketing", "mail"),
        ("newsletter opt-in", "newsletter", "email"),
        ("SMS opt in", "marketing", "sms"),
        ("Do not contact", "marketing", "any"),
        ("Event invitations consent", "events", "any"),
        ("Survey opt out", "surveys", "any"),
        ("Fax gesperrt", "marketing", "fax"),
        ("Recall date", "marketing", "any"),
    ],
)
def test_a_header_tells_purpose_and_channel(header, purpose, channel):
    assert purpose_and_channel(header) == (purpose, channel)


@pytest.mark.parametrize(
    ("text", "channel"),
    [("E-Mail", "email"), ("Post", "mail"), ("direct mail", "mail"), ("Telefon", "phone"),
     ("", "any"), (None, "any"), ("carrier pigeon", "any")],
)  # fmt: skip
def test_a_cell_names_the_channel(text, channel):
    assert stated_channel(text) == channel


@pytest.mark.parametrize(
    ("text", "purpose"),
    [("Newsletter", "newsletter"), ("marketing emails", "marketing"), ("", "marketing"),
     ("Product updates", "product_updates"), ("Werbung", "marketing")],
)  # fmt: skip
def test_a_cell_names_the_purpose_one_nobody_knows_is_its_own(text, purpose):
    assert stated_purpose(text) == purpose
