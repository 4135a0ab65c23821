"""The reports that are being written, in the vault. Each save is a small transaction."""

import json
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from app.domain.report import Finding
from app.errors import InputError
from app.store.engine import StoreFile
from app.store.findings import read_findings, write_findings
from app.store.learned_words import LearnedWords
from app.store.receipts import Receipts
from app.store.tables.vault import (
    ANSWERS,
    APPROVALS,
    DECISIONS,
    DESTROYED,
    DRAFTS,
    PRIVATE_ANSWERS,
    RECEIPTS,
    SCRUB_MAPS,
    SEALED_CONTENTS,
)
from app.store.times import from_text, to_text, utc_now
from app.store.vault import Vault

DraftId = NewType("DraftId", str)


class DraftState(StrEnum):
    """writing → approving → queued; a refused one, or one taken back, is written again.
    writing → discarded → writing: thrown away, and for a while not yet gone.

    approving: the sealed bytes are being put into the post; a crash is repaired from there.
    """

    WRITING = "writing"
    APPROVING = "approving"
    QUEUED = "queued"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """One line of the list of reports."""

    draft_id: DraftId
    title: str
    state: DraftState
    form_id: str
    form_version: int
    created_utc: datetime
    changed_utc: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """Which submission (report_id: 16 bytes) a draft has become."""

    draft_id: DraftId
    report_id: bytes
    state: DraftState


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """An answer as canonical JSON text; None takes it away. is_private: it never leaves."""

    field: str
    value_json: str | None
    is_private: bool


class NoSuchDraftError(InputError):
    """There is no draft with this number."""

    def __init__(self) -> None:
        super().__init__(
            "There is no such report in this vault.",
            "It may have been sent and destroyed already.",
            "List the reports and choose one of them.",
        )


class DraftApprovedError(InputError):
    """What was asked does not fit the draft's state."""

    def __init__(self) -> None:
        super().__init__(
            "This report is not in the state for that.",
            "A report that was approved can be changed only after it is taken back.",
            "List the reports to see their states.",
        )


class Drafts:
    """The drafts in one open vault. Values are canonical JSON text, as the form writes them."""

    def __init__(self, vault: Vault, now: Callable[[], datetime] = utc_now) -> None:
        self._vault = vault
        self._file = vault.file
        self._now = now

    @property
    def step(self) -> AbstractContextManager[object]:
        """To be held while vault and post are changed together: `Vault.step`."""
        return self._vault.step

    @property
    def receipts(self) -> Receipts:
        """The receipts that are kept in the same vault."""
        return Receipts(self._vault)

    @property
    def learned(self) -> LearnedWords:
        """The words that the spelling check has learned, in the same vault."""
        return LearnedWords(self._file)

    def create(
        self,
        form_id: str,
        form_version: int,
        title: str = "",
        changes: Iterable[AnswerChange] = (),
    ) -> DraftId:
        """Begin a draft with its first answers, all or nothing; 16 random hexadecimal digits."""
        draft_id = DraftId(secrets.token_hex(8))
        moment = to_text(self._now())
        row = {
            "id": draft_id,
            "title": title,
            "state": DraftState.WRITING,
            "form_id": form_id,
            "form_version": form_version,
            "created_utc": moment,
            "changed_utc": moment,
        }
        with self._file.writing() as connection:
            connection.execute(insert(DRAFTS).values(row))
            for change in changes:
                _save(connection, draft_id, change)
        return draft_id

    def summaries(self, *, discarded: bool = False) -> tuple[DraftSummary, ...]:
        """All drafts, the one changed last first; without those that are discarded, or only they.

        One that is discarded has been changed last when that was done.
        """
        is_discarded = DRAFTS.c.state == DraftState.DISCARDED
        query = select(DRAFTS).where(is_discarded if discarded else ~is_discarded)
        with self._file.reading() as connection:
            rows = connection.execute(query.order_by(DRAFTS.c.changed_utc.desc())).all()
        return tuple(_summary(*row) for row in rows)

    def discard(self, draft_id: DraftId) -> None:
        """writing → discarded. Raises NoSuchDraftError, DraftApprovedError."""
        with self._file.writing() as connection:
            _move(connection, draft_id, DraftState.WRITING, DraftState.DISCARDED, self._now())

    def bring_back(self, draft_id: DraftId) -> None:
        """discarded → writing. Raises NoSuchDraftError, DraftApprovedError."""
        with self._file.writing() as connection:
            _move(connection, draft_id, DraftState.DISCARDED, DraftState.WRITING, self._now())

    def summary(self, draft_id: DraftId) -> DraftSummary:
        """One draft. Raises NoSuchDraftError."""
        with self._file.reading() as connection:
            row = connection.execute(select(DRAFTS).where(DRAFTS.c.id == draft_id)).one_or_none()
        if row is None:
            raise NoSuchDraftError
        return _summary(*row)

    def set_title(self, draft_id: DraftId, title: str) -> None:
        """Change what the list shows. Raises NoSuchDraftError, DraftApprovedError."""
        with self._file.writing() as connection:
            _touch(connection, draft_id, self._now())
            connection.execute(update(DRAFTS).where(DRAFTS.c.id == draft_id).values(title=title))

    def save_answer(
        self, draft_id: DraftId, field: str, value_json: str | None, is_private: bool = False
    ) -> None:
        """Keep one answer. When this returns, the disk has it.

        Decisions about findings in a text that changed are dropped: their places are wrong.
        Raises NoSuchDraftError, DraftApprovedError.
        """
        self.save_answers(draft_id, [AnswerChange(field, value_json, is_private)])

    def save_answers(self, draft_id: DraftId, changes: Iterable[AnswerChange]) -> None:
        """Keep several answers, all or none. Raises as `save_answer` does."""
        with self._file.writing() as connection:
            _touch(connection, draft_id, self._now())
            for change in changes:
                _save(connection, draft_id, change)

    def answers(self, draft_id: DraftId) -> dict[str, str]:
        """Field → JSON of the answers that may leave, never a private one."""
        return _values(self._file, ANSWERS, draft_id)

    def private_answers(self, draft_id: DraftId) -> dict[str, str]:
        """Field → JSON of the memory aids, which never leave this computer."""
        return _values(self._file, PRIVATE_ANSWERS, draft_id)

    def save_decisions(self, draft_id: DraftId, decisions: Mapping[str, Sequence[Finding]]) -> None:
        """Keep the person's decisions by field, in place of all earlier ones.

        Raises NoSuchDraftError, DraftApprovedError.
        """
        rows = [
            {
                "draft_id": draft_id,
                "field": field,
                "findings": write_findings(findings),
            }
            for field, findings in decisions.items()
        ]
        with self._file.writing() as connection:
            _touch(connection, draft_id, self._now())
            connection.execute(delete(DECISIONS).where(DECISIONS.c.draft_id == draft_id))
            if rows:
                connection.execute(insert(DECISIONS), rows)

    def decisions(self, draft_id: DraftId) -> dict[str, tuple[Finding, ...]]:
        """The findings with the decisions on them, by field."""
        query = select(DECISIONS.c.field, DECISIONS.c.findings)
        with self._file.reading() as connection:
            rows = connection.execute(query.where(DECISIONS.c.draft_id == draft_id)).all()
        return {field: read_findings(findings) for field, findings in rows}

    def save_scrub_map(self, draft_id: DraftId, scrub_map: Mapping[str, str]) -> None:
        """Keep which replacement stands for what. Raises as `save_answer` does."""
        statement = insert_or_update(SCRUB_MAPS).values(
            draft_id=draft_id, map=json.dumps(dict(scrub_map))
        )
        with self._file.writing() as connection:
            _touch(connection, draft_id, self._now())
            connection.execute(
                statement.on_conflict_do_update(set_={"map": statement.excluded.map})
            )

    def scrub_map(self, draft_id: DraftId) -> dict[str, str]:
        """Which replacement stands for what; empty before the first scrub."""
        query = select(SCRUB_MAPS.c.map).where(SCRUB_MAPS.c.draft_id == draft_id)
        with self._file.reading() as connection:
            found = connection.execute(query).scalar_one_or_none()
        return {} if found is None else dict(json.loads(found))

    def begin_approval(
        self, draft_id: DraftId, report_id: bytes, words: str, content: bytes | None = None
    ) -> None:
        """writing → approving, with the id, the receipt's words and what was sealed.

        Raises NoSuchDraftError, DraftApprovedError.
        """
        with self._file.writing() as connection:
            _move(connection, draft_id, DraftState.WRITING, DraftState.APPROVING, self._now())
            row = {"draft_id": draft_id, "report_id": report_id, "words": words}
            connection.execute(insert(APPROVALS).values(row))
            if content is not None:
                row = {"draft_id": draft_id, "content": content}
                connection.execute(insert(SEALED_CONTENTS).values(row))

    def mark_queued(self, draft_id: DraftId) -> None:
        """approving → queued: the post has the bytes. Repeating it does no harm.

        Raises NoSuchDraftError, DraftApprovedError.
        """
        with self._file.writing() as connection:
            if _state(connection, draft_id) is not DraftState.QUEUED:
                _move(connection, draft_id, DraftState.APPROVING, DraftState.QUEUED, self._now())

    def approvals(self) -> tuple[Approval, ...]:
        """Every draft that is being approved or waits, with the id of its submission."""
        query = select(APPROVALS.c.draft_id, APPROVALS.c.report_id, DRAFTS.c.state)
        with self._file.reading() as connection:
            rows = connection.execute(query.join_from(APPROVALS, DRAFTS)).all()
        return tuple(Approval(DraftId(row[0]), row[1], DraftState(row[2])) for row in rows)

    def receipt_words(self, draft_id: DraftId) -> str:
        """The seven words. Raises NoSuchDraftError if the draft was not approved."""
        query = select(APPROVALS.c.words).where(APPROVALS.c.draft_id == draft_id)
        with self._file.reading() as connection:
            words = connection.execute(query).scalar_one_or_none()
        if words is None:
            raise NoSuchDraftError
        return str(words)

    def reopen(self, draft_id: DraftId) -> None:
        """Back to writing: it was refused, taken back, or never reached the post.

        The words are dropped, kept or not: a new approval has new ones. Raises NoSuchDraftError.
        """
        of_draft = select(APPROVALS.c.report_id).where(APPROVALS.c.draft_id == draft_id)
        with self._file.writing() as connection:
            _move(
                connection, draft_id, _state(connection, draft_id), DraftState.WRITING, self._now()
            )
            connection.execute(delete(RECEIPTS).where(RECEIPTS.c.report_id.in_(of_draft)))
            connection.execute(delete(APPROVALS).where(APPROVALS.c.draft_id == draft_id))

    def destroy(self, draft_id: DraftId) -> None:
        """Destroy the draft and all that belongs to it, in free pages, log and copies too.

        Nothing happens if it is gone already.
        """
        with self._file.writing() as connection:
            connection.execute(delete(DRAFTS).where(DRAFTS.c.id == draft_id))
            # Until no copy holds it: a crash between is mended when the vault is closed.
            connection.execute(
                insert_or_update(DESTROYED).values(id=draft_id).on_conflict_do_nothing()
            )
        self._vault.forget_deleted()


def _values(file: StoreFile, table: Table, draft_id: DraftId) -> dict[str, str]:
    query = select(table.c.field, table.c.value).where(table.c.draft_id == draft_id)
    with file.reading() as connection:
        return {str(row[0]): str(row[1]) for row in connection.execute(query)}


def _touch(connection: Connection, draft_id: DraftId, now_utc: datetime) -> None:
    """Note the change. Raises unless the draft is being written."""
    _move(connection, draft_id, DraftState.WRITING, DraftState.WRITING, now_utc)


def _move(
    connection: Connection,
    draft_id: DraftId,
    source: DraftState,
    to: DraftState,
    now_utc: datetime,
) -> None:
    if _state(connection, draft_id) is not source:
        raise DraftApprovedError
    values = {"state": to, "changed_utc": to_text(now_utc)}
    connection.execute(update(DRAFTS).where(DRAFTS.c.id == draft_id).values(values))


def _state(connection: Connection, draft_id: DraftId) -> DraftState:
    query = select(DRAFTS.c.state).where(DRAFTS.c.id == draft_id)
    found = connection.execute(query).scalar_one_or_none()
    if found is None:
        raise NoSuchDraftError
    return DraftState(found)


def _save(connection: Connection, draft_id: DraftId, change: AnswerChange) -> None:
    table = PRIVATE_ANSWERS if change.is_private else ANSWERS
    here = (table.c.draft_id == draft_id) & (table.c.field == change.field)
    if change.value_json is None:
        changed = connection.execute(delete(table).where(here)).rowcount
    else:
        row = {"draft_id": draft_id, "field": change.field, "value": change.value_json}
        statement = insert_or_update(table).values(row)
        changed = connection.execute(
            statement.on_conflict_do_update(
                set_={"value": statement.excluded.value},
                where=table.c.value != statement.excluded.value,
            )
        ).rowcount
    if changed:
        connection.execute(
            delete(DECISIONS).where(
                DECISIONS.c.draft_id == draft_id, DECISIONS.c.field == change.field
            )
        )


def _summary(
    draft_id: str,
    title: str,
    state: str,
    form_id: str,
    form_version: int,
    created: str,
    changed: str,
) -> DraftSummary:
    return DraftSummary(
        DraftId(draft_id),
        title,
        DraftState(state),
        form_id,
        form_version,
        from_text(created),
        from_text(changed),
    )
