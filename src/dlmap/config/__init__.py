"""The site's settings: `dlmap.toml`, every key optional, every mistake reported with its position."""

from dlmap.config.addresses import is_site_path, normal_base_url
from dlmap.config.blog import default_output, is_plain_blog
from dlmap.config.model import LANGUAGES, Alias, Config, ConfigError, SiteNotFoundError
from dlmap.config.reader import read_config

__all__ = [
    "LANGUAGES",
    "Alias",
    "Config",
    "ConfigError",
    "SiteNotFoundError",
    "default_output",
    "is_plain_blog",
    "is_site_path",
    "normal_base_url",
    "read_config",
]
