"""What each setting of a file means: read from the models, for the reference and for the pages."""

from __future__ import annotations

import ast
import inspect
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from tieline.workspace.settings import Settings


@dataclass(frozen=True)
class Key:
    """One setting: its name, what it holds, its default as the file would say it, its meaning."""

    name: str
    holds: str
    default: str
    meaning: str


@dataclass(frozen=True)
class Section:
    """A section of `tieline.toml`: `path` leads to it, `repeats` by a name or as a list of them."""

    title: str
    section: type[BaseModel]
    path: tuple[str, ...]
    repeats: Literal["", "by name", "as a list"]


def sections() -> Iterator[Section]:
    """Every section of `tieline.toml` in its order, those of a list after the one it stands in."""
    for name, field in Settings.model_fields.items():
        inner = _section(field.annotation)
        # A section that stands once per source says so in its own first sentence.
        if inner is field.annotation:
            yield Section(f"[{name}]", inner, (name,), "")
        else:
            yield Section(f"[{name}.NAME]", inner, (name,), "by name")
        for key, value in inner.model_fields.items():
            one = listed(value.annotation)
            if one is not None:
                yield Section(f"[[{name}.{key}]]", one, (name, key), "as a list")


def meaning(section: type[BaseModel]) -> str:
    """What a section is about."""
    return _flat(inspect.getdoc(section) or "")


@cache
def keys(section: type[BaseModel]) -> tuple[Key, ...]:
    """The settings of a section, in their order."""
    told = _attribute_docs(section)
    return tuple(
        Key(key, type_of(value.annotation), toml_of(value.default), told.get(key, ""))
        for key, value in section.model_fields.items()
    )


def _section(annotation: Any) -> type[BaseModel]:
    found: type[BaseModel] = (
        get_args(annotation)[1] if get_origin(annotation) is dict else annotation
    )
    return found


def listed(annotation: Any) -> type[BaseModel] | None:
    """The section that a list is made of; None for a list of texts and for no list."""
    inner = get_args(annotation)[0] if get_origin(annotation) is tuple else None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _attribute_docs(section: type[BaseModel]) -> dict[str, str]:
    """The string below each attribute; those of a class that is shared stand in that class."""
    tree = ast.parse(inspect.getsource(sys.modules[section.__module__]))
    body = next(
        n.body for n in tree.body if isinstance(n, ast.ClassDef) and n.name == section.__name__
    )
    told = {}
    for this, after in pairwise(body):
        if (
            isinstance(this, ast.AnnAssign)
            and isinstance(this.target, ast.Name)
            and isinstance(after, ast.Expr)
            and isinstance(after.value, ast.Constant)
        ):
            told[this.target.id] = _flat(str(after.value.value))
    return told


def type_of(annotation: Any) -> str:
    """What a setting holds, in words."""
    if get_origin(annotation) is Literal:
        return "one of " + ", ".join(f"`{toml_of(value)}`" for value in get_args(annotation))
    if get_origin(annotation) is tuple:
        return "list of sections" if listed(annotation) else "list of texts"
    if get_origin(annotation) is dict:
        values = get_args(annotation)[1]
        if get_origin(values) is tuple:
            return "table of lists of texts"
        if get_origin(values) is Annotated:
            values = get_args(values)[0]
        return "table of numbers" if values is float else "table of texts"
    if date in get_args(annotation):
        return "date"
    if type(None) in get_args(annotation):
        (annotation,) = (one for one in get_args(annotation) if one is not type(None))
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return {str: "text", bool: "true or false", int: "whole number", float: "number"}[annotation]


def toml_of(value: object) -> str:
    """A value as the file would say it."""
    if value is PydanticUndefined:
        return "must be given"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return f"[{', '.join(toml_of(part) for part in value)}]"
    if isinstance(value, dict):
        told = [f"{_name(name)} = {toml_of(part)}" for name, part in value.items()]
        return f"{{ {', '.join(told)} }}" if told else "{}"
    return "left out" if value is None else str(value)


def _name(name: object) -> str:
    text = str(name)
    bare = text.isascii() and text.replace("_", "").replace("-", "").isalnum()
    return text if bare else json.dumps(text, ensure_ascii=False)


def _flat(text: str) -> str:
    return " ".join(text.split())
