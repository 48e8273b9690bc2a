"""Where templates and static files come from: the site's own folders first, then the default theme."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_PACKAGED = Path(__file__).parent / "_theme"
_CHECKOUT = Path(__file__).parents[2]


class ThemeError(Exception):
    """A file of the theme cannot be used; the message names it and says why."""


def default_theme_root() -> Path:
    """The folder that holds `templates/` and `static/` of the default theme.

    An installed package carries them beside its code; a checkout has them at its top.  The checkout comes first: an
    editable install can leave an old copy in the package.
    """
    return _CHECKOUT if (_CHECKOUT / "templates" / "base.html").is_file() else _PACKAGED


@dataclass(frozen=True, slots=True)
class Theme:
    """The folders that make up a site's look, most specific first."""

    roots: tuple[Path, ...]

    @classmethod
    def for_site(cls, site_folder: Path | None) -> Theme:
        """The theme of a site: its own `templates/` and `static/` override the default file by file."""
        default = default_theme_root()
        own = (site_folder,) if site_folder and site_folder.resolve() != default.resolve() else ()
        return cls((*own, default))

    @property
    def folders(self) -> tuple[Path, ...]:
        """Everything that the look is made of."""
        return tuple(root / name for root in self.roots for name in ("templates", "static"))

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for, in order."""
        return tuple(root / "templates" for root in self.roots)

    @property
    def has_own_templates(self) -> bool:
        """Whether the site has templates beside those of the default theme."""
        return any(folder.is_dir() for folder in self.template_folders[:-1])

    @property
    def default_templates(self) -> Path:
        """The default theme's own, which a site's template of the same name takes the place of."""
        return self.roots[-1] / "templates"

    def template_files(self, name: str) -> tuple[Path, ...]:
        """Every file of a name beside the templates, the most specific first."""
        return tuple(file for folder in self.template_folders if (file := folder / name).is_file())

    def static_files(self) -> dict[str, Path]:
        """Every static file by its path inside `static/`."""
        files: dict[str, Path] = {}
        for root in reversed(self.roots):
            folder = root / "static"
            for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
                if file.is_file() and not any(
                    part.startswith(".") for part in file.relative_to(folder).parts
                ):
                    files[file.relative_to(folder).as_posix()] = file
        return files


def place_in_template(error: BaseException) -> tuple[Path, int] | None:
    """The file and line of the template in which an exception arose: the innermost place that is no code."""
    import linecache  # noqa: PLC0415 - for this rare case only
    import traceback  # noqa: PLC0415

    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        file = Path(frame.filename)
        if file.suffix != ".py" and frame.lineno and file.is_file():
            linecache.checkcache(frame.filename)
            return file, frame.lineno
    return None
