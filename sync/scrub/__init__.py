"""Finds and replaces identifiers: text in, findings out. Sees neither vault nor network."""

from sync.scrub.known import Identities
from sync.scrub.lexicon import RESOURCES
from sync.scrub.replacement import Identity
from sync.scrub.scrubber import Scrubber, ScrubResult

__all__ = ["RESOURCES", "Identities", "Identity", "ScrubResult", "Scrubber"]
