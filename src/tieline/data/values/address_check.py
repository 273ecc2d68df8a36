"""Does the postcode fit the city, the region and the country? A verdict, a number and a reason.

The confidence is a rank, not a probability: it orders addresses by how much of them the reference
confirms. 0.95 postcode and city agree; 0.9 after a repair; 0.85 only the district agrees; 0.75 the
region or a neighbouring postcode agrees; 0.6 only the shape could be checked; 0.5 city without
postcode; 0.3 nothing known; 0.15 they disagree. It is lowered by 0.05 without a house number and
halved without a street. The steps were set by hand and are not fitted to data.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from tieline.data.values.address_locality import Postcode, standard_postcode
from tieline.data.values.place_gazetteer import (
    Place,
    cities_named,
    is_covered,
    misspelt_city,
    other_names,
    places_of,
    postcodes_of,
    same_city,
)
from tieline.data.values.place_key import known_postcode, place_key, postcode_key
from tieline.data.values.place_regions import CountryRules, country_rules

# Two spellings of one town among the few towns of one postcode; below 80 unrelated towns appear.
TYPO_RATIO = 80.0
# Here the region is part of the last line, so that one without it has been corrected.
_REGION_IN_ADDRESS = frozenset({"US", "CA", "AU", "BR"})
# Lists of these have gaps of whole cities, so that an unlisted postcode tells nothing.
_SPARSE = frozenset({"AR", "BR", "CL", "MW", "PK"})
_CITY_STATES = frozenset({"SG", "MC", "GI", "VA"})
_MILITARY = frozenset({"apo", "fpo", "dpo"})
_NOTED = frozenset({None, "region_unknown", "city_part", "neighbouring_postcode"})


class Checked(NamedTuple):
    """Standard place values, the verdict over the place alone, and its reason."""

    city: str | None
    region: str | None
    postcode: str | None
    postcode_key: str | None
    verdict: str
    confidence: float
    issue: str | None


class _Match(NamedTuple):
    place: Place | None
    confidence: float
    issue: str | None


def _initials(key: str) -> str:
    return "".join(word[0] for word in key.split())


def _abbreviated(key: str, places: Sequence[Place]) -> Place | None:
    """The place of which every word is begun: `frankfurt a m`, `st gall`."""
    words = key.split()
    for place in places:
        full = place.key.split()
        comparable = len(full) == len(words) > 1 and len(words[0]) > 2 and not place.area
        if comparable and all(map(str.startswith, full, words)):
            return place
    return None


def _match_city(city: str, places: Sequence[Place], rules: CountryRules) -> _Match | None:
    """Find the city among the places of its postcode: by name, alias, district, near spelling."""
    iso2 = rules.iso2
    key = place_key(city, iso2)
    for place in places:
        if place.key == key:
            return _Match(place, 0.85 if place.area else 0.95, None)
    for place in places:
        if not place.area and same_city(key, place.key, iso2):
            return _Match(place, 0.9, "city_alias")
    if found := _abbreviated(key, places):
        return _Match(found, 0.9, "city_alias")
    squeezed = key.replace(" ", "")
    for place in places:
        short = place.key.replace(" ", "")
        if short == squeezed or (
            len(key) <= 4 and city.isupper() and _initials(place.key) == short
        ):
            return _Match(place, 0.9, "city_spelling")
    if len(key) in (2, 3) and city.replace(".", "").isupper():
        for place in places:
            if not place.area and " " in place.key and _initials(place.key) == squeezed:
                return _Match(place, 0.9, "city_alias")
    words = f" {key} "
    for place in places:
        inner = f" {place.key} "
        if len(place.key) > 3 and (inner in words or (words in inner and len(key) > 3)):
            return _Match(place, 0.85, "city_part")
    near = [
        (ratio(key, place.key), place)
        for place in places
        if not place.area and abs(len(place.key) - len(key)) <= 3
    ]
    if near:
        score, best = max(near, key=lambda pair: pair[0])
        close = score >= TYPO_RATIO and key[:1] == best.key[:1]
        if close or (len(key) > 3 and DamerauLevenshtein.distance(key, best.key) == 1):
            return _Match(best, 0.9, "city_typo")
    for place in places:
        if place.area and same_city(key, place.key, iso2):
            return _Match(place, 0.85, None)
    return None


def _near(code: str, iso2: str | None) -> str:
    """The first sorting level of a postcode: three digits of a ZIP, two elsewhere."""
    if iso2 in ("GB", "CA", "IE"):
        return code.rstrip("0123456789")[:2] if iso2 == "GB" else code[:1]
    return code[:3] if iso2 in ("US", "JP", "IN", "RU", "CN") else code[:2]


def _city_elsewhere(city: str, code: str, known: str | None, rules: CountryRules) -> str:
    """Where else the city is known: 'near' this postcode, 'far' from it, or '' nowhere."""
    key = place_key(city, rules.iso2)
    found = postcodes_of(rules.iso2, key)
    cities = cities_named(key, rules.iso2)
    unlisted = known and not any(region == known for _, region in found)
    if unlisted and any(city.region == known for city in cities):
        return "near"
    if not found:  # Mexico City's postcodes are listed under Ciudad de México
        names = other_names(key, rules.iso2)
        found = tuple(pair for name in names for pair in postcodes_of(rules.iso2, name))
    if not found:
        return "far" if cities and not is_covered(rules.iso2) else ""
    mine = _near(known_postcode(code, rules.iso2), rules.iso2)
    if any(_near(other, rules.iso2) == mine for other, _ in found):
        return "near"
    return "far"


def _check_code(
    city: str | None, region: str | None, code: Postcode, rules: CountryRules
) -> Checked:
    iso2 = rules.iso2
    key = postcode_key(code.text, iso2)
    places = places_of(iso2, key)
    given = rules.region_code(region)
    known = next((place.region for place in places if place.region), None)
    known = known or rules.region_of_postcode(key)
    standard = known or given or region
    base = (code.text, key)
    disagree = bool(given and known and given != known)
    if not places:
        return _without_places(city, standard, code, key, rules, bool(given and known), disagree)
    if not city:
        towns = [place for place in places if not place.area] or places
        if len(towns) == 1 and iso2 in _CITY_STATES:
            return Checked(towns[0].name, standard, *base, "ok", 0.95, code.issue)
        if len(towns) == 1 and not disagree:
            return Checked(towns[0].name, standard, *base, "corrected", 0.85, "city_filled")
        if disagree:
            return Checked(None, given, *base, "mismatch", 0.15, "postcode_region_disagree")
        return Checked(None, standard, *base, "incomplete", 0.5, "no_city")
    match = _match_city(city, places, rules)
    if iso2 == "US" and city.lower() in _MILITARY and known in ("AA", "AE", "AP"):
        match = _Match(None, 0.9, None)
    if match is None and rules.region_code(city) == known and known:
        match = _Match(None, 0.85, None)  # a city state, or the prefecture in place of the town
    if match is None:
        return _disagreement(city, standard, code, key, rules, given, disagree)
    if disagree and not any(place.region == given for place in places):
        return Checked(city, given, *base, "mismatch", 0.15, "postcode_region_disagree")
    if disagree:
        standard = given
    issue = code.issue or match.issue
    confidence = 0.9 if code.issue else match.confidence
    if issue is None and iso2 in _REGION_IN_ADDRESS and not region and standard:
        issue = "region_filled"
    elif issue is None and region and not given and rules.regions and not _area(region, places):
        issue = "region_unknown"
    keep = match.place is None or match.place.area or match.issue == "city_part"
    name = city if keep or match.place is None else match.place.name
    verdict = "ok" if issue in _NOTED else "corrected"
    return Checked(name, standard, *base, verdict, confidence, issue)


def _without_places(
    city: str | None,
    region: str | None,
    code: Postcode,
    key: str,
    rules: CountryRules,
    region_agrees: bool,
    disagree: bool,
) -> Checked:
    """A postcode no list has: its region and its neighbours can still speak for it."""
    base = (code.text, key)
    verdict = "ok" if code.issue is None else "corrected"
    if disagree:
        return Checked(city, region, *base, "mismatch", 0.15, "postcode_region_disagree")
    if city and rules.iso2 == "US" and city.lower() in _MILITARY and region_agrees:
        return Checked(city.upper(), region, *base, verdict, 0.9, code.issue)
    covered = is_covered(rules.iso2) and rules.iso2 not in _SPARSE
    elsewhere = _city_elsewhere(city, key, region, rules) if city else ""
    if elsewhere == "near":
        return Checked(city, region, *base, verdict, 0.75, code.issue or "neighbouring_postcode")
    if covered and elsewhere == "far":
        return Checked(city, region, *base, "mismatch", 0.15, "postcode_city_disagree")
    if not covered and (region_agrees or elsewhere):
        return Checked(city, region, *base, verdict, 0.75, code.issue)
    if not covered:
        return Checked(city, region, *base, verdict, 0.6, code.issue)
    return Checked(city, region, *base, "unknown_place", 0.3, "unknown_postcode")


def _area(region: str, places: Sequence[Place]) -> bool:
    key = place_key(region)
    return any(place.key == key for place in places)


def _disagreement(
    city: str,
    region: str | None,
    code: Postcode,
    key: str,
    rules: CountryRules,
    given: str | None,
    disagree: bool,
) -> Checked:
    elsewhere = _city_elsewhere(city, key, region, rules)
    base = (code.text, key)
    if disagree or elsewhere == "far":
        kept = given or region
        return Checked(city, kept, *base, "mismatch", 0.15, "postcode_city_disagree")
    if elsewhere == "near":
        return Checked(city, region, *base, "ok", 0.75, code.issue or "neighbouring_postcode")
    if given and not any(char.isascii() and char.isalpha() for char in city):
        return Checked(city, region, *base, "ok", 0.7, code.issue)  # the list is in Latin letters
    if given:
        return Checked(city, region, *base, "unknown_place", 0.4, "unknown_city")
    return Checked(city, region, *base, "unknown_place", 0.3, "unknown_city")


def _unknown(city: str | None, region: str | None) -> Checked:
    return Checked(city, region, None, None, "unknown_place", 0.3, "unknown_city")


@lru_cache(maxsize=1 << 16)
def check_place(
    city: str | None, region: str | None, postcode: str | None, iso2: str | None
) -> Checked:
    """Compare the parts of one locality with the reference; parts come back in standard form."""
    rules = country_rules(iso2)
    code = standard_postcode(postcode, iso2) if postcode else None
    if code is not None and code.valid and iso2:
        return _check_code(city, region, code, rules)
    text = code.text if code else None
    key = postcode_key(code.text, iso2) if code else None
    standard = rules.region_code(region) or region
    if not city and not code:
        return Checked(None, standard, None, None, "incomplete", 0.2, "no_city")
    if iso2 is None:
        return Checked(city, standard, text, key, "unknown_place", 0.3, "no_country")
    if code is not None:
        return Checked(city, standard, text, key, "mismatch", 0.2, "postcode_shape")
    found = postcodes_of(iso2, place_key(city or "", iso2))
    known = bool(found or cities_named(place_key(city or "", iso2), iso2))
    if not known and city and (right := misspelt_city(place_key(city, iso2), iso2)):
        checked = check_place(right, region, None, iso2)
        if checked.verdict == "ok":
            return checked._replace(verdict="corrected", issue="city_typo")
        return checked if checked.verdict == "incomplete" else _unknown(city, standard)
    regions = {area for _, area in found if area}
    if known and not standard and len(regions) == 1 and rules.needs_region:
        standard = next(iter(regions))
    if not rules.needs_postcode:
        if not known:
            return _unknown(city, standard)
        return Checked(city, standard, None, None, "ok", 0.75, None)
    if not known:
        return _unknown(city, standard)
    if rules.region_code(region) and regions and rules.region_code(region) not in regions:
        return Checked(city, standard, None, None, "mismatch", 0.15, "city_region_disagree")
    return Checked(city, standard, None, None, "incomplete", 0.5, "no_postcode")
