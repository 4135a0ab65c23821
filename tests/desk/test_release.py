"""From approved cases to a publication: one number for each case, whoever else publishes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.case import CaseState
from app.progress import Silent
from app.store.cases import CaseStore
from app.store.publications import Publications
from sync.desk.cosign import cosign, inspect
from sync.desk.folder import BusyDeskError
from sync.desk.publish import Prepared
from sync.desk.release import prepare, settle_release
from tests.desk.feed_maker import FORM, NOW, Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "desk")


@pytest.fixture
def cases(tmp_path: Path) -> Iterator[CaseStore]:
    """With one approved case."""
    with CaseStore.open_or_create(tmp_path / "cases.db", bytes(32)) as store:
        case_id = store.add(bytes(16), "2026-01", {"codes": {}, "texts": {"title": "A gate"}})
        store.move(case_id, CaseState.CODED)
        store.move(case_id, CaseState.APPROVED)
        yield store


def _prepare(desk: Desk, cases: CaseStore) -> Prepared:
    return prepare(desk.feed, desk.connection, desk.lead, cases, FORM, NOW, Silent())


def _settle(desk: Desk, cases: CaseStore) -> bool:
    return settle_release(desk.feed, desk.connection, cases)


def test_while_another_publishes_no_case_gets_a_number(desk: Desk, cases: CaseStore) -> None:
    with desk.feed.hold(), pytest.raises(BusyDeskError):
        _prepare(desk, cases)
    assert Publications(cases).records() == []
    assert _prepare(desk, cases).puts == 1
    assert _prepare(desk, cases).puts == 1
    assert len(Publications(cases).records()) == 1


def test_what_was_released_is_marked_once_nobody_else_is_signing(
    desk: Desk, cases: CaseStore
) -> None:
    _prepare(desk, cases)
    assert not _settle(desk, cases)
    digest = inspect(desk.feed, desk.connection, FORM, NOW).digest
    cosign(desk.feed, desk.connection, desk.second, FORM, NOW, digest)
    with desk.feed.hold():
        assert not _settle(desk, cases)
    assert _settle(desk, cases)
    assert not _settle(desk, cases)
    assert [each.state for each in cases.summaries()] == [CaseState.PUBLISHED]
    assert Publications(cases).waiting() == []
