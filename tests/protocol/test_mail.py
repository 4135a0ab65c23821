"""Mail: one size, opened by its words alone, bound to its tag and its tenant."""

import base64
import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.answer import Answer, is_answer
from sync.protocol.envelope import Reply
from sync.protocol.errors import ForgedError, MalformedError, TooLargeError
from sync.protocol.keys import SealingKey
from sync.protocol.letter import Letter, News, NewsWord, Question, read_letter
from sync.protocol.mail import CONTENT_LIMIT, RECORD_LENGTH, open_mail, read_tag, seal_mail
from sync.protocol.padding import pad, unpad
from sync.protocol.receipt import Receipt
from tests.golden import make_mail as golden
from tests.golden.make_protocol import TENANT
from tests.protocol.damage import any_form, assert_reads_or_refuses

KEY = SealingKey(hashlib.shake_256(b"invented reply key").digest(96))
TAG = bytes(range(16))
TO = Reply(TAG, KEY.public_bytes())
OTHER = SealingKey(hashlib.shake_256(b"another reply key").digest(96))

months = st.sampled_from(["2026-01", "2026-12", "2031-07"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
some_text = texts.filter(bool)
turns = st.integers(1, 2**40)
questions = st.builds(Question, turns, months, some_text, st.binary(min_size=16, max_size=16))
news = st.one_of(
    st.builds(News, turns, months, st.just(NewsWord.SCREENED), st.none(), texts),
    st.builds(News, turns, months, st.just(NewsWord.PUBLISHED), st.integers(1, 2**40), texts),
    st.builds(
        News, turns, months, st.just(NewsWord.USED), st.none() | st.integers(1, 2**40), some_text
    ),
)
letters: st.SearchStrategy[Letter] = questions | news


@settings(max_examples=30)
@given(content=st.binary(max_size=CONTENT_LIMIT))
def test_every_record_has_the_one_size_and_comes_back(content: bytes) -> None:
    record = seal_mail(content, TO, TENANT)
    assert len(record) == RECORD_LENGTH == 4_096
    assert read_tag(record) == TAG
    assert open_mail(record, KEY, TENANT) == content


def test_what_just_fits_is_sealed_and_one_byte_more_is_not() -> None:
    full = b"x" * CONTENT_LIMIT
    assert open_mail(seal_mail(full, TO, TENANT), KEY, TENANT) == full
    with pytest.raises(TooLargeError):
        seal_mail(full + b"x", TO, TENANT)


def test_the_same_content_never_gives_the_same_record() -> None:
    assert seal_mail(b"a", TO, TENANT) != seal_mail(b"a", TO, TENANT)


def test_another_key_tag_or_tenant_opens_nothing() -> None:
    record = seal_mail(b"a", TO, TENANT)
    with pytest.raises(ForgedError):
        open_mail(record, OTHER, TENANT)
    with pytest.raises(ForgedError):
        open_mail(record, KEY, "f" * 32)
    moved = record[:4] + bytes(16) + record[20:]
    assert read_tag(moved) == bytes(16)
    with pytest.raises(ForgedError):
        open_mail(moved, KEY, TENANT)


@pytest.mark.parametrize("place", [20, 1_000, 1_140, 4_095])
def test_a_flipped_byte_opens_nothing(place: int) -> None:
    record = bytearray(seal_mail(b"a", TO, TENANT))
    record[place] ^= 1
    with pytest.raises(ForgedError):
        open_mail(bytes(record), KEY, TENANT)


@pytest.mark.parametrize(
    "change", [lambda r: r[:-1], lambda r: r + b"\0", lambda r: b"NMM2" + r[4:]]
)
def test_a_record_of_another_size_or_version_is_none(change: "object") -> None:
    assert callable(change)
    record = change(seal_mail(b"a", TO, TENANT))
    with pytest.raises(MalformedError):
        read_tag(record)
    with pytest.raises(MalformedError):
        open_mail(record, KEY, TENANT)


@given(content=st.binary(max_size=60), length=st.integers(64, 90))
def test_padding_comes_back(content: bytes, length: int) -> None:
    padded = pad(content, length)
    assert len(padded) == length
    assert unpad(padded) == content


@pytest.mark.parametrize(
    "padded", [b"", b"\0\0\0", b"\0\0\0\1", b"\0\0\0\0\0\1", b"\xff\xff\xff\xffaaaa", b"\0\0\0\1ab"]
)
def test_padding_that_is_none_is_refused(padded: bytes) -> None:
    with pytest.raises(MalformedError):
        unpad(padded)


@given(letter=letters)
def test_a_letter_comes_back(letter: Letter) -> None:
    assert read_letter(letter.to_bytes()) == letter


@given(
    raw=any_form(golden.QUESTION.to_bytes()) | any_form(golden.NEWS["news-used.json"].to_bytes())
)
def test_any_bytes_are_a_letter_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(read_letter, raw)


@given(raw=any_form(Answer(bytes(16), 1, bytes(16), "Yes.").to_bytes()))
def test_any_bytes_are_an_answer_or_refused(raw: bytes) -> None:
    assert_reads_or_refuses(Answer.from_bytes, raw)


@pytest.mark.parametrize(
    "letter",
    [
        Question(0, "2026-01", "Why?", bytes(16)),
        Question(1, "2026-01-02", "Why?", bytes(16)),
        Question(1, "2026-01", "", bytes(16)),
        Question(1, "2026-01", "Why?", bytes(15)),
        News(1, "2026-01", NewsWord.SCREENED, 7),
        News(1, "2026-01", NewsWord.PUBLISHED),
        News(1, "2026-01", NewsWord.PUBLISHED, 0),
        News(1, "2026-01", NewsWord.USED, 7),
    ],
)
def test_a_letter_that_says_too_little_or_too_much_is_refused(letter: Letter) -> None:
    with pytest.raises(MalformedError):
        read_letter(letter.to_bytes())


@given(text=some_text, turn=turns)
def test_an_answer_comes_back_and_is_told_from_a_report(text: str, turn: int) -> None:
    answer = Answer(bytes(16), turn, TAG, text)
    assert Answer.from_bytes(answer.to_bytes()) == answer
    assert is_answer(answer.to_bytes())
    assert not is_answer(b'{"format":"nearmiss-report-1"}')


@pytest.mark.parametrize(
    "answer", [Answer(bytes(16), 0, TAG, "Yes."), Answer(bytes(16), 1, TAG, "")]
)
def test_an_answer_of_nothing_or_to_nothing_is_refused(answer: Answer) -> None:
    with pytest.raises(MalformedError):
        Answer.from_bytes(answer.to_bytes())


def test_no_secret_stands_in_what_is_printed() -> None:
    printed = repr(golden.QUESTION) + repr(Answer(bytes(16), 1, TAG, "Whitlock"))
    assert "ticket" not in printed
    assert "Whitlock" not in printed


def test_the_stored_examples_are_still_written_and_read(receipt: Receipt) -> None:
    record = base64.b64decode((golden.FOLDER / golden.RECORD_FILE).read_bytes())
    built = golden.build(receipt, record)
    assert {path.name for path in golden.FOLDER.iterdir()} == {*built, "README.md"}
    assert {name: (golden.FOLDER / name).read_bytes() for name in built} == built
    for name, letter in {"question.json": golden.QUESTION, **golden.NEWS}.items():
        assert read_letter(built[name]) == letter


def test_the_stored_record_opens_with_the_words(receipt: Receipt) -> None:
    record = base64.b64decode((golden.FOLDER / golden.RECORD_FILE).read_bytes())
    assert read_tag(record) == receipt.mail_tag
    assert read_letter(open_mail(record, receipt.reply, TENANT)) == golden.QUESTION
