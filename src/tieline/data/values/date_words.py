"""Month names in English, German, French, Spanish and Italian, and words that go with dates.

Folded as `folding.fold` does: 'maerz' is written without umlaut, 'marz' is what folding gives.
"""

from __future__ import annotations

from tieline.data.values.word_list import words

_NAMES = (
    "january jan januar jaenner janner janvier janv enero ene gennaio gen",
    "february feb februar febr fevrier fev fevr febrero febbraio",
    "march mar maerz marz mrz mars marzo",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag",
    "june jun juni juin junio giugno giu",
    "july jul juli juillet juil julio luglio lug",
    "august aug aout aou agosto ago",
    "september sep sept septembre septiembre setiembre settembre set",
    "october oct oktober okt octobre octubre ottobre ott",
    "november nov novembre noviembre",
    "december dec dezember dez decembre diciembre dic dicembre",
)
MONTHS: dict[str, int] = {
    name: number for number, names in enumerate(_NAMES, start=1) for name in names.split()
}
# Weekdays and little words are read over; 'mar' and 'mer' are weekdays only when a month follows.
WEEKDAYS = frozenset(words("date_little_words.txt"))
