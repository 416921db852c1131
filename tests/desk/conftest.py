"""The profile of the long run: `pytest tests/desk --hypothesis-profile=long`."""

from hypothesis import settings

settings.register_profile("long", settings.get_profile("default"))
