"""Writes tests/golden/protocol anew: `python -m tests.golden.make_protocol`.

All is made from fixed, invented seeds, so a second run changes nothing. The sealed body alone
cannot be made twice, since sealing draws random numbers: a stored one that still opens stays.
"""

import base64
import hashlib
import json
from pathlib import Path

from sync.protocol import canonical
from sync.protocol.acknowledgement import acknowledge
from sync.protocol.carry import Carried, CarryReply
from sync.protocol.connection import Connection, ServiceCard
from sync.protocol.cover import cover_content
from sync.protocol.desk_request import prove
from sync.protocol.envelope import Envelope, Reply
from sync.protocol.errors import ProtocolError
from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey, SigningKey
from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.seal import seal, unseal
from sync.protocol.withdrawal import confirm_absent, confirm_withdrawn, withdraw

FOLDER = Path(__file__).resolve().parent / "protocol"
BODY_FILE = "body.base64"
TENANT = "00112233445566778899aabbccddeeff"
WORDS = ("abacus", "drop-down", "felt-tip", "t-shirt", "yo-yo", "zoom", "reshape")
MONTH = "2026-07"
NONCE = bytes(range(16))
CONFIRM_PATH = "/v1/desk/confirm"
RESEARCH = SealingKey(hashlib.shake_256(b"invented research key").digest(96))
ACKNOWLEDGEMENT = SigningKey(hashlib.sha256(b"invented acknowledgement key").digest())
DESK = SigningKey(hashlib.sha256(b"invented desk key").digest())
ARCHIVE_SECRET = hashlib.sha256(b"invented archive secret").digest()
ROOT = b'{"signatures":[],"signed":{"_type":"root","version":1}}'

RESEARCH_FILE = PublicKeyFile(
    TENANT, Purpose.RESEARCH, "2026-07", "2026-12", RESEARCH.public_bytes()
)
ACKNOWLEDGEMENT_FILE = PublicKeyFile(
    TENANT, Purpose.ACKNOWLEDGEMENT, "2026-01", "2026-12", ACKNOWLEDGEMENT.public_bytes()
)
DESK_FILE = PublicKeyFile(TENANT, Purpose.DESK, "2026-01", "2026-12", DESK.public_bytes())
CONNECTION = Connection(
    tenant=TENANT,
    name="Invented Research Team",
    service_url="https://service.example",
    feed_url="https://feed.example/near-miss",
    root=ROOT,
    archive_secret=ARCHIVE_SECRET,
)


def make_envelope(receipt: Receipt) -> Envelope:
    """An invented report, with every kind of answer that a form can give."""
    return Envelope(
        form="invented-form",
        form_version=1,
        codes={
            "activity": "traffic_stop",
            "hazards": ["passing_vehicle", "weather"],
            "year": 2026,
            "helmet": "declined",
            "anything_else": None,
            "was_alone": True,
        },
        texts={
            "story": "A lorry passed [PLACE-1] \u2013 “close” by a hand\u2019s width.\nNobody hurt."
        },
        reply=Reply(receipt.mail_tag, receipt.reply.public_bytes()),
    )


def seal_body(receipt: Receipt) -> bytes:
    """The envelope in a body, sealed to the invented research key."""
    content = make_envelope(receipt).to_bytes()
    return seal(content, RESEARCH_FILE, receipt.report_id, receipt.withdrawal_hash)


def build(receipt: Receipt, body: bytes) -> dict[str, bytes]:
    """Every file of the folder but the README, by name."""
    report = {"id": receipt.report_id.hex(), "hash": hashlib.sha256(body).hexdigest()}
    confirm = canonical.encode({"format": "nearmiss-desk-confirm-1", "reports": [report]})
    queued = report | {"month": MONTH}
    stored = acknowledge(
        ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_FILE, receipt.report_id, hashlib.sha256(body).digest()
    )
    return {
        "key-research.json": RESEARCH_FILE.to_bytes(),
        "key-acknowledgement.json": ACKNOWLEDGEMENT_FILE.to_bytes(),
        "key-desk.json": DESK_FILE.to_bytes(),
        "service.public.json": ServiceCard(TENANT, ACKNOWLEDGEMENT_FILE).to_bytes(),
        "connection.json": CONNECTION.to_bytes(),
        "envelope.json": make_envelope(receipt).to_bytes(),
        "cover.json": cover_content(),
        "receipt.json": _describe_receipt(receipt),
        BODY_FILE: base64.encodebytes(body),
        "acknowledgement.json": stored.to_bytes(),
        "carry.json": Carried(TENANT, CONNECTION.service_url, receipt.report_id, body).to_bytes(),
        "carry-reply.json": CarryReply(TENANT, receipt.report_id, stored).to_bytes(),
        "desk-queue.json": canonical.encode(
            {"format": "nearmiss-desk-queue-1", "reports": [queued]}
        ),
        "desk-confirm.json": confirm,
        **_build_withdrawal(receipt),
        "desk-proof.json": _describe_proof(confirm),
        "private-keys.json": _indent(
            {
                "note": "invented for the tests, never used anywhere",
                "research": RESEARCH.seed.hex(),
                "acknowledgement": ACKNOWLEDGEMENT.seed.hex(),
                "desk": DESK.seed.hex(),
            }
        ),
    }


def _build_withdrawal(receipt: Receipt) -> dict[str, bytes]:
    asked = withdraw(receipt.withdrawal, TENANT, receipt.report_id)
    signs = (ACKNOWLEDGEMENT, ACKNOWLEDGEMENT_FILE, receipt.report_id, asked.key_hash)
    row = {
        "id": receipt.report_id.hex(),
        "public": asked.public.hex(),
        "signature": asked.signature.hex(),
    }
    return {
        "withdrawal.base64": base64.encodebytes(asked.to_bytes()),
        "withdrawn.json": confirm_withdrawn(*signs).to_bytes(),
        "nothing-to-withdraw.json": confirm_absent(*signs).to_bytes(),
        "desk-withdrawn.json": canonical.encode(
            {"format": "nearmiss-desk-withdrawn-1", "withdrawn": [row]}
        ),
        "desk-withdrawn-confirm.json": canonical.encode(
            {"format": "nearmiss-desk-withdrawn-confirm-1", "ids": [row["id"]]}
        ),
    }


def _describe_receipt(receipt: Receipt) -> bytes:
    return _indent(
        {
            "words": list(receipt.words),
            "tenant": TENANT,
            "report_id": receipt.report_id.hex(),
            "withdrawal_public": receipt.withdrawal.public_bytes().hex(),
            "withdrawal_hash": receipt.withdrawal_hash.hex(),
            "mail_tag": receipt.mail_tag.hex(),
            "reply_public": receipt.reply.public_bytes().hex(),
        }
    )


def _describe_proof(confirm: bytes) -> bytes:
    proof = prove(DESK, DESK_FILE, "POST", CONFIRM_PATH, confirm, NONCE)
    return _indent(
        {
            "method": "POST",
            "path": CONFIRM_PATH,
            "body": "desk-confirm.json",
            "NearMiss-Desk": proof.to_header(),
        }
    )


def _indent(description: dict[str, object]) -> bytes:
    """For what no program sends: what the other files follow from."""
    return json.dumps(description, indent=1).encode() + b"\n"


def _stored_body(receipt: Receipt) -> bytes | None:
    path = FOLDER / BODY_FILE
    if not path.exists():
        return None
    body = base64.b64decode(path.read_bytes())
    try:
        content = unseal(body, RESEARCH, RESEARCH_FILE, receipt.report_id)
    except ProtocolError:
        return None
    return body if content == make_envelope(receipt).to_bytes() else None


def main() -> None:
    """Write the folder."""
    receipt = make_receipt(WORDS, TENANT)
    body = _stored_body(receipt) or seal_body(receipt)
    for name, content in build(receipt, body).items():
        (FOLDER / name).write_bytes(content)


if __name__ == "__main__":
    main()
