"""Check the metadata of the distributions in a folder: that an index would take it, and that both say the same."""

import sys
import tarfile
import zipfile
from pathlib import Path

from packaging.metadata import Metadata


def main(folder: Path) -> None:
    """Print what was found; fail where metadata is not valid or differs between archive and wheel."""
    texts = [
        *map(from_archive, sorted(folder.glob("*.tar.gz"))),
        *map(from_wheel, sorted(folder.glob("*.whl"))),
    ]
    found = [Metadata.from_email(text, validate=True) for text in texts]
    if len(found) != 2:
        sys.exit(f"{folder} holds {len(found)} distributions, not a source archive and a wheel")
    archive, wheel = found
    if archive.as_rfc822().as_bytes() != wheel.as_rfc822().as_bytes():
        sys.exit("the source archive and the wheel say different things of themselves")
    if not wheel.description or wheel.description_content_type != "text/markdown":
        sys.exit("the description is not the README in Markdown")
    print(f"{wheel.name} {wheel.version}: {len(wheel.requires_dist or ())} requirements")


def from_archive(file: Path) -> bytes:
    """The metadata of a source archive."""
    with tarfile.open(file) as archive:
        member = archive.extractfile(f"{file.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert member is not None  # noqa: S101
        return member.read()


def from_wheel(file: Path) -> bytes:
    """The metadata of a wheel."""
    with zipfile.ZipFile(file) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return archive.read(name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
