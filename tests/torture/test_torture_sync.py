"""The storm at its smallest, and that the count would notice what it is there to notice."""

import os
from pathlib import Path

import pytest

from tests.service.postgres import find_programs
from tests.torture.faults import Fault, Patience
from tests.torture.sync import POSTGRESQL, SQLITE, describe, torture
from tests.torture.tally import AtClients, AtService, Tally, compare

pytestmark = pytest.mark.e2e
SEED = int(os.environ.get("NEARMISS_TEST_SEED", "20261122"))
UPLOADS, KILLS, CLIENTS = 300, 6, 8
# Short, since nobody waits for a time of the program: only for those who hang.
QUICK = Patience(swallow_s=0.2, endless=0, pause_s=0.02)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("database", [SQLITE, POSTGRESQL])
def test_every_report_arrives_exactly_once_in_the_storm(tmp_path: Path, database: str) -> None:
    if not hasattr(os, "fork"):
        pytest.skip("this system has no fork")
    if database == POSTGRESQL and find_programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    outcome = torture(
        tmp_path,
        database,
        uploads=UPLOADS,
        kills=KILLS,
        clients=CLIENTS,
        seed=SEED,
        patience=QUICK,
        limit_s=800,
    )
    table = describe(database, CLIENTS, outcome)
    print(f"\n{table}")
    assert outcome.faults() == []
    assert outcome.tally.stored >= UPLOADS == outcome.tally.acknowledged
    assert set(Fault) <= outcome.passed.weather.seen.keys()
    assert table.endswith("exactly once")


WANTED = {bytes([n]) * 16 for n in range(3)}


def _service() -> AtService:
    found = AtService(accounts=1)
    for number, name in enumerate(sorted(WANTED)):
        found.hashes[name] = b"h"
        found.serials[number] += 1
        found.paid[name] = {bytes([number]) * 32}
    return found


def _clients() -> AtClients:
    return AtClients(set(WANTED), set(WANTED), dict.fromkeys(WANTED, b"h"), {b"unused"})


def _count(service: AtService, clients: AtClients) -> Tally:
    return compare(service, clients, WANTED, officers=1)


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert _count(_service(), _clients()).faults() == []


def test_a_report_that_is_gone_would_be_noticed() -> None:
    service, clients = _service(), _clients()
    gone = min(WANTED)
    del service.hashes[gone], service.paid[gone], service.serials[0]
    assert _count(service, clients).faults() == ["lost: 1", "missing: 1"]
    clients.acknowledged.remove(gone)
    assert _count(service, clients).faults() == ["lost: 1", "unfinished: 1"]


def test_other_bytes_under_the_same_id_would_be_noticed() -> None:
    service = _service()
    service.hashes[min(WANTED)] = b"other"
    assert _count(service, _clients()).faults() == ["lost: 1", "missing: 1"]


def test_a_report_that_is_stored_under_two_ids_would_be_noticed() -> None:
    service = _service()
    service.hashes[b"again"] = b"h"
    service.serials[0] += 1
    service.paid[b"again"] = {b"another"}
    assert _count(service, _clients()).faults() == ["twice: 1", "nowhere: 1"]


def test_a_token_too_many_would_be_noticed() -> None:
    service = _service()
    service.paid[min(WANTED)].add(b"a second one")
    assert _count(service, _clients()).faults() == ["tokens_twice: 1"]
    service = _service()
    service.paid[min(WANTED)] = {b"unused"}  # the program would show it once more
    assert _count(service, _clients()).faults() == ["tokens_twice: 1"]
    service = _service()
    service.accounts = 2
    assert _count(service, _clients()).faults() == ["tokens_twice: 1"]
    service = _service()
    del service.paid[min(WANTED)]
    assert _count(service, _clients()).faults() == ["unpaid: 1"]


def test_what_the_program_sealed_by_itself_is_no_report() -> None:
    service = _service()
    service.hashes[b"cover"] = b"h"
    service.paid[b"cover"] = {b"its own"}
    service.others = 1
    tally = _count(service, _clients())
    assert (tally.faults(), tally.others) == ([], 1)
