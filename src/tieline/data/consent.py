"""What cells about consent say: granted, withdrawn or nothing, and on which day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

import pyarrow as pa

from tieline.data.kinds.consent_fields import OPT_OUT
from tieline.data.values import date

GRANTED, WITHDRAWN = "granted", "withdrawn"
STATE = "consent_state"
"""The heading of a log of consents, where a cell names the state itself."""

Said = tuple[str | None, dt.date | None]

_YES = (
    "1;true;yes;y;x;on;t;ja;j;wahr;oui;o;vrai;si;sì;sí;s;verdadero;vero;sim;tak;igen;ano;da;"
    "checked;set"
)
"""A box that is ticked."""
_NO = "0;false;no;n;off;f;nein;non;nee;não;nao;nie;falsch;faux;falso"
"""A box that is not ticked: says nothing, except in a log that names the state."""
_GONE = (
    "withdrawn;revoked;withdrew;unsubscribed;unsubscribe;opt-out;opt out;optout;opted out;"
    "opted-out;do not contact;do not email;do not mail;blocked;stop;cancelled;canceled;"
    "widerrufen;zurückgezogen;abgemeldet;gesperrt;widersprochen;abgelehnt;désabonné;désinscrit;"
    "retiré;révoqué;refusé;baja;dado de baja;revocado;retirado;rechazado;revocato;ritirato;"
    "rifiutato;disiscritto;afgemeld;ingetrokken;uitgeschreven;retirada;cancelado;wycofana;"
    "wypisany;declined;refused;denied;objected;rejected;entzogen;withdraw;revoke"
)
"""A contact that went away, under every heading."""
_HERE = (
    "granted;given;subscribed;subscribe;opt-in;opt in;optin;opted in;opted-in;confirmed;agreed;"
    "accepted;allowed;active;consented;permitted;grant;erteilt;eingewilligt;angemeldet;bestätigt;"
    "zugestimmt;erlaubt;aktiv;accordé;inscrit;abonné;accepté;confirmé;concedido;aceptado;suscrito;"
    "otorgado;confirmado;concesso;accettato;iscritto;confermato;verleend;ingeschreven;aangemeld;"
    "akkoord;inscrito;aceito;udzielona;wyrażona"
)
"""A contact that agreed, under every heading."""
_STATE_OF_WORD = {
    **dict.fromkeys(_GONE.split(";"), WITHDRAWN),
    **dict.fromkeys(_HERE.split(";"), GRANTED),
}
_TICKED = frozenset(_YES.split(";"))
_UNTICKED = frozenset(_NO.split(";"))
_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}|\d{4,}")


def names_a_state(text: str) -> bool:
    """Whether a cell says that consent was given or withdrawn, under whatever heading."""
    return text.strip().lower() in _STATE_OF_WORD


def read_cells(texts: Iterable[str], heading: str, style: str | None = None) -> dict[str, Said]:
    """What each distinct text of a column says: its state, and the day it names.

    `heading` is opt_in, opt_out or consent_state. A date is as good as a tick: it is the day on
    which it was said. `style` is the order of day, month and year; found out from the texts if not
    given. Under opt_in a box left unticked is no withdrawal: many systems fill it in by themselves.
    """
    known = list(dict.fromkeys(texts))
    dates = [found[0] if (found := _DATE.search(text)) else None for text in known]
    if style is None:
        style = date.infer_style(part for part in dates if part)
    said = date.standardise(
        pa.table(
            {
                "value": pa.array(dates, pa.string()),
                "style": pa.array([style] * len(known), pa.string()),
            }
        )
    )["date"].to_pylist()
    return {
        text: (state, day if state else None)
        for text, part, day in zip(known, dates, said, strict=True)
        for state in (_state(text, part, heading),)
    }


def _state(text: str, day: str | None, heading: str) -> str | None:
    word = text.strip().lower()
    if word not in _STATE_OF_WORD and day:
        word = re.sub(r"[\s,;:()/|-]+", " ", text.lower().partition(day)[0]).strip()
    if word in _STATE_OF_WORD:
        return _STATE_OF_WORD[word]
    if word in _TICKED or (day and word not in _UNTICKED):
        return WITHDRAWN if heading == OPT_OUT else GRANTED
    return WITHDRAWN if heading == STATE and word in _UNTICKED else None
