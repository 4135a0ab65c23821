"""A window that is killed while somebody types without a pause: at most 2 seconds are missing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.paths import Home
from app.progress import Silent
from app.store.drafts import Drafts
from app.store.keys import FLOOR
from app.store.vault import Vault
from tests.ui.wizard.typist import STORY

PASSPHRASE = "seven lamps under water"
OLDEST_S = 2.0
TYPED_S = (3.1, 4.4)


def _lines(log: Path) -> list[tuple[float, int]]:
    whole = log.read_text().splitlines() if log.exists() else []
    pairs = (line.split() for line in whole)
    return [(float(moment), int(count)) for moment, count in pairs]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process is killed in another way")
@pytest.mark.parametrize("typed_s", TYPED_S)
def test_what_was_typed_is_kept_but_for_the_last_two_seconds(
    tmp_path: Path, typed_s: float
) -> None:
    home, log = Home(tmp_path / "home"), tmp_path / "log"
    Vault.create(home.vault_folder("first"), PASSPHRASE, FLOOR).close()
    words = [sys.executable, "-m", "tests.ui.wizard.typist", str(home.folder), PASSPHRASE, str(log)]
    with subprocess.Popen(words, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}) as typist:
        end = time.monotonic() + 120
        while not _lines(log) or time.monotonic() - _lines(log)[0][0] < typed_s:
            assert typist.poll() is None
            assert time.monotonic() < end
            time.sleep(0.02)
        os.kill(typist.pid, signal.SIGKILL)
    with Vault.open(home.vault_folder("first"), PASSPHRASE) as vault:
        vault.check(Silent())
        drafts = Drafts(vault)
        (summary,) = drafts.summaries()
        kept = len(json.loads(drafts.answers(summary.draft_id).get(STORY, '""')))
    last = _lines(log)[-1][0]  # not when it was killed: it may have stood still for a while
    typed = [count for moment, count in _lines(log) if moment < last - OLDEST_S]
    assert typed, "nothing was typed that long ago"
    assert kept >= max(typed)
    assert kept <= _lines(log)[-1][1] + 1
