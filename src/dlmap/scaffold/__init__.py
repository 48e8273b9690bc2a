"""New sites: the example, or the site of a post that somebody has already."""

from dlmap.scaffold.files import example_site, post_site
from dlmap.scaffold.repository import Repository, repository_of
from dlmap.scaffold.write import FolderTaken, is_free, write_files

__all__ = [
    "FolderTaken",
    "Repository",
    "example_site",
    "is_free",
    "post_site",
    "repository_of",
    "write_files",
]
