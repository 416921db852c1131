"""`python -m crisis_bus` is `crisis-bus`."""

from crisis_bus.cli import main

main()
