"""`python -m crisis_bus.channels docs/channels.md` writes the page of the channels."""

import sys
from pathlib import Path

from crisis_bus.channels.table import page


def main(arguments: list[str]) -> int:
    """Write the page where it is named, or to `docs/channels.md`."""
    Path(arguments[0] if arguments else "docs/channels.md").write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
