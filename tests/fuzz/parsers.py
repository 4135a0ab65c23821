"""What is fuzzed: each parser that reads bytes of others, with examples and with what it may raise.

A parser is given the raw bytes in every form in which an attacker can bring them there: as they
are, and behind each seal, checksum or compression that anyone can make. What it documents as its
refusal is fine; anything else that it raises is a crash, and so is a message that it takes and that
is another one when it is written and read again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from app.domain.plain_text import UnfitTextError
from app.errors import UserError
from sync.protocol.errors import ProtocolError
from tests.fuzz import (
    readers_of_drafts,
    readers_of_feed,
    readers_of_messages,
    readers_of_reports,
)
from tests.fuzz.examples import golden

Reader = Callable[[bytes], object]
REFUSALS = (ProtocolError, UserError, UnfitTextError)
"""What readers may raise. UserError: already the sentence for a person."""


@dataclass(frozen=True, slots=True)
class Parser:
    """readers: each is given all bytes. seeds: where the fuzzing starts. longest: bytes."""

    name: str
    readers: tuple[Reader, ...]
    seeds: Callable[[], Iterable[bytes]]
    longest: int = 8 * 1024

    def read(self, raw: bytes) -> int:
        """How many readers took the bytes. Raises what no reader may raise."""
        taken = 0
        for reader in self.readers:
            try:
                reader(raw)
            except REFUSALS:
                continue
            taken += 1
        return taken


PARSERS = {
    parser.name: parser
    for parser in (
        Parser("body", readers_of_reports.BODY, readers_of_reports.body_seeds, 66_000),
        Parser("token", readers_of_messages.TOKEN, readers_of_messages.token_seeds),
        Parser("carry", readers_of_reports.CARRY, readers_of_reports.carry_seeds, 100_000),
        Parser("mail", readers_of_reports.MAIL, readers_of_reports.mail_seeds),
        Parser("index", readers_of_feed.INDEX, lambda: golden("records/index.json")),
        Parser("mail-index", readers_of_feed.MAIL_INDEX, lambda: golden("mail/mail-index.json")),
        Parser("pack", readers_of_feed.PACK, readers_of_feed.pack_seeds, 16 * 1024),
        Parser("metadata", readers_of_feed.METADATA, readers_of_feed.metadata_seeds),
        Parser(
            "connection",
            readers_of_messages.CONNECTION,
            lambda: golden("protocol/connection.json", "protocol/service.public.json"),
        ),
        Parser("draft", readers_of_drafts.DRAFT, readers_of_drafts.draft_seeds, 20_000),
        Parser("messages", readers_of_messages.MESSAGES, readers_of_messages.message_seeds),
    )
}
