"""Create new sites: the example, or a site from an existing post."""

from dlmap.scaffold.files import example_site, post_site
from dlmap.scaffold.post import Post, read_post
from dlmap.scaffold.repository import SiteRepository, repository_of
from dlmap.scaffold.write import FolderTakenError, is_free, write_files

__all__ = [
    "FolderTakenError",
    "Post",
    "SiteRepository",
    "example_site",
    "is_free",
    "post_site",
    "read_post",
    "repository_of",
    "write_files",
]
