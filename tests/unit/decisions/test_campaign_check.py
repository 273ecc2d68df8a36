"""A planned campaign against the stages of a small market, its consents and its history."""

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest

from tieline.decisions.campaign_check import Campaign, CheckLimits, check_campaign, family_for
from tieline.decisions.response_history import wilson
from tieline.engine.duck import DuckEngine
from tieline.errors import TielineError
from tieline.metrics.response_rules import RULES, StageLimits
from tieline.metrics.stage_words import STAGES
from tieline.workspace.campaign_plan import campaign_of, read_plan

TEXT, DAY, MOMENT, WHOLE = pa.string(), pa.date32(), pa.timestamp("us"), pa.int64()
TYPES = {
    "as_of": {"as_of": DAY},
    "site_stages": {"site_id": TEXT, "stage": TEXT, "phase": TEXT, "segment": TEXT, "as_of": DAY},
    "site_stage_periods": {
        "site_id": TEXT, "stage": TEXT, "phase": TEXT, "entered_on": DAY, "left_on": DAY,
    },
    "stage_distribution": {"segment": TEXT, "place": WHOLE, "sites": WHOLE},
    "contacts": {"contact_id": TEXT, "email": TEXT, "phone": TEXT, "mobile": TEXT},
    "contact_stays": {"contact_id": TEXT, "site_id": TEXT, "entered_on": DAY, "left_on": DAY},
    "site_players": {"site_id": TEXT, "contact_id": TEXT},
    "consents": {"contact_id": TEXT, "purpose": TEXT, "channel": TEXT, "state": TEXT},
    "touches": {
        "contact_id": TEXT, "site_id": TEXT, "medium": TEXT, "attached_by": TEXT,
        "occurred_at": MOMENT,
    },
    "responses": {
        "contact_id": TEXT, "kind": TEXT, "topic": TEXT, "medium": TEXT, "source": TEXT,
        "occurred_at": MOMENT,
    },
}  # fmt: skip
NOW = date(2024, 6, 30)
PLACES = {"nobody": 0, "users": 1, "quiet": 2, "asked": 3, "reads": 4, "wants": 5, "deal": 6}
LIMITS = CheckLimits(0.1, 30, 5, ("email",))
RULED = StageLimits(365, 0, RULES)


@pytest.fixture
def engine():
    with DuckEngine(threads=1) as engine:
        yield engine


def market(engine, sites, *, consents=(), touches=(), responses=(), mails=True):
    """A segment dach with so many sites at each place, a key player at each."""
    rows = {name: [] for name in TYPES}
    rows["as_of"] = [{"as_of": NOW}]
    for name, many in sites.items():
        one = STAGES[PLACES[name]]
        rows["stage_distribution"] += [
            {"segment": segment, "place": PLACES[name], "sites": many}
            for segment in ("dach", "all")
        ]
        for number in range(many):
            site = {"site_id": f"{name}{number}", "stage": one.stage, "phase": one.phase or None}
            rows["site_stages"].append({**site, "segment": "dach", "as_of": NOW})
            rows["site_stage_periods"].append({**site, "entered_on": date.min, "left_on": None})
            if name == "nobody":
                continue
            who = {"contact_id": f"{name}{number}"}
            rows["contacts"].append({**who, "email": "a@b.de" if mails else None})
            rows["contact_stays"].append({**who, **site, "entered_on": date.min})
            if PLACES[name] > 1:
                rows["site_players"].append({**who, **site})
    rows["consents"] = [
        {"contact_id": who, "purpose": "marketing", "channel": channel, "state": state}
        for who, channel, state in consents
    ]
    rows["touches"] = [
        {"contact_id": who, "site_id": who, "medium": medium, "attached_by": "email",
         "occurred_at": datetime(2024, 1, 1) + timedelta(days=day)}
        for who, medium, day in touches
    ]  # fmt: skip
    rows["responses"] = [
        {"contact_id": who, "kind": kind, "source": "log",
         "occurred_at": datetime(2024, 1, 1) + timedelta(days=day)}
        for who, kind, day in responses
    ]  # fmt: skip
    for name, types in TYPES.items():
        engine.load(name, pa.Table.from_pylist(rows[name], schema=pa.schema(list(types.items()))))


def check(engine, family, medium="email", segment="dach"):
    return check_campaign(engine, Campaign(family, medium, segment), LIMITS, RULED)


def test_product_talk_to_key_players_who_never_answered_skips_two_stages(engine):
    market(engine, {"nobody": 40, "quiet": 90, "asked": 6, "reads": 4})
    checked = check(engine, "product")
    assert checked.verdict == "skips"
    assert checked.sites == 100
    assert sum(group.sites for group in checked.fitting) == 4
    assert checked.most_skipped == 2
    assert {g.place: g.skipped for g in checked.early if g.sites} == {2: 2, 3: 1}


@pytest.mark.parametrize(
    ("family", "sites", "verdict"),
    [
        ("product", {"reads": 9, "wants": 1}, "fits"),
        ("product", {"reads": 5, "quiet": 5}, "part"),
        ("product", {"deal": 10, "reads": 0}, "nobody"),
        ("solution", {"asked": 9, "quiet": 1}, "part"),
        ("solution", {"quiet": 10}, "skips"),
        ("dialogue", {"quiet": 10, "users": 0}, "fits"),
        ("dialogue", {"users": 10}, "skips"),
        ("identification", {"nobody": 5, "users": 5}, "fits"),
        ("identification", {"wants": 10}, "nobody"),
        ("dialogue", {"nobody": 10}, "nobody"),
    ],
)
def test_each_family_fits_its_stages(engine, family, sites, verdict):
    market(engine, sites)
    assert check(engine, family).verdict == verdict


def test_consent_counts_by_channel_and_whoever_objected_is_out(engine):
    market(
        engine, {"quiet": 6},
        consents=[("quiet0", "email", "granted"), ("quiet1", "any", "granted"),
                  ("quiet2", "email", "withdrawn"), ("quiet3", "any", "withdrawn"),
                  ("quiet3", "email", "granted"), ("quiet4", "phone", "granted")],
    )  # fmt: skip
    (group,) = check(engine, "dialogue").fitting[:1]
    assert (group.people, group.may, group.unsaid, group.withdrawn) == (6, 2, 2, 2)
    (group,) = check(engine, "dialogue", "mail").fitting[:1]
    assert (group.people, group.may, group.unsaid, group.withdrawn) == (6, 5, 0, 1)
    (group,) = check(engine, "dialogue", "web").fitting[:1]
    assert (group.may, group.withdrawn) == (6, 0)


def test_who_has_no_address_is_not_reached(engine):
    market(engine, {"quiet": 2}, consents=[("quiet0", "email", "granted")], mails=False)
    (group,) = check(engine, "dialogue").fitting[:1]
    assert (group.may, group.unreached) == (1, 1)


def test_what_to_expect_comes_from_touches_at_the_same_stage(engine):
    touches = [("quiet0", "email", day) for day in range(0, 100, 10)]
    touches += [("quiet1", None, 50), ("quiet1", "phone", 60), ("quiet1", "email", 170)]
    responses = [("quiet0", "survey", 5), ("quiet0", "survey", 125), ("quiet1", "bounce", 51),
                 ("reads0", "survey", 10)]  # fmt: skip
    agreed = [(f"quiet{n}", "email", "granted") for n in range(2)]
    market(engine, {"quiet": 2, "reads": 1}, touches=touches, responses=responses, consents=agreed)
    checked = check(engine, "dialogue")
    rate = checked.groups[2].rate
    # Ten and one count, the last is too late to tell; only the first was answered in 30 days.
    assert (rate.touches, rate.answered) == (11, 1)
    assert (rate.low, rate.high) == pytest.approx(wilson(1, 11))
    assert checked.groups[4].rate.low is None
    low, high = checked.expected
    assert (low, high) == pytest.approx((2 * rate.low, 2 * rate.high))


def test_with_little_history_nothing_is_expected(engine):
    market(engine, {"quiet": 2}, touches=[("quiet0", "email", 1)],
           consents=[("quiet0", "email", "granted")])  # fmt: skip
    assert check(engine, "dialogue").expected is None


def test_the_interval_is_wilson_s():
    # Newcombe (1998), Statistics in Medicine 17, table I: 81 of 263 and 0 of 20.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_every_stage_but_sales_has_its_message():
    assert [family_for(place).name for place in range(6)] == [
        "identification", "identification", "dialogue", "solution", "product", "product",
    ]  # fmt: skip
    assert family_for(6) is None


def test_a_segment_that_is_not_there_is_told(engine):
    market(engine, {"quiet": 1})
    with pytest.raises(TielineError, match="no segment 'dahc'"):
        check(engine, "dialogue", segment="dahc")


def test_a_plan_in_a_file_is_read(tmp_path):
    plan = tmp_path / "autumn.toml"
    plan.write_text('segment = "dach"\nfamily = "product"\nmedium = "email"\ndate = 2024-09-01\n')
    assert campaign_of(read_plan(plan)) == Campaign("product", "email", "dach", date(2024, 9, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('family = "produkt"\nmedium = "email"', "Did you mean 'product'?"),
        ('familly = "product"\nmedium = "email"', "Did you mean 'family'?"),
        ('family = "product"', "Nothing says the medium"),
        ('family = "product"\nmedium = "email"\ndate = "soon"', "'soon' is no day"),
        ("family = product", "not valid TOML"),
        (None, "cannot be read"),
    ],
)
def test_a_mistake_in_a_plan_is_told(tmp_path, text, said):
    plan = tmp_path / "autumn.toml"
    if text is not None:
        plan.write_text(text)
    with pytest.raises(TielineError) as caught:
        campaign_of(read_plan(plan))
    assert said in f"{caught.value.message} {caught.value.next_step}"
