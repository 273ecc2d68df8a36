"""`tieline campaign-check`: whether a planned campaign fits where the relationships stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieline.cli import opened
from tieline.cli.screen import say, show_table, warn
from tieline.decisions.approach import CHANNELS
from tieline.decisions.campaign_check import (
    CHECK_TABLES,
    FAMILIES,
    Campaign,
    Checked,
    Group,
    check_campaign,
    family_for,
)
from tieline.errors import Place
from tieline.metrics.segment import ALL
from tieline.metrics.stage_words import STAGES

NUMBERS = ("no", "one", "two", "three", "four", "five")
_SENT = {"email": "e-mailed", "phone": "called", "mail": "written to", "sms": "texted"}


def run(
    context: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="A TOML file with the same words.")
    ] = "",
    segment: Annotated[
        str, typer.Option(metavar="SEGMENT", help="Whom it is for; default: all sites.")
    ] = "",
    family: Annotated[
        str, typer.Option(metavar="FAMILY", help=f"What it says: {', '.join(FAMILIES)}.")
    ] = "",
    medium: Annotated[
        str, typer.Option(metavar="MEDIUM", help=f"How it goes out: {', '.join(CHANNELS)}.")
    ] = "",
    date: Annotated[str, typer.Option(metavar="DATE", help="When it goes out.")] = "",
) -> None:
    """Hold a planned campaign against the stages of the sites and against consent.

    Told are the sites that it fits, those for which it comes too early, who may be reached, what
    to expect by the memory, and the order that fits. Nothing is sent and nothing is written.
    """
    from tieline.workspace.campaign_plan import campaign_of, check_limits, read_plan
    from tieline.workspace.stage_settings import stage_limits

    told = read_plan(Path(file)) if file else {}
    given = {"segment": segment, "family": family, "medium": medium, "date": date}
    told |= {key: value for key, value in given.items() if value}
    campaign = campaign_of(told, Place(file))
    found = opened.snapshot(context)
    for name in CHECK_TABLES:
        opened.table(found, name)
    settings = opened.workspace(context).settings
    with opened.reader(found, *CHECK_TABLES) as engine:
        checked = check_campaign(
            engine, campaign, check_limits(settings.campaigns), stage_limits(settings.stages)
        )
    _headline(checked)
    _verdict(checked)
    _groups(checked)
    _consent(checked)
    _expected(checked, settings.campaigns.least_touches, settings.campaigns.response_days)
    _order(checked)


def _headline(checked: Checked) -> None:
    campaign = checked.campaign
    where = "all sites" if campaign.segment == ALL else campaign.segment
    stood = f", as they stand on {checked.as_of}" if checked.as_of else ""
    says = FAMILIES[campaign.family].says
    say(f"A message by {campaign.medium} to {where}, {campaign.family}: it {says}.")
    nobody = sum(group.sites for group in checked.groups) - checked.sites
    more = f"; at {nobody:,} more there is nobody to say it to" if nobody else ""
    say(f"{checked.sites:,} site{'s' * (checked.sites != 1)}{stood}{more}.")
    if campaign.on and checked.as_of and campaign.on > checked.as_of:
        days = (campaign.on - checked.as_of).days
        warn(
            f"It goes out {days:,} days after that. Add newer lists and build before it does: "
            "sites go on, and fall back where nobody answers."
        )
    elif campaign.on and checked.as_of and campaign.on < checked.as_of:
        warn(f"{campaign.on} is over; told is how the sites stand on {checked.as_of}.")
    say()


def _verdict(checked: Checked) -> None:
    fits = sum(group.sites for group in checked.fitting)
    places = " or ".join(STAGES[group.place].label for group in checked.fitting)
    share = f"{fits / checked.sites:.0%} ({fits:,} of {checked.sites:,})" if checked.sites else "0%"
    early = sum(group.sites for group in checked.early)
    if checked.verdict == "nobody":
        say(f"There is nobody for it: {share} of the sites stand at {places}, which it fits.")
        return
    says = f"{share} of the sites stand at {places}, which it fits"
    if checked.verdict == "skips":
        steps = _counted(checked.most_skipped, "stage")
        say(f"It skips {steps}. Only {says};")
        say(f"for {early:,} it comes too early. Going too fast results in poor response rates.")
    elif checked.verdict == "part":
        say(f"It fits a part: {says}; for {early:,} it comes too early. Send it to those it fits.")
    else:
        say(f"It fits: {says}.")


def _groups(checked: Checked) -> None:
    say()
    columns = ("stage", "sites", "this message", "people", "may be reached", "answered so far")
    shown = [
        (
            STAGES[group.place].label, group.sites, _fit(group, checked.campaign), group.people,
            group.may - group.unreached, _rate(group),
        )
        for group in checked.groups
    ]  # fmt: skip
    show_table(columns, shown, right=("sites", "people", "may be reached"))


def _fit(group: Group, campaign: Campaign) -> str:
    if group.place in FAMILIES[campaign.family].fits:
        return "fits"
    if group.place < FAMILIES[campaign.family].least:
        return "nobody to say it to"
    if group.skipped:
        return f"skips {_counted(group.skipped, 'stage')}"
    return "is with sales" if STAGES[group.place].stage == "sales" else "is behind them"


def _rate(group: Group) -> str:
    rate = group.rate
    if rate.low is None or rate.high is None:
        return f"not enough history ({rate.answered:,} of {rate.touches:,} touches)"
    share = rate.answered / rate.touches
    return f"{share:.1%} ({rate.low:.1%} to {rate.high:.1%}) of {rate.touches:,} touches"


def _consent(checked: Checked) -> None:
    whom = "key players" if FAMILIES[checked.campaign.family].to_players else "contacts"
    say()
    if CHANNELS[checked.campaign.medium] is None:
        say(f"By {checked.campaign.medium} nobody is written to by name, so no consent is asked.")
        return
    reached = _SENT.get(checked.campaign.medium, "reached")
    for groups, where in (
        (checked.fitting, "at the sites that it fits"),
        (checked.groups, "in all"),
    ):
        people = sum(group.people for group in groups)
        may = sum(group.may for group in groups)
        unsaid = sum(group.unsaid for group in groups)
        withdrawn = sum(group.withdrawn for group in groups)
        unreached = sum(group.unreached for group in groups)
        lacking = f"; {unreached:,} of these have no address for it" if unreached else ""
        say(
            f"Of {people:,} {whom} {where}, {may:,} may be {reached}{lacking}; {unsaid:,} have no "
            f"consent, {withdrawn:,} have objected."
        )


def _expected(checked: Checked, least: int, days: int) -> None:
    expected = checked.expected
    if expected is not None:
        low, high = expected
        say(
            f"Going by the memory, {low:,.0f} to {high:,.0f} of those it fits answer within "
            f"{days} days."
        )
        return
    if not sum(group.may - group.unreached for group in checked.fitting):
        say("Nobody of those it fits may be reached, so no answer is to be expected.")
        return
    say(
        f"What to expect cannot be told: a rate needs {least:,} touches by "
        f"{checked.campaign.medium} at sites of a stage it fits, with {days} days to answer."
    )


def _order(checked: Checked) -> None:
    say()
    say("The order that fits, site by site:")
    for number, (name, says, groups) in enumerate(_steps(checked), start=1):
        sites = sum(group.sites for group in groups)
        places = " and ".join(STAGES[group.place].label for group in groups)
        many = f"{sites:,} site{'s' * (sites != 1)}"
        say(f"  {number}. {name}: {many} at {places}, a message that {says}")


def _steps(checked: Checked) -> list[tuple[str, str, list[Group]]]:
    """The families of messages in their order, each with the sites that it leads on."""
    steps: list[tuple[str, str, list[Group]]] = []
    for group in checked.groups:
        family = family_for(group.place)
        if family is None or not group.sites:
            continue
        if not steps or steps[-1][0] != family.name:
            steps.append((family.name, family.says, []))
        steps[-1][2].append(group)
    return steps


def _counted(number: int, what: str) -> str:
    shown = NUMBERS[number] if number < len(NUMBERS) else f"{number:,}"
    return f"{shown} {what}{'s' * (number != 1)}"
