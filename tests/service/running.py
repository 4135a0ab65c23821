"""A real service as a process of its own, and what a client and a desk say to it."""

import http.client
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from service.database.engine import open_engine
from service.database.tables import report
from service.folder import open_service
from sync.protocol.connection import ServiceCard
from sync.protocol.desk_request import HEADER, prove
from sync.protocol.keys import PublicKeyFile, Purpose, SigningKey
from sync.protocol.seal import BODY_LENGTH, MEDIA_TYPE

ROOT = Path(__file__).parents[2]
SEALED = {"Content-Type": MEDIA_TYPE}


@dataclass(frozen=True, slots=True)
class Answer:
    """headers: names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, object]:
        """The body as a JSON object."""
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


def make_body(key_id: bytes = b"research") -> bytes:
    """A body as intake sees it: a readable header, and the rest by chance."""
    header = b"NMR1" + key_id + secrets.token_bytes(32)
    return header + secrets.token_bytes(BODY_LENGTH - len(header))


def run_command(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run nearmiss-service to its end."""
    return subprocess.run(
        [sys.executable, "-m", "service.main", *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@dataclass
class RunningService:
    """A service that answers at `host`:`port`; it writes to stdout_file and stderr_file."""

    folder: Path
    process: subprocess.Popen[bytes]
    address: str
    stdout_file: Path
    stderr_file: Path

    @property
    def card(self) -> ServiceCard:
        """What a desk is given."""
        return ServiceCard.from_bytes((self.folder / "service.public.json").read_bytes())

    def connect(self) -> http.client.HTTPConnection:
        """A connection; the caller closes it."""
        return http.client.HTTPConnection(self.address.removeprefix("http://"), timeout=30)

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request over a fresh connection."""
        connection = self.connect()
        try:
            return ask_over(connection, method, path, body, headers)
        finally:
            connection.close()

    def put(self, report_id: str, body: bytes) -> Answer:
        """Submit a report."""
        return self.ask("PUT", f"/v1/reports/{report_id}", body, SEALED)

    def stop(self) -> int:
        """Ask it to stop, and wait. Returns its exit code."""
        self.process.terminate()
        return self.process.wait(30)

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()
        self.process.wait(30)


@contextmanager
def transaction(folder: Path) -> Iterator[Connection]:
    """A transaction in the database of the service in this folder."""
    engine = open_engine(open_service(folder).database)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def stored(folder: Path) -> dict[str, tuple[bytes, str, bytes | None]]:
    """The rows of the service in this folder: id → hash, month, body."""
    with transaction(folder) as connection:
        rows = connection.execute(
            select(report.c.id, report.c.hash, report.c.month, report.c.body)
        ).all()
    found = {row[0].hex(): (row[1], row[2], row[3]) for row in rows}
    assert len(found) == len(rows)
    return found


def ask_over(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: bytes | Iterable[bytes] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request over a connection that is used again."""
    connection.request(method, path, body, dict(headers or {}))
    response = connection.getresponse()
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, names, response.read())


def start_service(folder: Path, *options: str) -> RunningService:
    """Start the service of a folder on a free port, and wait until it listens."""
    logs = folder.parent
    stdout_file = logs / f"{folder.name}.stdout"
    stderr_file = logs / f"{folder.name}.stderr"
    with stderr_file.open("ab") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.main", "serve", str(folder), "--port", "0", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=stderr,
        )
    assert process.stdout is not None
    with process.stdout as stdout:
        line = stdout.readline()
    stdout_file.write_bytes(line)
    assert line.startswith(b"listening on http://"), stderr_file.read_text()
    address = line.decode().removeprefix("listening on ").strip()
    return RunningService(folder, process, address, stdout_file, stderr_file)


@dataclass
class Desk:
    """An analyst's machine: signs each request with a fresh nonce."""

    running: RunningService
    key: SigningKey = field(default_factory=SigningKey.generate)
    first_month: str = "2020-01"
    last_month: str = "2999-12"

    @property
    def public(self) -> PublicKeyFile:
        """What the operator adds."""
        return PublicKeyFile(
            self.running.card.tenant,
            Purpose.DESK,
            self.first_month,
            self.last_month,
            self.key.public_bytes(),
        )

    def register(self) -> None:
        """Have the operator add the key."""
        file = self.running.folder.parent / self.public.name
        file.write_bytes(self.public.to_bytes())
        added = run_command("desk-key", "add", file, "--dir", self.running.folder)
        assert added.returncode == 0, added.stderr

    def nonce(self) -> bytes:
        """A fresh one from the service."""
        return bytes.fromhex(str(self.running.ask("GET", "/v1/desk/nonce").json()["nonce"]))

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """One signed request."""
        proof = prove(self.key, self.public, method, path, body, self.nonce())
        return self.running.ask(method, path, body or None, {HEADER: proof.to_header()})
