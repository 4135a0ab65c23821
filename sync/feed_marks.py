"""High-water marks: the newest state of the feed that a program has ever accepted.

Plain TUF forgets this when its cache is wiped, and then accepts an old repository. So the
marks are kept with the archive and with the post, and the higher of the two holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime

from app.errors import UntrustedError


class OlderFeedError(UntrustedError):
    """The feed is older than what was accepted before, or mixed from two states."""

    def __init__(self, held_on: str = "") -> None:
        held = f" of {held_on}" if held_on else ""
        super().__init__(
            "These files of the archive are older than what this computer already has.",
            f"They were not used; the archive{held} stays as it is.",
            "Update from the network, or ask for a newer copy.",
        )


@dataclass(frozen=True, slots=True)
class Marks:
    """sequence: of the index. signed_on: "YYYY-MM-DD" of that timestamp, or empty. The rest:
    the versions of the TUF roles. All 0 before the first update.
    """

    sequence: int = 0
    signed_on: str = ""
    root: int = 0
    timestamp: int = 0
    snapshot: int = 0
    targets: int = 0
    archive: int = 0

    def to_mapping(self) -> dict[str, str]:
        """Name and value, for a table of texts."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_mapping(cls, stored: Mapping[str, str]) -> "Marks":
        """What `to_mapping` gave; what is missing is as before the first update.

        Raises ValueError for a version that is no number.
        """
        return cls(
            sequence=int(stored.get("sequence", 0)),
            signed_on=stored.get("signed_on", ""),
            root=int(stored.get("root", 0)),
            timestamp=int(stored.get("timestamp", 0)),
            snapshot=int(stored.get("snapshot", 0)),
            targets=int(stored.get("targets", 0)),
            archive=int(stored.get("archive", 0)),
        )

    def check_not_older(self, found: "Marks") -> None:
        """Raises OlderFeedError if what was found is below this mark in any respect.

        A newer root may have replaced the keys of timestamp and snapshot, and then their
        versions may begin again: that is how TUF recovers from stolen keys (specification
        5.3.11). What is signed by several people never goes back.
        """
        pairs = [
            (found.root, self.root),
            (found.targets, self.targets),
            (found.archive, self.archive),
            (found.sequence, self.sequence),
        ]
        if found.root == self.root:
            pairs += [(found.timestamp, self.timestamp), (found.snapshot, self.snapshot)]
        if any(new < old for new, old in pairs):
            raise OlderFeedError(self.signed_on)


def higher_marks(one: Marks, other: Marks) -> Marks:
    """The higher of two, in each respect."""
    newer = max(one, other, key=lambda each: (each.root, each.timestamp, each.snapshot))
    return Marks(
        sequence=max(one.sequence, other.sequence),
        signed_on=newer.signed_on,
        root=newer.root,
        timestamp=newer.timestamp,
        snapshot=newer.snapshot,
        targets=max(one.targets, other.targets),
        archive=max(one.archive, other.archive),
    )


def trusted_time(now: datetime, marks: Marks) -> datetime:
    """The later of the system's clock and the time that was last signed.

    now: with its time zone. So a clock that is set back does not make expired files valid.
    """
    if not marks.signed_on:
        return now
    signed = datetime.strptime(marks.signed_on, "%Y-%m-%d").replace(tzinfo=UTC)
    return max(now, signed)
