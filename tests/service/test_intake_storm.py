"""Exactly once: with many clients at the same time, and with a service that is killed."""

import contextlib
import http.client
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.service.running import SEALED, RunningService, ask_over, make_body, stored

ON_BOTH_DATABASES = True
CLIENTS = 20


def test_one_of_many_same_reports_is_new(running_service: RunningService) -> None:
    report_id, body = secrets.token_hex(16), make_body()
    gate = threading.Barrier(CLIENTS)

    def submit(_number: int) -> int:
        gate.wait()
        return running_service.put(report_id, body).status

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = Counter(pool.map(submit, range(CLIENTS)))
    assert statuses == {201: 1, 200: CLIENTS - 1}


def test_one_of_many_different_reports_with_one_id_wins(running_service: RunningService) -> None:
    report_id = secrets.token_hex(16)
    bodies = [make_body() for _ in range(CLIENTS)]
    gate = threading.Barrier(CLIENTS)

    def submit(body: bytes) -> int:
        gate.wait()
        return running_service.put(report_id, body).status

    with ThreadPoolExecutor(CLIENTS) as pool:
        statuses = list(pool.map(submit, bodies))
    assert Counter(statuses) == {201: 1, 409: CLIENTS - 1}
    winner = bodies[statuses.index(201)]
    assert running_service.put(report_id, winner).status == 200


def test_every_acknowledged_report_survives_kills(
    service_folder: Path, start: Callable[..., RunningService]
) -> None:
    kills, clients = 5, 4
    acknowledged: dict[str, bytes] = {}
    sent: set[str] = set()

    def submit_until_it_dies(running: RunningService) -> None:
        connection = running.connect()
        with contextlib.suppress(OSError, http.client.HTTPException):
            while True:
                report_id, body = secrets.token_hex(16), make_body()
                sent.add(report_id)
                path = f"/v1/reports/{report_id}"
                answer = ask_over(connection, "PUT", path, body, SEALED)
                assert answer.status == 201
                acknowledged[report_id] = body
        connection.close()

    for _ in range(kills):
        running = start(service_folder, "--accept-unverified")
        with ThreadPoolExecutor(clients) as pool:
            ends = [pool.submit(submit_until_it_dies, running) for _ in range(clients)]
            time.sleep(0.1 + secrets.randbelow(300) / 1000)
            running.kill()
            for end in ends:
                end.result()

    found = {name: row[2] for name, row in stored(service_folder).items()}
    assert len(acknowledged) > kills
    assert {name: found.get(name) for name in acknowledged} == acknowledged
    assert set(found) <= sent
    # What was cut off is submitted again, as a client does.
    running = start(service_folder, "--accept-unverified")
    for report_id, body in list(acknowledged.items())[-3:]:
        assert running.put(report_id, body).status == 200
