"""The longer profile: `pytest -n 0 tests/machine --hypothesis-profile=long`."""

from hypothesis import settings

settings.register_profile("long", deadline=None, max_examples=1_000, stateful_step_count=60)
