"""What a street line holds besides the street: care of, post office box, flat, floor, suite."""

from __future__ import annotations

import re
from typing import NamedTuple

_CARE_OF = re.compile(
    r"(?:^|(?<=[,;])\s*)(?:c\s?/\s?o|care of|attn\.?:?|attention:?|z\.?\s?hd\.?|zu h[äa]nden|zhd\.?"
    r"|[àa] l['’]attention de|p/a:?|att\.?:?)\s+[^,;]*(?:[,;]|$)",
    re.IGNORECASE,
)
_BOX = re.compile(
    r"(?<![\w.])(?:(?:p\.?\s?o\.?|post(?:al)?(?:\s?office)?|g\.?p\.?o\.?)\s?-?\s?"
    r"(?:box|bx|drawer)"
    r"|p\.?o\.?b\.?|pobox|box|postfach|pf\.|casilla(?: de correos?| postal)?|bo[iî]te postale"
    r"|b\.?\s?p\.?|apartado(?: de correos| postal| a[eé]reo)?|apdo\.?(?: de correos| postal)?"
    r"|cas(?:ella|\.)\s?post(?:ale|\.)|caixa postal|c\.?\s?p\.?|postbus|post ?boks|pb\.?|p\.?l\.?"
    r"|skr(?:ytka|\.)\s?poczt(?:owa|\.)|locked bag|private bag|pmb|case postale|cs"
    r"|p\.?\s?sk\.?|postbox)\s*(?:n[°o]\.?|no\.?|nr\.?|num\.?|number|#|:)?\s*"
    r"(\d[\d ]*\d[A-Z]?|\d[A-Z]?|[A-Z]{1,2}\d+|[A-Z]\b(?=\s*(?:,|$)))(?![\w/])",
    re.IGNORECASE,
)
_RURAL = re.compile(
    r"(?<!\w)((?:rural route|r\.?\s?r\.?|h\.?\s?c\.?|rfd|psc|cmr|unit)\s*#?\s*\d+[A-Z]?)\s*,?\s*"
    r"box\s*#?\s*(\d+[A-Z]?)(?!\w)",
    re.IGNORECASE,
)
_NUMBER = r"(?:#|no\.?|nr\.?|n[°º])?\s*"
_IDENTITY = (
    r"(?:\d+-\d+\b|\d+\s?-?\s?[A-Z]?\b|[A-Z]\s?-?\s?\d+\b|[A-Z]\b|\d+/\d+)(?:\s?-\s?[A-Z0-9]+\b)?"
)
_UNIT = re.compile(
    r"(?<![\w/])(?:"
    # a word, then its number or letter
    r"(?:suites?|ste|apartment|appartements?|appartement|appt|apto?|apt|apts|units?|rooms?|rm|floor"
    r"|flr|fl|building|bldg|b[aâ]timent|b[aâ]t|department|dept|depto|dpto|departamento|lot|trailer"
    r"|trlr|space|spc|penthouse|ph|flat|level|lvl|lower|shop|office|ofc|oficina|of|ofic|piso|planta"
    r"|puerta|pta|escalera|esc|interior|int|local|despacho|interno|scala|piano|sala|salas|conj"
    r"|conjunto|cj|andar|bloco|bloque|blq|block|blk|etage|wohnung|whg|app|bus|bte|bo[iî]te|lgh"
    r"|lokal|lok|kv|kvartira|tower|twr|wing|hangar|hngr|pier|slip|stop|loja|manzana|mz|lote"
    r"|torre|nave)(?:\.\s*|\s+)" + _NUMBER + _IDENTITY + r"|"
    # '#' before its number
    r"\#\s?" + _IDENTITY + r"|"
    # the ordinal before the word
    r"(?:\d{1,2}(?:st|nd|rd|th|[eè]me|er|re|e|º|ª|\.)?|first|second|third|fourth|fifth|sixth|seventh"
    r"|eighth|ninth|tenth|ground|top|main|upper|lower)\s?(?:floor|flr?|[eé]tage|etg|stock|stg|og"
    r"|obergeschoss|piso|planta|piano|andar|sal|tr|hoog|verdieping)\b\.?"
    r"(?:\s(?:li|re|mi|links|rechts|mitte|tv|th|mf)\b\.?)?|"
    # words that stand alone
    r"(?:erdgeschoss|eg|hinterhaus|vorderhaus|hth|penthouse|basement|bsmt|(?:lower|upper)\slevel"
    r"|front|rear|bajo|entlo|entresuelo|rez-de-chauss[eé]e|rdc|st\.? ?tv|st\.? ?th)(?=\s*(?:,|$))|"
    # Spanish 3º B, 2ª 1ª and Danish 2. tv
    r"\d+\s?[ºª]\s?(?:[A-Z]\b|\d+\s?[ºª]|izq\w*\.?|dcha\.?|dr?ta\.?)?|\d+\.\s?(?:tv|th|mf)\b\.?"
    r")",
    re.IGNORECASE,
)
# A text without these words holds no unit or box; looking them up spares the patterns.
_UNIT_WORDS_TEXT = (
    "suite suites ste apartment appartement appartements appt apt apto apts ap unit units "
    "room rooms rm floor flr fl building bldg bâtiment batiment bât bat department dept depto "
    "dpto departamento lot trailer trlr space spc penthouse ph flat level lvl lower upper "
    "shop office ofc oficina of ofic piso planta puerta pta escalera esc interior int local "
    "despacho interno scala piano sala salas conj conjunto cj andar bloco bloque blq block "
    "blk etage étage etg wohnung whg app bus bte boite boîte lgh lokal lok kv kvartira tower "
    "twr wing hangar hngr pier slip stop loja manzana mz lote torre nave ground top main "
    "stock stg og obergeschoss sal tr hoog verdieping erdgeschoss eg hinterhaus vorderhaus "
    "hth basement bsmt front rear bajo entlo entresuelo rez rdc tv th mf"
)
_UNIT_WORDS = frozenset(_UNIT_WORDS_TEXT.split())
_BOX_WORDS_TEXT = (
    "box bx drawer pob p po post postal postfach pf casilla boite boîte bp b apartado apdo casella "
    "cas caixa cp c postbus postboks boks pb pl skrytka skr locked private pmb case cs psk postbox "
    "gpo g rr r hc h rfd psc cmr rural pobox"
)
_BOX_WORDS = frozenset(_BOX_WORDS_TEXT.split())
_ORDINAL = re.compile(r"\d(?:[ºª]|\.?(?:og|stg|etg|tv|th|mf|tr|sal)\b)", re.IGNORECASE)
# A line that is nothing but one of these is no street; a tower or block may well be the address.
_ROOM = re.compile(
    r"(?:suites?|ste|apartment|appt?|apts?|apto|units?|rooms?|rm|floor|flr|fl|flat|level|lvl|shop"
    r"|office|ofc|oficina|piso|planta|puerta|etage|wohnung|whg|penthouse)\b|\d+(?:st|nd|rd|th|[ºª])",
    re.IGNORECASE,
)
_MARKS = str.maketrans(dict.fromkeys(".,;:-/#()", " "))
# Two letters that mean a box in some countries only.
_BOX_COUNTRIES = {
    "bp": frozenset(
        [
            "FR",
            "BE",
            "LU",
            "CH",
            "CI",
            "SN",
            "CM",
            "MA",
            "TN",
            "DZ",
            "GA",
            "ML",
            "BF",
            "NE",
            "TG",
            "BJ",
            "RE",
            "GP",
            "MQ",
            "NC",
            "PF",
            "MC",
        ]
    ),
    "cp": frozenset(["IT", "CH", "CA", "PT", "BR"]),
    "cs": frozenset({"FR"}),
    "pl": frozenset({"FI"}),
    "pb": frozenset(["FI", "NO", "NL", "SE"]),
    "psk": frozenset(["GR"]),
    "box": frozenset(["SE", "US", "CA"]),
    "pf": frozenset(["DE", "AT", "CH", "HU"]),
}


_ROUTE = re.compile(r"\b(?:highway|hwy|route|rte|rt|road|rd|co|county)\.?\s*$", re.IGNORECASE)


def is_unit_word(text: str) -> bool:
    """Whether a text is one word that stands before the number of a unit, such as Tower."""
    return text.strip(" .").lower() in _UNIT_WORDS


class Extras(NamedTuple):
    """The street text without its extras, and the extras."""

    rest: str
    unit: str | None
    po_box: str | None


def _box(text: str, iso2: str | None) -> tuple[str, str | None]:
    rural = _RURAL.search(text)
    if rural:
        name = " ".join(rural.group(1).upper().replace(".", "").replace("#", " ").split())
        rest = text[: rural.start()] + "," + text[rural.end() :]
        return rest, f"{name} Box {rural.group(2).upper()}"
    for found in _BOX.finditer(text):
        word = re.sub(r"[^a-z]", "", found.group(0)[: found.start(1) - found.start()].lower())
        allowed = _BOX_COUNTRIES.get(word)
        if allowed is not None and iso2 not in allowed:
            continue
        rest = text[: found.start()] + "," + text[found.end() :]
        return rest, found.group(1).replace(" ", "").upper()
    return text, None


def split_extras(text: str, iso2: str | None) -> Extras:
    """Take care-of lines, box and unit out of a street text."""
    if "/" in text or ":" in text or "att" in text.lower() or "care" in text.lower():
        text = _CARE_OF.sub("", text).strip()
    box = None
    words = text.lower().translate(_MARKS).split()
    if not _BOX_WORDS.isdisjoint(words):
        text, box = _box(text, iso2)
    if _UNIT_WORDS.isdisjoint(words) and "#" not in text and not _ORDINAL.search(text):
        return Extras(text.strip(" ,;-"), None, box)
    units: list[str] = []

    def take(found: re.Match[str]) -> str:
        whole = found.group(0)
        if found.start() == 0 and whole.startswith("#") and "," not in text[:12]:
            return whole  # "#12 Main Street" is a house number
        if whole.startswith("#") and _ROUTE.search(text[: found.start()]):
            return whole  # "State Highway #50" is a street
        units.append(" ".join(whole.replace("#", " # ").split()).removeprefix("# "))
        return ","

    rest = _UNIT.sub(take, text)
    nothing_left = not any(char.isalnum() for char in rest)
    if nothing_left and all(_ROOM.match(unit) for unit in units):
        return Extras("", ", ".join(units), box)
    if not any(char.isalpha() for char in rest):  # nothing left: it was the street after all
        return Extras(text.strip(" ,;-"), None, box)
    return Extras(rest.strip(" ,;-"), ", ".join(units) or None, box)
