"""Publishing: the only package that writes files of the site."""

from dlmap.publish.output import OutputRefused, Published, check_output, publish
from dlmap.publish.translations import record_translations

__all__ = ["OutputRefused", "Published", "check_output", "publish", "record_translations"]
