"""The page about published failures names every test, and no other."""

import re
from pathlib import Path

HERE = Path(__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "published-failures.md"


def test_page_and_tests_are_the_same():
    told = re.findall(r"`(test_\w+)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(
        file.stem for file in HERE.glob("test_*.py") if file != Path(__file__)
    )
