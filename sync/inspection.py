"""Remembers that the last connection was vouched for by an authority that is not public.

It is said and stops nothing: what leaves is sealed, and an officer whose agency inspects every
connection has no other way (docs/decisions/0009).
"""

from contextlib import suppress

from app.paths import Home, disk_errors, replace_file

_FILE = "private-issuer"


def note_issuer(home: Home, issuer: str) -> None:
    """Remember the authority's name; empty: the last connection had a public one, or no TLS."""
    if issuer:
        replace_file(home.folder / _FILE, issuer.encode())
        return
    with disk_errors():
        (home.folder / _FILE).unlink(missing_ok=True)


def read_issuer(home: Home) -> str:
    """The name that was noted last, empty for none."""
    with suppress(OSError, UnicodeDecodeError):
        return (home.folder / _FILE).read_bytes().decode()
    return ""


def describe_issuer(issuer: str) -> str:
    """What an authority that is not public means, and what it does not."""
    return (
        f"The last connection was vouched for by “{issuer}”, which is no public authority. "
        "Either the service uses one of its own, or your network inspects connections. Whoever "
        "inspects sees that this computer speaks with the service, when, and how much; what you "
        "wrote is sealed and stays so."
    )
