"""When a schedule is due: cron expressions in a time zone, and how people read and write them.

Daylight saving is held as Debian's cron holds it: a time of the day that is left out in spring
comes right after the gap, one that comes twice in autumn counts once, and "every hour" means each
hour that passes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError

from tieline.errors import TielineError

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
"""By cron's number."""
OFTEN = ("hour", "day", "weekdays", "week", "cron")
_SHAPES = {
    "hour": re.compile(r"^(\d+) \* \* \* \*$"),
    "day": re.compile(r"^(\d+) (\d+) \* \* \*$"),
    "weekdays": re.compile(r"^(\d+) (\d+) \* \* 1-5$"),
    "week": re.compile(r"^(\d+) (\d+) \* \* ([0-6])$"),
}
_TIME = re.compile(r"^([01]?\d|2[0-3]):([0-5]\d)(:00)?$")


def next_due(cron: str, zone: str, after: datetime) -> datetime:
    """The first time after a moment, in UTC. TielineError `bad_cron`, `unknown_zone`."""
    return following(cron, zone, after, 1)[0]


def following(cron: str, zone: str, after: datetime, count: int) -> list[datetime]:
    """The next times after a moment, in UTC. TielineError `bad_cron`, `unknown_zone`."""
    if len(cron.split()) != 5:
        raise _bad(cron, "it has to have five fields")
    begun = after.astimezone(named_zone(zone))
    try:
        times = CronSim(cron, begun)
        found: list[datetime] = []
        while len(found) < count:
            due = next(times).astimezone(UTC)
            # A time that summer time left out may come to stand where another one does.
            if due > after and due not in found:
                found.append(due)
    except CronSimError as problem:
        raise _bad(
            cron, str(problem).lower().replace("bad ", "it is not clear about the ")
        ) from None
    except StopIteration:
        raise _bad(cron, "there is no such day in fifty years") from None
    return found


def named_zone(name: str) -> ZoneInfo:
    """A time zone by its name. TielineError `unknown_zone`."""
    if name not in zones():
        raise TielineError(
            "unknown_zone",
            f"There is no time zone {name[:60]!r}.",
            next_step="Choose one from the list, such as Europe/Berlin or America/New_York.",
        )
    return ZoneInfo(name)


@cache
def zones() -> tuple[str, ...]:
    """The names of all time zones: places, and UTC."""
    places = {name for name in available_timezones() if "/" in name}
    return ("UTC", *sorted(n for n in places if not n.startswith(("Etc/", "SystemV/", "posix/"))))


@cache
def zone_of_machine() -> str:
    """The time zone this machine is set to, as far as it has a name; UTC otherwise."""
    link = Path("/etc/localtime")
    told = os.environ.get("TZ", "").lstrip(":")
    if not told and link.is_symlink():
        told = str(link.resolve()).rpartition("/zoneinfo/")[2]
    return told if told in zones() else "UTC"


def words(cron: str) -> str:
    """A cron expression as people say it: "every day at 06:30"."""
    told = fields(cron)
    match told["often"]:
        case "hour":
            return f"every hour at minute {told['minute']}"
        case "day":
            return f"every day at {told['time']}"
        case "weekdays":
            return f"Monday to Friday at {told['time']}"
        case "week":
            return f"every {WEEKDAYS[int(told['weekday'])]} at {told['time']}"
    said = CronSim(cron, datetime(2026, 1, 1)).explain()
    return said[:1].lower() + said[1:]


def fields(cron: str) -> dict[str, str]:
    """What the form shows for a cron expression; `often` is cron where it is no simple one."""
    told = {"often": "cron", "minute": "0", "time": "06:00", "weekday": "1", "cron": cron}
    for often, shape in _SHAPES.items():
        if found := shape.match(cron):
            told["often"] = often
            told["minute"] = found[1]
            if often != "hour":
                told["time"] = f"{int(found[2]):02}:{int(found[1]):02}"
            if often == "week":
                told["weekday"] = found[3]
    return told


def cron_of(given: Mapping[str, str]) -> str:
    """The cron expression of a filled form. TielineError `bad_cron`, `bad_time`."""
    often = given.get("often", "")
    if often not in OFTEN:
        raise TielineError("bad_time", "It is not said how often.", next_step="Choose one.")
    if often == "cron":
        cron = " ".join(given.get("cron", "").split())
        if len(cron) > 100:
            raise _bad(cron[:100], "it is too long")
        following(cron, "UTC", datetime.now(UTC), 1)
        return cron
    if often == "hour":
        minute = given.get("minute", "").strip()
        if not minute.isdecimal() or int(minute) > 59:
            raise TielineError(
                "bad_time", f"{minute[:20]!r} is no minute.", next_step="Give 0 to 59."
            )
        return f"{int(minute)} * * * *"
    found = _TIME.match(given.get(f"time_{often}", "").strip())
    if not found:
        raise TielineError(
            "bad_time",
            f"{given.get(f'time_{often}', '')[:20]!r} is no time of the day.",
            next_step="Write it as 06:30.",
        )
    at = f"{int(found[2])} {int(found[1])} * *"
    if often == "week":
        day = given.get("weekday", "")
        if day not in list("0123456"):
            raise TielineError("bad_time", "It is not said on which day.", next_step="Choose one.")
        return f"{at} {day}"
    return f"{at} *" if often == "day" else f"{at} 1-5"


def _bad(cron: str, why: str) -> TielineError:
    return TielineError(
        "bad_cron",
        f"{cron!r} is no cron expression: {why}.",
        next_step="Write minute, hour, day of the month, month, day of the week: 30 6 * * 1-5 is "
        "6:30 from Monday to Friday.",
    )
