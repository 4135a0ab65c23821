"""Nobody who sees the requests learns whose mail is in the feed: everyone asks for the same."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.e2e.journey import Stage, first_answers

KNOWER, STRANGER, WITHOUT_VAULT = "knower", "stranger", "reader"


@dataclass
class Mirror:
    """A web server of the released feed that writes down everything that it is asked for."""

    url: str
    asked: list[tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=list)

    def take(self) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
        """What was asked since the last time: path and headers, in their order."""
        found = list(self.asked)
        self.asked.clear()
        return found


@contextmanager
def mirroring(folder: Path) -> Iterator[Mirror]:
    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = tuple((name, value) for name, value in self.headers.items())
            mirror.asked.append((self.path, headers))
            super().do_GET()

        def log_message(self, *_arguments: object) -> None:
            """Nothing on standard error."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
    mirror = Mirror(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield mirror
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _connect(stage: Stage, who: str, mirror: Mirror) -> None:
    connection = json.loads((stage.desk_folder / "connection.json").read_bytes())
    connection["feed_url"] = mirror.url
    file = stage.give("mirrored.json", connection)
    stage.client(who, "connect", file)


def _report(stage: Stage, who: str, mailbox: str) -> bytes:
    answers = stage.give("answers.json", first_answers(consent_mailbox=mailbox))
    draft = stage.client(who, "report", "new", "--answers", answers, "--json").row()["id"]
    approve = ("report", "approve", draft, "--mask-findings", "--keep-words", "--json")
    return " ".join(stage.client(who, *approve).row()["receipt"]).encode()


@pytest.fixture(scope="module")
def stage(quick_stage: Stage) -> Stage:
    return quick_stage


def test_requests_are_the_same_whoever_has_mail_and_whoever_reads_it(stage: Stage) -> None:
    everyone = (KNOWER, STRANGER, WITHOUT_VAULT)
    with mirroring(stage.desk_folder / "feed") as mirror, stage.serving():
        for who in everyone:
            _connect(stage, who, mirror)
            stage.client(who, "archive", "update")
        for who in (KNOWER, STRANGER):
            stage.client(who, "vault", "create")
        words = _report(stage, KNOWER, "yes")
        _report(stage, STRANGER, "no")
        for who in (KNOWER, STRANGER):
            stage.client(who, "sync", "--now")
        mirror.take()
        stage.desk("pull")
        (case,) = (
            str(row["id"])
            for row in stage.desk("list", "--json").rows()
            if stage.desk("show", str(row["id"]), "--json").row()["sent"]["codes"][
                "consent_mailbox"
            ]
            == "yes"
        )
        for question in (b"How far was the car?", b"And the radio?"):
            stage.desk("ask", case, stdin=question)
            stage.release()
            asked = {}
            for who in everyone:
                stage.client(who, *(("archive", "update") if who == WITHOUT_VAULT else ("sync",)))
                asked[who] = mirror.take()
            assert asked[KNOWER] == asked[STRANGER] == asked[WITHOUT_VAULT]
            assert sum(path.endswith(".pack") for path, _headers in asked[KNOWER]) == 1
            found = stage.client(KNOWER, "mail", "--json", stdin=words).row()["letters"]
            assert found[-1]["text"].encode() == question
            kept = stage.client(KNOWER, "mail", "--kept", "--json").row()["letters"]
            assert kept == found
            assert mirror.take() == [], "reading asks for nothing"
