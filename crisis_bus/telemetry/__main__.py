"""`python -m crisis_bus.telemetry deploy` writes what is generated: the dashboard and the table of metrics."""

import json
import sys
from pathlib import Path

from crisis_bus.telemetry.dashboard import dashboard
from crisis_bus.telemetry.metrics import reference

BEGIN, END = "<!-- metrics: generated -->\n", "<!-- end of metrics -->\n"


def generated(readme: str) -> dict[str, str]:
    """Give each generated file, by its path below the folder, with its text."""
    before, _, rest = readme.partition(BEGIN)
    _, _, after = rest.partition(END)
    board = json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"
    return {"grafana/crisis-bus.json": board, "README.md": f"{before}{BEGIN}{reference()}{END}{after}"}


def main(folder: Path) -> None:
    """Write the files."""
    for name, text in generated((folder / "README.md").read_text(encoding="utf-8")).items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
