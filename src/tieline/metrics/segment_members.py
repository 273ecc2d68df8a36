"""Which sites are in which segment."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.data.sql_text import literal
from tieline.engine.tables import Table
from tieline.metrics.segment import Segment
from tieline.metrics.segment_rule import read_rule


def segment_members(target_sites: Table, *, segments: Sequence[Segment]) -> str:
    """Which sites are in which segment: those of which its rule says yes.

    question: Which sites belong to the segments?
    row: One site in one segment; a site may be in several.
    key: segment, member
    owner: marketer
    columns:
      segment: The segment.
      member: The site's id, or "registry:id" of an entry that is none of ours.
      priority: Priority of the segment, 1 first.
      site_id: The site; empty where only a registry has it.
      account_id: The account, if it is one of ours.
      registry: The registry of the entry that is the site, if any.
      registry_id: The entry.
    """
    selects = [
        f"SELECT {literal(one.name)} AS segment, member, {one.priority}::BIGINT AS priority, "
        f"site_id, account_id, registry, registry_id FROM {target_sites} "
        f"WHERE {read_rule(one.rule).sql}"
        for one in segments
    ]
    return " UNION ALL ".join(selects) or (
        "SELECT NULL::VARCHAR AS segment, member, NULL::BIGINT AS priority, "
        f"site_id, account_id, registry, registry_id FROM {target_sites} WHERE false"
    )
