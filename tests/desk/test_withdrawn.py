"""What a reporter withdraws is gone from the desk, and out of the archive with the next delta."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.archive import Delete
from app.domain.case import CaseId, CaseState
from app.errors import InputError, SurroundingsError
from app.progress import Silent
from app.store.cases import CaseStore
from app.store.engine import backup_before_migration
from app.store.publications import Publications
from app.store.withdrawn_cases import WithdrawnCases
from sync.desk import withdrawn as withdrawn_module
from sync.desk.cosign import cosign, inspect
from sync.desk.folder import BusyDeskError
from sync.desk.mail import ask, list_letters, take_answer
from sync.desk.release import prepare, settle_release
from sync.desk.service import ServiceAtDesk
from sync.desk.withdrawn import TakenOut, list_withdrawn, take_withdrawn
from sync.network import Network
from sync.protocol import canonical
from sync.protocol.answer import Answer
from sync.protocol.envelope import Envelope
from sync.protocol.keys import SigningKey
from sync.protocol.withdrawal import Withdrawal, withdraw
from tests.desk.feed_maker import FORM, NOW, Desk, make_desk
from tests.desk.reporters import Reporter, release

KEY = bytes(32)
TITLE = "A gate that did not close"


@dataclass(frozen=True)
class Service(ServiceAtDesk):
    """The service's list, without a network."""

    listed: dict[bytes, Withdrawal] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)

    def request(self, method: str, path: str, body: bytes = b"", limit: int = 0) -> bytes:
        if method == "POST":
            assert path == "/v1/desk/withdrawn/confirm"
            self.confirmed.extend(json.loads(body)["ids"])
            return b""
        after = bytes.fromhex(path.partition("/after/")[2])
        rows = [
            {"id": name.hex(), "public": each.public.hex(), "signature": each.signature.hex()}
            for name, each in sorted(self.listed.items())
            if name > after
        ][: withdrawn_module._PAGE_LENGTH]
        return canonical.encode({"format": "nearmiss-desk-withdrawn-1", "withdrawn": rows})


@dataclass(frozen=True)
class Sender:
    """Who sent a report and may withdraw it."""

    tenant: str
    key: SigningKey = field(default_factory=SigningKey.generate)
    report_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    @property
    def key_hash(self) -> bytes:
        return hashlib.sha256(self.key.public_bytes()).digest()

    def report(self, cases: CaseStore) -> CaseId:
        envelope = Envelope(FORM.id, FORM.version, {}, {"title": TITLE}, None)
        message = canonical.decode(envelope.to_bytes())
        return cases.add(self.report_id, "2026-01", message, self.key_hash)

    def withdraw(self, service: Service) -> None:
        service.listed[self.report_id] = withdraw(self.key, self.tenant, self.report_id)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "desk")


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[CaseStore]:
    with CaseStore.open_or_create(tmp_path / "cases.db", KEY) as store:
        yield store


@pytest.fixture
def service(desk: Desk) -> Service:
    return Service("https://a.example", desk.lead, Network())


@pytest.fixture
def sender(desk: Desk) -> Sender:
    return Sender(desk.connection.tenant)


@pytest.fixture
def take(desk: Desk, cases: CaseStore, service: Service, tmp_path: Path) -> Callable[[], TakenOut]:
    """Carry out what is listed."""

    def run() -> TakenOut:
        def back_up() -> None:
            cases.backup(tmp_path / "copy.db", KEY, Silent())

        return take_withdrawn(service, cases, desk.feed, desk.connection, back_up)

    return run


def _prepare(desk: Desk, cases: CaseStore) -> None:
    prepare(desk.feed, desk.connection, desk.lead, cases, FORM, NOW, Silent())


def _cosign(desk: Desk) -> None:
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)


def test_a_crash_before_the_file_is_written_anew_is_made_good(
    cases: CaseStore,
    service: Service,
    sender: Sender,
    take: Callable[[], TakenOut],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sender.report(cases)
    sender.withdraw(service)
    older = backup_before_migration(tmp_path / "cases.db", 2)
    cases.file.copy_to(older)
    with monkeypatch.context() as patched:

        def die(_store: WithdrawnCases) -> None:
            raise KeyboardInterrupt

        patched.setattr(WithdrawnCases, "rewrite", die)
        with pytest.raises(KeyboardInterrupt):
            take()
    assert service.confirmed == []
    assert older.exists()
    take()
    assert service.confirmed == [sender.report_id.hex()]
    assert not older.exists()


@pytest.mark.parametrize(
    "ways",
    [
        (),
        (CaseState.CODED,),
        (CaseState.CODED, CaseState.APPROVED),
        (CaseState.REJECTED,),
        (CaseState.STATISTICS_ONLY,),
    ],
)
def test_nothing_readable_is_left_of_an_unpublished_case(
    cases: CaseStore,
    service: Service,
    sender: Sender,
    take: Callable[[], TakenOut],
    ways: tuple[CaseState, ...],
) -> None:
    case_id = sender.report(cases)
    for state in ways:
        cases.move(case_id, state)
    sender.withdraw(service)
    assert take() == TakenOut(destroyed=1)
    case = cases.get(case_id)
    assert (case.state, case.envelope, case.texts) == (CaseState.WITHDRAWN, {}, {})
    assert service.confirmed == [sender.report_id.hex()]
    assert Publications(cases).waiting() == []
    assert take() == TakenOut()


def test_the_backup_holds_nothing_of_it_before_the_service_is_told(
    cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut], tmp_path: Path
) -> None:
    case_id = sender.report(cases)
    cases.backup(tmp_path / "copy.db", KEY, Silent())
    sender.withdraw(service)
    take()
    with CaseStore.open_or_create(tmp_path / "copy.db", KEY) as copy:
        assert copy.get(case_id).envelope == {}


def test_what_is_published_is_taken_out_by_the_next_delta(
    desk: Desk, cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    other = Sender(sender.tenant)
    for each in (sender, other):
        release(cases, each.report(cases))
    _prepare(desk, cases)
    _cosign(desk)  # released, but not marked yet
    sender.withdraw(service)
    assert take() == TakenOut(retracted=1)
    assert len(Publications(cases).records()) == 1
    (operation,) = Publications(cases).waiting()
    assert isinstance(operation, Delete)
    _prepare(desk, cases)
    assert inspect(desk.feed, desk.connection, FORM, NOW).deletes == 1
    _cosign(desk)
    assert settle_release(desk.feed, desk.connection, cases)
    assert Publications(cases).waiting() == []


def test_what_waits_for_the_second_signature_is_not_released_any_more(
    desk: Desk, cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    other = Sender(sender.tenant)
    for each in (sender, other):
        release(cases, each.report(cases))
    _prepare(desk, cases)
    sender.withdraw(service)
    assert take() == TakenOut(destroyed=1, was_prepared=True)
    with pytest.raises(InputError, match="Nothing waits"):
        inspect(desk.feed, desk.connection, FORM, NOW)
    _prepare(desk, cases)
    proposal = inspect(desk.feed, desk.connection, FORM, NOW)
    assert (proposal.puts, proposal.deletes) == (1, 0)


def test_while_somebody_signs_nothing_is_changed_and_it_is_told_again(
    desk: Desk, cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    case_id = sender.report(cases)
    sender.withdraw(service)
    with desk.feed.hold(), pytest.raises(BusyDeskError):
        take()
    assert cases.get(case_id).state is CaseState.RECEIVED
    assert service.confirmed == []
    assert take().destroyed == 1


def test_the_service_cannot_withdraw_a_report_by_itself(
    cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    case_id = sender.report(cases)
    own = SigningKey.generate()
    for forged in (
        withdraw(own, sender.tenant, sender.report_id),
        withdraw(sender.key, "f" * 32, sender.report_id),
        withdraw(sender.key, sender.tenant, bytes(16)),
        Withdrawal(sender.key.public_bytes(), bytes(64)),
    ):
        service.listed.clear()
        service.listed[sender.report_id] = forged
        assert take() == TakenOut(unproven=1)
    assert cases.get(case_id).state is CaseState.RECEIVED
    assert service.confirmed == []


def test_a_case_of_before_there_were_withdrawals_is_left_to_people(
    cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    case_id = cases.add(sender.report_id, "2025-01", {"texts": {"title": TITLE}})
    sender.withdraw(service)
    assert take() == TakenOut(unproven=1)
    assert cases.get(case_id).state is CaseState.RECEIVED


def test_what_never_came_is_confirmed_and_remembered(
    cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    sender.withdraw(service)
    assert take() == TakenOut()
    assert service.confirmed == [sender.report_id.hex()]


def test_letters_and_answers_go_too_and_later_answers_are_dropped(
    cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    reporter = Reporter.invent(sender.tenant)
    key_hash = sender.key_hash
    mine = Sender(sender.tenant, sender.key, reporter.report_id)
    envelope = canonical.decode(Envelope("form", 1, {}, {}, reporter.as_reply()).to_bytes())
    case_id = cases.add(reporter.report_id, "2026-01", envelope, key_hash)
    ask(cases, sender.tenant, case_id, "How far?", datetime(2026, 3, 1, tzinfo=UTC))
    mine.withdraw(service)
    assert take().destroyed == 1
    assert list_letters(cases, case_id) == ()
    late = Answer(reporter.report_id, 1, bytes(16), "Ten steps.")
    assert take_answer(cases, b"a" * 16, "2026-03", late)
    not_plain = Answer(reporter.report_id, 1, bytes(16), "Ten \u202e steps.")
    assert take_answer(cases, b"a" * 16, "2026-03", not_plain)


def test_an_answer_to_a_withdrawn_report_that_never_came_is_dropped(
    cases: CaseStore, service: Service, sender: Sender, take: Callable[[], TakenOut]
) -> None:
    late = Answer(sender.report_id, 1, bytes(16), "Ten steps.")
    assert not take_answer(cases, b"a" * 16, "2026-03", late)
    sender.withdraw(service)
    take()
    assert take_answer(cases, b"a" * 16, "2026-03", late)


def test_the_list_is_read_page_by_page_and_a_repeated_page_is_not_believed(
    service: Service, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withdrawn_module, "_PAGE_LENGTH", 2)
    for _ in range(5):
        Sender(sender.tenant).withdraw(service)
    assert [each.report_id for each in list_withdrawn(service)] == sorted(service.listed)

    def repeat(
        _service: Service, method: str, path: str, body: bytes = b"", limit: int = 0
    ) -> bytes:
        rows = [{"id": "0" * 32, "public": "0" * 64, "signature": "0" * 128}] * 2
        return canonical.encode({"format": "nearmiss-desk-withdrawn-1", "withdrawn": rows})

    monkeypatch.setattr(Service, "request", repeat)
    with pytest.raises(SurroundingsError, match="expected"):
        list_withdrawn(service)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{}",
        b'{"format":"nearmiss-desk-withdrawn-1","withdrawn":1}',
        b'{"format":"nearmiss-desk-withdrawn-1","withdrawn":[1]}',
        b'{"format":"nearmiss-desk-withdrawn-1","withdrawn":[{"id":"00"}]}',
    ],
)
def test_what_is_no_list_is_said(
    service: Service, monkeypatch: pytest.MonkeyPatch, raw: bytes
) -> None:
    monkeypatch.setattr(Service, "request", lambda *_rest, **_more: raw)
    with pytest.raises(SurroundingsError, match="expected"):
        list_withdrawn(service)
