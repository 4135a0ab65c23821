"""Finds and replaces identifiers: text in, findings out. Sees neither vault nor network."""

from sync.scrub.known import Identities
from sync.scrub.replacement import Identity
from sync.scrub.roster import NOBODY_LISTED, Roster, read_roster
from sync.scrub.scrubber import RESOURCES, Doubt, Scrubber, ScrubResult

__all__ = [
    "NOBODY_LISTED",
    "RESOURCES",
    "Doubt",
    "Identities",
    "Identity",
    "Roster",
    "ScrubResult",
    "Scrubber",
    "read_roster",
]
