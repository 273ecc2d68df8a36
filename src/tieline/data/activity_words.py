"""What words of logs say: which way something went, by which medium, who acted."""

from __future__ import annotations

_IN = "in|inbound|incoming|received|eingehend|eingang|entrant|entrante|entrada|in arrivo|missed"
_OUT = (
    "out|outbound|outgoing|sent|ausgehend|ausgang|sortant|saliente|salida|uscita|in uscita|"
    "outgoing email|forwarded"
)
_THEY_DID = (
    "open|opened|opens|click|clicked|clicks|replied|reply|answered|submitted|downloaded|registered|"
    "attended|visited|viewed|unsubscribe|unsubscribed|spamreport|geöffnet|geklickt|geantwortet|"
    "ouvert|cliqué|abierto|clic|aperto|cliccato"
)
_WE_DID = (
    "sent|send|delivered|processed|deferred|dropped|bounce|bounced|hard_bounce|soft_bounce|"
    "hard bounce|soft bounce|queued|versendet|zugestellt|envoyé|délivré|enviado|entregado|inviato|"
    "consegnato"
)
_MEDIA = (
    ("email", "e-?mail|mail ?marketing|newsletter|mailchimp|courriel|correo electr.nico|smtp"),
    ("mail", "mail|direct mail|post|letter|postal|brief|postkarte|courrier|carta|lettera|mailing"),
    ("phone", "phone|call|cold call|telephone|telefon|anruf|appel|tel|telefono|llamada|chiamata"),
    ("sms", "sms|text|text message|whatsapp|messenger"),
    ("chat", "chat|live ?chat|intercom|bot"),
    ("web", "web|website|site|online|landing page|form|organic|direct|referral|internet"),
    ("social", "social|social media|linkedin|twitter|x|facebook|instagram|xing|youtube|tiktok"),
    ("ad", "ad|ads|cpc|ppc|paid|paid search|paid social|display|banner|adwords|google ads|anzeige"),
    ("event", "event|trade ?show|fair|messe|webinar|conference|seminar|booth|salon|feria|fiera"),
    (
        "meeting",
        "meeting|visit|field visit|besuch|termin|demo|lunch|visite|visita|reuni.n|incontro",
    ),
)
"""The first that fits; `mail` alone is the post."""


def direction(text: str) -> str:
    """The SQL expression `in`, `out` or NULL of what a column says of the way."""
    return f"CASE WHEN {_is(text, _IN)} THEN 'in' WHEN {_is(text, _OUT)} THEN 'out' END"


def kind(source_kind: str, way: str, activity: str) -> str:
    """The SQL expression of what a row is: by its log, the way it went, the word for it."""
    they_did, we_did = _is(activity, _THEY_DID), _is(activity, _WE_DID)
    return (
        f"CASE WHEN {source_kind} = 'opportunities' THEN 'opportunity' "
        f"WHEN {way} = 'in' THEN 'response' WHEN {way} = 'out' THEN 'touch' "
        f"WHEN {they_did} THEN 'response' WHEN {we_did} THEN 'touch' "
        f"WHEN {source_kind} = 'touches' THEN 'touch' ELSE 'response' END"
    )


def medium(text: str) -> str:
    """The SQL expression of a medium in one of a few words; what is none of them in lower case."""
    known = " ".join(f"WHEN {_is(text, words)} THEN '{name}'" for name, words in _MEDIA)
    return f"CASE {known} ELSE nullif(lower(trim({text})), '') END"


def _is(text: str, words: str) -> str:
    return f"regexp_full_match(lower(trim({text})), '{words}')"
