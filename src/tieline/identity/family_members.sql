/*
question: Into which company do the figures of each account roll up at each level?
row: One account at one level of its family; join a metric by account_id and sum by ultimate_id.
key: account_id, level
owner: marketer
columns:
  account_id: The account.
  level: account, legal_entity, domestic_ultimate or global_ultimate.
  ultimate_id: "The member that the level leads to: one of our accounts, or 'registry:ID' for an entry
    of a register that none of ours is matched to."
*/
SELECT account_id, 'account' AS level, account_id AS ultimate_id FROM families
UNION ALL
SELECT account_id, 'legal_entity', legal_entity_id FROM families
UNION ALL
SELECT account_id, 'domestic_ultimate', domestic_ultimate_id FROM families
UNION ALL
SELECT account_id, 'global_ultimate', global_ultimate_id FROM families
