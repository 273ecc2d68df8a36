"""Every model says what it is, and every SELECT means the same on every engine."""

import ast
from pathlib import Path

import pytest

import tieline
from tieline.engine.model import sql_model
from tieline.engine.portable import violations
from tieline.pipeline import models

SOURCE = Path(tieline.__file__).parent
SQL_FILES = sorted(SOURCE.rglob("*.sql"))
PYTHON_FILES = sorted(SOURCE.rglob("*.py"))


def named(files):
    return [pytest.param(file, id=str(file.relative_to(SOURCE))) for file in files]


@pytest.mark.parametrize("file", named(SQL_FILES))
def test_a_model_has_its_full_header(file):
    model = sql_model(file)
    assert model.header.question.endswith("?")
    assert model.name not in model.inputs


@pytest.mark.parametrize("file", named(SQL_FILES))
def test_a_select_is_portable(file):
    found = violations(sql_model(file).sql)
    assert not found, "\n".join(f"{file.relative_to(SOURCE)}: {violation}" for violation in found)


def test_every_model_is_listed_once():
    names = [model.name for model in models()]
    assert len(names) == len(set(names))
    listed = {model.file.resolve() for model in models()}
    forgotten = [str(file.relative_to(SOURCE)) for file in SQL_FILES if file not in listed]
    assert not forgotten, f"not in tieline.pipeline.models(): {forgotten}"


@pytest.mark.parametrize("file", named(PYTHON_FILES))
def test_nothing_is_printed_past_the_command_line(file):
    calls = [
        node.lineno
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("print", "pprint", "breakpoint")
    ]
    assert not calls, f"{file.relative_to(SOURCE)}, lines {calls}"
