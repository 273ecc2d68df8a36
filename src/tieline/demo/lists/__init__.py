"""The departments' lists, one file each: a plan (whom it knows, how careless) and a writer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tieline.demo.cards import Cards, Population
from tieline.demo.draws import Flags
from tieline.demo.lists import (
    crm_export,
    dach_addresses,
    event_export,
    na_decision_makers,
    old_database_dump,
    partner_list,
    payables_contacts,
    press_and_analysts,
    support_users,
    trade_fair_scans,
    uk_europe_contacts,
    web_forms,
    webinar_registrations,
)
from tieline.demo.plans import Plan

Writer = Callable[[Path, Population, Cards, Flags, np.random.Generator], None]


class DepartmentList(NamedTuple):
    """One file: its name, its plan, and what writes it."""

    file: str
    plan: Plan
    write: Writer


LISTS = [
    DepartmentList("crm_export.csv", crm_export.PLAN, crm_export.write),
    DepartmentList("adressen_dach.csv", dach_addresses.PLAN, dach_addresses.write),
    DepartmentList("uk_europe_contacts.xlsx", uk_europe_contacts.PLAN, uk_europe_contacts.write),
    DepartmentList("na_decision_makers.parquet", na_decision_makers.PLAN, na_decision_makers.write),
    DepartmentList(
        "webinar_registrations.csv", webinar_registrations.PLAN, webinar_registrations.write
    ),
    DepartmentList("trade_fair_scans.vcf", trade_fair_scans.PLAN, trade_fair_scans.write),
    DepartmentList("support_users.jsonl", support_users.PLAN, support_users.write),
    DepartmentList("kreditoren_kontakte.csv", payables_contacts.PLAN, payables_contacts.write),
    DepartmentList("press_and_analysts.xlsx", press_and_analysts.PLAN, press_and_analysts.write),
    DepartmentList("liste_partenaires.csv", partner_list.PLAN, partner_list.write),
    DepartmentList("web_forms.csv", web_forms.PLAN, web_forms.write),
    DepartmentList("old_database_dump.txt", old_database_dump.PLAN, old_database_dump.write),
]


def department_lists(count: int) -> list[DepartmentList]:
    """Return the first `count` lists; beyond the twelve, further event exports."""
    more = [
        DepartmentList(f"event_export_{n}.csv", event_export.plan(n), event_export.write)
        for n in range(1, count - len(LISTS) + 1)
    ]
    return LISTS[:count] + more
