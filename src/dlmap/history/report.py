"""Changes of the map as text, Markdown and JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from dlmap.history.diff import Change, ChangeKind
from dlmap.text.count import count

_LANGUAGES = ("en", "zh")


def as_text(changes: Sequence[Change]) -> str:
    """For people: the changes by kind, and the aliases that keep old addresses working."""
    lines = [] if changes else ["nothing has changed on the map"]
    for kind, group in groupby(changes, key=lambda change: change.kind):
        same_kind = tuple(group)
        lines.append(f"{kind} ({len(same_kind)})")
        lines += [f"  {change.id}: {_description(change)}" for change in same_kind]
    if aliases := tuple(_aliases(changes)):
        pages = count(len(aliases), "page")
        lines += [
            "",
            f"To keep the old addresses of {pages} working, add to dlmap.toml:",
            "",
            "[aliases]",
            *aliases,
        ]
    return _joined(lines)


def as_markdown(changes: Sequence[Change]) -> str:
    """For release notes: a section for each kind of change."""
    lines: list[str] = []
    for kind, group in groupby(changes, key=lambda change: change.kind):
        items = (f"- `{change.id}`: {_escaped(_description(change))}" for change in group)
        lines += [f"## {kind.capitalize()}", "", *items, ""]
    if aliases := tuple(_aliases(changes)):
        lines += ["## Aliases for `dlmap.toml`", "", "```toml", "[aliases]", *aliases, "```"]
    return _joined(lines)


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def as_json(changes: Sequence[Change]) -> str:
    """For programs: a list of objects, one for each change."""
    document = [
        {
            "change": change.kind.value,
            "id": change.id,
            "old_id": change.old_id or None,
            **{
                side: concept
                and {**concept._asdict(), "label": dict(concept.label), "paper": concept.paper or None}
                for side, concept in (("before", change.before), ("after", change.after))
            },
        }
        for change in changes
    ]
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


REPORT_FORMATS: dict[str, Callable[[Sequence[Change]], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
}


def _description(change: Change) -> str:
    """The change in one line."""
    before, after = change.before, change.after
    names = " / ".join(dict.fromkeys(change.name(lang) for lang in _LANGUAGES))
    match change.kind:
        case ChangeKind.ADDED if after:
            return f"{names}, {after.kind}{_under(after.broader)}"
        case ChangeKind.REMOVED if before:
            return f"{names}, {before.kind}{_under(before.broader)}"
        case ChangeKind.MOVED if before and after:
            return f"{names}, from {', '.join(before.broader) or 'the top'} to {', '.join(after.broader) or 'the top'}"
        case ChangeKind.DATED if before and after:
            return f"{names}, {after.year}{f' instead of {before.year}' if before.year else ''}"
        case _ if before:
            old_names = " / ".join(dict.fromkeys(before.name(lang) for lang in _LANGUAGES))
            old = f" (`{change.old_id}`)" if change.old_id else ""
            return f"{names}, before: {old_names}{old}"
    return names


def _under(broader: Sequence[str]) -> str:
    return f" under {', '.join(broader)}" if broader else ""


def _aliases(changes: Sequence[Change]) -> Iterator[str]:
    """A line of `[aliases]` for each page whose address changed."""
    for change in changes:
        if change.old_id and change.before and change.before.kind != "approach":
            yield f'{change.old_id} = "{change.id}"'


def _escaped(text: str) -> str:
    return "".join(f"\\{char}" if char in "\\`*_[]<>#" else char for char in text)
