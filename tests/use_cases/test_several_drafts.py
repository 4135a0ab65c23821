"""Several drafts: a copy of one, one that is thrown away and brought back, and one that is gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.answers import PrivateNotes, ReportAnswers
from app.domain.form import Form
from app.domain.labels import Labels
from app.store.drafts import DraftApprovedError, DraftId, Drafts, DraftState, NoSuchDraftError
from app.store.keys import FLOOR
from app.store.safekeeping import Safekeeping
from app.store.vault import Vault
from app.store.witness import Witness
from app.use_cases import write_report
from tests.store.decrypted import decrypt_all, vault_key

PASSPHRASE = "seven plain words"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CANARY = "canariensis"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    safe = Safekeeping(tmp_path / "backups", Witness(tmp_path / "count"))
    with Vault.create(tmp_path / "vault", PASSPHRASE, FLOOR, safe=safe) as opened:
        yield opened


@pytest.fixture
def own(vault: Vault) -> Drafts:
    return Drafts(vault, now=lambda: NOW)


@pytest.fixture
def draft_id(
    own: Drafts, form: Form, labels: Labels, parsed: tuple[ReportAnswers, PrivateNotes]
) -> DraftId:
    return write_report.start(own, form, labels, *parsed)


def test_a_copy_has_all_answers_and_a_name_of_its_own(
    own: Drafts, form: Form, draft_id: DraftId
) -> None:
    name = "Ladder " * 10 + "Ladder"
    own.save_answer(draft_id, "local_title", f'"{name}"', is_private=True)
    own.set_title(draft_id, name)
    copied = write_report.duplicate(own, form, draft_id)
    assert own.answers(copied) == own.answers(draft_id)
    stored = write_report.load(own, form, copied)
    assert stored.summary.title.startswith("Copy of Ladder")
    assert len(stored.summary.title) <= 80
    named = own.private_answers(copied)
    assert {**named, "local_title": ""} == {**own.private_answers(draft_id), "local_title": ""}
    own.save_answer(copied, "what_happened", '"other"')
    assert own.answers(copied) != own.answers(draft_id)


def test_a_report_that_was_approved_can_be_copied_too(
    own: Drafts, form: Form, draft_id: DraftId
) -> None:
    own.begin_approval(draft_id, bytes(16), "words")
    copied = write_report.duplicate(own, form, draft_id)
    assert own.summary(copied).state is DraftState.WRITING
    assert len(own.approvals()) == 1


def test_a_discarded_draft_is_out_of_sight_and_comes_back_whole(
    own: Drafts, form: Form, draft_id: DraftId
) -> None:
    before = own.answers(draft_id)
    write_report.discard(own, draft_id)
    assert own.summaries() == ()
    assert [each.draft_id for each in own.summaries(discarded=True)] == [draft_id]
    with pytest.raises(DraftApprovedError):
        own.save_answer(draft_id, "story", '"changed"')
    with pytest.raises(DraftApprovedError):
        write_report.discard(own, draft_id)
    own.bring_back(draft_id)
    assert own.answers(draft_id) == before
    assert own.summaries(discarded=True) == ()
    with pytest.raises(DraftApprovedError):
        own.bring_back(draft_id)


def test_what_was_approved_is_not_discarded(own: Drafts, draft_id: DraftId) -> None:
    own.begin_approval(draft_id, bytes(16), "words")
    for throw_away in (write_report.discard, write_report.delete):
        with pytest.raises(DraftApprovedError):
            throw_away(own, draft_id)


@pytest.mark.parametrize("days", [0, 29])
def test_for_thirty_days_it_can_be_brought_back(own: Drafts, draft_id: DraftId, days: int) -> None:
    write_report.discard(own, draft_id)
    assert write_report.empty_discarded(own, NOW + timedelta(days=days, hours=23)) == 0
    assert write_report.empty_discarded(own, NOW - timedelta(days=900)) == 0
    own.bring_back(draft_id)


def test_then_it_is_gone_for_good_from_pages_log_and_backups(
    vault: Vault, own: Drafts, draft_id: DraftId, tmp_path: Path
) -> None:
    own.save_answer(draft_id, "story", f'"{CANARY * 900}"')
    kept = own.create("form", 1, "what stays")
    vault.close()
    safe = Safekeeping(tmp_path / "backups", Witness(tmp_path / "count"))
    key = vault_key(tmp_path / "vault", PASSPHRASE)
    with Vault.open(tmp_path / "vault", PASSPHRASE, safe) as again:
        drafts = Drafts(again, now=lambda: NOW)
        write_report.discard(drafts, draft_id)
        assert CANARY.encode() in decrypt_all(tmp_path, key)  # or this test could not fail
        assert write_report.empty_discarded(drafts, NOW + write_report.KEPT_FOR) == 1
        assert CANARY.encode() not in decrypt_all(tmp_path, key)
        assert b"what stays" in decrypt_all(tmp_path / "backups", key)
        assert [each.draft_id for each in drafts.summaries()] == [kept]
        with pytest.raises(NoSuchDraftError):
            drafts.bring_back(draft_id)


def test_a_discarded_draft_can_be_destroyed_at_once(own: Drafts, draft_id: DraftId) -> None:
    write_report.discard(own, draft_id)
    write_report.delete(own, draft_id)
    assert own.summaries(discarded=True) == ()
