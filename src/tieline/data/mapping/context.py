"""What the other columns of a file say about an ambiguous one.

Each rule looks at all candidates and changes scores of the ambiguous column only; it adds a
sentence to `doubts` when it overrules what the header alone would say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tieline.data.mapping.consent_columns import settle_consent_log
from tieline.data.mapping.content import Profile
from tieline.data.mapping.memory_columns import settle_memory
from tieline.data.mapping.move_columns import settle_moves
from tieline.data.mapping.scoring import NAME_WEIGHT, Candidate

SURE = 0.75
"""A score from here on counts as settled when another column asks."""
_NAMES = ("full_name", "family_name", "given_name", "company")
_OF_RESPONSES = ("response_kind", "topic", "campaign")
_OF_PEOPLE = ("title", "name_prefix", "birth_date", "gender", "department")


def settle(candidates: Sequence[Candidate]) -> None:
    """Apply all rules in their order."""
    settle_memory(candidates)
    settle_consent_log(candidates)
    settle_moves(candidates)
    told = [candidate for candidate in candidates if candidate.scores]
    for candidate in candidates:
        others = Others(told, candidate)
        _bare_name(candidate, others)
        _whole_address(candidate, others)
        _bare_date(candidate, others)
        _title_or_salutation(candidate)
        _title_as_type(candidate, others)
        _type_of_contact(candidate)


@dataclass(frozen=True)
class Others:
    """The columns of the file besides the one in question."""

    told: Sequence[Candidate]
    asking: Candidate

    def have(self, target: str) -> bool:
        """Whether some column is settled as the target by a header that is not ambiguous."""
        return any(
            candidate.scores.get(target, 0.0) >= SURE
            and max(candidate.scores.values()) == candidate.scores[target]
            and not _is_bare_name(candidate)
            for candidate in self.told
            if candidate is not self.asking
        )


def _is_bare_name(candidate: Candidate) -> bool:
    second, best = sorted(candidate.name_score(target) for target in _NAMES)[-2:]
    return best > 0 and second >= 0.8 * best


def _bare_name(candidate: Candidate, others: Others) -> None:
    """`Name` is a person's, a family or a company's name: by content, then by what is missing."""
    if not _is_bare_name(candidate):
        return
    profile, scores = candidate.profile, candidate.scores
    looks_company = profile.share("company") >= 0.35 and not profile.share("person") > 0.5
    factors = dict.fromkeys(_NAMES, 1.0)
    given = others.have("given_name")
    if given and not others.have("family_name") and not looks_company:
        factors |= {"full_name": 0.4, "company": 0.4, "given_name": 0.3}
    elif others.have("family_name") and not given and not looks_company:
        factors |= {"full_name": 0.5, "company": 0.4, "family_name": 0.3}
    elif (given and others.have("family_name")) or others.have("full_name"):
        factors |= {"full_name": 0.6, "family_name": 0.3, "given_name": 0.3}
    elif others.have("company"):
        factors |= {"company": 0.5, "family_name": 0.6}
    else:
        factors |= _alone(profile, others, looks_company)
    for target, factor in factors.items():
        if target in scores:
            scores[target] *= factor


def _alone(profile: Profile, others: Others, looks_company: bool) -> dict[str, float]:
    one_word = (
        profile.values and sum(" " not in v for v in profile.values) > len(profile.values) / 2
    )
    if looks_company:
        return {"full_name": 0.4, "family_name": 0.3, "given_name": 0.3}
    if profile.share("person") >= 0.4:
        return {"company": 0.5, "family_name": 0.5, "given_name": 0.5}
    if any(others.have(target) for target in _OF_PEOPLE):
        return {"company": 0.6, "family_name": 0.9 if one_word else 0.6}
    return {"full_name": 0.75, "family_name": 0.6, "given_name": 0.9 if one_word else 0.5}


def _whole_address(candidate: Candidate, others: Others) -> None:
    """`Address` is a street line where city and postcode have columns, else maybe all in one."""
    share = candidate.profile.share("full_address")
    if share < 0.3:
        return
    apart = others.have("city") and (others.have("postcode") or others.have("region"))
    scores = candidate.scores
    if apart and candidate.name_score("address_line") > candidate.name_score("full_address"):
        scores["full_address"] = scores.get("full_address", 0.0) * 0.4
    elif "address_line" in scores and not others.have("full_address"):
        said = NAME_WEIGHT * candidate.name_score("address_line")
        scores["full_address"] = max(scores.get("full_address", 0.0), said)
        scores["address_line"] *= 1 - share
        candidate.doubts.append(f"{share:.0%} of the values hold a whole address")


def _bare_date(candidate: Candidate, others: Others) -> None:
    """`Date` says when something happened only where the file says what happened."""
    if candidate.column.strip().lower() not in ("date", "datum", "fecha", "data", "time", "when"):
        return
    if candidate.profile.share("date") + candidate.profile.share("stamp") < 0.5:
        return
    if any(others.have(target) for target in _OF_RESPONSES):
        candidate.scores["occurred_at"] = 0.8


def _title_or_salutation(candidate: Candidate) -> None:
    """An empty `Title` is rather the job title than the salutation."""
    if candidate.name_score("title") and candidate.name_score("name_prefix"):
        if not candidate.profile.values:
            candidate.scores["name_prefix"] *= 0.8
        elif candidate.profile.share("salutation") >= 0.5:
            candidate.scores["title"] *= 0.4


def _title_as_type(candidate: Candidate, others: Others) -> None:
    """`Contact type` with job titles in it is the job title of a file that has no other."""
    share = candidate.profile.share("title")
    scores = candidate.scores
    if scores.get("contact_type", 0.0) >= SURE and share >= 0.7 and not others.have("title"):
        scores["title"] = max(scores.get("title", 0.0), scores["contact_type"] * 0.95)
        scores["contact_type"] *= 0.8
        candidate.doubts.append("no other column has the job title")


def _type_of_contact(candidate: Candidate) -> None:
    """`Type` could be of anything; with journalists and customers in it, it is the contact's."""
    if candidate.is_unused_header and candidate.profile.share("contact_type") >= 0.7:
        candidate.scores["contact_type"] = 0.8
        candidate.doubts.append("the values are sorts of contacts")
