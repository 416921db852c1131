"""One voice for a government on its worst day."""

__version__ = "0.1.0"
