"""Answers that a story's own words suggest. A list of cues and nothing learned: every suggestion
can be told from the word that led to it. None of them is ever chosen unasked.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.form import Code, FieldId, Form

MOST = 3
_WORD = re.compile(r"[\w'\u2019-]+")
_DENIALS = frozenset({"no", "not", "without", "never", "nor", "neither", "didn't", "wasn't"})
_Cue = tuple[str, ...]
# A cue by its first word: the whole cue, the question and the code.
_Entry = tuple[_Cue, FieldId, Code]
_HEAD = 3  # so many letters of a first word that ends in * lead to it


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A code, and the words of the story that suggest it."""

    code: Code
    because: str


@dataclass(frozen=True, slots=True)
class Cues:
    """All cues, by the first word, and those whose first word ends in * by its first letters."""

    whole: Mapping[str, tuple[_Entry, ...]] = field(repr=False)
    begun: Mapping[str, tuple[_Entry, ...]] = field(repr=False)


def load_cues(raw: bytes, form: Form) -> Cues:
    """The packaged cues. Raises KeyError or ValueError for a question or code not of the form."""
    found = json.loads(raw)
    cues = found["cues"] | {name: found["cues"][like] for name, like in found["same"].items()}
    whole: dict[str, list[_Entry]] = {}
    begun: dict[str, list[_Entry]] = {}
    for name, codes in cues.items():
        asked = form.report_field(FieldId(name))
        for code, phrases in codes.items():
            if code not in asked.shape.options:
                raise ValueError(f"{name} has no code {code}")
            for phrase in phrases:
                cue = tuple(phrase.split())
                first = cue[0]
                shelf, key = (begun, first[:_HEAD]) if first.endswith("*") else (whole, first)
                shelf.setdefault(key, []).append((cue, asked.id, Code(code)))
    return Cues(
        {key: tuple(entries) for key, entries in whole.items()},
        {key: tuple(entries) for key, entries in begun.items()},
    )


def suggest(text: str, cues: Cues) -> Mapping[FieldId, tuple[Suggestion, ...]]:
    """For each question at most three codes, the one with the most different cues first.

    A cue after "no", "not" or "without" does not count, unless it holds such a word itself.
    """
    words = [each.replace("\u2019", "'").casefold() for each in _WORD.findall(text)]
    heard: dict[FieldId, dict[Code, dict[_Cue, str]]] = {}
    for at, word in enumerate(words):
        for cue, name, code in _entries(cues, word):
            said = words[at : at + len(cue)]
            if _fits(cue, said) and not _DENIALS.intersection(words[max(at - 2, 0) : at]):
                heard.setdefault(name, {}).setdefault(code, {}).setdefault(cue, " ".join(said))
    return {name: _rank(codes) for name, codes in heard.items()}


def _entries(cues: Cues, word: str) -> Iterator[_Entry]:
    yield from cues.whole.get(word, ())
    yield from cues.begun.get(word[:_HEAD], ())


def _fits(cue: _Cue, said: list[str]) -> bool:
    return len(cue) == len(said) and all(
        word.startswith(part[:-1]) if part.endswith("*") else word == part
        for part, word in zip(cue, said, strict=True)
    )


def _rank(codes: Mapping[Code, Mapping[_Cue, str]]) -> tuple[Suggestion, ...]:
    # sorted is stable: among equals the one that is told first stands first.
    ranked = sorted(codes.items(), key=lambda each: -len(each[1]))
    return tuple(Suggestion(code, next(iter(said.values()))) for code, said in ranked[:MOST])
