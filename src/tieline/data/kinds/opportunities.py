"""Opportunities: the deals that sales works on, won and lost."""

from tieline.data.kinds.kind import Kind

OPPORTUNITIES = Kind(
    name="opportunities",
    one_row_is="one deal that sales works on, has won or has lost",
    needs=(("opportunity_name", "stage", "amount", "company", "record_key"),),
    file_words=(
        "opportunities",
        "opportunity",
        "opportunityexport",
        "opps",
        "deals",
        "deal",
        "pipeline",
        "salespipeline",
        "verkaufschancen",
        "verkaufschance",
        "angebote",
        "opportunites",
        "affaires",
        "oportunidades",
        "negocios",
        "opportunita",
        "trattative",
    ),
    telling=(
        ("opportunity_name", 0.8),
        ("stage", 0.7),
        ("outcome", 0.3),
        ("amount", 0.4),
        ("closed_at", 0.6),
        ("owner", 0.1),
    ),
    is_memory=True,
)
