"""What the tests share: hosts, sites on disk, readers of what is published."""

import pkgutil

import pytest

# An assertion that fails in here shows its values, as one in a test does.
pytest.register_assert_rewrite(*(f"{__name__}.{module.name}" for module in pkgutil.iter_modules(__path__)))
