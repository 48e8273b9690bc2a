"""Links to the outside: found in every text of a site, looked up politely, reported where they stand."""

from dlmap.external.answer import LinkResult, LinkStatus
from dlmap.external.check import Checked, check_links
from dlmap.external.links import ExternalLink, external_links
from dlmap.external.lookup import look_up
from dlmap.external.polite import RequestPolicy

__all__ = [
    "Checked",
    "ExternalLink",
    "LinkResult",
    "LinkStatus",
    "RequestPolicy",
    "check_links",
    "external_links",
    "look_up",
]
