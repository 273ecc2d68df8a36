"""What job titles reach on labels that other people made; the floors are a little under it."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest
from benchmarks.titles import DEPARTMENTS

from tieline.data.values import job_title
from tieline.data.values.word_list import rows

DATA = Path(__file__).parents[5] / "shared/data"
SAMPLE = Path(__file__).parents[4] / "benchmarks/job_title_sample.tsv"

LEVELS = {
    "owner": "C-Suite",
    "c_level": "C-Suite",
    "vp": "VP",
    "director": "Director",
    "manager": "Manager",
}


def standard(titles: list[str]) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = job_title.standardise(
        pa.table({"title": titles})
    ).to_pylist()
    return found


def test_levels_of_a_thousand_titles() -> None:
    path = DATA / "rootstrap_titles/level_classified_titles.tsv"
    if not path.exists():
        pytest.skip("rootstrap's labelled titles are not here")
    with path.open(encoding="utf-8", newline="") as file:
        labelled = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    found = standard([row["Position"] for row in labelled])
    right = sum(
        LEVELS.get(values["level"] or "", "Other") == row["Classification"]
        for row, values in zip(labelled, found, strict=True)
    )
    assert len(labelled) == 1000
    assert right / len(labelled) > 0.87


def test_departments_and_ranks_of_one_company() -> None:
    path = DATA / "adventureworks_b2b/clean/employee_titles.csv"
    if not path.exists():
        pytest.skip("the employees of AdventureWorks are not here")
    with path.open(encoding="utf-8", newline="") as file:
        employees = list(csv.DictReader(file))
    found = standard([row["job_title"] for row in employees])
    right = sum(
        DEPARTMENTS[row["department"]] == values["function"]
        for row, values in zip(employees, found, strict=True)
    )
    assert right / len(employees) > 0.95
    for row, values in zip(employees, found, strict=True):
        if row["job_title"].startswith(("Chief", "Vice President")):
            assert values["level"] in ("c_level", "vp")
        if "Manager" in row["job_title"] or "Supervisor" in row["job_title"]:
            assert values["level"] == "manager"


def test_titles_of_five_languages_that_were_only_measured() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line[:1] != "#"]
    rows_of = csv.DictReader(kept, delimiter="\t", quoting=csv.QUOTE_NONE)
    sample = [row for row in rows_of if row["half"] == "measure"]
    found = standard([row["title"] for row in sample])
    for field, floor in (("function", 0.80), ("level", 0.92)):
        right = sum(
            values[field] in row[f"{field}s"].split("/")
            for row, values in zip(sample, found, strict=True)
        )
        assert right / len(sample) > floor


def test_the_lists_use_the_words_of_the_vocabulary() -> None:
    listed = rows("job_title_functions.tsv") + rows("job_title_functions_general.tsv")
    assert {row[0] for row in listed} == set(job_title.FUNCTIONS)
    levels = {row[0] for row in rows("job_title_levels.tsv")}
    assert levels | {"staff"} == set(job_title.LEVELS)
