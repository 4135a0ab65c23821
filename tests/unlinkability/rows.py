"""Where the rows of a round lie in the databases' files, before and after the nightly rewrite."""

from collections.abc import Sequence
from pathlib import Path

from tests.unlinkability.sight import Rows

_FILES = ("issuer/issuer.sqlite", "intake.sqlite")


def find_rows(folder: Path, names: Sequence[bytes]) -> Rows:
    """names: account keys and report ids. A row that is there twice counts by its last place."""
    places: dict[str, dict[bytes, int]] = {}
    for file in _FILES:
        for end in ("", "-wal"):
            path = folder / (file + end)
            content = path.read_bytes() if path.exists() else b""
            found = {name: content.rfind(name) for name in names}
            places[path.name] = {name: place for name, place in found.items() if place >= 0}
    return Rows(places)
