/*
question: Which leads wait for which seller, until when, and what becomes of those that were answered?
row: One lead that is or was handed over, by a scorecard in force.
key: product, contact_id
owner: seller
columns:
  product: The product.
  contact_id: The contact.
  site_id: The site where they work now.
  account_id: The account.
  score: Their points.
  stage: How far they are, as in lead_scores.
  version: The version of the scorecard.
  seller: Who gets the lead, by the first rule of the scorecard that holds, else the sales owner.
  handed_over_on: The day on which a response last brought them there; where none did, the day of the last response; where they came back after an answer, the day they did.
  answer_due_on: The day until which an answer is due.
  standing: "waiting and overdue: nobody answered, in time or beyond it; accepted; unworked: accepted and nothing was done in time, or never answered and no lead any more; rejected; recycled; won; lost."
  answer: The last answer (accept, reject, recycle), also where they came back since; empty for none.
  answered_on: The day of that answer.
  answered_by: Who gave it.
  because: Why they were rejected, from the list of the scorecard.
  word: The same in words.
  back_on: The day on which they came back after that answer, or will if they still have the points; empty where only another response brings them back.
  is_back: Whether they came back and wait for another answer.
  touches: How many touches there were from the day of the answer on; of a lead without one, from the day of the hand-over on.
  outcome: won or lost; else empty.
  next_step: What to do next at their site, where it is to be done with them; else empty.
  medium: By which medium; else empty.
*/
SELECT s.product, s.contact_id, s.site_id, s.account_id, s.score, s.stage, s.version, s.seller,
  s.handed_over_on, s.answer_due_on, s.standing, s.answer, s.answered_on, s.answered_by, s.because,
  s.word, s.back_on, s.is_back, s.touches, s.outcome, n.does AS next_step, n.medium
FROM lead_standings s
LEFT JOIN next_actions n ON n.site_id = s.site_id AND n.contact_id = s.contact_id
  AND n.step <> 'leave_alone'
