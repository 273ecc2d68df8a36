/*
question: Which company of each register is each account?
row: One account that is matched to an entry of one register, at the chosen confidence or by a person.
key: account_id, registry
owner: analyst
better: up
columns:
  account_id: The account.
  registry: The register.
  registry_id: The entry, the legal entity where the register knows branches.
  confidence: "How likely it is that this entry is meant and no other, nor none: 0 to 1."
  grade: "One letter per field in the order name, street, city, postcode, phone, domain: A same, B
    similar, F different, Z one side has none."
  name: The entry's name that is nearest to one of the account's.
  runner_up_id: The next best legal entity.
  runner_up_confidence: How likely that one is meant.
increment:
  key: account_id
  from:
    registry_candidates: account_id
*/
SELECT account_id, registry, registry_id, confidence, grade, name, runner_up_id,
  runner_up_confidence
FROM registry_candidates WHERE matched
