"""An officer's answer to a question: inside a seal, a submission like any other.

It names the report that was asked about, and shows the question's ticket. The ticket was
sealed to the reply key, so only who holds the words of that receipt can know it: neither the
service, which knows all ids, nor another reporter can answer in their place.
"""

from dataclasses import dataclass, field

from sync.protocol import canonical
from sync.protocol.errors import MalformedError
from sync.protocol.letter import TICKET_LENGTH
from sync.protocol.receipt import ID_LENGTH

FORMAT = "nearmiss-answer-1"


@dataclass(frozen=True, slots=True)
class Answer:
    """report_id: of the report that was asked about. turn, ticket: of the question."""

    report_id: bytes
    turn: int
    ticket: bytes = field(repr=False)
    text: str = field(repr=False)

    def to_bytes(self) -> bytes:
        """The canonical bytes that are sealed."""
        return canonical.encode(
            {
                "format": FORMAT,
                "report_id": canonical.to_base64(self.report_id),
                "turn": self.turn,
                "ticket": canonical.to_base64(self.ticket),
                "text": self.text,
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Answer":
        """Read it back. Raises MalformedError. Whether the ticket is right says the desk."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, "format", "report_id", "turn", "ticket", "text")
        text = canonical.text_of(message, "text")
        turn = canonical.number_of(message, "turn")
        if not text or not turn:
            raise MalformedError("an answer of nothing, or to nothing")
        return cls(
            canonical.from_base64(message.get("report_id"), ID_LENGTH),
            turn,
            canonical.from_base64(message.get("ticket"), TICKET_LENGTH),
            text,
        )


def is_answer(content: bytes) -> bool:
    """Whether what was inside a seal is an answer rather than a report.

    Raises MalformedError if it is no message at all.
    """
    return canonical.decode(content).get("format") == FORMAT
