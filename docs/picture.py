"""Draw the end of a real build: `python docs/picture.py WORKSPACE`.

Writes docs/images/build.svg, the picture of the README, from the workspace's current snapshot.
"""

import re
import sys
from pathlib import Path

from rich.console import Console

from tieline.cli import screen, summary
from tieline.engine.snapshot import current
from tieline.workspace import Workspace

PICTURE = Path(__file__).parent / "images" / "build.svg"
COMMAND = "tieline -w demo"


def main() -> int:
    """Print the summary on a recording screen and keep what it shows."""
    workspace = Workspace.open(Path(sys.argv[1]))
    found = current(workspace.hidden_dir)
    if found is None:
        print("Build the workspace first.", file=sys.stderr)
        return 2
    screen.out = Console(record=True, width=84, highlight=False, force_terminal=True)
    screen.out.print(f"$ {COMMAND} build", style="bold", markup=False)
    summary.show_summary(workspace, found, lambda words: f"{COMMAND} {words}")
    PICTURE.parent.mkdir(exist_ok=True)
    drawn = screen.out.export_svg(title="Tieline", unique_id="build")
    # The font of the reader's machine: a picture fetches nothing.
    drawn = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    PICTURE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
