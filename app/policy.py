"""What an administrator has fixed for every account of this computer about the window.

`policy.json` lies beside the network settings of the machine. It can make the program more
careful and never less: a lock can come sooner, not later, and what an agency says before the story
stands below a sentence of the program's own, which stays.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from app.settings import DEFAULT_LOCK_MINUTES, LONGEST_LOCK_MINUTES, Settings

FORMAT = "nearmiss-policy-1"
_FILE = "policy.json"
_FOLDER = "leo-near-miss"
_SIZE_LIMIT = 64 * 1024


_NOTICE_LIMIT = 1_500
_MOST_NUMBERS, _NAME_LIMIT, _NUMBER_LIMIT = 8, 80, 60


class PeerSupport(NamedTuple):
    """Somebody to talk to. number: as one dials it, with the hours if it has any."""

    name: str
    number: str


class Policy(NamedTuple):
    """lock_minutes: the longest time without a key or click before the vault is locked, or None.
    notice: what the agency says before the story, empty for the program's own words.
    peer_support: whom it names afterwards, empty for whom the program names.
    """

    lock_minutes: int | None = None
    notice: str = ""
    peer_support: tuple[PeerSupport, ...] = ()


def machine_file() -> Path:
    """Where an administrator says it."""
    if sys.platform == "win32":
        return Path(os.environ.get("PROGRAMDATA", r"C:\ProgramData")) / _FOLDER / _FILE
    if sys.platform == "darwin":
        return Path("/Library/Application Support") / _FOLDER / _FILE
    return Path("/etc") / _FOLDER / _FILE


def read_policy(path: Path | None = None) -> Policy:
    """What holds on this computer.

    A file that cannot be read counts as one that asks for the default: somebody wanted it
    shorter, and a slip of theirs must not make it longer.
    """
    import json  # noqa: PLC0415  (a start without a file does without)

    path = path or machine_file()
    try:
        if not path.exists():
            return Policy()
        with path.open("rb") as file:
            found = json.loads(file.read(_SIZE_LIMIT))
        minutes = found.get("lock_minutes")
        if found["format"] != FORMAT or (minutes is not None and type(minutes) is not int):
            raise ValueError("not a policy of this version")
        if minutes is not None and not 1 <= minutes <= LONGEST_LOCK_MINUTES:
            raise ValueError("no time after which a vault is locked")
        notice = _read_text(found.get("notice", ""), _NOTICE_LIMIT, one_line=False)
        named = found.get("peer_support", [])
        if type(named) is not list or len(named) > _MOST_NUMBERS:
            raise ValueError("a few numbers, in a list")
        peers = tuple(map(_read_peer, named))
    except (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return Policy(DEFAULT_LOCK_MINUTES)
    return Policy(minutes, notice, peers)


def _read_peer(found: Mapping[str, object]) -> PeerSupport:
    return PeerSupport(
        _read_text(found["name"], _NAME_LIMIT, one_line=True),
        _read_text(found["number"], _NUMBER_LIMIT, one_line=True),
    )


def _read_text(found: object, limit: int, *, one_line: bool) -> str:
    from app.domain.plain_text import clean_text  # noqa: PLC0415  (as above)

    if type(found) is not str or len(found) > limit:
        raise ValueError("not a text of this length")
    return clean_text(found, one_line=one_line)


def lock_minutes(settings: Settings, policy: Policy) -> int:
    """After how many minutes without a key or click the vault is locked."""
    fixed = policy.lock_minutes
    return settings.lock_minutes if fixed is None else min(settings.lock_minutes, fixed)
