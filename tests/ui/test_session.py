"""Locking while an exchange with the service is going on."""

from pathlib import Path
from typing import Any

import pytest

from app.progress import Progress, Silent
from sync import uploader
from sync.exchange import Exchanged
from sync.uploader import SendResult
from tests.ui.pages.officer import connect, open_session
from ui import session as session_module
from ui.session import Session


@pytest.mark.parametrize("locks", [True, False])
def test_an_exchange_keeps_its_post_open_whoever_locks_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locks: bool
) -> None:
    settled: list[bool] = []

    def exchange(
        _home: object,
        _connection: object,
        posts: Any,
        _now: object,
        progress: Progress,
        **_: object,
    ) -> Exchanged:
        if locks:
            session.lock()
        (post,) = posts
        post.put_setting("after", "the lock")
        return Exchanged(SendResult(0, 0, 0, 0, ""), "", "")

    monkeypatch.setattr(session_module, "exchange", exchange)
    monkeypatch.setattr(uploader, "settle", lambda *_: settled.append(True))
    session: Session
    with open_session(tmp_path) as session:
        connect(session, with_key=False)
        settled.clear()
        session.sync(Silent())
        assert session.is_unlocked is not locks
        assert bool(settled) is not locks
        session.lock()
        session.unlock("first", "long enough")
        assert session.post.setting("after") == "the lock"
