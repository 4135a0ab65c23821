"""Makes `desk_v1` and `service_v1`: small real files, kept so that later versions open them.

Run once per version: `python -m tests.golden.make_desk FOLDER`. Keys, passphrase and contents
are invented. desk_v1: a file of cases, its key, a key ring. service_v1: a service's folder with
one report that waits and one that was confirmed. desk_v2 is desk_v1 with letters in it.
"""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from app.domain.archive import Put
from app.domain.case import CaseId, CaseState
from app.store.cases import CaseStore
from app.store.keys import FLOOR, lock_secret
from app.store.letters import Letters
from app.store.publications import Publications
from service.main import main as run_service
from sync.desk.custody import RingName, make_ring, save_ring
from tests.golden.make_protocol import DESK, DESK_FILE, RESEARCH, RESEARCH_FILE, TENANT
from tests.golden.make_records import CODED, SISTER, WRITTEN, make_case

PASSPHRASE = "golden passphrase of the tests"
CASES_LABEL = "cases"
CASES_KEY = bytes(range(32))
REPORT_ID = bytes(range(16))
BODY = bytes(range(256)) * 256
RECORD = bytes(range(256)) * 16


def make_desk(folder: Path) -> None:
    """A case that is coded, a record that waits, a lead's ring."""
    with CaseStore.open_or_create(folder / "cases.db", CASES_KEY) as cases:
        case_id: CaseId = cases.add(REPORT_ID, "2026-03", make_case().envelope)
        for field, code in CODED.items():
            cases.set_code(case_id, field, code)
        for field, text in WRITTEN.items():
            cases.set_text(case_id, field, text)
        cases.move(case_id, CaseState.CODED)
        Publications(cases).put([SISTER])
        assert Publications(cases).waiting() == [Put(SISTER)]
        cases.put_setting("prepared_publication", "")
        letters = Letters(cases)
        asked = letters.add(case_id, lambda turn: ({"turn": turn, "text": "How far?"}, RECORD))
        letters.mark_published([asked])
        letters.add_reply(bytes(16), asked, "2026-04", "About ten steps.")
    locked = lock_secret(CASES_KEY, PASSPHRASE, label=CASES_LABEL, cost=FLOOR)
    (folder / "cases.key").write_bytes(locked)
    ring = make_ring(TENANT, RingName.LEAD).with_key(RESEARCH, RESEARCH_FILE)
    save_ring(folder / "rings", ring.with_key(DESK, DESK_FILE), PASSPHRASE, FLOOR)


def make_service(folder: Path) -> None:
    """A service with two reports."""
    assert run_service(["init", str(folder)]) == 0
    with closing(sqlite3.connect(folder / "intake.sqlite")) as database:
        database.execute("INSERT INTO report VALUES (?, ?, '2026-03', ?)", (REPORT_ID, b"h", BODY))
        database.execute("INSERT INTO report VALUES (?, ?, '2026-03', NULL)", (bytes(16), b"i"))
        database.commit()


if __name__ == "__main__":
    make_desk(Path(sys.argv[1]) / "desk_v1")
    make_service(Path(sys.argv[1]) / "service_v1")
