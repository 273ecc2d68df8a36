"""How values read on a page: figures, shares, days, names of the tables, bars."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from django.template import Library
from django.urls import reverse
from django.utils.html import format_html

from tieline.metrics.funnel_words import REASONS, STEPS
from tieline.metrics.stage_words import STAGES, label_of

register = Library()

NOTHING = "–"
LONGEST_ROW = 600


def figure(value: Any) -> str:
    """A number as a reader wants it; a dash where there is none."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        if abs(value) >= 100 or value == int(value):
            return f"{value:,.0f}"
        return f"{value:,.2f}"
    return str(value)


def whole(value: Any) -> str:
    """A number that is counted in ones though it was computed."""
    return NOTHING if value is None else f"{value:,.0f}"


def percent(value: Any) -> str:
    """A share, 0 to 1, in percent."""
    if value is None:
        return NOTHING
    return f"{value:.1%}" if 0 < value < 0.01 else f"{value:.0%}"


def day(value: Any) -> str:
    """A day; of a moment its day; the first of all days says that it always was so."""
    if value is None:
        return NOTHING
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date) and value.year == 1:
        return "always"
    return str(value)


def moment(value: Any) -> str:
    """A day and the minute, in UTC."""
    return NOTHING if value is None else f"{value:%Y-%m-%d %H:%M}"


def spoken(value: Any) -> str:
    """A name of the tables as a reader wants it: at_risk is "at risk"."""
    return NOTHING if value is None or value == "" else str(value).replace("_", " ")


def stage(row: Any) -> str:
    """What the stage and phase of a row are called."""
    return label_of(row.get("stage"), row.get("phase")) or NOTHING


def stage_name(place: Any) -> str:
    """What the stage of a place, 0 to 6, is called."""
    return NOTHING if place is None else STAGES[int(place)].label


def reason(status: Any) -> str:
    """What a status of `record_entities` says."""
    return REASONS.get(status, spoken(status))


def funnel_step(name: Any) -> str:
    """What a step of the funnel is called."""
    return STEPS.get(name, spoken(name))


def bits(value: Any) -> str:
    """A weight of evidence."""
    return NOTHING if value is None else f"{value:+.1f}"


def points(value: Any) -> str:
    """Points with their sign."""
    return NOTHING if value is None else f"{value:+g}"


def total_points(parts: Any) -> str:
    """What the parts of a receipt add up to."""
    return points(sum(part["points"] for part in parts))


def three(value: Any) -> str:
    """A measure between 0 and 1 with three digits."""
    return NOTHING if value is None else f"{value:.3f}"


def entry(values: Any, key: Any) -> Any:
    """A value of a mapping by a key that is a variable."""
    return values.get(key) if values else None


def cells(verbatim: Any) -> str:
    """A row word for word, column by column; the raw text where it is no row."""
    try:
        read = json.loads(verbatim or "")
    except ValueError:
        return str(verbatim or "")
    if not isinstance(read, dict):
        return str(read)
    text = " | ".join(f"{key}: {value}" for key, value in read.items() if value not in (None, ""))
    return text if len(text) <= LONGEST_ROW else text[:LONGEST_ROW] + " …"


def bar(share: Any, tone: str = "") -> Any:
    """A bar of a share, 0 to 1; decoration only, the figure stands beside it."""
    width = max(0.0, min(float(share or 0.0), 1.0)) * 100
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="8"/>'
        '<rect class="bar-fill" width="{}" height="8"/></svg>',
        tone,
        f"{width:.2f}",
    )


def beside(share: Any, usual: Any) -> Any:
    """A bar of a share with a mark where it usually is."""
    width = max(0.0, min(float(share or 0.0), 1.0)) * 100
    mark = max(0.0, min(float(usual or 0.0), 1.0)) * 100
    return format_html(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="8"/>'
        '<rect class="bar-fill" width="{}" height="8"/>'
        '<rect class="bar-mark" x="{}" width="0.8" height="8"/></svg>',
        f"{width:.2f}",
        f"{max(mark - 0.4, 0):.2f}",
    )


def between(low: Any, value: Any, high: Any, tone: str = "") -> Any:
    """An interval of shares, 0 to 1, as a band with a mark at its value."""
    ends = [max(0.0, min(float(one or 0.0), 1.0)) * 100 for one in (low, value, high)]
    return format_html(
        '<svg class="bar {}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bar-ground" width="100" height="8"/>'
        '<rect class="bar-fill" x="{}" width="{}" height="8"/>'
        '<rect class="bar-mark" x="{}" width="1" height="8"/></svg>',
        tone,
        f"{ends[0]:.2f}",
        f"{max(ends[2] - ends[0], 0.6):.2f}",
        f"{max(min(ends[1] - 0.5, 99.0), 0.0):.2f}",
    )


def plain(text: Any) -> str:
    """A text of the reference without the signs around code."""
    return str(text).replace("`", "")


def cell(listing: Any, column: Any, value: Any, row: Any) -> Any:
    """One value of a list, as its column is shown; a template of each would take ten times as long.

    `row` holds the row of the table and its key.
    """
    shown, given = column.shown, value is not None and value != ""
    if shown == "name":
        return _link(listing.one, row["key"], value)
    if shown == "account":
        account = row["row"]["account_id"]
        return _link("account", account, value) if account else NOTHING
    if shown == "tag":
        tag = '<span class="tag {}">{}</span>'
        return format_html(tag, value, spoken(value)) if given else NOTHING
    if shown == "stage":
        tag = '<span class="tag stage-{}">{}</span>'
        return format_html(tag, value, stage_name(value)) if value is not None else NOTHING
    told = {"figure": figure, "percent": percent, "day": day, "spoken": spoken}.get(shown)
    if told is not None:
        return told(value)
    return NOTHING if value is None else str(value)


def _link(view: str, key: str, text: Any) -> Any:
    return format_html('<a href="{}">{}</a>', reverse(view, args=[key]), text or "(no name)")


for _filter in (
    figure, whole, percent, day, moment, spoken, stage, stage_name, reason, funnel_step, bits,
    entry, cells, plain, points, three, total_points,
):  # fmt: skip
    register.filter(_filter.__name__, _filter)
register.simple_tag(bar)
register.simple_tag(beside)
register.simple_tag(between)
register.simple_tag(cell)
