"""A real desk and a real service of every past version open, and hold what they held."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.domain.archive import Put
from app.domain.case import CaseState
from app.store.cases import CaseStore
from app.store.keys import open_secret
from app.store.letters import Letters
from app.store.publications import Publications
from service.database.engine import open_engine
from service.database.schema import migrate
from service.folder import open_service
from service.main import main as run_service
from sync.desk.custody import RingName, open_ring
from tests.golden.make_desk import BODY, CASES_KEY, CASES_LABEL, PASSPHRASE, RECORD, REPORT_ID
from tests.golden.make_protocol import DESK, DESK_FILE, RESEARCH, RESEARCH_FILE, TENANT
from tests.golden.make_records import CODED, SISTER, WRITTEN, make_case

GOLDEN = Path(__file__).parent


@pytest.fixture(params=["desk_v1", "desk_v2"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / request.param, tmp_path / "desk"))


@pytest.fixture(params=["service_v1"])
def service(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOLDEN / request.param, tmp_path / "service"))


def test_an_old_desk_opens_with_its_case_and_its_record(desk: Path) -> None:
    key = open_secret((desk / "cases.key").read_bytes(), PASSPHRASE, label=CASES_LABEL)
    assert key == CASES_KEY
    with CaseStore.open_or_create(desk / "cases.db", key) as cases:
        (summary,) = cases.summaries()
        case = cases.get(summary.case_id)
        assert (case.report_id, case.month, case.state) == (REPORT_ID, "2026-03", CaseState.CODED)
        assert case.envelope == make_case().envelope
        assert (case.codes, case.texts) == (CODED, WRITTEN)
        assert Publications(cases).waiting() == [Put(SISTER)]
        cases.move(summary.case_id, CaseState.APPROVED)


def test_a_desk_of_version_2_opens_with_its_letters(tmp_path: Path) -> None:
    copy = Path(shutil.copytree(GOLDEN / "desk_v2", tmp_path / "desk"))
    with CaseStore.open_or_create(copy / "cases.db", CASES_KEY) as cases:
        (summary,) = cases.summaries()
        letters = Letters(cases)
        (letter,) = letters.of_case(summary.case_id)
        assert letter.content == {"turn": 1, "text": "How far?"}
        assert (letter.record, letter.is_published) == (RECORD, True)
        (reply,) = letters.replies(summary.case_id)
        assert (reply.turn, reply.month, reply.text) == (1, "2026-04", "About ten steps.")


def test_an_old_ring_opens_with_its_keys(desk: Path) -> None:
    ring = open_ring(desk / "rings", RingName.LEAD, TENANT, PASSPHRASE)
    ((research, research_file),) = ring.research_keys()
    assert (research.seed, research_file) == (RESEARCH.seed, RESEARCH_FILE)
    key, public = ring.desk_key()
    assert (key.seed, public) == (DESK.seed, DESK_FILE)
    for role in ("archive", "snapshot", "timestamp"):
        assert ring.signer(role).public_key.keyid


def test_an_old_service_opens_with_what_waits(
    service: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = open_service(service)
    assert found.key.public_bytes() == found.public.public
    engine = open_engine(found.database)
    migrate(engine)
    engine.dispose()
    assert run_service(["status", "--dir", str(service)]) == 0
    printed = capsys.readouterr().out.split()
    assert printed[:8] == ["waiting", "1", "confirmed", "1", "withdrawn", "0", "2026-03", "2"]
    with closing(sqlite3.connect(service / "intake.sqlite")) as database:
        rows = dict(database.execute("SELECT id, body FROM report"))
    assert rows == {REPORT_ID: BODY, bytes(16): None}
