"""Who may do what: permissions in words, the roles that hold them, and how a view names its own."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Permission(StrEnum):
    """What a person may do; the value is what it is called on the pages."""

    READ = "see figures, companies and sites"
    PEOPLE = "see people and what they did"
    REVIEW = "answer review questions"
    LEADS = "answer leads"
    SIGN = "sign a definition of leads that names them as its owner"
    DEFINE = "write and propose definitions of leads"
    JUDGE = "merge, split, correct and undo, and forget people"
    EXPORT = "take lists out"
    SOURCES = "add lists and correct how they are understood"
    BUILD = "start and cancel builds"
    EVENTS = "send events"
    SETTINGS = "see the settings"
    MANAGE = "manage people and settings, read the audit log"


ROLES: dict[str, frozenset[Permission]] = {
    "viewer": frozenset({Permission.READ}),
    "executive": frozenset({Permission.READ, Permission.PEOPLE, Permission.SIGN}),
    "seller": frozenset(
        {
            Permission.READ,
            Permission.PEOPLE,
            Permission.REVIEW,
            Permission.LEADS,
            Permission.SIGN,
        }
    ),
    "marketer": frozenset(
        set(Permission) - {Permission.JUDGE, Permission.SETTINGS, Permission.MANAGE}
    ),
    "steward": frozenset(set(Permission) - {Permission.MANAGE}),
    "administrator": frozenset(Permission),
}
"""The roles, those that may least first."""


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Say which permissions a view needs, all of them; the guard refuses a view that says none."""

    def mark(view: View) -> View:
        view.permissions = frozenset(permissions)  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(why: str) -> Callable[[View], View]:
    """Say that a view needs nobody signed in, and why that is right."""

    def mark(view: View) -> View:
        view.permissions = frozenset()  # type: ignore[attr-defined]
        view.open_to_all = why  # type: ignore[attr-defined]
        return view

    return mark


def may(member: Any, *permissions: Permission) -> bool:
    """Whether somebody signed in, or a program with a key, holds all of these permissions."""
    if not getattr(member, "is_authenticated", False) or not member.is_active:
        return False
    # A key holds what it was given, whatever the roles are.
    held = getattr(member, "scopes", None)
    return set(permissions) <= (ROLES.get(member.role, frozenset()) if held is None else held)
