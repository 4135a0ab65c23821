"""The issuer as a real process, on either database: cards, accounts, batches, spending."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sync.protocol.card import Card
from sync.protocol.errors import ForgedError
from sync.protocol.token import Token
from sync.protocol.token_batch import BATCH_LENGTH, sign_batch
from sync.protocol.token_request import OwnToken, request_token
from tests.service.issuing import Officer, make_cards, show
from tests.service.running import (
    SEALED,
    Desk,
    RunningService,
    make_body,
    run_command,
    start_service,
    stored,
)

ON_BOTH_DATABASES = True


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory, new_address: Callable[[], tuple[str, ...]]
) -> RunningService:
    """A service with intake and issuer and without an unverified lane."""
    folder = tmp_path_factory.mktemp("verified") / "service"
    issuer = [word.replace("--database", "--issuer-database") for word in new_address()]
    made = run_command("init", folder, *new_address(), *issuer)
    assert made.returncode == 0, made.stderr
    return start_service(folder)


@pytest.fixture(scope="module", autouse=True)
def _quiet_end(running: RunningService) -> object:
    yield
    assert running.stop() == 0
    assert running.stderr_file.read_text() == ""


@pytest.fixture(scope="module")
def cards(running: RunningService) -> list[Card]:
    return make_cards(running.folder, 20)


@pytest.fixture
def officer(running: RunningService, cards: list[Card]) -> Officer:
    found = Officer(running)
    assert found.enrol(cards.pop()).status == 200
    return found


@pytest.fixture(scope="module")
def tokens(running: RunningService, cards: list[Card]) -> list[OwnToken]:
    """Of one officer, to be spent in these tests."""
    found = Officer(running)
    found.enrol(cards.pop())
    return found.finish(found.ask())


def report_id() -> str:
    return secrets.token_hex(16)


def test_a_card_is_used_once_and_a_repeat_has_the_same_answer(
    running: RunningService, cards: list[Card]
) -> None:
    first, second, card = Officer(running), Officer(running), cards.pop()
    answer = first.enrol(card)
    assert answer.status == 200
    assert first.enrol(card) == answer
    assert second.enrol(card).status == 403
    assert first.enrol(cards[-1]).status == 200
    assert second.enrol(cards.pop()).status == 200  # the account had not used it up


def test_of_many_who_use_one_card_at_once_one_is_enrolled(
    running: RunningService, cards: list[Card]
) -> None:
    card = cards.pop()
    officers = [Officer(running) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: each.enrol(card).status, officers))
    assert sorted(answers) == [200, *[403] * 7]


def test_an_unknown_card_and_a_used_one_are_answered_alike(
    running: RunningService, cards: list[Card]
) -> None:
    card = cards.pop()
    Officer(running).enrol(card)
    assert Officer(running).enrol(card) == Officer(running).enrol(Card.generate())


def test_a_batch_is_given_once_a_quarter_and_repeated_as_it_was(officer: Officer) -> None:
    answer = officer.ask()
    assert answer.status == 200
    assert len(officer.finish(answer)) == 12
    assert officer.ask(again=True) == answer
    assert officer.ask().status == 403


def test_two_batches_at_once_are_not_both_given(officer: Officer) -> None:
    key, tenant, issuer = officer.key, officer.tenant, officer.issuer
    batches = [
        sign_batch(key, tenant, [request_token(issuer).request for _ in range(12)]).to_bytes()
        for _ in range(4)
    ]
    with ThreadPoolExecutor(4) as pool:
        answers = [each.status for each in pool.map(officer.send, batches)]
    assert answers.count(200) == 1
    assert set(answers) == {200, 403}


def test_every_refusal_of_a_batch_is_the_same(running: RunningService, officer: Officer) -> None:
    officer.ask()
    again = officer.ask()
    stranger = Officer(running).ask()
    pending = [request_token(officer.issuer).request for _ in range(12)]
    forged = bytearray(sign_batch(officer.key, officer.tenant, pending).to_bytes())
    forged[40] ^= 1
    assert again == stranger == officer.send(bytes(forged))
    assert again.status == 403


def test_a_key_that_does_not_sign_now_is_said_and_nothing_is_counted(officer: Officer) -> None:
    other = request_token(officer.issuer).request
    wrong = type(other)((other.key_hint + 1) % 256, other.blinded)
    asked = sign_batch(officer.key, officer.tenant, [wrong] * 12)
    assert officer.send(asked.to_bytes()).status == 409
    assert officer.ask().status == 200


def test_a_number_out_of_range_is_refused_and_not_counted(officer: Officer) -> None:
    good = request_token(officer.issuer).request
    bad = type(good)(good.key_hint, b"\xff" * 256)
    asked = sign_batch(officer.key, officer.tenant, [good] * 11 + [bad])
    assert officer.send(asked.to_bytes()).status == 400
    assert officer.ask().status == 200


@pytest.mark.parametrize("length", [0, 1, BATCH_LENGTH - 1])
def test_what_is_no_batch_is_refused(running: RunningService, length: int) -> None:
    assert Officer(running).send(bytes(length)).status == 400


def test_too_much_is_refused(running: RunningService) -> None:
    assert Officer(running).send(bytes(BATCH_LENGTH + 1)).status == 413
    answer = running.ask("POST", "/v1/issuer/accounts", b"{" + b" " * 2_000)
    assert answer.status == 413


def test_a_token_is_spent_with_its_report_and_a_repeat_is_acknowledged(
    running: RunningService, officer: Officer, tokens: list[OwnToken]
) -> None:
    one, body, token = report_id(), make_body(), tokens.pop()
    answer = officer.submit(one, body, token)
    assert answer.status == 201
    repeat = officer.submit(one, body, token)
    assert (repeat.status, repeat.body) == (200, answer.body)
    other = report_id()
    assert officer.submit(other, body, token).status == 403
    assert officer.submit(one, make_body(), token).status == 409
    kept = stored(running.folder)
    assert one in kept
    assert other not in kept


def test_a_second_token_for_a_stored_report_is_spent_and_one_for_other_bytes_is_not(
    officer: Officer, tokens: list[OwnToken]
) -> None:
    one, body = report_id(), make_body()
    first, second, third = tokens.pop(), tokens.pop(), tokens.pop()
    assert officer.submit(one, body, first).status == 201
    assert officer.submit(one, body, second).status == 200
    assert officer.submit(report_id(), body, second).status == 403
    assert officer.submit(one, make_body(), third).status == 409
    assert officer.submit(report_id(), body, third).status == 201


def test_one_token_on_many_reports_at_once_stores_one(
    running: RunningService, officer: Officer, tokens: list[OwnToken]
) -> None:
    token, before = tokens.pop(), len(stored(running.folder))
    ids = [report_id() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda each: officer.submit(each, make_body(), token).status, ids)
        assert sorted(answers) == [201, *[403] * 7]
    assert len(stored(running.folder)) == before + 1


def test_nothing_is_said_of_an_id_before_the_token_is_good(
    running: RunningService, officer: Officer, tokens: list[OwnToken]
) -> None:
    one, body, token = report_id(), make_body(), tokens.pop()
    assert officer.submit(one, body, token).status == 201
    good = show(token, officer.tenant, one, body)
    bad = Token(token.token.nonce, token.token.challenge_digest, bytes(32), bytes(256))
    shown: list[dict[str, str]] = [
        {},
        {"Authorization": good["Authorization"]},
        {"NearMiss-Proof": good["NearMiss-Proof"]},
        good | {"NearMiss-Proof": "0" * 128},
        good | {"Authorization": bad.to_header()},
        good | {"Authorization": "Basic b2ZmaWNlcjpzZWNyZXQ="},
        show(token, officer.tenant, report_id(), body),
    ]
    for headers in shown:
        for path in (one, report_id()):
            answer = running.ask("PUT", f"/v1/reports/{path}", make_body(), SEALED | headers)
            assert answer.status == 401
            assert answer.headers["www-authenticate"] == "PrivateToken"
            assert answer.json() == {"detail": "a token is needed"}


def test_a_token_of_another_tenant_or_of_an_unknown_key_is_refused(
    running: RunningService, tokens: list[OwnToken]
) -> None:
    token, one, body = tokens.pop(), report_id(), make_body()
    headers = SEALED | show(token, "f" * 32, one, body)
    assert running.ask("PUT", f"/v1/reports/{one}", body, headers).status == 401


def test_a_desk_pulls_what_a_token_has_brought(
    running: RunningService, officer: Officer, tokens: list[OwnToken]
) -> None:
    desk, one, body = Desk(running), report_id(), make_body()
    desk.register()
    officer.submit(one, body, tokens.pop())
    assert desk.ask("GET", f"/v1/desk/reports/{one}").body == body


def test_answers_in_another_order_are_refused_by_the_client(officer: Officer) -> None:
    answer = officer.ask()
    officer.pending = officer.pending[::-1]
    with pytest.raises(ForgedError):
        officer.finish(answer)


def test_status_tells_accounts_and_cards(running: RunningService) -> None:
    told = run_command("status", "--dir", running.folder).stdout
    counts = dict(line.split(maxsplit=1) for line in told.splitlines())
    assert int(counts["accounts"].split()[0]) > 5
    assert counts["cards"].endswith("not used yet")


def test_cards_are_not_written_over_and_land_somewhere(running: RunningService) -> None:
    file = running.folder.parent / "once"
    words = ("cards", "--count", "1", "--dir", running.folder)
    assert run_command(*words).returncode == 1
    assert run_command(*words, "--pdf", file).returncode == 0
    assert run_command(*words, "--pdf", file).returncode == 1
    assert Path(file).stat().st_mode & 0o077 == 0
