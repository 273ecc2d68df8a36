"""What a table of the user's own may be: checked like ours, and it reads tables only."""

from __future__ import annotations

from tieline.engine.model import Model
from tieline.engine.portable import violations
from tieline.engine.tables import NAME
from tieline.errors import Place, TielineError


def check_own(model: Model, taken: set[str], readable: set[str]) -> None:
    """Refuse a table whose name is `taken`, or that does more than read tables that are `readable`.

    TielineError `table_name_taken`, `sql_not_allowed`, `unknown_input`, with its file.
    """
    place = Place(f"models/{model.file.name}")
    if model.name in taken or not NAME.match(model.name):
        raise TielineError(
            "table_name_taken",
            f"{model.name} cannot be the name of a table of yours.",
            place=place,
            next_step="Rename the file: lower case letters, digits and _, not a name of ours.",
        )
    wrong = violations(model.sql or "")
    if wrong:
        raise TielineError("sql_not_allowed", str(wrong[0]), place=place)
    hidden = [name for name in model.inputs if name not in readable]
    if hidden:
        raise TielineError(
            "unknown_input",
            f"It reads {hidden[0]}, which is no table of the snapshot.",
            place=place,
            next_step=f"The tables are: {', '.join(sorted(readable))}.",
        )
