"""Read `tieline.toml`: every mistake is told with its line and key, and what was meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, get_args, get_origin

from pydantic import BaseModel, ValidationError

from tieline.errors import Place, TielineError, did_you_mean
from tieline.workspace.secrets import stated_secret
from tieline.workspace.settings import Settings

Key = tuple[str, ...]


def read_settings(path: Path) -> Settings:
    """The settings in a `tieline.toml`; TielineError where it cannot be read or is wrong."""
    return settings_of(read_text(path), path.name)


def settings_of(text: str, file_name: str) -> Settings:
    """What the text of a `tieline.toml` says; TielineError where it is wrong."""
    values = parse(text, file_name)
    refuse_secrets(values, text, file_name)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        explain(error, text, file_name, Settings)


def read_text(path: Path) -> str:
    """The text of a TOML file; TielineError when it is missing, locked or not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TielineError(
            "bad_toml",
            f"The file is not UTF-8 text (byte {error.start}).",
            place=Place(path.name),
            next_step="Save it as UTF-8.",
        ) from None
    except OSError as error:
        raise TielineError(
            "unreadable_config",
            f"The file cannot be read: {error.strerror}.",
            place=Place(str(path)),
            next_step="Check that it exists and that you may read it.",
        ) from None


def parse(text: str, file_name: str) -> dict[str, Any]:
    """The values of a TOML text; TielineError `bad_toml` with the line where it breaks."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, _, where = str(error).partition(" (at ")
        line = re.search(r"line (\d+)", where)
        number = int(line[1]) if line else text.count("\n") + 1
        raise TielineError(
            "bad_toml",
            f"This is not valid TOML: {what[:1].lower()}{what[1:]}.",
            place=Place(f"{file_name} line {number}"),
            next_step=_toml_hint(text.splitlines(), number),
        ) from None


def _toml_hint(lines: list[str], number: int) -> str:
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    if line.startswith("[") and lines.index(line) < number - 1:
        return (
            f"The section {line.strip()} begins in line {lines.index(line) + 1} already: join both."
        )
    key, equals, value = line.partition("=")
    if equals and value.strip()[:1].isalpha() and value.strip() not in ("true", "false"):
        return f'Put text in quotes: {key.strip()} = "{value.strip()}".'
    if equals and re.search(r"[^\w\s.\"'-]|\w\s+\w", key) and '"' not in key:
        return f'Put a name with spaces or signs in quotes: "{key.strip()}" = {value.strip()}.'
    return f"Look at the line: {line.strip()}" if line.strip() else "Look at the end of the file."


def line_of(text: str, key: Key) -> int | None:
    """The 1-based line a key of a TOML text stands in, or its section; None if it is not found."""
    section: Key = ()
    nearest: int | None = None
    lists: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            section = _split_key(stripped.split("#")[0].strip("[] \t"))
            if stripped.startswith("[["):  # the first of a list is number 0
                lists[section] = lists.get(section, -1) + 1
                section = (*section, str(lists[section]))
            full = section
        elif "=" in stripped and not stripped.startswith("#"):
            full = section + _split_key(stripped.split("=")[0])
        else:
            continue
        if full == key:
            return number
        if full and full == key[: len(full)]:
            nearest = number
    return nearest


def _split_key(text: str) -> Key:
    parts = re.findall(r"\"([^\"]*)\"|'([^']*)'|([^.\s\"']+)", text)
    return tuple(next((part for part in group if part), "") for group in parts)


def explain(error: ValidationError, text: str, file_name: str, whole: type[BaseModel]) -> NoReturn:
    """Raise the first mistake as a TielineError, with the number of further ones."""
    details = error.errors()
    first = details[0]
    key = tuple(str(part) for part in first["loc"])
    shown = ".".join(part for part in key if part != "[key]")
    line = line_of(text, key)
    if first["type"] == "extra_forbidden":
        code, message, next_step = _unknown_key(key, whole)
    else:
        code = "bad_setting"
        message = f"{shown}: {_in_words(first['msg'], first['type'], first.get('input'))}."
        next_step = "Correct the value, or remove the line to use the default."
    if len(details) > 1:
        next_step += f" ({len(details) - 1} more in this file.)"
    place = Place(f"{file_name} line {line}" if line else file_name)
    raise TielineError(code, message, place=place, next_step=next_step) from None


def _unknown_key(key: Key, whole: type[BaseModel]) -> tuple[str, str, str]:
    known = sorted(_known_keys(key[:-1], whole))
    where = f"section [{'.'.join(key[:-1])}]" if len(key) > 1 else "the file"
    hint = did_you_mean(key[-1], known, cutoff=0.5)
    return (
        "unknown_setting",
        f"{key[-1]!r} is not a setting of {where}.{hint}",
        f"Known are: {', '.join(known)}.",
    )


def _known_keys(section: Key, whole: type[BaseModel]) -> Iterator[str]:
    model: type[BaseModel] | None = whole
    parts = list(section)
    while parts and model is not None:
        part = parts.pop(0)
        field = model.model_fields.get(part)
        annotation: Any = field.annotation if field else None
        if get_origin(annotation) is dict and parts:
            parts.pop(0)
            annotation = annotation.__args__[1]
        elif get_origin(annotation) is tuple and parts:
            parts.pop(0)
            annotation = annotation.__args__[0]
        for one in get_args(annotation):  # `Section | None`
            annotation = one if isinstance(one, type) and issubclass(one, BaseModel) else annotation
        is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
        model = annotation if is_model else None
    yield from model.model_fields if model is not None else ()


def _in_words(message: str, kind: str, given: object) -> str:
    text = message.removeprefix("Value error, ").rstrip(".").removeprefix("Input ")
    shown = f", not {given!r}" if kind not in ("value_error",) and given is not None else ""
    return text[:1].lower() + text[1:] + shown


def refuse_secrets(values: dict[str, Any], text: str, file_name: str) -> None:
    """Refuse values that hold a password; TielineError `secret_in_config` with the line."""
    for key, value in _strings(values, ()):
        secret = stated_secret(value)
        if secret:
            line = line_of(text, key)
            raise TielineError(
                "secret_in_config",
                f"{'.'.join(key)} holds a password; this file must hold no secret.",
                place=Place(f"{file_name} line {line}" if line else file_name),
                next_step="Put it into an environment variable and write ${NAME} in its place.",
            )


def _strings(value: object, key: Key) -> Iterator[tuple[Key, str]]:
    if isinstance(value, str):
        yield key, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _strings(inner, (*key, str(name)))
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, key)
