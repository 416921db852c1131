"""The templates of a version of a policy pack, ready to be filled."""

from crisis_bus import packs
from crisis_bus.text.forms import Templates


def load_templates(pack: str) -> Templates:
    """All forms of a version; raises PolicyError with file, line and reason."""
    return Templates.compiled(packs.words(pack), packs.load(pack).languages.all)
