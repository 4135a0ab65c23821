"""Narratives with marks: `[[KIND.sub|text]]` for an identifier, `{{text}}` for a look-alike."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEAD = re.compile(r"(?m)^=== *(.+)$")
_MARK = re.compile(r"\[\[([^\]|]*)\|([^\]]*)\]\]|\{\{([^}]+)\}\}")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a narrative: plain text (kind ""), or an identifier of a kind and subkind.

    look_alike: whether the writer marked it as something a machine could take for one.
    """

    text: str
    kind: str = ""
    sub: str = ""
    look_alike: bool = False


@dataclass(frozen=True, slots=True)
class Narrative:
    """name: the writer's letter, a number and the style."""

    name: str
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The text without marks."""
        return "".join(part.text for part in self.parts)


def read_narratives(path: Path) -> list[Narrative]:
    """All narratives of a file; each follows a line "=== name"."""
    pieces = _HEAD.split(path.read_text(encoding="utf-8"))
    return [
        Narrative(head.strip(), tuple(read_parts(body.strip())))
        for head, body in zip(pieces[1::2], pieces[2::2], strict=True)
        if body.strip()
    ]


def read_parts(marked: str) -> Iterator[Part]:
    """The parts of a marked text, in order."""
    position = 0
    for match in _MARK.finditer(marked):
        if match.start() > position:
            yield Part(marked[position : match.start()])
        if match[3]:
            yield Part(match[3], look_alike=True)
        else:
            kind, _, sub = match[1].partition(".")
            yield Part(match[2], kind, sub)
        position = match.end()
    if position < len(marked):
        yield Part(marked[position:])
