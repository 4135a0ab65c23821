"""The stored example of every message is still written, read and accepted."""

import base64
import hashlib
import json
from pathlib import Path

import pytest

from sync.protocol import canonical
from sync.protocol.acknowledgement import Acknowledgement, check_acknowledgement
from sync.protocol.carry import Carried, CarryReply
from sync.protocol.connection import Connection, ServiceCard
from sync.protocol.cover import is_cover
from sync.protocol.desk_request import HEADER, DeskProof, check_proof
from sync.protocol.envelope import Envelope
from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey, SigningKey
from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.seal import read_header, unseal
from tests.golden import make_protocol as golden

FOLDER = golden.FOLDER


def read(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


def read_key(purpose: Purpose) -> PublicKeyFile:
    raw = read(f"key-{purpose}.json")
    return PublicKeyFile.from_bytes(raw, tenant=golden.TENANT, purpose=purpose)


def test_the_recipe_writes_every_file_byte_for_byte(receipt: Receipt, stored_body: bytes) -> None:
    built = golden.build(receipt, stored_body)
    assert {path.name for path in FOLDER.iterdir()} == {*built, "README.md"}
    assert {name: read(name) for name in built} == built


def test_the_recipe_run_again_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / golden.BODY_FILE).write_bytes(read(golden.BODY_FILE))
    monkeypatch.setattr(golden, "FOLDER", tmp_path)
    golden.main()
    assert all(path.read_bytes() == read(path.name) for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FOLDER.glob("*.json") if path.read_bytes()[-1:] == b"}")
)
def test_every_message_stands_in_its_canonical_form(name: str) -> None:
    assert canonical.encode(canonical.decode(read(name))) == read(name)


def test_the_cover_is_one_and_the_report_is_none() -> None:
    assert is_cover(read("cover.json"))
    assert not is_cover(read("envelope.json"))


def test_the_private_keys_belong_to_the_key_files() -> None:
    seeds = {
        name: bytes.fromhex(seed)
        for name, seed in json.loads(read("private-keys.json")).items()
        if name != "note"
    }
    assert SealingKey(seeds["research"]).public_bytes() == read_key(Purpose.RESEARCH).public
    for purpose in (Purpose.ACKNOWLEDGEMENT, Purpose.DESK):
        assert SigningKey(seeds[purpose]).public_bytes() == read_key(purpose).public


def test_the_card_and_the_connection_name_the_same_tenant() -> None:
    card = ServiceCard.from_bytes(read("service.public.json"))
    connection = Connection.from_bytes(read("connection.json"))
    assert card.tenant == connection.tenant == golden.TENANT
    assert card.acknowledgement == read_key(Purpose.ACKNOWLEDGEMENT)
    assert connection.root == golden.ROOT


def test_the_words_still_give_the_stored_receipt() -> None:
    stored = json.loads(read("receipt.json"))
    made = make_receipt(tuple(stored["words"]), stored["tenant"])
    assert made.report_id.hex() == stored["report_id"]
    assert made.withdrawal.public_bytes().hex() == stored["withdrawal_public"]
    assert made.withdrawal_hash.hex() == stored["withdrawal_hash"]
    assert made.mail_tag.hex() == stored["mail_tag"]
    assert made.reply.public_bytes().hex() == stored["reply_public"]


def test_the_stored_body_still_opens(receipt: Receipt, stored_body: bytes) -> None:
    public = read_key(Purpose.RESEARCH)
    content = unseal(stored_body, golden.RESEARCH, public, receipt.report_id)
    assert content == read("envelope.json")
    assert read_header(stored_body).withdrawal_hash == receipt.withdrawal_hash
    envelope = Envelope.from_bytes(content)
    assert envelope.reply is not None
    assert envelope.reply.mail_tag == receipt.mail_tag


def test_the_stored_acknowledgement_is_still_accepted(receipt: Receipt) -> None:
    (queued,) = reports_of("desk-queue.json", "nearmiss-desk-queue-1")
    stored = Acknowledgement.from_bytes(read("acknowledgement.json"))
    keys = [read_key(Purpose.ACKNOWLEDGEMENT)]
    body_hash = canonical.from_hex(queued["hash"], 32)
    check_acknowledgement(stored, keys, receipt.report_id, body_hash)


def test_the_stored_carried_report_and_its_reply_are_still_read(
    receipt: Receipt, stored_body: bytes
) -> None:
    carried = Carried.from_bytes(read("carry.json"))
    assert carried.body == stored_body
    assert carried.report_id == receipt.report_id
    assert carried.service_url == golden.CONNECTION.service_url
    assert (carried.token, carried.proof) == (None, None)
    reply = CarryReply.from_bytes(read("carry-reply.json"))
    keys = [read_key(Purpose.ACKNOWLEDGEMENT)]
    body_hash = hashlib.sha256(stored_body).digest()
    check_acknowledgement(reply.acknowledgement, keys, reply.report_id, body_hash)


def test_the_stored_desk_request_is_still_accepted() -> None:
    request = json.loads(read("desk-proof.json"))
    proof = DeskProof.from_header(request[HEADER])
    check_proof(
        proof,
        read_key(Purpose.DESK),
        request["method"],
        request["path"],
        read(request["body"]),
    )
    assert proof.nonce == bytes(range(16))


def reports_of(name: str, form: str) -> list[dict[str, str]]:
    message = json.loads(read(name))
    assert message.keys() == {"format", "reports"}
    assert message["format"] == form
    reports: list[dict[str, str]] = message["reports"]
    return reports


def test_the_desk_confirms_what_the_queue_named(receipt: Receipt) -> None:
    (queued,) = reports_of("desk-queue.json", "nearmiss-desk-queue-1")
    (confirmed,) = reports_of("desk-confirm.json", "nearmiss-desk-confirm-1")
    assert queued == confirmed | {"month": golden.MONTH}
    assert confirmed.keys() == {"id", "hash"}
    assert canonical.month_of(queued, "month")
    assert confirmed["id"] == receipt.report_id.hex()


def test_the_stored_body_is_readable_text_of_the_one_size() -> None:
    assert len(base64.b64decode(read(golden.BODY_FILE))) == 65_536
    assert max(map(len, read(golden.BODY_FILE).splitlines())) <= 76
