"""What is inside a seal: the scrubbed report, and where a question may be sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sync.protocol import canonical
from sync.protocol.canonical import Json
from sync.protocol.errors import MalformedError
from sync.protocol.keys import sealing_public_key
from sync.protocol.receipt import MAIL_TAG_LENGTH

FORMAT = "nearmiss-report-1"


@dataclass(frozen=True, slots=True)
class Reply:
    """Where the desk's questions go: the tag that names the mail, the key that seals it."""

    mail_tag: bytes = field(repr=False)
    public: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """One report as it leaves.

    codes: answers as the form writes them (a code, a list of codes, a year, a special value).
    texts: the scrubbed texts. reply: absent if the officer wants no questions.
    """

    form: str
    form_version: int
    codes: Mapping[str, Json]
    texts: Mapping[str, str]
    reply: Reply | None

    def __repr__(self) -> str:
        return f"Envelope(form={self.form!r}, form_version={self.form_version!r})"

    def to_bytes(self) -> bytes:
        """The canonical bytes that are sealed."""
        reply = self.reply and {
            "mail_tag": canonical.to_base64(self.reply.mail_tag),
            "public": canonical.to_base64(self.reply.public),
        }
        return canonical.encode(
            {
                "format": FORMAT,
                "form": self.form,
                "form_version": self.form_version,
                "codes": dict(self.codes),
                "texts": dict(self.texts),
                "reply": reply,
            }
        )

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Envelope":
        """Read it back. Raises MalformedError; the form decides what the codes mean."""
        message = canonical.decode(raw)
        canonical.expect_format(message, FORMAT)
        canonical.expect_only(message, "format", "form", "form_version", "codes", "texts", "reply")
        texts = canonical.object_of(message, "texts")
        found = {name: text for name, text in texts.items() if isinstance(text, str)}
        if len(found) != len(texts):
            raise MalformedError("a text is not a text")
        reply = message.get("reply")
        return cls(
            form=canonical.text_of(message, "form"),
            form_version=canonical.number_of(message, "form_version"),
            codes=canonical.object_of(message, "codes"),
            texts=found,
            reply=None if reply is None else read_reply(reply),
        )


def read_reply(reply: Json) -> Reply:
    """Where mail goes, as it stands in an envelope. Raises MalformedError."""
    if not isinstance(reply, dict):
        raise MalformedError("'reply' is not an object")
    canonical.expect_only(reply, "mail_tag", "public")
    mail_tag = canonical.from_base64(reply.get("mail_tag"), MAIL_TAG_LENGTH)
    public = canonical.from_base64(reply.get("public"))
    sealing_public_key(public)  # the desk must never find out only when it wants to ask
    return Reply(mail_tag, public)
