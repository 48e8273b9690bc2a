"""Publishing: the only package that writes files of the site, or of what is made of it."""

from dlmap.publish.output import OutputRefusedError, PublishResult, check_output, publish
from dlmap.publish.single_file import check_file, write_file
from dlmap.publish.translations import record_translations

__all__ = [
    "OutputRefusedError",
    "PublishResult",
    "check_file",
    "check_output",
    "publish",
    "record_translations",
    "write_file",
]
