"""Segments and products in tieline.toml: what is wrong is told with its line and what was meant."""

import pytest

from tieline.errors import TielineError
from tieline.workspace import Workspace
from tieline.workspace.segments import named_products, named_segments

GOOD = """
[segments.dach]
rule = "country IN ('DE', 'AT', 'CH') AND employees >= 50"
priority = 2
owner = "Field sales"
product = "pumps"

[segments.food]
rule = "industry LIKE 'food%'"

[products.pumps]
key_players = { procurement = [], engineering = ["director", "manager"] }
target = 0.85
"""


def settings(tmp_path, text):
    workspace = Workspace.create(tmp_path / "market")
    workspace.settings_path.write_text(text, encoding="utf-8")
    return Workspace.open(workspace.path).settings


def test_segments_and_products_are_read(tmp_path):
    found = settings(tmp_path, GOOD)
    food, dach = named_segments(found.segments)
    assert (food.name, food.priority, food.owner, food.product) == ("food", 1, "", "")
    assert (dach.name, dach.priority, dach.owner, dach.product) == (
        "dach", 2, "Field sales", "pumps",
    )  # fmt: skip
    (pumps,) = named_products(found.products)
    assert pumps.key_players == {"procurement": (), "engineering": ("director", "manager")}
    assert pumps.target == 0.85


@pytest.mark.parametrize(
    ("wrong", "right", "line", "said"),
    [
        ("employees >= 50", "employes >= 50", 3, "Did you mean 'employees'?"),
        ("employees >= 50", "employees => 50", 3, "Write >= for at least"),
        ("employees >= 50", "employees IS NULL", 3, "counts as unknown"),
        ("employees >= 50", "name = read_text('x')", 3, "not part of a rule"),
        ('product = "pumps"', 'product = "pump"', None, "Did you mean 'pumps'?"),
        ("priority = 2", "priority = 0", 4, "greater than or equal to 1"),
        ("priority = 2", "prioritty = 2", 4, "Did you mean 'priority'?"),
        ("[segments.food]", "[segments.all]", None, "cannot be called so"),
        ("procurement = []", "purchasing = []", 12, "'purchasing' is no function"),
        ('"manager"', '"managers"', 12, "Did you mean 'manager'?"),
        ("procurement = []", 'procurement = "all"', 12, "must be a list of levels"),
        ("procurement = []", "any = []", 12, "every contact would be a key player"),
        ("target = 0.85", "target = 85", 13, "less than or equal to 1"),
        ("target", "targets", 13, "Did you mean 'target'?"),
    ],
)
def test_a_mistake_is_told(tmp_path, wrong, right, line, said):
    assert wrong in GOOD
    with pytest.raises(TielineError) as caught:
        settings(tmp_path, GOOD.replace(wrong, right))
    problem = caught.value
    assert said in f"{problem.message} {problem.next_step}"
    assert line is None or f"line {line}" in str(problem.place)
