/*
question: On which day does this snapshot stand?
row: The only one.
key: as_of
owner: analyst
columns:
  as_of: The newest day of any response; empty where there is none.
*/
SELECT CAST(max(occurred_at) AS DATE) AS as_of FROM responses
