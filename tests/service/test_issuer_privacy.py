"""What the issuer must not know, or not join, is in none of its files and none of its output."""

import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.service.issuing import Officer, make_cards
from tests.service.running import SEALED, RunningService, make_body

CANARY = "canary-5c1e77"


def test_nothing_leads_from_a_card_or_a_report_to_an_account(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder)
    (card,) = make_cards(service_folder, 1)
    for file in service_folder.parent.glob("cards-*"):
        file.unlink()  # the operator's print-out
    officer = Officer(running)
    assert officer.enrol(card).status == 200
    tokens = officer.finish(officer.ask())
    report_id, body = secrets.token_hex(16), make_body()
    assert officer.submit(report_id, body, tokens[0]).status == 201
    noise = {**SEALED, "User-Agent": CANARY, "X-Forwarded-For": f"203.0.113.9, {CANARY}"}
    for path in ("/v1/issuer/tokens", "/v1/issuer/accounts", f"/v1/issuer/{CANARY}"):
        assert running.ask("POST", path, CANARY.encode(), noise).status in {400, 404}
    assert running.stop() == 0
    account = officer.key.public_bytes()
    issuer = {p.name: p.read_bytes() for p in (service_folder / "issuer").iterdir()}
    intake = {
        str(p): p.read_bytes()
        for p in service_folder.parent.rglob("*")
        if p.is_file() and p.parent.name != "issuer"
    }
    assert account in issuer["issuer.sqlite"]
    for name, content in {**issuer, **intake}.items():
        assert CANARY.encode() not in content, name
        assert b"203.0.113.9" not in content, name
        assert card.text.encode() not in content, name
        assert card.digest(officer.tenant) not in content, name  # the used card is forgotten
    for token in tokens:
        nonce = token.token.nonce
        assert all(nonce not in content for content in issuer.values())
    assert all(bytes.fromhex(report_id) not in content for content in issuer.values())
    assert all(account not in content for content in intake.values())
    assert running.stderr_file.read_bytes() == b""


def test_no_time_is_finer_than_the_quarter_and_no_order_is_kept(service_folder: Path) -> None:
    with closing(sqlite3.connect(service_folder / "issuer" / "issuer.sqlite")) as connection:
        tables = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type='table'"))
    del tables["alembic_version"]
    assert tables.keys() == {"card", "account"}
    assert all("WITHOUT ROWID" in sql for sql in tables.values())


def test_all_answers_of_a_kind_have_one_length(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    running = start(service_folder)
    lengths = set()
    for card in make_cards(service_folder, 3):
        officer = Officer(running)
        enrolled, issued, refused = officer.enrol(card), officer.ask(), officer.ask()
        lengths.add((len(enrolled.body), len(issued.body), len(refused.body)))
        assert "set-cookie" not in {*enrolled.headers, *issued.headers}
        assert issued.headers["cache-control"] == "no-store"
    assert len(lengths) == 1
