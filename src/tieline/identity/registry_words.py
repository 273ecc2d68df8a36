"""How company registers write ids, states, kinds of sites, relations and days, as SQL."""

from __future__ import annotations

_INACTIVE = (
    "inactive|dissol|dormant and closed|closed|ceased|cessation|out of business|bankrupt|insolven"
    "|liquidat|withdrawn|merged|retired|struck|removed|deregister|annulled|erased|gelosch|radie"
    "|cancel|converted|terminated|defunct|^(no?|false|0|i|f)$"
)
_ACTIVE = (
    "activ|aktiv|operating|open|registered|live|good standing|exist|published|^(y(es)?|true|1|a|t)$"
)
_HEADQUARTERS = "head ?quarter|head office|^hq|hauptsitz|zentrale|^1$|^h$|ultimate|siege"
_BRANCH = "branch|filial|zweig|division|subsidiary site|^2$|^b$|secondary|etablissement"
_SINGLE = "single|independent|stand ?alone|^0$|^s$"
_RELATIONS = (
    ("ultimately_consolidated|global ?_?ultimate|ultimate ?_?parent", "global_ultimate"),
    ("domestic ?_?ultimate", "domestic_ultimate"),
    ("branch|headquarter", "headquarters"),
    ("directly_consolidated|^parent|owned ?_?by|subsidiary ?_?of|is ?_?child ?_?of", "parent"),
    ("^child|parent ?_?of|^subsidiary|^owns", "child"),
    ("successor|merged ?_?into|replaced ?_?by", "successor"),
    ("predecessor", "predecessor"),
)
_LATEST = "'%d/%m/%Y', '%d.%m.%Y', '%d-%m-%Y', '%d %B %Y', '%d %b %Y', '%Y%m%d', '%Y-%m', '%Y'"
_AMERICAN = "'%m/%d/%Y', '%m-%d-%Y', '%Y%m%d', '%Y-%m', '%Y'"


def registry_number(scheme: str, text: str) -> str:
    """The SQL expression of an id in the form in which its scheme is compared; NULL for none.

    A DUNS number has nine digits and a CIK ten: a spreadsheet takes their leading zeros. An LEI is
    capitals and digits (ISO 17442), a ROR id the last part of its address. Others are kept as told.
    """
    if text.startswith("NULL::"):
        return "NULL::VARCHAR"
    if scheme in ("duns", "cik"):
        length = 9 if scheme == "duns" else 10
        digits = f"regexp_replace({text}, '[^0-9]', '', 'g')"
        # Most are plain digits; a regular expression over millions of them takes a minute.
        number = f"coalesce(try_cast({text} AS UBIGINT), try_cast({digits} AS UBIGINT))"
        return (
            f"CASE WHEN {number} BETWEEN 1 AND {10**length - 1} "
            f"THEN lpad(CAST({number} AS VARCHAR), {length}, '0') END"
        )
    if scheme == "lei":
        return f"nullif(upper(regexp_replace({text}, '[^0-9A-Za-z]', '', 'g')), '')"
    if scheme == "ror":
        return f"nullif(lower(regexp_extract(trim({text}), '([0-9A-Za-z]+)/?$', 1)), '')"
    return f"nullif(trim({text}), '')"


def same_number(scheme: str, value: str) -> str:
    """The SQL expression of a record's identifier (capitals and digits) as `registry_number`."""
    return (
        f"CASE {scheme} WHEN 'duns' THEN lpad(ltrim({value}, '0'), 9, '0') "
        f"WHEN 'cik' THEN lpad(ltrim({value}, '0'), 10, '0') "
        f"WHEN 'ror' THEN lower(right({value}, 9)) ELSE {value} END"
    )


def active(text: str) -> str:
    """The SQL expression of whether a company is active, NULL where the text does not say."""
    said = f"lower(trim({text}))"
    return (
        f"CASE WHEN regexp_matches({said}, '{_INACTIVE}') THEN false "
        f"WHEN regexp_matches({said}, '{_ACTIVE}') THEN true END"
    )


def site_kind(text: str) -> str:
    """The SQL expression of headquarters, branch, single, or NULL."""
    said = f"lower(trim({text}))"
    return (
        f"CASE WHEN regexp_matches({said}, '{_BRANCH}') THEN 'branch' "
        f"WHEN regexp_matches({said}, '{_SINGLE}') THEN 'single' "
        f"WHEN regexp_matches({said}, '{_HEADQUARTERS}') THEN 'headquarters' END"
    )


def relation(text: str) -> str:
    """The SQL expression of what the other company of a relation is to the first."""
    said = f"lower(trim({text}))"
    cases = " ".join(f"WHEN regexp_matches({said}, '{p}') THEN '{k}'" for p, k in _RELATIONS)
    return f"CASE {cases} ELSE 'related' END"


def day(text: str, style: str | None) -> str:
    """The SQL expression of a day, in the order that the source writes its dates in."""
    if text.startswith("NULL::"):
        return "NULL::DATE"
    formats = _AMERICAN if style == "mdy" else _LATEST
    return (
        f"coalesce(try_cast(left(trim({text}), 10) AS DATE), "
        f"CAST(try_strptime(trim({text}), [{formats}]) AS DATE))"
    )


def folded(text: str) -> str:
    """The SQL expression of a name in lower-case words without accents or signs, coarsely.

    It is cheap enough for millions of names and only finds candidates: the values that decide are
    those of `data.values.company_name`.
    """
    plain = f"lower(strip_accents({text}))"
    for sign, letter in (("ß", "ss"), ("ø", "o"), ("æ", "a"), ("œ", "o"), ("ł", "l"), ("đ", "d")):
        plain = f"replace({plain}, '{sign}', '{letter}')"
    plain = f"regexp_replace({plain}, '[''’`´.]', '', 'g')"
    plain = f"replace(replace(replace({plain}, 'ae', 'a'), 'oe', 'o'), 'ue', 'u')"
    return f"trim(regexp_replace({plain}, '[^a-z0-9\\p{{L}}]+', ' ', 'g'))"
