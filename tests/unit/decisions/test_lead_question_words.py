"""Every field that a scorecard may ask has its question."""

from tieline.decisions.lead_question_words import QUESTIONS
from tieline.metrics.lead_fields import BY_NAME


def test_every_field_has_a_question_and_no_other():
    assert list(QUESTIONS) == list(BY_NAME)
    assert all(words.endswith("?") for words in QUESTIONS.values())
    assert len(set(QUESTIONS.values())) == len(QUESTIONS)
