"""Registry: the file of a company register that we match our accounts to; its rows are no records.

D&B, GLEIF, ROR, a national register, or any file with an id of its own for each company or site.
"""

from tieline.data.kinds.kind import Kind

REGISTRY = Kind(
    name="registry",
    one_row_is="one company or site of a company register, or one relation between two of them",
    needs=(
        (
            "registry_id",
            "record_key",
            "identifier:duns",
            "identifier:lei",
            "identifier:ror",
            "identifier:cik",
            "identifier:register",
        ),
    ),
    file_words=("registry", "register", "handelsregister", "registre", "registro", "gleif", "ror"),
    telling=(
        ("registry_id", 0.7),
        ("headquarters_id", 0.9),
        ("domestic_ultimate_id", 0.9),
        ("global_ultimate_id", 0.9),
        ("parent_id", 0.8),
        ("relation_kind", 0.8),
    ),
)
