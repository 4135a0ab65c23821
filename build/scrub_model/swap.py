"""Swaps the marked texts of a narrative for others of their kind, the same all through it."""

import random
import re
import string
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from marks import Narrative, Part
from swap_lists import Lists, draw_flat

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")  # noqa: RUF001
_SHAPED = frozenset(["BADGE", "CASE", "PLATE", "VIN", "PHONE", "ID", "GEO"])


@dataclass(slots=True)
class Swapper:
    """Swaps for one narrative.

    words: what each word of a name became, in lower case, so that all mentions agree.
    """

    lists: Lists
    random: random.Random
    words: dict[str, str] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)

    def swap(self, narrative: Narrative) -> Narrative:
        """The narrative with most of its marked texts swapped."""
        order = sorted(
            (part for part in narrative.parts if part.kind),
            key=lambda part: part.sub not in {"full", "lastfirst"},
        )
        for part in order:
            self.texts.setdefault((part.kind, part.text), self._swap_part(part))
        return Narrative(
            narrative.name,
            tuple(
                replace(part, text=self.texts[part.kind, part.text]) if part.kind else part
                for part in narrative.parts
            ),
        )

    def _swap_part(self, part: Part) -> str:
        new = self._draw(part)
        if part.kind in {"NAME"} | _SHAPED:
            return new
        return _copy_case(part.text, new)

    def _draw(self, part: Part) -> str:
        if part.kind == "NAME":
            return self._swap_name(part) if part.sub else part.text
        if part.kind in _SHAPED:
            return part.text if self._happens(0.25) else self._reshape(part.text)
        swaps: dict[str, Callable[[Part], str]] = {
            "PLACE": self._swap_place,
            "AGENCY": self._swap_agency,
            "UNIT": self._swap_unit,
            "ADDRESS": self._swap_address,
            "DATE": self._swap_date,
            "TIME": self._swap_time,
        }
        swap = swaps.get(part.kind)
        return part.text if swap is None or self._happens(0.2) else swap(part)

    def _pick(self, name: str) -> str:
        return self.random.choice(self.lists.words[name])

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability

    # people

    def _swap_name(self, part: Part) -> str:
        if part.sub == "initials":
            return "".join(
                self.random.choice(string.ascii_uppercase) if char.isupper() else char
                for char in part.text
            )
        if part.sub == "nick":
            if part.text.lower() not in self.words:
                drawn = self.random.choice(
                    [*self.lists.words["animals"], *self.lists.words["nicks"]]
                )
                self.words[part.text.lower()] = part.text if self._happens(0.5) else drawn
            return _copy_case(part.text, self.words[part.text.lower()])
        found = list(_WORD.finditer(part.text))
        last = self._find_last(part, [match.group().lower() for match in found])
        pieces, position = [], 0
        for number, match in enumerate(found):
            word = match.group()
            pieces.append(part.text[position : match.start()])
            pieces.append(self._swap_name_word(word, number == last))
            position = match.end()
        return "".join([*pieces, part.text[position:]])

    def _find_last(self, part: Part, words: list[str]) -> int:
        """The number of the word that is the surname; -1 if there is none."""
        if part.sub == "first":
            return -1
        if part.sub == "lastfirst":
            return next(
                (at for at, word in enumerate(words) if word not in self.lists.words["particles"]),
                0,
            )
        real = [at for at, word in enumerate(words) if word not in self.lists.words["suffixes"]]
        return real[-1] if real else -1

    def _swap_name_word(self, word: str, is_last: bool) -> str:
        low = word.lower()
        if low in self.lists.words["particles"] or low in self.lists.words["suffixes"]:
            return word
        if len(word) == 1:
            return self.random.choice(string.ascii_uppercase) if word.isupper() else word
        if low not in self.words:
            self.words[low] = self._draw_surname() if is_last else self._draw_first()
            if self._happens(0.15):
                self.words[low] = word
        return _copy_case(word, self.words[low])

    def _draw_surname(self) -> str:
        draw = self.random.random()
        if draw < 0.13:
            return self._pick("word_surnames")
        if draw < 0.35:
            return self.random.choice(self.lists.other_names)[1]
        name = draw_flat(self.lists.surnames, self.random)
        if draw < 0.39:
            return f"{name}-{draw_flat(self.lists.surnames, self.random)}"
        if draw < 0.425:
            return f"{self._pick('two_first')} {self._pick('two_last')}"
        if draw < 0.44:
            return self.random.choice(["O'", "D'", "Mc", "Mac", "De", "Van", "Al-", "La"]) + name
        return name

    def _draw_first(self) -> str:
        if self._happens(0.25):
            return self.random.choice(self.lists.other_names)[0]
        return draw_flat(self.lists.first_names, self.random)

    # places and agencies

    def _base(self) -> str:
        draw = self.random.random()
        if draw < 0.3:
            return draw_flat(self.lists.surnames, self.random)
        if draw < 0.5:
            return draw_flat(self.lists.towns, self.random)
        if draw < 0.7:
            return self._pick("road_names")
        return f"{self._pick('fancy')} {self._pick('fancy_nouns')}"

    def _road(self) -> str:
        if self._happens(0.25):
            return draw_flat(self.lists.surnames, self.random)
        return self._pick("road_names")

    def _swap_place(self, part: Part) -> str:  # noqa: PLR0911
        random_, words = self.random, part.text.split()
        match part.sub:
            case "road":
                if any(char.isdigit() for char in part.text):
                    return self._reshape(part.text)
                if (
                    words[-1].strip(".").title() in self.lists.words["road_types"]
                    and len(words) > 1
                ):
                    kind = words[-1] if self._happens(0.4) else self._pick("road_types")
                    return f"{self._road()} {kind}"
                return self._road() if len(words) == 1 else part.text
            case "town":
                return draw_flat(self.lists.towns, random_)
            case "county":
                name = random_.choice(self.lists.counties)
                return f"{name} {words[-1]}" if len(words) > 1 else name
            case "business":
                if self._happens(0.3):
                    return self._pick("chains")
                return self._business() if self._happens(0.6) else part.text
            case "school":
                return (
                    f"{self._base()} {self._pick('school_types')}" if len(words) > 1 else part.text
                )
            case "park":
                return f"{self._base()} {self._pick('park_types')}" if len(words) > 1 else part.text
            case "building":
                saint = random_.choice(["St. ", "St ", "", "", ""])
                name = draw_flat(self.lists.first_names, random_) if saint else self._base()
                return (
                    f"{saint}{name} {self._pick('building_types')}" if len(words) > 1 else part.text
                )
            case "landmark":
                return (
                    f"{self._base()} {self._pick('landmark_types')}"
                    if len(words) > 1
                    else part.text
                )
            case "area":
                return self._pick("area_words") if self._happens(0.4) else part.text
        return part.text

    def _business(self) -> str:
        random_ = self.random
        noun = self._pick("business_nouns")
        draw = random_.random()
        if draw < 0.3:
            return f"{draw_flat(self.lists.surnames, random_)}'s {noun}"
        if draw < 0.5:
            return f"{draw_flat(self.lists.first_names, random_)}'s"
        if draw < 0.8:
            return (
                f"{self._pick('fancy')} {random_.choice([*self.lists.words['fancy_nouns'], noun])}"
            )
        return f"{self._base()} {noun}"

    def _swap_agency(self, part: Part) -> str:
        random_ = self.random
        if part.sub == "acronym":
            if self._happens(0.35):
                return self._pick("national")
            first = random_.choice(["", *string.ascii_uppercase])
            second = random_.choice(string.ascii_uppercase)
            return f"{first}{second}{self._pick('acronym_ends')}"
        if part.sub in {"full", "short"}:
            place = (
                random_.choice(self.lists.counties)
                + random_.choice(["", " County", " County", " Co"])
                if self._happens(0.5)
                else draw_flat(self.lists.towns, random_)
            )
            return f"{place} {self._pick('agency_types')}"
        return part.text

    # numbers, addresses, dates, times

    def _reshape(self, text: str) -> str:
        """Other digits, and other letters where digits stand beside them."""
        return re.sub(r"[^\s-]+", lambda match: self._reshape_run(match.group()), text)

    def _reshape_run(self, run: str) -> str:
        mixed = any(char.isdigit() for char in run) or (run.isupper() and len(run) <= 4)
        if (
            not mixed
            or run.lower() in self.lists.words["keep_words"]
            or run.lower().strip("#:.") in self.lists.words["keep_words"]
        ):
            return run
        letters = self._happens(0.5)
        return "".join(self._reshape_char(char, letters) for char in run)

    def _reshape_char(self, char: str, letters: bool) -> str:
        if char.isdigit() and char.isascii():
            return self.random.choice("123456789" if char != "0" else "0123456789")
        if letters and char.isascii() and char.isupper():
            return self.random.choice("ABCDEFGHJKLMNPRSTUVWXYZ")
        return char

    def _swap_unit(self, part: Part) -> str:
        if part.sub == "apparatus" and self._happens(0.5):
            return f"{self._pick('apparatus')} {self.random.randint(1, 99)}"
        words = re.split(r"([\s-])", part.text)
        phonetic = {word.lower() for word in self.lists.words["phonetic"]}
        digits = set(self.lists.words["digit_words"])
        swapped = [
            self._pick("phonetic")
            if word.lower() in phonetic
            else self._pick("digit_words")
            if word.lower() in digits
            else word
            for word in words
        ]
        return self._reshape("".join(swapped))

    def _swap_address(self, part: Part) -> str:
        def swap(match: re.Match[str]) -> str:
            word = match.group()
            plain = word.strip(".").lower()
            known = (
                plain in self.lists.words["keep_words"]
                or plain.title() in self.lists.words["road_types"]
                or len(plain) < 3
            )
            return word if known or self._happens(0.3) else _copy_case(word, self._road())

        return self._reshape(_WORD.sub(swap, part.text))

    def _swap_date(self, part: Part) -> str:
        def swap(match: re.Match[str]) -> str:
            word = match.group()
            for group in (self.lists.words["months"], self.lists.words["days"]):
                for name in group:
                    if word.lower() == name.lower():
                        return _copy_case(word, self.random.choice(group))
                    if word.lower() == name[:3].lower():
                        return _copy_case(word, self.random.choice(group)[:3])
            return word

        text = _WORD.sub(swap, part.text)
        return re.sub(r"\d+", lambda match: self._other_number(match.group(), 28), text)

    def _other_number(self, digits: str, most: int) -> str:
        if len(digits) == 4:
            return str(self.random.randint(1998, 2026)) if digits[:2] in {"19", "20"} else digits
        new = self.random.randint(1, 12 if int(digits) <= 12 else most)
        return f"{new:02d}" if digits.startswith("0") else str(new)

    def _swap_time(self, part: Part) -> str:
        def swap(match: re.Match[str]) -> str:
            digits = match.group()
            if len(digits) == 4:
                return f"{self.random.randint(0, 23):02d}{self.random.randint(0, 59):02d}"
            if len(digits) == 2 and match.start() and match.string[match.start() - 1] == ":":
                return f"{self.random.randint(0, 59):02d}"
            return (
                str(self.random.randint(1, 12))
                if len(digits) == 1
                else f"{self.random.randint(10, 23)}"
            )

        def word(match: re.Match[str]) -> str:
            low = match.group().lower()
            names = [*self.lists.words["digit_words"], "ten", "eleven", "twelve"]
            return (
                _copy_case(match.group(), self.random.choice(names))
                if low in names
                else match.group()
            )

        return re.sub(r"\d+", swap, _WORD.sub(word, part.text))


def _copy_case(old: str, new: str) -> str:
    """`new` in capitals or lower case as `old` is."""
    letters = [char for char in old if char.isalpha()]
    if len(letters) > 1 and all(char.isupper() for char in letters) and len(new) > 1:
        return new.upper()
    return new.lower() if letters and all(char.islower() for char in letters) else new
