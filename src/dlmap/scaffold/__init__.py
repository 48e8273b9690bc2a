"""New sites: the example, or the site of a post that somebody has already."""

from dlmap.scaffold.files import example_site, post_site
from dlmap.scaffold.repository import SiteRepository, repository_of
from dlmap.scaffold.write import FolderTakenError, is_free, write_files

__all__ = [
    "FolderTakenError",
    "SiteRepository",
    "example_site",
    "is_free",
    "post_site",
    "repository_of",
    "write_files",
]
