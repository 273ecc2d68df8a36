"""What is taken along as a file for a spreadsheet: UTF-8, no cell that runs as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

from tieline.actions.safe_cells import safe_cell
from tieline.web.reader import Row


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """The text."""
        return text


def spreadsheet(name: str, columns: list[str], rows: Iterable[Row]) -> Any:
    """An answer that a browser saves as `name`.csv; a row for each of `rows`, under its columns."""

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        # Excel takes a file for UTF-8 only if it begins with this mark.
        yield "\ufeff" + str(writer.writerow(columns))
        for row in rows:
            yield str(writer.writerow([safe_cell(row[column]) for column in columns]))

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
