"""The best entry of each register for each account, and how sure it is that no other is meant."""

from __future__ import annotations

from tieline.engine.tables import Table

INTERCEPT, SLOPE = 0.0, 1.0
"""Calibration: logit(confidence) = INTERCEPT + SLOPE * logit(evidence)."""


def registry_candidates(registry_pairs: Table, *, registry_confidence: float) -> str:
    """The best entry of each register for each account, however sure that is.

    The chance of an entry is its evidence against that of all other legal entities and of none
    being meant: p = 2^w / (1 + sum of 2^w). Two that are nearly as good leave each about a half, so
    that neither is taken.

    question: Which company of the register is each account, and how sure is that?
    row: One account that has a candidate in a register.
    key: account_id, registry
    owner: analyst
    columns:
      account_id: The account.
      registry: The register.
      registry_id: The entry, the legal entity where the register knows branches.
      site_registry_id: The very entry that is nearest to the account's names and addresses.
      name: Its name that is nearest to one of the account's.
      confidence: "How likely it is that this entry is meant and no other, nor none: 0 to 1."
      grade: "One letter per field in the order name, street, city, postcode, phone, domain: A same,
        B similar, F different, Z one side has none."
      weight: The evidence in bits, prior included.
      runner_up_id: The next best legal entity.
      runner_up_confidence: How likely that one is meant.
      matched: Whether the confidence reaches the chosen one.
    increment:
      key: account_id
      from:
        registry_pairs: account_id
    """
    return f"""
    WITH entities AS (
      SELECT *, row_number() OVER (PARTITION BY account_id, registry, legal_entity_id
        ORDER BY weight DESC, registry_id) AS of_entity
      FROM {registry_pairs}
    ), ranked AS (
      SELECT *, row_number() OVER (PARTITION BY account_id, registry
        ORDER BY weight DESC, legal_entity_id) AS place
      FROM entities WHERE of_entity = 1
    ), sums AS (
      SELECT account_id, registry,
        list_sum(list(pow(2.0, least(weight, 60)) ORDER BY weight, legal_entity_id)) AS total,
        max(CASE WHEN place = 2 THEN legal_entity_id END) AS runner_up_id,
        max(CASE WHEN place = 2 THEN weight END) AS runner_up_weight
      FROM ranked
      GROUP BY 1, 2
    ), told AS (
      SELECT r.account_id, r.registry, r.legal_entity_id AS registry_id,
        r.registry_id AS site_registry_id, r.name,
        {_calibrated("pow(2.0, least(r.weight, 60)) / (1 + s.total)")} AS confidence,
        {_NAME_GRADE} || r.street || r.city || r.postcode || r.phone || r.domain AS grade,
        r.weight, s.runner_up_id,
        {_calibrated("pow(2.0, least(s.runner_up_weight, 60)) / (1 + s.total)")}
          AS runner_up_confidence
      FROM ranked r JOIN sums s USING (account_id, registry) WHERE r.place = 1
    )
    SELECT *, confidence >= {registry_confidence} AS matched FROM told
    """


_NAME_GRADE = (
    "CASE WHEN r.shared + r.similar + r.lacking + r.surplus = 0 THEN 'Z' "
    "WHEN r.same_name > 0 THEN 'A' "
    "WHEN 2 * (r.shared + r.similar) >= r.shared + r.similar + r.lacking + r.surplus THEN 'B' "
    "ELSE 'F' END"
)


def _calibrated(chance: str) -> str:
    """The calibrated chance in SQL, rounded so that it is the same on every machine."""
    odds = f"ln(greatest({chance}, 1e-9) / greatest(1 - {chance}, 1e-9))"
    return f"round(1 / (1 + exp(-({INTERCEPT} + {SLOPE} * {odds}))), 4)"
