"""Which coverage each offered list would bring about, segment by segment."""

from __future__ import annotations

import math
from typing import Any

import pyarrow as pa

from tieline.decisions.offer import ListPlan
from tieline.decisions.offer_estimates import of_sample, sites_reached
from tieline.engine.tables import Engine, Table

Row = dict[str, Any]
LEAST_GAP_SHARE = 0.02
"""So many new key players at least fall on sites without one: a segment's need stays finite."""


def list_offer_segments(
    list_offers: Table, list_sample_rows: Table, coverage: Table, *, engine: Engine, plan: ListPlan
) -> pa.Table:
    """Key players and sites that each open offer would bring to each segment, bought whole.

    People are taken to fall at random on the sites of the segment that lack a key player, as far as
    the sample says that they fall on such sites at all; several at one site cover it once.

    question: In which segments would an offered list raise the coverage, and how far?
    row: One segment with a product for one offer that can be weighed.
    key: offer, segment
    owner: marketer
    better: up
    columns:
      offer: The offer.
      segment: The segment.
      product: What is sold to it.
      sampled_net_new: Net-new key players of the segment in the sample.
      sampled_gap: How many of these are at a company with a site that lacks a key player.
      part: Part of the offer's wanted key players that are this segment's, 0 to 1.
      key_players: Net-new key players expected for the segment.
      key_players_low: Lower end of the 90 % interval.
      key_players_high: Upper end.
      new_sites: Sites that would get their first key player.
      new_sites_low: Lower end of the 90 % interval.
      new_sites_high: Upper end.
      sites: Sites of the segment.
      coverage_now: Sites with a key player as a share of them, 0 to 1.
      coverage_after: The same after the purchase, as expected.
      coverage_after_low: Lower end of the 90 % interval.
      coverage_after_high: Upper end.
      target: What the share should be.
      needed: New key players, of any list, that bring it to the target; empty for no end.
    """
    if not plan.offers:
        return _SCHEMA.empty_table()
    offers = engine.arrow(
        f"SELECT * FROM {list_offers} WHERE status = 'open' AND share IS NOT NULL ORDER BY offer"
    ).to_pylist()
    segments = engine.arrow(
        f"SELECT * FROM {coverage} WHERE target IS NOT NULL AND segment <> 'all' ORDER BY segment"
    ).to_pylist()
    seen = {
        (row["offer"], row["segment"]): row
        for row in engine.arrow(
            "SELECT offer, segment, count(*) FILTER (WHERE is_net_new) AS net_new, "
            "count(*) FILTER (WHERE is_wanted) AS wanted, "
            "count(*) FILTER (WHERE fills_gap) AS gap "
            f"FROM {list_sample_rows} WHERE is_selected AND segment IS NOT NULL GROUP BY ALL"
        ).to_pylist()
    }
    needs = {one["segment"]: _needed(one, seen) for one in segments}
    rows = [
        _row(offer, one, segments, seen, needs[one["segment"]])
        for offer in offers
        for one in segments
    ]
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _row(
    offer: Row, segment: Row, segments: list[Row], seen: dict[tuple[str, str], Row], needed: float
) -> Row:
    name = segment["segment"]
    found = seen.get((offer["offer"], name), {"net_new": 0, "wanted": 0, "gap": 0})
    by_sample = offer["basis"] != "purchases"
    if by_sample:
        scale = offer["share"] / max((offer["wanted"] + 0.5) / (offer["selected"] + 1), 1e-9)
        told = of_sample(found["net_new"], max(offer["selected"], 1))
        players = told.count(offer["orderable"], offer["orderable"]).times(scale)
        gap_share = (found["gap"] + 0.5) / (found["net_new"] + 1)
        part = found["wanted"] / offer["wanted"] if offer["wanted"] else 0.0
    else:
        # Nothing tells where they are: as many as are missing there.
        missing = sum(one["missing_sites"] for one in segments)
        part = segment["missing_sites"] / missing if missing else 0.0
        players = _whole(offer).times(part)
        gap_share = 1.0
    lacking = segment["sites"] - segment["with_key_player"]
    ends = [
        sites_reached(n * gap_share, lacking) for n in (players.mean, players.low, players.high)
    ]
    after = [(segment["with_key_player"] + n) / max(segment["sites"], 1) for n in ends]
    return {
        "offer": offer["offer"],
        "segment": name,
        "product": segment["product"],
        "sampled_net_new": found["net_new"],
        "sampled_gap": found["gap"],
        "part": part,
        **_ends("key_players", (players.mean, players.low, players.high)),
        **_ends("new_sites", ends),
        "sites": segment["sites"],
        "coverage_now": segment["key_player_share"],
        **_ends("coverage_after", after),
        "target": segment["target"],
        "needed": needed if math.isfinite(needed) else None,
    }


def _whole(offer: Row) -> Any:
    from tieline.decisions.offer_estimates import Estimate

    return Estimate(offer["key_players"], offer["key_players_low"], offer["key_players_high"])


def _needed(segment: Row, seen: dict[tuple[str, str], Row]) -> float:
    """New key players that bring a segment to its target, whatever list they come from."""
    missing = segment["missing_sites"] or 0
    lacking = segment["sites"] - segment["with_key_player"]
    if missing <= 0:
        return 0.0
    rows = [row for (_, name), row in seen.items() if name == segment["segment"]]
    net_new, gap = sum(row["net_new"] for row in rows), sum(row["gap"] for row in rows)
    share = max((gap + 0.5) / (net_new + 1), LEAST_GAP_SHARE) if net_new else 1.0
    if missing >= lacking or lacking <= 1:
        return math.inf
    return math.log1p(-missing / lacking) / math.log1p(-1 / lacking) / share


def _ends(name: str, values: Any) -> Row:
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))


_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("offer", "segment", "product")),
        ("sampled_net_new", pa.int64()),
        ("sampled_gap", pa.int64()),
        ("part", pa.float64()),
        *(
            (name + end, pa.float64())
            for name in ("key_players", "new_sites")
            for end in ("", "_low", "_high")
        ),
        ("sites", pa.int64()),
        *(
            (name, pa.float64())
            for name in (
                "coverage_now", "coverage_after", "coverage_after_low", "coverage_after_high",
                "target", "needed",
            )
        ),
    ]
)  # fmt: skip
