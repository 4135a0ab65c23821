"""Makes of a narrative what people make of it: capitals, no capitals, typing errors, no titles."""

import random
import re
from dataclasses import replace

from marks import Narrative, Part

_TITLE = re.compile(
    r"\b(?:ofc|ofcr|officer|sgt|sergeant|deputy|dep|det|detective|cpl|corporal|lt|lieutenant|capt"
    r"|captain|trooper|tpr|inmate|suspect|mr|ms|mrs|subject|driver|passenger)s?\.? $",
    re.IGNORECASE,
)


def roughen(narrative: Narrative, random_: random.Random) -> Narrative:
    """The narrative in one of several manners of writing; half stay as they are."""
    parts = list(narrative.parts)
    if random_.random() < 0.3:
        parts = [_drop_title(parts, at, random_) for at in range(len(parts))]
    draw = random_.random()
    if draw < 0.1:
        parts = [replace(part, text=part.text.upper()) for part in parts]
    elif draw < 0.22:
        parts = [replace(part, text=part.text.lower()) for part in parts]
        if random_.random() < 0.6:
            parts = [_drop_signs(part, random_) for part in parts]
    elif draw < 0.28:
        parts = [
            replace(part, text=part.text.lower()) if part.kind == "NAME" else part for part in parts
        ]
    elif draw < 0.33:
        parts = [
            replace(part, text=part.text.upper()) if part.kind == "NAME" else part for part in parts
        ]
    elif draw < 0.36:
        parts = [replace(part, text=part.text.title()) if not part.kind else part for part in parts]
    if random_.random() < 0.15:
        parts = [replace(part, text=_mistype(part.text, random_)) for part in parts]
    if random_.random() < 0.1:
        parts = [replace(part, text=part.text.replace("'", "’")) for part in parts]  # noqa: RUF001
    return Narrative(narrative.name, tuple(part for part in parts if part.text))


def _drop_title(parts: list[Part], at: int, random_: random.Random) -> Part:
    part = parts[at]
    before_name = at + 1 < len(parts) and parts[at + 1].kind == "NAME"
    if part.kind or not before_name or random_.random() < 0.3:
        return part
    return replace(part, text=_TITLE.sub("", part.text))


def _drop_signs(part: Part, random_: random.Random) -> Part:
    if part.kind:
        return part
    return replace(
        part,
        text=re.sub(
            r"[.,;'](?=\s|$|\w)", lambda m: "" if random_.random() < 0.8 else m[0], part.text
        ),
    )


def _mistype(text: str, random_: random.Random) -> str:
    """A letter left out, doubled, changed or swapped in about one word of twenty."""

    def change(match: re.Match[str]) -> str:
        word = match.group()
        if random_.random() > 0.06:
            return word
        at = random_.randrange(1, len(word) - 1)
        match random_.randrange(4):
            case 0:
                return word[:at] + word[at + 1 :]
            case 1:
                return word[:at] + word[at] + word[at:]
            case 2:
                return word[:at] + random_.choice("aeiourstnlm") + word[at + 1 :]
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return re.sub(r"[A-Za-z]{4,}", change, text)
