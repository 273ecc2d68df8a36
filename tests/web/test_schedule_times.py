"""When a schedule is due, as the clocks of its time zone say, and how it reads."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from tieline.errors import TielineError
from tieline.web.background import times


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Berlin goes forward on 2027-03-28 at 02:00 (01:00 UTC), back on 2026-10-25 at 03:00 (01:00 UTC).
# New York goes back on 2026-11-01 at 02:00 (06:00 UTC); Lord Howe goes by half an hour.
DUE = [
    # cron           zone                 after (UTC)         the next ones (UTC)
    ("30 6 * * *", "UTC", "2026-11-22 06:29", ["2026-11-22 06:30", "2026-11-23 06:30"]),
    ("30 6 * * *", "UTC", "2026-11-22 06:30", ["2026-11-23 06:30"]),
    ("30 6 * * *", "Europe/Berlin", "2026-10-24 00:00", ["2026-10-24 04:30", "2026-10-25 05:30"]),
    ("30 6 * * *", "Europe/Berlin", "2027-03-27 12:00", ["2027-03-28 04:30"]),
    # 02:30 is left out: right after the gap, once, and at the usual time from the next day on.
    ("30 2 * * *", "Europe/Berlin", "2027-03-27 12:00", ["2027-03-28 01:00", "2027-03-29 00:30"]),
    ("30 2 * * *", "Europe/Berlin", "2027-03-28 01:00", ["2027-03-29 00:30"]),
    # 02:30 comes twice: the first time counts.
    ("30 2 * * *", "Europe/Berlin", "2026-10-24 12:00", ["2026-10-25 00:30", "2026-10-26 01:30"]),
    ("30 2 * * *", "Europe/Berlin", "2026-10-25 00:45", ["2026-10-26 01:30"]),
    ("30 2 * * *", "Europe/Berlin", "2026-10-25 01:10", ["2026-10-26 01:30"]),
    ("30 1 * * *", "America/New_York", "2026-11-01 00:00", ["2026-11-01 05:30"]),
    ("30 1 * * *", "America/New_York", "2026-11-01 05:30", ["2026-11-02 06:30"]),
    # Each hour that passes, also those that have the same name.
    ("0 * * * *", "Europe/Berlin", "2026-10-25 00:00",
     ["2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 03:00"]),
    ("0 * * * *", "Europe/Berlin", "2027-03-28 00:00", ["2027-03-28 01:00", "2027-03-28 02:00"]),
    # Two times of which one is left out and comes to stand where the other is: once.
    ("0 2,3 * * *", "Europe/Berlin", "2027-03-28 00:30", ["2027-03-28 01:00", "2027-03-29 00:00"]),
    ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03 00:00", ["2026-10-03 15:30"]),
    ("0 6 * * 1-5", "Asia/Kolkata", "2026-11-20 01:00", ["2026-11-23 00:30"]),
    ("0 6 * * 1", "UTC", "2026-11-22 00:00", ["2026-11-23 06:00", "2026-11-30 06:00"]),
    ("0 0 29 2 *", "UTC", "2026-11-22 00:00", ["2028-02-29 00:00"]),
]  # fmt: skip


@pytest.mark.parametrize(("cron", "zone", "after", "due"), DUE)
def test_a_schedule_is_due_when_the_clocks_there_say(cron, zone, after, due):
    assert times.following(cron, zone, at(after), len(due)) == [at(one) for one in due]


def test_no_hour_of_two_years_is_left_out_or_told_twice():
    found = times.following("30 2 * * *", "Europe/Berlin", at("2026-01-01 00:00"), 730)
    assert len(set(found)) == 730
    hours = {(b - a).total_seconds() / 3600 for a, b in pairwise(found)}
    assert hours <= {23, 23.5, 24, 24.5, 25}, hours


FORMS = [
    ({"often": "hour", "minute": "5"}, "5 * * * *", "every hour at minute 5"),
    ({"often": "day", "time_day": "06:30"}, "30 6 * * *", "every day at 06:30"),
    ({"often": "weekdays", "time_weekdays": "18:00"}, "0 18 * * 1-5", "Monday to Friday at 18:00"),
    (
        {"often": "week", "weekday": "0", "time_week": "00:05:00"},
        "5 0 * * 0",
        "every Sunday at 00:05",
    ),
    (
        {"often": "cron", "cron": " 0  */4 * * * "},
        "0 */4 * * *",
        "at minute 0 past every fourth hour",
    ),
]


@pytest.mark.parametrize(("form", "cron", "words"), FORMS)
def test_a_form_becomes_an_expression_that_reads_as_it_was_filled(form, cron, words):
    assert times.cron_of(form) == cron
    assert times.words(cron) == words
    assert times.fields(cron)["often"] == form["often"]


WRONG = [
    ({"often": "cron", "cron": "* * * *"}, "five fields"),
    ({"often": "cron", "cron": "0 0 6 * * *"}, "five fields"),
    ({"often": "cron", "cron": "61 * * * *"}, "minute"),
    ({"often": "cron", "cron": "0 0 30 2 *"}, "day-of-month"),
    ({"often": "cron", "cron": "@daily"}, "five fields"),
    ({"often": "cron", "cron": "; rm -rf / #"}, "minute"),
    ({"often": "cron", "cron": "1," * 60 + "1 * * * *"}, "too long"),
    ({"often": "day", "time_day": "25:00"}, "no time of the day"),
    ({"often": "day"}, "no time of the day"),
    ({"often": "hour", "minute": "٣٣٣"}, "no minute"),
    ({"often": "week", "time_week": "06:00", "weekday": "9"}, "which day"),
    ({}, "how often"),
]


@pytest.mark.parametrize(("form", "says"), WRONG)
def test_a_wrong_form_is_told_in_words(form, says):
    with pytest.raises(TielineError) as told:
        times.cron_of(form)
    assert says in told.value.message
    assert told.value.next_step


def test_a_zone_that_is_none_is_told():
    for name in ("", "Berlin", "../../etc/passwd", "Mars/Olympus", "localtime"):
        with pytest.raises(TielineError, match="time zone"):
            times.named_zone(name)
