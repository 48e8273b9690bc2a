"""What V8 is to run: scripts, and the function of theirs that answers."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

VENDOR = Path(__file__).resolve().parent.parent / "_vendor"
"""Where the build hook puts the libraries that npm brings."""


class EngineError(RuntimeError):
    """The engine itself does not work here: nothing that it was asked is to blame."""


@dataclass(frozen=True, slots=True)
class Script:
    """Scripts that are loaded in order, and the function that takes a text and returns one."""

    name: str
    """What it is called in messages, `formula engine`."""
    scripts: tuple[Path, ...]
    function: str
    probe: str
    """A question that it has to answer before it counts as ready …"""
    proof: str
    """… with a text that holds this."""
    memory_limit: int = 256 * 1024 * 1024
    """Bytes of V8's heap."""

    def fingerprint(self) -> str:
        """Changes whenever the same question may have another answer."""
        digest = blake2b(digest_size=16)
        for script in self.scripts:
            digest.update(blake2b(script.read_bytes()).digest())
        return digest.hexdigest()
