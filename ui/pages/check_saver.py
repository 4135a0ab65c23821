"""Keeps the decisions in the vault, after every step and in the order of the steps."""

import threading
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.form import FieldId
from app.domain.report import Certainty, Finding, Kind, Span
from app.use_cases.write_report import DraftId, Drafts
from sync.decisions import Decisions
from sync.kept_decisions import name_originals
from ui.session import Session
from ui.task import Task


class DecisionsSaver:
    """Writes in the background; what came in meanwhile is written next, the newest only."""

    def __init__(self, page: QWidget, session: Session) -> None:
        self._page = page
        self._session = session
        self._writing = threading.Lock()
        self._handing = threading.Lock()  # held for a moment only, so that `save` never waits
        self._waiting: tuple[DraftId, Decisions] | None = None
        self._failed: tuple[DraftId, Decisions] | None = None  # not on the disk, not forgotten
        self._task: Task[None] | None = None

    def save(self, draft_id: DraftId, decisions: Decisions) -> None:
        """Keep these soon; a failure is shown over the page."""
        with self._handing:
            self._waiting = (draft_id, decisions)
        self._start()

    def flush(self) -> None:
        """Keep what still waits now, before the vault is closed. Raises UserError."""
        with self._handing:
            if self._waiting is None:
                self._waiting = self._failed
        self._write()

    def _start(self) -> None:
        is_busy = self._task is not None and self._task.is_running
        with self._handing:
            is_waiting = self._waiting is not None
        if is_waiting and not is_busy:
            self._task = Task(self._page, lambda _progress: self._write()).on_end(self._start)
            self._task.start()

    def _write(self) -> None:
        with self._writing:
            with self._handing:
                job, self._waiting = self._waiting, None
            if job is None:
                return
            try:
                keep_decisions(self._session.drafts, *job)
            except BaseException:
                self._failed = job
                raise
            self._failed = None


def keep_decisions(drafts: Drafts, draft_id: DraftId, decisions: Decisions) -> None:
    """Write the decisions and what stands behind each replacement. Raises UserError."""
    found = {str(field): each for field, each in decisions.findings.items()}
    drafts.save_decisions(draft_id, found)
    drafts.save_scrub_map(draft_id, name_originals(decisions))


def pack_decisions(decisions: Decisions | None) -> dict[str, Any] | None:
    """Texts and findings as JSON values, for `unpack_decisions`."""
    if decisions is None:
        return None
    return {
        field: [text, [asdict(each) for each in decisions.findings.get(field, ())]]
        for field, text in decisions.texts.items()
    }


def unpack_decisions(packed: Mapping[str, Any] | None) -> Decisions | None:
    """The decisions as they were packed; what was said about all of the text is asked anew."""
    if packed is None:
        return None
    return Decisions(
        {FieldId(field): text for field, (text, _found) in packed.items()},
        {
            FieldId(field): tuple(_unpack_finding(each) for each in found)
            for field, (_text, found) in packed.items()
        },
    )


def _unpack_finding(packed: Mapping[str, Any]) -> Finding:
    return Finding(
        **{
            **packed,
            "span": Span(**packed["span"]),
            "kind": Kind(packed["kind"]),
            "certainty": Certainty(packed["certainty"]),
        }
    )
