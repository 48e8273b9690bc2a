"""What a Jekyll blog says of itself in `_config.yml`, as far as its posts depend on it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dlmap.config import normal_base_url
from dlmap.text import SourceFile, Span
from dlmap.text.strict_yaml import YamlMapping, YamlNode, YamlScalar, YamlSequence, parse_yaml

CONFIG_NAME = "_config.yml"
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_PLACE = re.compile(r":(year|short_year|month|i_month|day|i_day|y_day|title|slug|categories|output_ext)")


class Defaults(NamedTuple):
    """What the heads of some posts say where they say nothing themselves."""

    path: str
    """Where those posts stand, from the root of the site; empty for all."""
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class JekyllConfig:
    """The keys that matter here; each is empty where the blog does not say."""

    title: str = ""
    description: str = ""
    host: str = ""
    address: str = ""
    """Of the blog, with a trailing slash: `url` and `baseurl`."""
    permalink: str = ""
    """The address of every post, with `:year` and the like in it."""
    defaults: tuple[Defaults, ...] = ()


def read_jekyll_config(source: SourceFile | None) -> JekyllConfig:
    """Read `_config.yml`.  It is another program's file: what cannot be read is no fault of the site."""
    node, _ = parse_yaml(source, Span(0, len(source.text))) if source else (None, ())
    if not isinstance(node, YamlMapping):
        return JekyllConfig()
    values = _texts(node)
    return JekyllConfig(
        " ".join(values.get("title", "").split()),
        " ".join(values.get("description", "").split()),
        re.sub(r"^https?://", "", values.get("url", "").lower()).split("/")[0],
        normal_base_url(f"{values.get('url', '').rstrip('/')}/{values.get('baseurl', '').strip('/')}") or "",
        _permalink(values.get("permalink", "")),
        tuple(sorted(_defaults({key.text: value for key, value in node.items}.get("defaults")), key=_depth)),
    )


def _texts(node: YamlNode | None) -> dict[str, str]:
    if not isinstance(node, YamlMapping):
        return {}
    return {key.text: value.text.strip() for key, value in node.items if isinstance(value, YamlScalar)}


def _permalink(written: str) -> str:
    return _STYLES.get(written, written if written.startswith("/") else "")


def _defaults(node: YamlNode | None) -> Iterator[Defaults]:
    for each in node.items if isinstance(node, YamlSequence) else ():
        parts = {key.text: value for key, value in each.items} if isinstance(each, YamlMapping) else {}
        scope, values = _texts(parts.get("scope")), _texts(parts.get("values"))
        if scope.get("type", "") in ("", "posts", "drafts") and "*" not in scope.get("path", ""):
            yield Defaults(scope.get("path", "").strip("/"), tuple(values.items()))


def _depth(defaults: Defaults) -> int:
    return len(defaults.path)


def named_by(config: JekyllConfig, path: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """For a post at a path from the root of the site: how its address is made, and what its head says by default."""
    found: dict[str, str] = {}
    for scope, values in config.defaults:  # the nearest counts
        if not scope or path == scope or path.startswith(f"{scope}/"):
            found |= values
    return _permalink(found.pop("permalink", "")) or config.permalink, tuple(sorted(found.items()))


def expand_permalink(template: str, date: datetime.date | None, words: str) -> str:
    """The address of a post; empty where the template wants what is not known."""
    if date is None and re.search(r":(short_)?year|:(i_)?month|:(i_|y_)?day", template):
        return ""
    day = date or datetime.date.min
    values = {
        "year": f"{day.year:04}",
        "short_year": f"{day.year % 100:02}",
        "month": f"{day.month:02}",
        "i_month": str(day.month),
        "day": f"{day.day:02}",
        "i_day": str(day.day),
        "y_day": f"{day.timetuple().tm_yday:03}",
        "title": words,
        "slug": words,
        "categories": "",
        "output_ext": ".html",
    }
    return re.sub(r"/{2,}", "/", _PLACE.sub(lambda match: values[match.group(1)], template))
