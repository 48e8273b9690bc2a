"""What the tests share: hosts, sites on disk, readers of what is published."""

import pkgutil

import pytest
from hypothesis import settings

# The same examples every day, and no clock.
settings.register_profile("daily", deadline=None, derandomize=True, database=None)
settings.load_profile("daily")
# An assertion that fails in here shows its values, as one in a test does.
pytest.register_assert_rewrite(*(f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__)))
