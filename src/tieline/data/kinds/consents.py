"""Consents: a log of who agreed to what and who took it back, one row each time."""

from tieline.data.kinds.kind import Kind

CONSENTS = Kind(
    name="consents",
    one_row_is="one person granting or withdrawing consent for one purpose and channel at one time",
    needs=(
        ("consent_state", "opt_in", "opt_out"),
        ("email", "phone", "full_name", "family_name", "record_key"),
    ),
    file_words=(
        "consents",
        "consent",
        "consentlog",
        "permissions",
        "einwilligungen",
        "einwilligung",
        "consentements",
        "consentimientos",
        "consensi",
        "toestemmingen",
        "zgody",
    ),
    telling=(("consent_state", 0.6), ("consent_purpose", 0.5), ("consent_channel", 0.4)),
)
