"""Finds and replaces identifiers: text in, findings out. Sees neither vault nor network."""

from sync.scrub.known import Identities
from sync.scrub.replacement import Identity
from sync.scrub.scrubber import RESOURCES, Doubt, Scrubber, ScrubResult

__all__ = ["RESOURCES", "Doubt", "Identities", "Identity", "ScrubResult", "Scrubber"]
