"""The service cannot tell a cover from a report: neither on the wire nor in what it stores."""

import string
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, select, text
from sqlalchemy import table as sql_table

from sync.covers import seal_cover
from sync.protocol.envelope import Envelope
from sync.protocol.keys import PublicKeyFile, Purpose, SealingKey
from sync.protocol.receipt import Receipt, make_receipt
from sync.protocol.seal import BODY_LENGTH, CONTENT_LIMIT, read_header, seal
from tests.golden.make_protocol import TENANT, WORDS
from tests.service.issuing import Officer, make_cards, show
from tests.service.running import RunningService, transaction

ON_BOTH_DATABASES = True
KEY = SealingKey.generate()
KEY_FILE = PublicKeyFile(TENANT, Purpose.RESEARCH, "2026-07", "2026-12", KEY.public_bytes())
RECEIPT: Receipt = make_receipt(WORDS, TENANT)
_ROOM = CONTENT_LIMIT - 200


def _seal_report(text: str) -> bytes:
    envelope = Envelope("leo-near-miss", 1, {"light": "dark"}, {"story": text}, None)
    return seal(envelope.to_bytes(), KEY_FILE, RECEIPT.report_id, RECEIPT.withdrawal_hash)


@settings(max_examples=60, deadline=None)
@given(st.text(string.ascii_letters + " .", max_size=2_000), st.sampled_from([1, 9, 30]))
def test_what_is_readable_of_a_body_is_the_same(text: str, times: int) -> None:
    report = _seal_report((text * times)[:_ROOM])
    report_id, cover = seal_cover(KEY_FILE)
    assert len(report_id) == len(RECEIPT.report_id)
    assert len(report) == len(cover) == BODY_LENGTH
    one, other = read_header(report), read_header(cover)
    assert one.key_id == other.key_id
    assert len(one.withdrawal_hash) == len(other.withdrawal_hash)
    # What follows is drawn by chance in both: no byte is more frequent than chance allows
    # (256 of each on average, a deviation of 16).
    for body in (report, cover):
        counts = Counter(body[44:])
        assert len(counts) == 256
        assert 256 - 7 * 16 < min(counts.values()) <= max(counts.values()) < 256 + 7 * 16


def test_the_same_request_the_same_answer_the_same_columns(
    running_service: RunningService,
) -> None:
    officer = Officer(running_service)
    officer.enrol(*make_cards(running_service.folder, 1))
    tokens = officer.finish(officer.ask())
    seen = []
    for story in ("", "x" * 5_000, "y" * _ROOM):
        for is_cover in (False, True):
            raw_id, body = seal_cover(KEY_FILE)
            body = body if is_cover else _seal_report(story)
            token = tokens.pop()
            headers = show(token, officer.tenant, raw_id.hex(), body)
            answer = officer.submit(raw_id.hex(), body, token)
            shape = {name: len(value) for name, value in headers.items()}
            seen.append(
                (answer.status, len(answer.body), shape, _row_shapes(running_service, raw_id))
            )
    assert seen[0][0] == 201
    assert all(each == seen[0] for each in seen)


def _row_shapes(running: RunningService, report_id: bytes) -> dict[str, list[tuple[str, int]]]:
    """Of every row that names the report: type and length of each column."""
    found: dict[str, list[tuple[str, int]]] = {}
    with transaction(running.folder) as connection:
        for table in inspect(connection).get_table_names():
            rows = connection.execute(select(text("*")).select_from(sql_table(table))).all()
            mine = [row for row in rows if report_id in {_plain(each) for each in row}]
            found[table] = [(type(each).__name__, _length(each)) for row in mine for each in row]
    assert sum(map(bool, found.values())) == 2  # the report, and its token
    return found


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def _length(value: object) -> int:
    return len(value) if isinstance(value, bytes | str | memoryview) else 0
