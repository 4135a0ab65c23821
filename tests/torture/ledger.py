"""What an officer was told is kept, and whether what is found afterwards fits it.

A sitting writes a line before each thing that it does and one after it, when the program has said
that it is done. So of all that was ever begun only the last thing may be half done.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

STORY = "what_happened"
STATE, TITLE, REPORT = "@state", "@title", "@report"
OLDEST_S = 2.0

Fields = dict[str, str]
Changes = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Begun:
    """Something that is being done. draft: to which one; "" for one that is made now, None for
    none. may: what its fields may become; None takes one away. may_go: whether it is destroyed.
    """

    name: str
    draft: str | None
    may: Mapping[str, tuple[str | None, ...]]
    may_go: bool


@dataclass
class Found:
    """What is there when everything was opened again. troubles: what must not be."""

    passphrase: str = ""
    drafts: dict[str, Fields] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)


@dataclass
class Ledger:
    """drafts: as they were acknowledged. passphrases: one of them opens the vault; none before
    there is one. typed: when so many characters of a story stood on the screen.
    """

    drafts: dict[str, Fields] = field(default_factory=dict)
    destroyed: set[str] = field(default_factory=set)
    passphrases: tuple[str, ...] = ()
    has_vault: bool = False
    begun: Begun | None = None
    typing: str = ""
    typed: list[tuple[float, int]] = field(default_factory=list)
    last_s: float = 0.0
    acknowledged: int = 0

    @classmethod
    def after(cls, found: Found, destroyed: Iterable[str] = ()) -> Self:
        """What the next sitting begins with."""
        if not found.passphrase:  # there was no vault yet
            return cls()
        return cls(found.drafts, set(destroyed), (found.passphrase,), has_vault=True)

    def read(self, lines: Iterable[bytes]) -> Self:
        """Follow a journal; a last line that is not whole was never said."""
        for line in lines:
            try:
                message = json.loads(line)
            except ValueError:
                break
            self._follow(message)
        return self

    def _follow(self, message: dict[str, object]) -> None:
        match message:
            case {"begin": str(name), "draft": draft, "may": dict(may), "may_go": bool(may_go)}:
                assert draft is None or isinstance(draft, str)
                self.begun = Begun(name, draft, {k: tuple(v) for k, v in may.items()}, may_go)
            case {"done": str(draft), "now": dict(now), "gone": bool(gone)}:
                self._finish(draft, now, gone)
            case {"typed": [str(draft), int(count)], "at_s": float(at_s)}:
                if draft != self.typing:
                    self.typing, self.typed = draft, []
                self.typed.append((at_s, count))
            case {"passphrases": list(words)}:
                self.passphrases = tuple(words)
            case {"vault": True}:
                self.has_vault = True
        moment = message["at_s"]
        assert isinstance(moment, float)
        self.last_s = moment

    def _finish(self, draft: str, now: Changes, gone: bool) -> None:
        self.begun = None
        if not draft:
            return
        self.acknowledged += 1
        if gone:
            self.drafts.pop(draft, None)
            self.destroyed.add(draft)
            return
        fields = self.drafts.setdefault(draft, {})
        for name, value in now.items():
            if value is None:
                fields.pop(name, None)
            else:
                fields[name] = value

    def compare(self, found: Found) -> list[str]:
        """What is lost or wrong; empty if all is as it was said to be."""
        faults = list(found.troubles)
        begun = self.begun
        for draft, fields in self.drafts.items():
            own = begun if begun is not None and begun.draft == draft else None
            if draft in found.drafts:
                faults += _compare_fields(fields, found.drafts[draft], own)
            elif own is None or not own.may_go:
                faults.append("a draft is lost")
        for draft in found.drafts.keys() - self.drafts.keys():
            if draft in self.destroyed:
                faults.append("a draft that was destroyed is there again")
            elif begun is None or begun.draft != "":
                faults.append("a draft comes from nowhere")
            else:
                faults += _compare_fields({}, found.drafts[draft], begun)
        if len(found.drafts.keys() - self.drafts.keys()) > 1:
            faults.append("more drafts than were made")
        if self.missing_s(found) > OLDEST_S:
            faults.append(f"what was typed {self.missing_s(found):.2f} s ago is missing")
        return faults

    def missing_s(self, found: Found) -> float:
        """How long ago the oldest of what is missing was typed; 0 if nothing is.

        By the writer's own last line: a process that stood still typed nothing either.
        """
        if self.typing not in found.drafts:
            return 0.0
        kept = len(json.loads(found.drafts[self.typing].get(STORY, '""')))
        missing = [at_s for at_s, count in self.typed if count > kept]
        return self.last_s - min(missing) if missing else 0.0


def _compare_fields(told: Fields, found: Fields, begun: Begun | None) -> list[str]:
    faults = []
    for name in sorted(told.keys() | found.keys() | (begun.may.keys() if begun else set())):
        allowed = {told.get(name), *(begun.may.get(name, ()) if begun else ())}
        if begun is not None and begun.draft == "":  # made whole or not at all
            allowed = set(begun.may.get(name, ()))
        if found.get(name) not in allowed:
            faults.append(f"{name} is not what was kept")
    return faults
