"""Where somebody was when the vault was locked, so that unlocking leads back there.

It can hold what was typed and not saved, even words of a receipt. So it is sealed with a key that
only the open vault has, and lies in memory alone: it ends with the program.
"""

import json
from dataclasses import dataclass

from ui.session import Session


@dataclass(frozen=True, slots=True)
class LeftPlace:
    """A page and what it remembers, as JSON values. is_saved: the disk has all that was typed."""

    name: str
    memory: object
    is_saved: bool


class LeftPlaces:
    """One for each vault that was locked in this window."""

    def __init__(self) -> None:
        self._sealed: dict[str, bytes] = {}
        self._unsaved: set[str] = set()

    @property
    def has_unsaved(self) -> bool:
        """Whether something would be lost with this window."""
        return bool(self._unsaved)

    def keep(self, session: Session, place: LeftPlace) -> None:
        """Called before the vault is closed. Raises RuntimeError while it is locked."""
        raw = json.dumps([place.name, place.memory, place.is_saved]).encode()
        self._sealed[session.vault_name] = session.seal_away(raw)
        if not place.is_saved:
            self._unsaved.add(session.vault_name)

    def take(self, session: Session) -> LeftPlace | None:
        """The place of the vault that is open now; None if there is none. It is given once."""
        sealed = self._sealed.pop(session.vault_name, None)
        self._unsaved.discard(session.vault_name)
        raw = session.take_back(sealed) if sealed is not None else None
        return None if raw is None else LeftPlace(*json.loads(raw))
