"""https://github.com/mautic/mautic/issues/4641: two companies and two made three, not four."""

from tieline.actions import merge, undo

HERS = {"Alder Pumps Inc", "Birch Valves LLC"}
OTHERS = {"Cedar Motors Corp", "Dogwood Tools Inc"}


def test_two_companies_and_two_make_four(market):
    marsh, okafor = market.contact("crm", 1), market.contact("crm", 2)
    assert (market.companies(marsh), market.companies(okafor)) == (HERS, OTHERS)
    before = market.snapshot().id

    merge.merge(market.workspace, [marsh, okafor], reason="she married", by="Kim")
    assert market.companies(marsh) == HERS | OTHERS
    positions = market.rows("contact_positions", contact_id=marsh)
    assert sorted(row["place"] for row in positions) == [1, 2, 3, 4]
    (merged,) = market.rows("contacts", contact_id=marsh)
    assert merged["accounts"] == 4

    undo.undo(market.workspace)
    assert (market.companies(marsh), market.companies(okafor)) == (HERS, OTHERS)
    assert market.snapshot().id == before


def test_a_company_that_both_had_is_there_once(market, tmp_path):
    market.people(
        tmp_path,
        "club",
        [
            ("Helena Okafor", "okafor@birchvalves.com", "Birch Valves LLC", "Advisor",
             "", "helena-okafor", "2020-01-01"),
        ],
    )  # fmt: skip
    market.build()
    marsh, okafor = market.contact("crm", 1), market.contact("crm", 2)
    assert market.companies(okafor) == OTHERS | {"Birch Valves LLC"}
    merge.merge(market.workspace, [okafor, marsh], reason="she married", by="Kim")
    assert market.companies(marsh) == HERS | OTHERS
    assert len(market.rows("contact_positions", contact_id=marsh)) == 4
