"""The user's rules for job titles: checked, and as the tables take them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tieline.errors import did_you_mean

if TYPE_CHECKING:
    from tieline.data.title_rules import TitleRules
    from tieline.workspace.settings import TitleSettings


def check_title_rule(match: str, function: str, level: str) -> None:
    """Refuse a rule that finds nothing or says nothing that is known; ValueError."""
    # Imported here: most workspaces have no rule, and none should wait for the word lists.
    from tieline.data.title_rules import unreadable
    from tieline.data.values.job_title import FUNCTIONS, LEVELS

    wrong = unreadable(match)
    if wrong:
        raise ValueError(f"match {match!r}: {wrong}")
    if not function and not level:
        raise ValueError(f"match {match!r}: say the function or the level, or both")
    for word, words, what in ((function, FUNCTIONS, "function"), (level, LEVELS, "level")):
        if word and word not in words:
            hint = did_you_mean(word, words, cutoff=0.5)
            raise ValueError(f"{what}: {word!r} is none.{hint} Known are: {', '.join(words)}")


def title_rules(section: TitleSettings) -> TitleRules | None:
    """The section `[titles]` as the tables take it; None where it says nothing."""
    if not section.rules and not section.confidence:
        return None
    from tieline.data.title_rules import TitleRule, TitleRules

    rules = tuple(TitleRule(one.match, one.function, one.level) for one in section.rules)
    return TitleRules(rules, section.confidence)
