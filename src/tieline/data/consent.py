"""What columns about consent say: whether a contact must not be written to."""

from __future__ import annotations

_TICKED = (
    "1;true;yes;y;x;on;t;ja;j;wahr;oui;o;vrai;si;sì;sí;s;verdadero;vero;sim;tak;igen;ano;da;"
    "checked;set"
)
"""A cell of a column like `unsubscribed` that is ticked."""
_GONE = (
    "withdrawn;revoked;withdrew;unsubscribed;unsubscribe;opt-out;opt out;optout;opted out;"
    "opted-out;do not contact;do not email;do not mail;blocked;stop;cancelled;canceled;"
    "widerrufen;zurückgezogen;abgemeldet;gesperrt;widersprochen;abgelehnt;désabonné;désinscrit;"
    "retiré;révoqué;refusé;baja;dado de baja;revocado;retirado;rechazado;revocato;ritirato;"
    "rifiutato;disiscritto;afgemeld;ingetrokken;uitgeschreven;retirada;cancelado;wycofana;wypisany;declined;refused"
)
"""A contact that went away, under either heading."""
_DATE = "[0-9]{4}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2}"
"""A date is as good as a yes: the day on which it was said."""


def opted_out(opt_out: str, opt_in: str) -> str:
    """The SQL condition that a row says its contact must not be written to.

    A date among the withdrawals is one. Under consent only a withdrawal counts: a box left unticked
    ("newsletter: no") is no request to be left alone, and many systems fill it in by themselves.
    """
    left, agreed = (f"lower(trim(coalesce({column}, '')))" for column in (opt_out, opt_in))
    return (
        f"{left} IN {_texts(_TICKED, _GONE)} OR {left} ~ '{_DATE}' OR {agreed} IN {_texts(_GONE)}"
    )


def _texts(*lists: str) -> str:
    return "(" + ", ".join(f"'{word}'" for texts in lists for word in texts.split(";")) + ")"
