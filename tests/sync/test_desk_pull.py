"""What comes to the desk, what is left at the service, and what is confirmed."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.answer_reading import answers_to_json, parse_answers
from app.domain.case import CaseId
from app.domain.form import Form
from app.domain.form_file import load_form
from app.errors import SurroundingsError
from app.progress import Silent
from app.store.cases import CaseStore
from app.store.withdrawn_cases import WithdrawnCases
from app.use_cases import write_report
from resources.read import read_bytes, read_form_files
from sync.desk import pull as pull_module
from sync.desk.custody import Ring, RingName, make_research_key, make_ring
from sync.desk.mail import ask, list_letters
from sync.desk.pull import Pulled, discard, list_unreadable, list_waiting, pull
from sync.desk.service import NoLongerThereError, ServiceAtDesk
from sync.generalise import generalise
from sync.network import Network
from sync.protocol import canonical
from sync.protocol.answer import Answer
from sync.protocol.cover import cover_content
from sync.protocol.envelope import Envelope
from sync.protocol.letter import Question
from sync.protocol.seal import seal
from tests.desk.reporters import Reporter

TENANT = "a" * 32
KEY = bytes(32)


@dataclass(frozen=True)
class Service(ServiceAtDesk):
    """The service's queue, without a network. breaks_at: the body that cannot be fetched."""

    bodies: dict[bytes, bytes] = field(default_factory=dict)
    hashes: dict[bytes, bytes] = field(default_factory=dict)
    confirmed: list[str] = field(default_factory=list)
    breaks_at: list[bytes] = field(default_factory=list)
    gone: list[bytes] = field(default_factory=list)
    fetched: list[bytes] = field(default_factory=list)

    def add(self, report_id: bytes, body: bytes) -> None:
        self.bodies[report_id] = body
        self.hashes[report_id] = hashlib.sha256(body).digest()

    def request(self, method: str, path: str, body: bytes = b"", limit: int = 0) -> bytes:
        if path == "/v1/desk/reports" or "/after/" in path:
            after = bytes.fromhex(path.partition("/after/")[2])
            rows = [
                {"id": each.hex(), "hash": self.hashes[each].hex(), "month": "2026-03"}
                for each in sorted(self.bodies)
                if each > after
            ][: pull_module._PAGE_LENGTH]
            return canonical.encode({"format": "nearmiss-desk-queue-1", "reports": rows})
        if method == "POST":
            rows_in = json.loads(body)["reports"]
            assert len(rows_in) <= pull_module._PAGE_LENGTH
            self.confirmed.extend(each["id"] for each in rows_in)
            return b""
        report_id = bytes.fromhex(path[-32:])
        if report_id in self.breaks_at:
            raise SurroundingsError("broken off")
        if report_id in self.gone:
            raise NoLongerThereError("gone")
        self.fetched.append(report_id)
        return self.bodies[report_id]


@pytest.fixture(scope="module")
def form() -> Form:
    return load_form(*read_form_files())[0]


@pytest.fixture(scope="module")
def envelope(form: Form) -> Envelope:
    raw = json.loads(read_bytes("sample/first_report.json"))["answers"]
    answers, _notes = parse_answers(form, raw)
    coarse = generalise(form, write_report.finish(form, answers))
    codes: dict[str, canonical.Json] = {}
    for name, value in answers_to_json(form, coarse).items():
        codes[name] = canonical.decode(canonical.encode({"it": value}))["it"]
    return Envelope(form.id, form.version, codes, {"title": "A search"}, None)


@pytest.fixture(scope="module")
def ring() -> Ring:
    key, public = make_research_key(TENANT, "2026-01", "2026-06")
    return make_ring(TENANT, RingName.LEAD).with_key(key, public)


@pytest.fixture
def service(ring: Ring) -> Service:
    return Service("https://a.example", ring, Network())


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[CaseStore]:
    with CaseStore.open_or_create(tmp_path / "cases.db", KEY) as store:
        yield store


def _seal(ring: Ring, content: bytes, report_id: bytes) -> bytes:
    (_key, public), *_ = ring.research_keys()
    return seal(content, public, report_id, bytes(32))


def _pull(service: Service, cases: CaseStore, form: Form, tmp_path: Path) -> Pulled:
    target = tmp_path / "backup" / "cases.db"
    target.parent.mkdir(exist_ok=True)
    return pull(service, cases, form, lambda: cases.backup(target, KEY, Silent()), Silent())


def test_what_opens_is_kept_backed_up_and_then_confirmed(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    service.add(b"1" * 16, _seal(service.ring, envelope.to_bytes(), b"1" * 16))
    assert _pull(service, cases, form, tmp_path) == Pulled(1, 0)
    assert service.confirmed == [(b"1" * 16).hex()]
    with CaseStore.open_or_create(tmp_path / "backup" / "cases.db", KEY) as copy:
        assert len(copy.summaries()) == 1


def test_a_cover_is_confirmed_like_a_report_and_makes_no_case(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    service.add(b"1" * 16, _seal(service.ring, envelope.to_bytes(), b"1" * 16))
    service.add(b"2" * 16, _seal(service.ring, cover_content(), b"2" * 16))
    assert _pull(service, cases, form, tmp_path) == Pulled(1, 0, covers=1)
    assert service.confirmed == [(b"1" * 16).hex(), (b"2" * 16).hex()]
    assert [cases.get(each.case_id).report_id for each in cases.summaries()] == [b"1" * 16]
    assert cases.unreadable() == {}


def test_a_cover_that_says_something_is_left_at_the_service(
    service: Service, cases: CaseStore, form: Form, tmp_path: Path
) -> None:
    content = canonical.encode({"format": "nearmiss-cover-1", "text": "Read this."})
    service.add(b"2" * 16, _seal(service.ring, content, b"2" * 16))
    assert _pull(service, cases, form, tmp_path) == Pulled(0, 1)
    assert service.confirmed == []


def test_bytes_damaged_at_the_service_do_not_hold_up_the_others(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    for name in (b"1" * 16, b"2" * 16):
        service.add(name, _seal(service.ring, envelope.to_bytes(), name))
    service.bodies[b"1" * 16] = bytes(65_536)
    assert _pull(service, cases, form, tmp_path) == Pulled(1, 1)
    assert service.confirmed == [(b"2" * 16).hex()]


def test_breaking_off_confirms_nothing_and_pulling_again_makes_no_second_case(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    for name in (b"1" * 16, b"2" * 16):
        service.add(name, _seal(service.ring, envelope.to_bytes(), name))
    service.breaks_at.append(b"2" * 16)
    with pytest.raises(SurroundingsError):
        _pull(service, cases, form, tmp_path)
    assert service.confirmed == []
    service.breaks_at.clear()
    assert _pull(service, cases, form, tmp_path) == Pulled(2, 0)
    assert len(cases.summaries()) == 2


def _bend(envelope: Envelope, **changes: object) -> bytes:
    message: Mapping[str, object] = {**canonical.decode(envelope.to_bytes()), **changes}
    return canonical.encode(message)


@pytest.mark.parametrize(
    "changes",
    [
        {"form_version": 99},
        {"codes": {"local_people": ["a name"]}},
        {"codes": {"event_month": "03"}},
        {"codes": {"weather": [["nested"]]}},
        {"codes": {"weather": {"special": ["unknown"]}}},
        {"codes": {"event_year": 10**15}},
        {"texts": {"local_title": "a name"}},
        {"texts": {"title": "\x1b[2J steers the terminal"}},
        {"texts": {"title": "reads \u202ebackwards"}},
        {"texts": {"event_year": "2026"}},
        {"more": 1},
    ],
    ids=str,
)
def test_a_sealed_message_that_is_no_answer_to_the_form_is_left_unopened(
    service: Service,
    cases: CaseStore,
    form: Form,
    envelope: Envelope,
    tmp_path: Path,
    changes: dict[str, object],
) -> None:
    service.add(b"1" * 16, _seal(service.ring, _bend(envelope, **changes), b"1" * 16))
    assert _pull(service, cases, form, tmp_path) == Pulled(0, 1)
    assert cases.summaries() == ()
    assert service.confirmed == []


def test_what_cannot_be_opened_is_not_fetched_again(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    service.add(b"1" * 16, bytes(65_536))
    service.add(b"2" * 16, _seal(service.ring, envelope.to_bytes(), b"2" * 16))
    assert _pull(service, cases, form, tmp_path) == Pulled(1, 1)
    del service.bodies[b"2" * 16]
    service.fetched.clear()
    assert _pull(service, cases, form, tmp_path) == Pulled(0, 1)
    assert service.fetched == []


def test_another_key_is_tried_on_what_could_not_be_opened(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    key, public = make_research_key(TENANT, "2026-07", "2026-12")
    body = seal(envelope.to_bytes(), public, b"1" * 16, bytes(32))
    service.add(b"1" * 16, body)
    assert _pull(service, cases, form, tmp_path) == Pulled(0, 1)
    fuller = replace(service, ring=service.ring.with_key(key, public))
    assert list_unreadable(fuller, cases, form) == []
    assert _pull(fuller, cases, form, tmp_path) == Pulled(1, 0)
    assert cases.unreadable() == {}


def test_what_is_discarded_is_only_what_could_not_be_opened(
    service: Service, cases: CaseStore, form: Form, tmp_path: Path
) -> None:
    service.add(b"1" * 16, bytes(65_536))
    _pull(service, cases, form, tmp_path)
    service.add(b"2" * 16, bytes(65_536))  # came since: nobody has tried it
    found = list_unreadable(service, cases, form)
    discard(service, cases, found)
    assert service.confirmed == [(b"1" * 16).hex()]
    assert cases.unreadable() == {}


def test_the_queue_is_read_and_confirmed_page_by_page(
    service: Service, cases: CaseStore, form: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_module, "_PAGE_LENGTH", 3)
    names = [bytes([number]) * 16 for number in range(7)]
    for name in names:
        service.add(name, bytes(65_536))
    waiting = list_waiting(service)
    assert [each.report_id for each in waiting] == names
    discard(service, cases, waiting)
    assert service.confirmed == [name.hex() for name in names]


class Repeating(Service):
    """Answers every page with the first one."""

    def request(self, method: str, path: str, body: bytes = b"", limit: int = 0) -> bytes:
        return super().request(method, "/v1/desk/reports", body, limit)


def test_a_service_that_repeats_a_page_for_ever_is_not_believed(
    ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pull_module, "_PAGE_LENGTH", 1)
    service = Repeating("https://a.example", ring, Network())
    service.add(b"1" * 16, b"")
    with pytest.raises(SurroundingsError, match="expected"):
        list_waiting(service)


def _asked(cases: CaseStore) -> tuple[Reporter, CaseId, Question]:
    """Somebody who was asked something."""
    reporter = Reporter.invent(TENANT)
    case_id = reporter.report_to(cases)
    ask(cases, TENANT, case_id, "How far?", datetime(2026, 3, 1, tzinfo=UTC))
    (written,) = list_letters(cases, case_id)
    assert isinstance(written.letter, Question)
    return reporter, case_id, written.letter


def test_an_answer_comes_to_its_case_and_makes_none(
    service: Service, cases: CaseStore, form: Form, ring: Ring, tmp_path: Path
) -> None:
    reporter, case_id, question = _asked(cases)
    answer = Answer(reporter.report_id, 1, question.ticket, "Ten steps.")
    service.add(b"a" * 16, _seal(ring, answer.to_bytes(), b"a" * 16))
    assert _pull(service, cases, form, tmp_path) == Pulled(opened=0, unreadable=0, answers=1)
    assert service.confirmed == [(b"a" * 16).hex()]
    assert [each.case_id for each in cases.summaries()] == [case_id]
    (reply,) = list_letters(cases, case_id)[0].replies
    assert (reply.month, reply.text) == ("2026-03", "Ten steps.")
    assert _pull(service, cases, form, tmp_path).answers == 1  # the confirmation was lost
    assert len(list_letters(cases, case_id)[0].replies) == 1


def test_an_answer_of_somebody_without_the_words_is_left_at_the_service(
    service: Service, cases: CaseStore, form: Form, ring: Ring, tmp_path: Path
) -> None:
    reporter, case_id, question = _asked(cases)
    for number, forged in enumerate(
        (
            Answer(reporter.report_id, 1, bytes(16), "Ten steps."),
            Answer(bytes(16), 1, question.ticket, "Ten steps."),
        )
    ):
        submission_id = bytes([number]) * 16
        service.add(submission_id, _seal(ring, forged.to_bytes(), submission_id))
    assert _pull(service, cases, form, tmp_path) == Pulled(opened=0, unreadable=2, answers=0)
    assert service.confirmed == []
    assert list_letters(cases, case_id)[0].replies == ()
    assert len(list_unreadable(service, cases, form)) == 2


def test_what_is_gone_since_it_was_listed_does_not_hold_up_the_others(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    for name in (b"1" * 16, b"2" * 16):
        service.add(name, _seal(service.ring, envelope.to_bytes(), name))
    service.gone.append(b"1" * 16)
    assert _pull(service, cases, form, tmp_path) == Pulled(1, 0)
    assert service.confirmed == [(b"2" * 16).hex()]


def test_what_was_withdrawn_before_makes_no_case_and_goes_at_the_service(
    service: Service, cases: CaseStore, form: Form, envelope: Envelope, tmp_path: Path
) -> None:
    for name in (b"1" * 16, b"2" * 16):
        service.add(name, _seal(service.ring, envelope.to_bytes(), name))
    WithdrawnCases(cases).withdraw(b"1" * 16, bytes(32))  # as `_seal` writes it
    WithdrawnCases(cases).withdraw(b"2" * 16, bytes(31) + b"x")  # of somebody else
    _pull(service, cases, form, tmp_path)
    assert service.confirmed == [(b"1" * 16).hex(), (b"2" * 16).hex()]
    (case,) = cases.summaries()
    assert cases.get(case.case_id).report_id == b"2" * 16
    assert WithdrawnCases(cases).may_withdraw(b"2" * 16, bytes(32))
    assert not WithdrawnCases(cases).may_withdraw(b"2" * 16, bytes(31) + b"x")
