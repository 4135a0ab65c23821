"""`kill -9` in the middle of saving: whatever was acknowledged is there afterwards."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.progress import Silent
from app.store.drafts import Drafts
from app.store.keys import Cost
from app.store.vault import Vault

PASSPHRASE = "seven plain words"
ROUNDS = 10
# Imports once, then forks a writer for each line it reads, so that ten rounds are quick. The
# writer appends a line for each save that has returned.
SERVER = """
import os, sys
from pathlib import Path
from app.store.drafts import Drafts
from app.store.vault import Vault

def write(folder, passphrase, acknowledged):
    drafts = Drafts(Vault.open(Path(folder), passphrase))
    (summary,) = drafts.summaries()
    start = int(drafts.answers(summary.draft_id).get("count", "0"))
    log = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(start + 1, 1_000_000):
        drafts.save_answer(summary.draft_id, "count", str(number))
        drafts.save_answer(summary.draft_id, f"f{number % 50}", str(number) * 200)
        os.write(log, f"{number}\\n".encode())

for _line in sys.stdin:
    child = os.fork()
    if child == 0:
        write(*sys.argv[1:])
    print(child, flush=True)
    os.waitpid(child, 0)
    print("gone", flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the rounds are forked")
def test_no_acknowledged_save_is_lost(tmp_path: Path, cheap: Cost) -> None:
    folder, log = tmp_path / "vault", tmp_path / "acknowledged"
    with Vault.create(folder, PASSPHRASE, cheap) as vault:
        draft_id = Drafts(vault).create("form", 1)
    log.write_text("0\n")
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(folder), PASSPHRASE, str(log)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with server:
        assert server.stdin is not None
        assert server.stdout is not None
        for number in range(ROUNDS):
            before = _last(log)
            server.stdin.write("go\n")
            server.stdin.flush()
            child = int(server.stdout.readline())
            _wait_for_a_save(log, before)
            time.sleep(0.003 * number)
            os.kill(child, signal.SIGKILL)
            assert server.stdout.readline() == "gone\n"
            with Vault.open(folder, PASSPHRASE) as vault:
                answers = Drafts(vault).answers(draft_id)
                vault.check(Silent())
            acknowledged = _last(log)
            assert acknowledged > before
            assert acknowledged <= int(answers["count"]) <= acknowledged + 1
            assert answers[f"f{acknowledged % 50}"] == json.dumps(acknowledged) * 200
        server.stdin.close()


def _last(log: Path) -> int:
    return int(log.read_text().splitlines()[-1])


def _wait_for_a_save(log: Path, before: int) -> None:
    end = time.monotonic() + 30
    while _last(log) == before:
        if time.monotonic() > end:
            pytest.fail("the writer saved nothing")
        time.sleep(0.002)
