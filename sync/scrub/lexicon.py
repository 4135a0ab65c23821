"""The word lists, read once: for each word all that is known of it, as flags."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.errors import DamagedError


class Knows:
    """What the lists say of a word, as bits.

    Plain numbers: an IntFlag makes an object at every test and halves the speed.
    """

    FIRST: Final = 1
    LAST: Final = 2
    NAME_WORD: Final = 4
    WORD: Final = 8
    VETO: Final = 16
    TITLE: Final = 32
    SHORT_TITLE: Final = 64
    ROLE: Final = 128
    STREET: Final = 256
    STREET_WORD: Final = 512
    STATE: Final = 1024
    # What is a word too, whatever else it may be.
    ORDINARY: Final = WORD | NAME_WORD | VETO | TITLE | ROLE | STATE


LISTS = (
    "agencies.txt",
    "businesses.txt",
    "census_first_names.txt",
    "census_rare_surnames.txt",
    "census_surnames.txt",
    "cities.txt",
    "first_names.txt",
    "holidays.txt",
    "name_words.txt",
    "place_nouns.txt",
    "police_words.txt",
    "roles.txt",
    "states.txt",
    "street_types.txt",
    "surnames.txt",
    "titles.txt",
    "words.txt",
)

# First word → number of words, the longest first → the words without 's → the phrases, each with
# whether its list marks it with a star. A look-up takes as long however many begin alike.
Phrases = Mapping[
    str, Mapping[int, Mapping[tuple[str, ...], Sequence[tuple[tuple[str, ...], bool]]]]
]


@dataclass(frozen=True, slots=True)
class Census:
    """Names by the census, for the model alone: nearly every word is somebody's surname."""

    surnames: frozenset[str] = field(repr=False)
    rare_surnames: frozenset[str] = field(repr=False)
    first_names: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists. Phrases are tuples of lower-case words, as the tokens cut them."""

    flags: Mapping[str, int] = field(repr=False)
    census: Census = field(repr=False)
    veto_phrases: Phrases = field(repr=False)
    states: Phrases = field(repr=False)
    state_codes: frozenset[str] = field(repr=False)
    cities: Phrases = field(repr=False)
    businesses: Phrases = field(repr=False)
    agencies: Phrases = field(repr=False)
    holidays: Phrases = field(repr=False)
    place_nouns: Phrases = field(repr=False)

    def look_up(self, low: str) -> int:
        """What is known of a lower-case word; an inflected form counts as its base form."""
        found = self.flags.get(low, 0)
        if found & _SETTLED:
            return found
        return found | Knows.WORD if self._is_inflected(low) else found

    def _is_inflected(self, low: str) -> bool:
        if found_name := self.flags.get(low, 0) & (Knows.FIRST | Knows.LAST):
            return not found_name
        base, mark, end = low.partition("'")
        if mark and end in _SHORT_ENDS and self.flags.get(base, 0) & (Knows.WORD | Knows.VETO):
            return True
        return any(self.flags.get(base, 0) & Knows.WORD for base in _base_forms(low)) or (
            len(low) > 6 and low.endswith(_WORD_ENDS)
        )


_SETTLED = Knows.WORD | Knows.VETO | Knows.NAME_WORD | Knows.TITLE
_SHORT_ENDS = frozenset({"ve", "m", "ll", "re", "d", "t"})
_WORD_ENDS = ("tion", "sion", "ness", "ment", "ingly", "ically", "ously", "ability", "ative")


def _base_forms(low: str) -> Iterator[str]:
    """Words that `low` could be a form of, such as "stop" for "stopped"."""
    for end in ("s", "es", "ed", "d", "ing", "er", "ers", "r", "ly", "y", "n't", "'ll", "'d"):
        if low.endswith(end) and len(low) - len(end) >= 3:
            base = low[: -len(end)]
            yield base
            if end in {"ing", "ed", "er", "es"}:
                yield base + "e"
                if base[-1] == base[-2]:
                    yield base[:-1]
            if base.endswith("i"):
                yield base[:-1] + "y"
    for start in ("un", "re", "non", "over", "under", "mis", "pre"):
        if low.startswith(start) and len(low) - len(start) >= 4:
            yield low[len(start) :]


def split_phrase(phrase: str) -> tuple[str, ...]:
    """A phrase as the tokens would cut it: runs of letters, digits and inner apostrophes."""
    cleaned = "".join(char if char.isalnum() or char == "'" else " " for char in phrase.lower())
    return tuple(word.strip("'") for word in cleaned.split() if word.strip("'"))


def _read_lines(name: str, files: Mapping[str, bytes]) -> list[str]:
    try:
        text = files[name].decode("utf-8")
    except KeyError:
        raise DamagedError(
            f"The word list {name} is missing.",
            "Texts cannot be checked for identifiers without it.",
            "Install the program again.",
        ) from None
    except UnicodeDecodeError:
        raise DamagedError(
            f"The word list {name} is damaged.",
            "Texts cannot be checked for identifiers without it.",
            "Install the program again.",
        ) from None
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _read_words(name: str, files: Mapping[str, bytes]) -> set[str]:
    return {word for line in _read_lines(name, files) for word in line.split()}


def _read_entries(name: str, files: Mapping[str, bytes]) -> dict[str, bool]:
    entries = (entry.strip() for line in _read_lines(name, files) for entry in line.split(","))
    return {entry.rstrip("*"): entry.endswith("*") for entry in entries if entry}


def _read_phrases(name: str, files: Mapping[str, bytes]) -> Phrases:
    return index_phrases(_read_entries(name, files).items())


def index_phrases(entries: Iterable[tuple[str, bool]]) -> Phrases:
    """Phrases by their first word, the longest first."""
    phrases = {split_phrase(entry): star for entry, star in entries}
    index: dict[str, dict[int, dict[tuple[str, ...], list[tuple[tuple[str, ...], bool]]]]] = {}
    for words in sorted(phrases, key=lambda each: (-len(each), each)):
        if words:
            bare = tuple(word.removesuffix("'s") for word in words)
            alike = index.setdefault(words[0], {}).setdefault(len(words), {})
            alike.setdefault(bare, []).append((words, phrases[words]))
    return index


def _single_words(phrases: Phrases) -> list[str]:
    return [first for first, by_length in phrases.items() if 1 in by_length]


def read_lexicon(files: Mapping[str, bytes]) -> Lexicon:
    """Build the lexicon from the lists' bytes by file name (see LISTS).

    Raises DamagedError if a list is missing or is not UTF-8.
    """
    flags: dict[str, int] = {}

    def mark(words: Iterable[str], flag: int) -> None:
        for word in words:
            flags[word] = flags.get(word, 0) | flag

    mark(_read_words("first_names.txt", files), Knows.FIRST)
    mark(_read_words("surnames.txt", files), Knows.LAST)
    mark(_read_words("name_words.txt", files), Knows.NAME_WORD)
    mark(_read_words("words.txt", files), Knows.WORD)
    veto = _read_phrases("police_words.txt", files)
    mark(_single_words(veto), Knows.VETO)
    titles = _read_entries("titles.txt", files)
    mark(titles, Knows.TITLE)
    mark([word for word, star in titles.items() if star], Knows.SHORT_TITLE)
    mark(_read_entries("roles.txt", files), Knows.ROLE)
    streets = _read_entries("street_types.txt", files)
    mark(streets, Knows.STREET)
    mark([word for word, star in streets.items() if star], Knows.STREET_WORD)
    pairs = [entry.split("=") for entry in _read_entries("states.txt", files)]
    states = index_phrases((pair[0], False) for pair in pairs)
    mark(_single_words(states), Knows.STATE)
    census = Census(
        frozenset(_read_words("census_surnames.txt", files)),
        frozenset(_read_words("census_rare_surnames.txt", files)),
        frozenset(_read_words("census_first_names.txt", files)),
    )
    return Lexicon(
        flags=flags,
        census=census,
        veto_phrases=veto,
        states=states,
        state_codes=frozenset(pair[-1] for pair in pairs),
        cities=_read_phrases("cities.txt", files),
        businesses=_read_phrases("businesses.txt", files),
        agencies=_read_phrases("agencies.txt", files),
        holidays=_read_phrases("holidays.txt", files),
        place_nouns=_read_phrases("place_nouns.txt", files),
    )
