"""The user's rules for job titles win, and a wrong rule is told where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tieline.data.title_rules import TitleRule, TitleRules, ruled, unreadable
from tieline.data.values import job_title
from tieline.errors import TielineError
from tieline.workspace.reading import read_settings


def read(title: str, said: TitleRules | None) -> dict[str, Any]:
    table = job_title.standardise(pa.table({"title": [title]}))
    found: dict[str, Any] = ruled(table.append_column("raw_title", [[title]]), said).to_pylist()[0]
    return found


def test_the_first_rule_that_fits_decides() -> None:
    said = TitleRules(
        (TitleRule("leiter beschaff*", "procurement", "vp"), TitleRule("leiter", level="manager"))
    )
    found = read("Stellv. Leiter Beschaffungswesen", said)
    assert (found["function"], found["level"]) == ("procurement", "vp")
    assert (found["power"], found["buying_role"]) == (3, "buyer")
    assert found["function_confidence"] == found["level_confidence"] == 1.0
    assert "your rule" in found["title_because"]
    assert read("Leiter Einkauf", said)["level"] == "manager"
    assert read("Leiter Einkauf", said)["function"] == "procurement"


def test_a_rule_counts_nothing_for_a_former_post() -> None:
    assert read("ex-CEO", TitleRules((TitleRule("ceo", "sales", "vp"),)))["level"] is None


def test_what_is_less_sure_than_wanted_is_left_open() -> None:
    title = "Anwendungsentwickler"
    assert read(title, None)["function"] == "it"
    found = read(title, TitleRules(confidence=0.999))
    assert found["function"] is None
    assert found["function_confidence"] is None
    assert found["buying_role"] is None


@pytest.mark.parametrize("match", ["", "*", "a*b", "leiter* einkauf"])
def test_words_that_cannot_be_looked_for(match: str) -> None:
    assert unreadable(match)


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ('match = "guru"\nfunction = "saels"', "Did you mean 'sales'?"),
        ('match = "guru"', "say the function or the level"),
        ('match = ""\nlevel = "vp"', "name the words"),
        ('match = "guru"\nlevle = "vp"', "Did you mean 'level'?"),
    ],
)
def test_a_wrong_rule_is_told_with_its_line(tmp_path: Path, rule: str, wanted: str) -> None:
    path = tmp_path / "tieline.toml"
    first = '[[titles.rules]]\nmatch = "wizard"\nlevel = "vp"\n\n'
    path.write_text(f"{first}[[titles.rules]]\n{rule}\n", encoding="utf-8")
    with pytest.raises(TielineError) as raised:
        read_settings(path)
    assert wanted in str(raised.value)
    line = int(str(raised.value.place).rpartition(" ")[2])
    assert 5 <= line <= 7
