"""A draft as an encrypted file: what comes back, and what is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.answers import PrivateNotes, ReportAnswers
from app.domain.form import Form
from app.domain.labels import Labels
from app.errors import InputError, UserError
from app.store import draft_file
from app.store.draft_file import (
    DamagedDraftFileError,
    NewerDraftFileError,
    NotADraftFileError,
    seal_draft,
)
from app.store.drafts import DraftId, Drafts
from app.store.keys import FLOOR, WrongPassphraseError
from app.use_cases import carry_draft, write_report
from app.use_cases.carry_draft import OtherFormError
from app.use_cases.write_report import StoppedAtGateError

PASSPHRASE = "seven plain words"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    def cheaply(content: dict[str, object], passphrase: str) -> bytes:
        return seal_draft(content, passphrase, FLOOR)

    monkeypatch.setattr(carry_draft, "seal_draft", cheaply)


@pytest.fixture
def draft_id(
    drafts: Drafts, form: Form, labels: Labels, parsed: tuple[ReportAnswers, PrivateNotes]
) -> DraftId:
    return write_report.start(drafts, form, labels, *parsed)


def test_what_was_exported_comes_back_as_another_draft(
    drafts: Drafts, form: Form, labels: Labels, draft_id: DraftId
) -> None:
    drafts.save_answer(draft_id, "light", '{"special": "unknown"}')
    raw = carry_draft.export_draft(drafts, form, draft_id, PASSPHRASE)
    came = carry_draft.import_draft(drafts, form, labels, raw, PASSPHRASE)
    assert came != draft_id
    assert drafts.answers(came) == drafts.answers(draft_id)
    assert drafts.private_answers(came) == drafts.private_answers(draft_id)
    assert drafts.summary(came).title == drafts.summary(draft_id).title


def test_the_file_holds_no_word_of_it_and_its_size_tells_little(
    drafts: Drafts, form: Form, draft_id: DraftId
) -> None:
    sizes = set()
    for story in ("canariensis", "canariensis " * 300):
        drafts.save_answer(draft_id, "what_happened", json.dumps(story.strip()))
        raw = carry_draft.export_draft(drafts, form, draft_id, PASSPHRASE)
        assert b"canariensis" not in raw
        sizes.add(len(raw))
    assert len(sizes) == 1


def test_another_passphrase_opens_nothing(
    drafts: Drafts, form: Form, labels: Labels, draft_id: DraftId
) -> None:
    raw = carry_draft.export_draft(drafts, form, draft_id, PASSPHRASE)
    with pytest.raises(WrongPassphraseError):
        carry_draft.import_draft(drafts, form, labels, raw, "other")
    assert len(drafts.summaries()) == 1


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", NotADraftFileError),
        (b"SQLite format 3\0" * 100, NotADraftFileError),
        (b"NEARMISS-DRAFT-2\nanything", NewerDraftFileError),
        (b"NEARMISS-DRAFT-1\n", DamagedDraftFileError),
        (b"NEARMISS-DRAFT-1\n\xff\xff\xff\xff{}", DamagedDraftFileError),
        (b"NEARMISS-DRAFT-1\n" + b"x" * draft_file.LARGEST_BYTES, NotADraftFileError),
    ],
)
def test_what_is_no_draft_is_said(raw: bytes, error: type[UserError]) -> None:
    with pytest.raises(error) as raised:
        draft_file.open_draft(raw, PASSPHRASE)
    assert "Nothing was taken in." in raised.value.sentence()


SEALED = seal_draft({"form": "f", "version": 1, "answers": {}}, PASSPHRASE, FLOOR)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
def test_no_changed_bit_is_taken_in(at: int, bit: int) -> None:
    raw = bytearray(SEALED)
    raw[at] ^= 1 << bit
    with pytest.raises(UserError):
        draft_file.open_draft(bytes(raw), PASSPHRASE)


@given(st.integers(0, len(SEALED) - 1))
@settings(max_examples=20, deadline=None)
def test_no_part_of_it_is_taken_in(length: int) -> None:
    with pytest.raises(UserError):
        draft_file.open_draft(SEALED[:length], PASSPHRASE)


def _refusal(content: dict[str, object], drafts: Drafts, form: Form, labels: Labels) -> UserError:
    raw = seal_draft(content, PASSPHRASE, FLOOR)
    with pytest.raises(UserError) as raised:
        carry_draft.import_draft(drafts, form, labels, raw, PASSPHRASE)
    assert drafts.summaries() == ()
    return raised.value


def test_a_file_that_somebody_else_made_up_is_refused(
    drafts: Drafts, form: Form, labels: Labels, raw_answers: dict[str, object], tmp_path: Path
) -> None:
    good: dict[str, object] = {
        "form": form.id,
        "version": form.version,
        "answers": raw_answers,
    }
    assert isinstance(_refusal({**good, "version": 99}, drafts, form, labels), OtherFormError)
    assert isinstance(_refusal({**good, "more": 1}, drafts, form, labels), DamagedDraftFileError)
    assert isinstance(
        _refusal({**good, "answers": ["x"]}, drafts, form, labels), DamagedDraftFileError
    )
    strange: list[dict[str, object]] = [
        {"no_such_field": "x"},
        {"what_happened": {"special": "not_asked"}},
        {"what_happened": 5},
        {"what_happened": [["x"]]},
        {"what_happened": None, "light": {"special": []}},
        {"what_happened": "x" * 100_000},
        {"what_happened": "\u0000\u202e"},
    ]
    for answers in strange:
        found = _refusal({**good, "answers": {**raw_answers, **answers}}, drafts, form, labels)
        assert isinstance(found, InputError)
    stopped = {**raw_answers, "gate_serious": "yes"}
    found = _refusal({**good, "answers": stopped}, drafts, form, labels)
    assert isinstance(found, StoppedAtGateError)
