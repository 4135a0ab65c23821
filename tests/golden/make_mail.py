"""Writes tests/golden/mail anew: `python -m tests.golden.make_mail`.

All is made from the invented words of make_protocol, so a second run changes nothing. The sealed
record alone cannot be made twice, since sealing draws random numbers: a stored one that still
opens stays.
"""

import base64
from pathlib import Path

from sync.mail_index import MailIndex, next_mail_index
from sync.mail_packs import write_mail_packs
from sync.protocol.answer import Answer
from sync.protocol.envelope import Reply
from sync.protocol.errors import ProtocolError
from sync.protocol.letter import News, NewsWord, Question
from sync.protocol.mail import open_mail, seal_mail
from sync.protocol.receipt import Receipt, make_receipt
from tests.golden.make_protocol import TENANT, WORDS

FOLDER = Path(__file__).resolve().parent / "mail"
RECORD_FILE = "record.base64"
SIGNED_ON = "2026-08-02"
QUESTION = Question(
    1,
    "2026-07",
    "How far was the lorry \u2013 one hand or two?\nDid you see it come?",
    bytes(range(16)),
)
NEWS = {
    "news-screened.json": News(2, "2026-07", NewsWord.SCREENED),
    "news-published.json": News(3, "2026-09", NewsWord.PUBLISHED, 10_017),
    "news-used.json": News(4, "2026-11", NewsWord.USED, 10_017, "The roll-call sheet on lorries."),
}


def seal_record(receipt: Receipt) -> bytes:
    """The question, sealed to the invented reporter."""
    to = Reply(receipt.mail_tag, receipt.reply.public_bytes())
    return seal_mail(QUESTION.to_bytes(), to, TENANT)


def build(receipt: Receipt, record: bytes) -> dict[str, bytes]:
    """Every file of the folder but the README, by name."""
    ((pack, _content),) = write_mail_packs([record], 1, SIGNED_ON)
    answer = Answer(receipt.report_id, QUESTION.turn, QUESTION.ticket, "One hand. [NAME-1] saw it.")
    return {
        "question.json": QUESTION.to_bytes(),
        **{name: news.to_bytes() for name, news in NEWS.items()},
        "answer.json": answer.to_bytes(),
        "mail-index.json": next_mail_index(MailIndex(TENANT), [pack], SIGNED_ON).to_bytes(),
        RECORD_FILE: base64.encodebytes(record),
    }


def _stored_record(receipt: Receipt) -> bytes | None:
    path = FOLDER / RECORD_FILE
    if not path.exists():
        return None
    record = base64.b64decode(path.read_bytes())
    try:
        content = open_mail(record, receipt.reply, TENANT)
    except ProtocolError:
        return None
    return record if content == QUESTION.to_bytes() else None


def main() -> None:
    """Write the folder."""
    receipt = make_receipt(WORDS, TENANT)
    record = _stored_record(receipt) or seal_record(receipt)
    FOLDER.mkdir(exist_ok=True)
    for name, content in build(receipt, record).items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
