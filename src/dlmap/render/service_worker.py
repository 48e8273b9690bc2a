"""The service worker of a site: what browsers keep of it, and for which build."""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import Environment

from dlmap.site.model import SiteInfo

FILE = "sw.js"
"""At the root: a worker answers only for what stands below it."""
_SHELL_SUFFIXES = (".css", ".js")


def service_worker(
    environment: Environment, head: SiteInfo, assets: Iterable[str], version: str, offline_page: str
) -> bytes:
    """The worker of the build `version`; where the site wants none, one that ends what earlier builds have left.

    At once it fetches what all pages share and the home pages; `offline_page` is what it shows for a page that it has no
    copy of.
    """
    if not head.offline:
        return environment.get_template("sw-off.js").render().encode()
    shell = [
        *(f"{lang}/" for lang in head.languages),
        *(path for path in assets if path.endswith(_SHELL_SUFFIXES)),
    ]
    template = environment.get_template("sw.js")
    return template.render(version=version, shell=shell, offline_page=offline_page).encode()
