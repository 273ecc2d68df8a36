"""The rest of the United States' addresses: those only a trained parser can take apart."""

from __future__ import annotations

from typing import NamedTuple

_PLACE = {"PlaceName": "city", "StateName": "region", "ZipCode": "postcode"}


class AmericanParts(NamedTuple):
    """Parts of one text by usaddress (a conditional random field with its model in the package)."""

    street_line: str
    city: str | None
    region: str | None
    postcode: str | None


def parse_american(text: str) -> AmericanParts:
    """Split one text; whatever is no place name belongs to the street line."""
    import usaddress

    line: list[str] = []
    parts: dict[str, list[str]] = {}
    for token, label in usaddress.parse(text):
        if label in _PLACE:
            parts.setdefault(_PLACE[label], []).append(token.strip(",;. "))
        elif label not in ("Recipient", "CountryName"):
            line.append(token)
    found = {name: " ".join(words) for name, words in parts.items()}
    return AmericanParts(
        " ".join(line).strip(" ,"), found.get("city"), found.get("region"), found.get("postcode")
    )
