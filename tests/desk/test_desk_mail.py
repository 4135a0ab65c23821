"""Letters to reporters: written once, published by two people, answered by the words alone."""

import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from tuf.api.metadata import Metadata, Targets

from app.domain.case import CaseState
from app.errors import InputError
from app.progress import Silent
from app.store.cases import CaseMovedError, CaseStore, NoSuchCaseError
from app.store.letters import Letters
from app.store.publications import Publications
from app.use_cases.review_case import CaseId
from sync.desk.cosign import Proposal, UnsoundPublicationError, cosign, inspect
from sync.desk.folder import read_prepared, read_released, write_file, write_target
from sync.desk.mail import (
    NoReplyWantedError,
    ask,
    list_letters,
    take_answer,
    tell,
    tell_published,
    waiting_records,
)
from sync.desk.mail_feed import TooMuchMailError, read_mail_index
from sync.desk.publish import publish
from sync.desk.release import prepare, settle_release
from sync.mail_index import INDEX_TARGET, KEPT_DAYS, MailIndex
from sync.mail_packs import read_mail_pack
from sync.protocol.answer import Answer
from sync.protocol.letter import News, NewsWord, Question
from tests.desk.feed_maker import FORM, NOW, Desk, make_desk, put
from tests.desk.reporters import Reporter, release
from tests.sync.test_mail_index import record


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = make_desk(tmp_path_factory.mktemp("desk"))
    desk.release([put(1)])
    return desk


@pytest.fixture
def desk(made: Desk, tmp_path: Path) -> Desk:
    shutil.copytree(made.feed.folder, tmp_path / "desk")
    return made.at(tmp_path / "desk")


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[CaseStore]:
    with CaseStore.open_or_create(tmp_path / "cases.db", bytes(32)) as store:
        yield store


@pytest.fixture
def reporter(desk: Desk) -> Reporter:
    return Reporter.invent(desk.connection.tenant)


def _ask(cases: CaseStore, reporter: Reporter, case_id: CaseId, text: str = "How far?") -> Question:
    written = ask(cases, reporter.tenant, case_id, text, NOW)
    letter = next(
        each.letter for each in list_letters(cases, case_id) if each.letter.turn == written.turn
    )
    assert isinstance(letter, Question)
    return letter


def _publish(desk: Desk, cases: CaseStore, now: datetime = NOW) -> Proposal:
    """Both halves, and what follows from them for the cases."""
    prepare(desk.feed, desk.connection, desk.lead, cases, FORM, now, Silent())
    digest = inspect(desk.feed, desk.connection, FORM, now).digest
    proposal = cosign(desk.feed, desk.connection, desk.second, FORM, now, digest)
    settle_release(desk.feed, desk.connection, cases)
    return proposal


def _released(desk: Desk) -> tuple[MailIndex, list[bytes]]:
    archive = read_released(desk.feed, desk.connection).archive.signed
    index = read_mail_index(desk.feed, archive, desk.connection.tenant)
    records = [
        sealed
        for pack in index.packs
        for _tag, sealed in read_mail_pack(
            desk.feed.read_target(pack.target, archive.targets[pack.target]), pack
        )
    ]
    return index, records


def test_a_question_is_sealed_to_its_reporter_alone(cases: CaseStore, reporter: Reporter) -> None:
    other = Reporter.invent(reporter.tenant)
    case_id = reporter.report_to(cases)
    written = _ask(cases, reporter, case_id, "  How far was\nthe car?  ")
    (sealed,) = waiting_records(cases)
    assert reporter.read(sealed) == [written]
    assert other.read(sealed) == []
    assert (written.turn, written.month, written.text) == (1, "2026-01", "How far was\nthe car?")


def test_two_questions_have_turns_and_tickets_of_their_own(
    cases: CaseStore, reporter: Reporter
) -> None:
    case_id = reporter.report_to(cases)
    one, two = _ask(cases, reporter, case_id), _ask(cases, reporter, case_id)
    assert (one.turn, two.turn) == (1, 2)
    assert one.ticket != two.ticket


def test_what_cannot_be_sent_is_not_written(cases: CaseStore, reporter: Reporter) -> None:
    case_id = reporter.report_to(cases)
    for text, said in (("  \n ", "empty"), ("x" * 4_000, "too long"), ("a\u202eb", "change the")):
        with pytest.raises(InputError, match=said):
            ask(cases, reporter.tenant, case_id, text, NOW)
    with pytest.raises(NoSuchCaseError):
        ask(cases, reporter.tenant, CaseId("none"), "Why?", NOW)
    for word, number in ((NewsWord.USED, 7), (NewsWord.PUBLISHED, None), (NewsWord.SCREENED, 7)):
        with pytest.raises(InputError, match="not complete"):
            tell(cases, reporter.tenant, case_id, word, "2026-01", number)
    assert waiting_records(cases) == ()


def test_the_longest_question_fits(cases: CaseStore, reporter: Reporter) -> None:
    case_id = reporter.report_to(cases)
    assert len(_ask(cases, reporter, case_id, "x" * 2_700).text) == 2_700


def test_who_wants_no_mail_gets_none(cases: CaseStore, reporter: Reporter) -> None:
    case_id = reporter.report_to(cases, wants_mail=False)
    with pytest.raises(NoReplyWantedError):
        ask(cases, reporter.tenant, case_id, "Why?", NOW)
    with pytest.raises(NoReplyWantedError):
        tell(cases, reporter.tenant, case_id, NewsWord.SCREENED, "2026-01")
    assert tell_published(cases, reporter.tenant, case_id, 7, "2026-01") is None


def test_a_withdrawn_case_is_written_to_no_more(cases: CaseStore, reporter: Reporter) -> None:
    case_id = reporter.report_to(cases)
    _ask(cases, reporter, case_id)
    cases.move(case_id, CaseState.WITHDRAWN)
    assert waiting_records(cases) == ()
    with pytest.raises(CaseMovedError):
        ask(cases, reporter.tenant, case_id, "Why?", NOW)
    with pytest.raises(CaseMovedError):
        tell(cases, reporter.tenant, case_id, NewsWord.SCREENED, "2026-01")


def test_mail_is_published_alone_and_only_once(
    desk: Desk, cases: CaseStore, reporter: Reporter
) -> None:
    case_id = reporter.report_to(cases)
    letter = _ask(cases, reporter, case_id)
    proposal = _publish(desk, cases)
    assert (proposal.puts, proposal.deletes, proposal.letters) == (0, 0, 1)
    assert "only they can open: 1" in proposal.sentence()
    index, records = _released(desk)
    assert (index.sequence, len(index.packs)) == (1, 1)
    assert reporter.read(*records) == [letter]
    assert [each.is_published for each in list_letters(cases, case_id)] == [True]
    with pytest.raises(InputError, match="nothing to publish"):
        prepare(desk.feed, desk.connection, desk.lead, cases, FORM, NOW, Silent())


def test_a_letter_that_was_prepared_and_not_released_waits_on(
    desk: Desk, cases: CaseStore, reporter: Reporter
) -> None:
    case_id = reporter.report_to(cases)
    _ask(cases, reporter, case_id)
    prepare(desk.feed, desk.connection, desk.lead, cases, FORM, NOW, Silent())
    assert not settle_release(desk.feed, desk.connection, cases)
    _ask(cases, reporter, case_id)
    assert _publish(desk, cases).letters == 2


def test_a_published_reporter_is_told_by_itself_and_once(
    desk: Desk, cases: CaseStore, reporter: Reporter
) -> None:
    case_id = reporter.report_to(cases)
    release(cases, case_id)
    assert _publish(desk, cases).letters == 0
    record_ = Publications(cases).of_case(case_id)
    assert record_ is not None
    (told,) = (each.letter for each in list_letters(cases, case_id))
    assert told == News(1, "2026-01", NewsWord.PUBLISHED, int(record_.number))
    assert _publish(desk, cases).letters == 1
    cases.move(case_id, CaseState.CODED)  # corrected and published again under its number
    cases.set_text(case_id, "title", "Another title")
    cases.move(case_id, CaseState.APPROVED)
    _publish(desk, cases)
    assert len(list_letters(cases, case_id)) == 1


def test_a_crash_before_the_news_is_mended(
    desk: Desk, cases: CaseStore, reporter: Reporter
) -> None:
    case_id = reporter.report_to(cases)
    release(cases, case_id)
    prepare(desk.feed, desk.connection, desk.lead, cases, FORM, NOW, Silent())
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)
    cases.move(case_id, CaseState.PUBLISHED)  # as far as it came
    assert settle_release(desk.feed, desk.connection, cases)
    assert len(list_letters(cases, case_id)) == 1


def test_records_leave_the_feed_after_180_days(
    desk: Desk, cases: CaseStore, reporter: Reporter
) -> None:
    case_id = reporter.report_to(cases)
    _ask(cases, reporter, case_id)
    _publish(desk, cases)
    last_day, after = (NOW + timedelta(days=KEPT_DAYS + more) for more in (0, 1))
    _ask(cases, reporter, case_id)
    _publish(desk, cases, last_day)
    assert [letter.turn for letter in reporter.read(*_released(desk)[1])] == [1, 2]
    _ask(cases, reporter, case_id)
    _publish(desk, cases, after)
    assert sorted(letter.turn for letter in reporter.read(*_released(desk)[1])) == [2, 3]


def test_much_mail_comes_in_parts_by_the_first_digit(desk: Desk) -> None:
    records = [
        record(bytes([number % 256]) * 16, bytes([number // 256])) for number in range(2_100)
    ]
    publish(desk.feed, desk.connection, desk.lead, [], NOW, mail=records)
    assert inspect(desk.feed, desk.connection, FORM, NOW).letters == 2_100
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)
    index, found = _released(desk)
    assert [pack.shard for pack in index.packs] == list("0123456789abcdef")
    assert sorted(found) == sorted(records)


def test_more_mail_than_clients_take_is_not_published(desk: Desk) -> None:
    records = [number.to_bytes(4, "big").join([b"NMM1", bytes(4_088)]) for number in range(16_385)]
    with pytest.raises(TooMuchMailError):
        publish(desk.feed, desk.connection, desk.lead, [], NOW, mail=records)


# What a lead who means ill could prepare, and sign with the lead's own key.

Change = Callable[[Desk, Targets], None]


def _with_index(desk: Desk, signed: Targets, index: MailIndex) -> None:
    signed.targets[INDEX_TARGET] = write_target(desk.feed.prepared, INDEX_TARGET, index.to_bytes())


def _index(desk: Desk, signed: Targets) -> MailIndex:
    return read_mail_index(desk.feed, signed, desk.connection.tenant)


def _take_out(desk: Desk, signed: Targets) -> None:
    """All mail, the index too."""
    for path in [path for path in signed.targets if path.startswith("mail/")]:
        del signed.targets[path]


def _drop_old(desk: Desk, signed: Targets) -> None:
    index = _index(desk, signed)
    _with_index(desk, signed, replace(index, packs=index.packs[1:]))
    del signed.targets["mail/1.pack"]


def _skip_sequence(desk: Desk, signed: Targets) -> None:
    _with_index(desk, signed, replace(_index(desk, signed), sequence=9))


def _postdate(desk: Desk, signed: Targets) -> None:
    index = _index(desk, signed)
    *old, new = index.packs
    packs = (*old, replace(new, signed_on="2027-01-01"))
    _with_index(desk, signed, replace(index, signed_on="2027-01-01", packs=packs))


def _name_another_day(desk: Desk, signed: Targets) -> None:
    """To let it hold for longer, or for less."""
    index = _index(desk, signed)
    *old, new = index.packs
    packs = (*old, replace(new, signed_on="2026-01-10"))
    _with_index(desk, signed, replace(index, signed_on="2026-01-11", packs=packs))


def _put_pack(desk: Desk, signed: Targets, path: str) -> None:
    signed.targets[path] = write_target(desk.feed.prepared, path, record(b"a" * 16))


def _exchange_pack(desk: Desk, signed: Targets) -> None:
    signed.targets["mail/2.pack"] = write_target(
        desk.feed.prepared, "mail/2.pack", record(b"a" * 16)
    )


def _exchange_old_pack(desk: Desk, signed: Targets) -> None:
    signed.targets["mail/1.pack"] = write_target(
        desk.feed.prepared, "mail/1.pack", record(b"a" * 16)
    )


def _add_pack(desk: Desk, signed: Targets) -> None:
    signed.targets["mail/3.pack"] = write_target(
        desk.feed.prepared, "mail/3.pack", record(b"a" * 16)
    )


def _readable_mail(desk: Desk, signed: Targets) -> None:
    """Something that is no sealed record."""
    index = _index(desk, signed)
    content = b"x" * 4_096
    target = write_target(desk.feed.prepared, "mail/2.pack", content)
    signed.targets["mail/2.pack"] = target
    *old, new = index.packs
    packs = (*old, replace(new, sha256=target.hashes["sha256"], length=len(content)))
    _with_index(desk, signed, replace(index, packs=packs))


def _lose_pack(desk: Desk, _signed: Targets) -> None:
    for place in desk.feed.prepared.rglob("*.pack"):
        place.unlink()


def _another_tenant(desk: Desk, signed: Targets) -> None:
    _with_index(desk, signed, replace(_index(desk, signed), tenant="f" * 32))


@pytest.mark.parametrize(
    "change",
    [
        _take_out,
        _drop_old,
        _skip_sequence,
        _postdate,
        _name_another_day,
        _exchange_pack,
        _exchange_old_pack,
        _add_pack,
        _readable_mail,
        _lose_pack,
        _another_tenant,
    ],
)
def test_unsound_mail_is_not_signed(desk: Desk, change: Change) -> None:
    publish(desk.feed, desk.connection, desk.lead, [], NOW, mail=[record(b"1" * 16)])
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)
    publish(desk.feed, desk.connection, desk.lead, [], NOW, mail=[record(b"2" * 16)])
    prepared = read_prepared(desk.feed)
    assert prepared is not None
    signed = deepcopy(prepared.signed)
    change(desk, signed)
    forged = Metadata(signed)
    forged.sign(desk.lead.signer("archive"))
    write_file(desk.feed.prepared_archive, forged.to_bytes())
    with pytest.raises(UnsoundPublicationError):
        inspect(desk.feed, desk.connection, FORM, NOW)
    assert len(_released(desk)[1]) == 1


def test_nothing_new_is_not_signed(desk: Desk) -> None:
    publish(desk.feed, desk.connection, desk.lead, [put(2)], NOW)
    prepared = read_prepared(desk.feed)
    assert prepared is not None
    released = read_released(desk.feed, desk.connection).archive.signed
    signed = deepcopy(prepared.signed)
    signed.targets = dict(released.targets)
    forged = Metadata(signed)
    forged.sign(desk.lead.signer("archive"))
    write_file(desk.feed.prepared_archive, forged.to_bytes())
    with pytest.raises(UnsoundPublicationError, match="nothing in it is new"):
        inspect(desk.feed, desk.connection, FORM, NOW)


# Answers.


def _answer(reporter: Reporter, question: Question, text: str = "Ten steps.") -> Answer:
    return Answer(reporter.report_id, question.turn, question.ticket, text)


def test_an_answer_comes_to_its_question_once(cases: CaseStore, reporter: Reporter) -> None:
    case_id = reporter.report_to(cases)
    _ask(cases, reporter, case_id)
    question = _ask(cases, reporter, case_id)
    for _again in range(2):
        assert take_answer(cases, b"s" * 16, "2026-03", _answer(reporter, question))
    assert take_answer(cases, b"t" * 16, "2026-03", _answer(reporter, question, "Eleven."))
    one, two = list_letters(cases, case_id)
    assert one.replies == ()
    assert [reply.text for reply in two.replies] == ["Ten steps.", "Eleven."]


def test_nobody_answers_in_the_place_of_another(cases: CaseStore, reporter: Reporter) -> None:
    """The service knows all report ids, a reporter their own tickets: neither is enough."""
    case_id = reporter.report_to(cases)
    question = _ask(cases, reporter, case_id)
    other = Reporter.invent(reporter.tenant)
    others = _ask(cases, other, other.report_to(cases))
    good = _answer(reporter, question)
    for forged in (
        replace(good, ticket=bytes(16)),
        replace(good, ticket=others.ticket),
        replace(good, turn=2),
        replace(good, report_id=bytes(16)),
        replace(good, text="a\u202eb"),
        replace(good, text=" with blanks around "),
    ):
        assert not take_answer(cases, b"s" * 16, "2026-03", forged)
    assert list_letters(cases, case_id)[0].replies == ()


def test_news_cannot_be_answered(cases: CaseStore, reporter: Reporter) -> None:
    case_id = reporter.report_to(cases)
    tell(cases, reporter.tenant, case_id, NewsWord.SCREENED, "2026-01")
    forged = Answer(reporter.report_id, 1, bytes(16), "Thanks.")
    assert not take_answer(cases, b"s" * 16, "2026-03", forged)


def test_letters_go_with_their_case(cases: CaseStore, reporter: Reporter) -> None:
    assert Letters(cases).of_case(CaseId("none")) == ()
    assert Letters(cases).find_case(reporter.report_id) is None
