"""Which responses are dialogue, and how far it has come: rules by the words of kind and topic.

The three phases are those of SPEC M3 and of the essay on one-to-one marketing: early is
"willingness to provide information on purchase interests, project status and to opt in to future
communication", mid "interest in investigating solution information, often through visits to
Web-based resource pages", late "interest in receiving specific product information, including
through conversations with sales representatives". Which words say so is our reading of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from tieline.data.sql_text import literal

PHASES = ("early", "mid", "late")
NONE = "none"
"""What a rule says of responses that are no dialogue."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class ResponseRule:
    """Responses whose kind and topic have any of these words show this phase, or `none`.

    Empty `kinds` or `topics` are every one; `*` at an end of words is any letters, and alone any
    topic that is told. `says` is what it means, in words.
    """

    phase: str
    kinds: tuple[str, ...]
    topics: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class StageLimits:
    """The settings of stages: days of silence, days in sales after the close, rules in order."""

    silence_days: int
    after_close_days: int
    rules: tuple[ResponseRule, ...]


# fmt: off
_VISITS = (
    "visit*", "page view*", "pageview*", "viewed", "session*", "web log*", "weblog*", "besuch*",
    "seitenaufruf*", "visite*", "visita*",
)
RULES = (
    ResponseRule(NONE, (
        "support*", "ticket*", "helpdesk", "complaint*", "reklamation*", "beschwerde*", "rma",
        "warranty", "garantie*", "invoice*", "billing", "payment*", "rechnung*", "zahlung*",
        "facture*", "factura*", "fattur*", "dunning", "mahnung*",
    ), (), "is service or accounting"),
    ResponseRule(NONE, (
        "application", "job*", "career*", "bewerbung*", "candidature", "resume", "cv", "press",
        "presse", "media enquir*", "media inquir*", "analyst*", "investor*",
    ), (), "comes from an applicant, the press or investors"),
    ResponseRule(NONE, (
        "unsubscri*", "opt out", "optout", "abmeld*", "desinscription*", "baja", "spam*", "bounce*",
        "undelivered", "delivered", "sent", "dropped", "deferred", "processed", "open", "opens",
        "opened", "email open*", "geoffnet", "ouvert*", "abiert*", "apert*", "out of office",
        "auto reply", "autoreply", "login", "logout",
    ), (), "says nothing of interest: an opening that a mail program may have made, a bounce"),
    ResponseRule("late", (
        "demo", "demos", "demo request*", "demonstration*", "vorfuhrung*", "dimostrazion*",
        "demostracion*", "quote*", "quotation*", "rfq", "rfp", "rfi", "tender*", "proposal*",
        "angebot*", "preisanfrage*", "devis", "presupuesto*", "cotizacion*", "preventivo*",
        "trial*", "testversion*", "sample request*", "muster*", "contact sales", "talk to sales",
        "sales enquir*", "sales inquir*", "callback*", "call back", "ruckruf*", "meeting*",
        "appointment*", "termin*", "besprechung*", "rendez vous", "reunion*", "riunion*",
        "appuntament*", "pricing", "price request*", "order", "orders", "bestellung*",
    ), (), "asks for prices, a product or a talk with sales"),
    ResponseRule("late", (), (
        "pricing", "price", "prices", "price list*", "preis*", "prix", "precio*", "prezz*",
        "datasheet*", "data sheet*", "*datenblatt*", "fiche technique", "fiches techniques",
        "ficha tecnica", "hoja de datos", "scheda tecnica", "spec sheet*", "specification*",
        "product sheet*", "quote*", "quotation*", "rfq", "rfp", "angebot*", "devis", "preventivo*",
        "cotizacion*", "presupuesto*", "demo", "demo request*", "trial*", "contact sales",
        "configurator*", "*konfigurator*", "configurateur*",
    ), "asks for prices, a product or a talk with sales"),
    ResponseRule(NONE, (), (
        "career*", "jobs", "job", "karriere*", "stellen*", "bewerbung*", "carriere*", "vacanc*",
        "press release*", "press enquir*", "press inquir*", "newsroom", "presse",
        "pressemitteilung*", "investor relations", "support ticket*", "invoice*", "rechnung*",
        "imprint", "impressum", "privacy*", "datenschutz*", "terms", "agb", "cookie*",
        "unsubscri*", "login", "log in", "password",
    ), "is about jobs, the press, an invoice or legal matters"),
    ResponseRule(NONE, _VISITS, (
        "home", "homepage", "index", "about", "about us", "contact", "kontakt", "press", "news",
        "locations", "team", "support",
    ), "is a look at a page that is about no solution"),
    ResponseRule("mid", _VISITS, ("*",), "looks into solutions"),
    ResponseRule(NONE, _VISITS, (), "is a visit that names no page"),
    ResponseRule("mid", (
        "download*", "herunter*", "telecharg*", "descarg*", "scaric*", "white paper*",
        "whitepaper*", "guide*", "ebook*", "e book*", "case stud*", "brochure*", "broschure*",
        "resource*", "video*", "calculator*", "webinar attend*", "attended", "attendee*",
        "attendance*", "on demand", "teilgenommen", "teilnahme*", "assessment*",
    ), (), "looks into solutions"),
    ResponseRule("mid", (), (
        "white paper*", "whitepaper*", "case stud*", "application note*", "buyer* guide*",
    ), "looks into solutions"),
    ResponseRule("early", (
        "opt in", "optin", "double opt in", "subscri*", "newsletter*", "sign up", "signup*",
        "survey*", "questionnaire*", "poll*", "umfrage*", "enquete*", "encuesta*", "sondaggi*",
        "regist*", "anmeld*", "inscri*", "iscri*", "rsvp", "form", "forms", "form*", "*formular*",
        "modulo", "moduli", "reply*", "replied", "replies", "answer*", "antwort*", "respon*",
        "reponse*", "respuesta*", "rispost*", "event*", "veranstaltung*", "evenement*", "evento*",
        "webinar*", "seminar*", "conference*", "trade fair*", "tradefair*", "fair", "fairs",
        "trade show*", "tradeshow*", "messe*", "salon", "feria*", "fiera*", "booth*", "badge*",
        "scan*", "business card*", "click*", "*klick*", "clic", "chat*", "call*", "anruf*",
        "comment*", "enquir*", "inquir*", "anfrage*", "contact request*", "kontaktanfrage*",
        "social", "like*", "share*",
    ), (), "answers us: gives interest or project, takes part or opts in"),
)
"""Ours, in order. Each is a reading of the essay's three sentences, cited above."""
# fmt: on


def folded(text: str) -> str:
    """A text as rules compare it: lower case, without accents, its words between blanks."""
    parts = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter)).lower()
    return " ".join(_WORD.findall(plain))


def unreadable(words: str) -> str | None:
    """What is wrong with the words of a rule; None where they can be looked for."""
    if words.strip() == "*":
        return None
    if "*" in words.strip().strip("*"):
        return "a * stands at the beginning or end, not between letters"
    if not folded(words):
        return "name the words to look for"
    return None


def contradiction(rules: Sequence[ResponseRule]) -> str | None:
    """The first two rules of which the later can never fit what it names; None where all can.

    That is so where an earlier rule says another phase of the same kind and topic, or of every kind
    or topic beside.
    """
    for later, rule in enumerate(rules):
        for first in rules[:later]:
            if first.phase == rule.phase:
                continue
            for pair in product(rule.kinds or ("",), rule.topics or ("",)):
                if _takes(first.kinds, pair[0]) and _takes(first.topics, pair[1]):
                    what = " about ".join(repr(word) for word in pair if word)
                    return (
                        f"{first.says} says {first.phase} of {what}, {rule.says} {rule.phase}; "
                        "the first decides. Take it out of one, or put the narrower rule first"
                    )
    return None


def _takes(listed: tuple[str, ...], word: str) -> bool:
    return not listed or (bool(word) and folded(word) in {folded(one) for one in listed})


def number_sql(rules: Sequence[ResponseRule], kind: str, topic: str) -> str:
    """The SQL expression of the number of the first rule that fits, from 0; NULL where none does.

    `kind` and `topic` are expressions of folded texts (`folded_sql`).
    """
    cases = []
    for number, rule in enumerate(rules):
        parts = [_any(rule.kinds, kind), _any(rule.topics, topic)]
        cases.append(f"WHEN {' AND '.join(part for part in parts if part)} THEN {number}")
    return f"CASE {' '.join(cases)} END" if cases else "NULL::INTEGER"


def folded_sql(text: str) -> str:
    """The SQL expression of `folded`, with a blank before and after; '' for NULL.

    Words that are written together are parted at capitals (`PageView`).
    """
    apart = f"regexp_replace({text}, '([a-z])([A-Z])', '\\1 \\2', 'g')"
    words = f"regexp_replace(lower(strip_accents({apart})), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')"
    return f"coalesce(' ' || trim({words}) || ' ', '')"


def _any(listed: tuple[str, ...], text: str) -> str:
    """The SQL condition that a folded text has any of the words; '' where none are listed."""
    if not listed:
        return ""
    if any(words.strip() == "*" for words in listed):
        return f"{text} <> ''"
    # One pattern for all: a condition for each of hundreds of words takes DuckDB long to plan.
    return f"regexp_matches({text}, {literal('|'.join(map(_pattern, listed)))})"


def _pattern(words: str) -> str:
    head = "" if words.strip().startswith("*") else " "
    tail = "" if words.strip().endswith("*") else " "
    return head + folded(words) + tail
