"""The shapes of cells: patterns on text folded to lower-case ASCII, wide on purpose.

A wrong cell in a column of phones must not stop the column from being one, and `detectors.py`
says which share has to fit.
"""

from __future__ import annotations

import re

EMAIL = re.compile(r"^[\"<' ]*(mailto:)?[^\s@,;<>\"]{1,80}@[a-z0-9-]+(\.[a-z0-9-]+)+[>\"' ;.]*$")
_TLD = (
    r"([a-z]{2}|com|org|net|info|biz|edu|gov|mil|int|name|pro|mobi|aero|coop|museum|jobs|travel|asia"
    r"|cat|app|dev|tech|shop|store|online|site|cloud|digital|global|group|gmbh|agency|solutions"
    r"|company|software|systems|services|consulting|media|network|energy|health|bank|world|email"
    r"|academy|university|swiss|berlin|hamburg|bayern|koeln|wien|tirol|paris|london|nyc|amsterdam)"
)
# The second form is how Microsoft Access exports a hyperlink: `text#address#`.
URL = re.compile(
    r"^#?(https?:/*|ftp://|www\.)[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?(/\S*)?#?$"
    r"|^[^#]*#[^#@]+\.[^#@]+#$"
    rf"|^(?=.*[a-z].*\.)[a-z0-9-]+(\.[a-z0-9-]+)*\.{_TLD}(:\d+)?(/\S*)?$"
)
PHONE = re.compile(
    r"^(tel|phone|ph|t|m|fax)?[:. ]*[+(]?[\d(][\d\s().\-/+]{5,22}"
    r"(\s?(x|ext|dw|poste|int)\.?\s?\d{1,6})?$"
)
PHONE_WRITTEN = re.compile(
    r"^\+|\(\d|\d[\s./-]+\d{2,}[\s./-]*\d|^0[1-9]\d{7,10}$|^00[1-9]\d{8,}|^1?[2-9]\d{9}$"
)
DATE = re.compile(
    r"^(\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})"
    r"|(1[89]|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])"
    r"|\d{1,2}[. -]+[a-z]{3,10}[., -]+\d{2,4}|[a-z]{3,10} \d{1,2},? \d{4})"
    r"([t ,]+\d{1,2}[:h]?\d{2}.*)?$"
)
STAMP = re.compile(r"\d{1,2}:\d{2}|^1[4-9]\d{8}(\d{3})?$")
NUMBER = re.compile(r"^[-+]?\d{1,3}([.,' ]?\d{3})*([.,]\d+)?$|^\d+([.,]\d+)?$")
_CURRENCY = r"(usd|eur|gbp|chf|us\$|[$]|sek|dkk|nok|pln|jpy)"
_SCALE = r"(k|m|mn|mio|mln|million(en|s)?|bn|b|mrd|billion|tsd|thousand)"
MONEY = re.compile(
    rf"^[<>~=]*\s*({_CURRENCY}\s*)?[\d.,' ]+\s*{_SCALE}?\.?\s*{_CURRENCY}?"
    r"(\s*(-|to|bis)\s*[^a-z]*[\d.,]+\s*[a-z]{0,8}\.?\s*[a-z$]*)?$"
)
CURRENCY = re.compile(rf"{_CURRENCY}|\b(mio|mln|mrd|bn|million|billion)\b")
CURRENCY_CODE = re.compile(r"^([a-z]{3}|us\$|[$]|euros?|dollars?|pounds?)( - [a-z .]+)?$")
IP = re.compile(r"^\d{1,3}(\.\d{1,3}){3}(:\d+)?$|^[0-9a-f:]*:[0-9a-f:]*$")
BAND = re.compile(
    r"^[<>~]?\s*\d{1,3}([.,]?\d{3})*\s*[k+]?\s*(-+|to|bis|a)\s*\d{1,3}([.,]?\d{3})*\s*k?"
    r"( (employees|mitarbeiter|ma|salaries|empleados|dipendenti))?$|^[<>]\s*\d+$|^\d[\d.,]*k?\s*\+$"
)
POSTCODE_PLAIN = re.compile(r"^([a-z]{1,2}[- ])?\d{3,7}(-\d{3,4})?(\.0)?$")
POSTCODE_WRITTEN = re.compile(
    r"^([a-z]{1,2}\d[a-z\d]?\s*\d[a-z]{2}|[a-z]\d[a-z][ -]?\d[a-z]\d|\d{4}\s?[a-z]{2}"
    r"|\d{2}-\d{3}|\d{5}-\d{3,4}|\d{3} \d{2}|\d{3}-\d{4}|[a-z]{1,2}-\d{4,5}"
    r"|[a-z]\d[\dw] ?[a-z\d]{4}|\d{4}-\d{3})$"
)
LEI = re.compile(r"^(?=.*[a-z])[a-z0-9]{18}\d{2}$")
VAT = re.compile(
    r"^(at|be|bg|che|ch|cy|cz|de|dk|ee|el|es|fi|fr|gb|hr|hu|ie|it|lt|lu|lv|mt|nl|pl|pt|ro|se|si|sk"
    r"|xi)[ -]?[a-z0-9]{0,2}[\d. ]{6,12}[a-z0-9]{0,3}$"
)
SSN = re.compile(r"^\d{3}-\d{2}-\d{4}$")
DUNS = re.compile(r"^(\d{9}|\d{2}-\d{3}-\d{4})$")
LINKEDIN = re.compile(r"linkedin\.com/(in|pub)/")
LINKEDIN_COMPANY = re.compile(r"linkedin\.com/(company|school|showcase)/")
TWITTER = re.compile(r"^@[a-z0-9_]{2,15}$|(twitter|//x)\.com/")
XING = re.compile(r"xing\.com/")
FACEBOOK = re.compile(r"facebook\.com/")
GITHUB = re.compile(r"github\.com/")
ORCID = re.compile(r"(^|orcid\.org/)\d{4}-\d{4}-\d{4}-\d{3}[\dx]$")
ROR = re.compile(r"ror\.org/0")
HOUSE = re.compile(r"^\d{1,5}\s?[a-z]?([-/ ]\d{0,4}\s?[a-z]?)?$")
ID_LIKE = re.compile(r"^[a-z0-9._:/# {}-]*\d[a-z0-9._:/# {}-]*$|^[a-z.-]{1,8}$")
INITIAL = re.compile(r"^[a-z]\.?$")
PO_BOX = re.compile(
    r"\bp\.?\s?o\.?\s?box\b|postfach|\bb\.?p\.? \d|apartado|casella postale|postbus|skr\. ?poczt"
)
LEGAL_TAIL = re.compile(
    r"\b(g\.?m\.?b\.?h|inc|l\.?l\.?c|l\.?t\.?d|plc|corp|corporation|s\.?a\.?s|s\.?a\.?r\.?l"
    r"|s\.?p\.?a|s\.?r\.?l\.?s?|b\.?v|n\.?v|a\.?g|k\.?g|ohg|s\.?l\.?u?|s\.?a|ltda|a/s|aps|oyj?|ab"
    r"|asa|sp\.? z ?o\.? ?o|pty|llp|e\.?k|co|s\.?e|kft|a\.?s|s\.?r\.?o|k\.?k|limited|lda|group)\.?$"
)
