"""`python -m crisis_bus.rulebook docs/rules.md` writes the page of the rules."""

import sys
from pathlib import Path

from crisis_bus.rulebook.page import page


def main(arguments: list[str]) -> int:
    """Write the page where it is named, or to `docs/rules.md`."""
    Path(arguments[0] if arguments else "docs/rules.md").write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
