"""What texts say of the people they are about: kinds, topics, sources, types, industries."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from tieline.data.values.folding import fold_umlauts, fold_words
from tieline.data.values.phrase_list import PhraseList
from tieline.engine.tables import Engine, Table
from tieline.metrics.category import SourceOwner, phrases

LONGEST = 200
"""What a topic is about stands at its beginning: a pasted message is not read to its end."""
_SCHEMA = pa.schema([(name, pa.string()) for name in ("field", "text", "said", "read_from")])


def category_readings(
    responses: Table,
    contacts: Table,
    standard_records: Table,
    accounts: Table,
    *,
    engine: Engine,
    source_owners: Sequence[SourceOwner],
) -> pa.Table:
    """What each distinct text says by the lists of words; texts that say nothing are left out.

    question: What do the words of responses, lists and records say of the people they are about?
    row: One distinct text of one field.
    key: field, text
    owner: analyst
    columns:
      field: "kind or topic of a response, log (the name of its source, read like a kind), source,
        contact_type, department, or industry."
      text: The text as given.
      said: What it says, one of the things that category_weights lists.
      read_from: The words that it was read from; of a source its owner, else its name.
    """
    told = engine.arrow(
        f"SELECT DISTINCT 'kind' AS field, kind AS text FROM {responses} WHERE kind IS NOT NULL "
        f"UNION ALL SELECT DISTINCT 'topic', topic FROM {responses} WHERE topic IS NOT NULL "
        f"UNION ALL SELECT DISTINCT 'log', source FROM {responses} WHERE source IS NOT NULL "
        f"UNION ALL SELECT DISTINCT 'department', department FROM {contacts} "
        "WHERE department IS NOT NULL "
        f"UNION ALL SELECT DISTINCT 'contact_type', contact_type FROM {standard_records} "
        "WHERE contact_type IS NOT NULL "
        f"UNION ALL SELECT DISTINCT 'industry', industry FROM {accounts} WHERE industry IS NOT NULL"
    )
    lists: dict[str, PhraseList] = {}
    rows = []
    for field, text in zip(*(told[name].to_pylist() for name in ("field", "text")), strict=True):
        said = _said(lists, field, text)
        if said:
            rows.append({"field": field, "text": text, "said": said, "read_from": text})
    for one in source_owners:
        for text in (one.owner, one.source):
            said = _said(lists, "source", text)
            if said:
                row = {"field": "source", "text": one.source, "said": said, "read_from": text}
                rows.append(row)
                break
    return pa.Table.from_pylist(rows, schema=_SCHEMA)


def _said(lists: dict[str, PhraseList], field: str, text: str) -> str | None:
    if field not in lists:
        lists[field] = PhraseList(phrases("kind" if field == "log" else field))
    found = lists[field].found(fold_umlauts(fold_words(text[:LONGEST])).split())
    return found.value if found else None
