"""nginx brings each request to its application: issuer and intake, each a process of its own."""

import http.client
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.protocol import enrolment, token_batch
from tests.service.front import Front, running_front
from tests.service.issuing import Officer, make_cards
from tests.service.running import SEALED, RunningService, make_body, stored

_WRITTEN = "server 127.0.0.1:8700;"


@dataclass
class ThroughFront(RunningService):
    """Both applications, asked through nginx."""

    front: Front

    def connect(self) -> http.client.HTTPConnection:
        return self.front.connect()


@dataclass(frozen=True, slots=True)
class Both:
    """The applications by themselves, and what stands before them."""

    intake: RunningService
    issuer: RunningService
    through: ThroughFront


@pytest.fixture
def both(
    service_folder: Path, tmp_path: Path, start: Callable[..., RunningService]
) -> Iterator[Both]:
    intake = start(service_folder, "--part", "intake")
    issuer = start(service_folder, "--part", "issuer")
    folder = tmp_path / "front"
    folder.mkdir()
    places = {
        f"upstream issuer {{\n        {_WRITTEN}": (
            f"upstream issuer {{ server {issuer.address.removeprefix('http://')};"
        ),
        _WRITTEN: f"server {intake.address.removeprefix('http://')};",
    }
    with running_front(folder, places) as front:
        known = (intake.folder, intake.process, intake.address)
        through = ThroughFront(*known, intake.stdout_file, intake.stderr_file, front)
        yield Both(intake, issuer, through)


def test_an_officer_enrols_gets_tokens_and_reports_through_nginx(both: Both) -> None:
    officer = Officer(both.through)
    assert officer.enrol(*make_cards(both.intake.folder, 1)).status == 200
    tokens = officer.finish(officer.ask())
    assert len(tokens) == 12
    report_id, body = secrets.token_hex(16), make_body()
    assert officer.submit(report_id, body, tokens[0]).status == 201
    assert stored(both.intake.folder)[report_id][2] == body


def test_each_application_alone_does_not_know_the_others_work(both: Both) -> None:
    for path in (enrolment.PATH, token_batch.PATH):
        assert both.intake.ask("POST", path, b"x").status == 404
        assert both.through.ask("POST", path, b"x").status not in {404, 502, 503}
    path = f"/v1/reports/{secrets.token_hex(16)}"
    assert both.issuer.ask("PUT", path, make_body(), SEALED).status == 404
    assert both.through.ask("PUT", path, make_body(), SEALED).status == 401


def test_with_the_issuer_away_reports_still_arrive(both: Both) -> None:
    officer = Officer(both.through)
    officer.enrol(*make_cards(both.intake.folder, 1))
    token, *_others = officer.finish(officer.ask())
    both.issuer.kill()
    answer = officer.ask(again=True)
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    assert officer.submit(secrets.token_hex(16), make_body(), token).status == 201
