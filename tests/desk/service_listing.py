"""The service's listing of a folder, as its route writes it."""

import hashlib
from pathlib import Path

from sync.protocol import canonical


def list_folder(folder: Path) -> bytes:
    """The answer to GET /v1/desk/feed."""
    return canonical.encode(
        {
            "format": "nearmiss-feed-listing-1",
            "files": [
                {
                    "path": place.relative_to(folder).as_posix(),
                    "hash": hashlib.sha256(place.read_bytes()).hexdigest(),
                    "length": place.stat().st_size,
                }
                for place in sorted(folder.rglob("*"))
                if place.is_file()
            ],
        }
    )
