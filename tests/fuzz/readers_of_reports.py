"""Reports, answers, mail and files that are carried by hand."""

import functools
import hashlib
import json
from collections.abc import Callable

from app.domain.form import Form
from app.domain.form_file import load_form
from app.domain.plain_text import clean_text
from resources.read import read_form_files
from sync.desk.custody import Ring, RingName
from sync.desk.pull import Waiting, open_body
from sync.protocol.acknowledgement import check_acknowledgement
from sync.protocol.answer import Answer
from sync.protocol.carry import Carried, CarryReply
from sync.protocol.envelope import Envelope
from sync.protocol.letter import read_letter
from sync.protocol.mail import RECORD_LENGTH, open_mail, read_tag, seal_mail
from sync.protocol.padding import unpad
from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.seal import BODY_LENGTH, read_header, seal, unseal
from sync.protocol.withdrawal import Withdrawal, check_withdrawal, withdraw
from tests.fuzz.examples import REPORT_ID, expect_same, golden
from tests.golden.make_protocol import (
    ACKNOWLEDGEMENT_FILE,
    RESEARCH,
    RESEARCH_FILE,
    TENANT,
    WORDS,
    make_envelope,
)

MONTH = "2026-07"


@functools.cache
def form() -> Form:
    """The form that the desk reads with."""
    return load_form(*read_form_files())[0]


@functools.cache
def receipt() -> Receipt:
    """Of the golden examples."""
    return make_receipt(WORDS, TENANT)


@functools.cache
def ring() -> Ring:
    """A desk's, with the key of the golden examples."""
    name = RESEARCH_FILE.name
    return Ring(TENANT, RingName.LEAD, {name: RESEARCH.seed}, {name: RESEARCH_FILE})


def read_body(raw: bytes) -> None:
    """At intake and at the desk, as it comes."""
    read_header(raw)
    unseal(raw, RESEARCH, RESEARCH_FILE, REPORT_ID)


def read_whole_body(raw: bytes) -> None:
    """The same, always of the one length, so that more than the length is looked at."""
    read_body(raw[:BODY_LENGTH].ljust(BODY_LENGTH, b"\0"))


def open_sealed(raw: bytes) -> None:
    """What anyone can seal to the public key; the desk says None to what it does not take."""
    body = seal(raw, RESEARCH_FILE, REPORT_ID, bytes(32))
    waiting = Waiting(REPORT_ID, hashlib.sha256(body).digest(), MONTH)
    open_body(body, waiting, ring(), form())


def read_envelope(raw: bytes) -> None:
    """What is inside the seal, whatever the form."""
    found = Envelope.from_bytes(raw)
    expect_same(found, Envelope.from_bytes(found.to_bytes()))


def read_answer(raw: bytes) -> None:
    """The other thing that is inside a seal."""
    found = Answer.from_bytes(raw)
    expect_same(found, Answer.from_bytes(found.to_bytes()))


def read_withdrawal(raw: bytes) -> None:
    """What takes a report back, in the length that it has to have."""
    found = Withdrawal.from_bytes(raw.ljust(len(withdrawal_example()), b"\0"))
    expect_same(found, Withdrawal.from_bytes(found.to_bytes()))
    check_withdrawal(found, TENANT, REPORT_ID)


def withdrawal_example() -> bytes:
    """One that holds."""
    return withdraw(receipt().withdrawal, TENANT, REPORT_ID).to_bytes()


BODY: tuple[Callable[[bytes], object], ...] = (
    read_body,
    read_whole_body,
    open_sealed,
    read_envelope,
    read_answer,
    unpad,
    read_withdrawal,
)


def body_seeds() -> list[bytes]:
    """A sealed body, and what can be inside."""
    whole = make_envelope(receipt())
    codes = json.loads(golden("records/coarse.json")[0])
    texts = {"title": "A door", "what_happened": "Twice.", "lessons": "Say it aloud."}
    on_form = Envelope(form().id, form().version, codes, texts, whole.reply)
    return [
        *golden("protocol/body.base64", "protocol/envelope.json", "protocol/cover.json"),
        *golden("mail/answer.json"),
        on_form.to_bytes(),
        withdrawal_example().rstrip(b"\0"),
    ]


def read_carried(raw: bytes) -> None:
    """A file that goes out."""
    found = Carried.from_bytes(raw)
    expect_same(found, Carried.from_bytes(found.to_bytes()))


def read_carry_reply(raw: bytes) -> None:
    """A file that comes back."""
    found = CarryReply.from_bytes(raw)
    expect_same(found, CarryReply.from_bytes(found.to_bytes()))
    check_acknowledgement(found.acknowledgement, [ACKNOWLEDGEMENT_FILE], found.report_id, bytes(32))


CARRY: tuple[Callable[[bytes], object], ...] = (read_carried, read_carry_reply)


def carry_seeds() -> list[bytes]:
    """Both files, the first also with a token."""
    out, back, token, proof = golden(
        "protocol/carry.json",
        "protocol/carry-reply.json",
        "tokens/authorization.txt",
        "tokens/proof.txt",
    )
    message = json.loads(out)
    message["token"] = token.decode().split('"')[1].replace("-", "+").replace("_", "/")
    message["proof"] = proof.decode()
    shown = json.dumps(message, sort_keys=True, separators=(",", ":")).encode()
    return [out, shown, back]


def read_record(raw: bytes) -> None:
    """A record of the feed as it comes."""
    read_tag(raw)
    open_mail(raw, receipt().reply, TENANT)


def read_whole_record(raw: bytes) -> None:
    """The same, always of the one length."""
    read_record(raw[:RECORD_LENGTH].ljust(RECORD_LENGTH, b"\0"))


def open_sealed_mail(raw: bytes) -> None:
    """What whoever knows a reply key can seal, read as the officer's program reads it."""
    reply = make_envelope(receipt()).reply
    assert reply is not None
    content = open_mail(seal_mail(raw, reply, TENANT), receipt().reply, TENANT)
    letter = read_letter(content)
    expect_same(letter, read_letter(letter.to_bytes()))
    clean_text(letter.text, one_line=False)


MAIL: tuple[Callable[[bytes], object], ...] = (
    read_record,
    read_whole_record,
    open_sealed_mail,
    unpad,
)


def mail_seeds() -> list[bytes]:
    """A sealed record, and every kind of letter."""
    names = ("record.base64", "question.json", "news-screened.json", "news-published.json")
    return golden(*(f"mail/{name}" for name in (*names, "news-used.json")))
