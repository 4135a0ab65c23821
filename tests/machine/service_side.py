"""A real service over its real database, which can be killed and put back from a backup."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from starlette.types import Message

from service.application import make_application
from service.backup import make_backup
from service.database import desk
from service.database.commits import Database, run_now
from service.database.engine import open_engine
from service.database.schema import migrate
from service.database.tables import report, spent_token, withdrawn
from service.database.tidy import tidy
from service.folder import new_service, open_service, write_service
from service.restoring import restore_backup
from sync.protocol.issuer_key import IssuerKey
from sync.protocol.keys import PublicKeyFile
from tests.machine.wire import Request


@dataclass(frozen=True, slots=True)
class Stored:
    """What the service has. bodies: ids of those whose bytes are there."""

    hashes: dict[bytes, bytes]
    bodies: frozenset[bytes]
    spent: dict[bytes, bytes]
    withdrawn: frozenset[bytes]


def found_service(folder: Path) -> None:
    """A new service in the folder, to be copied for each example."""
    folder.mkdir()
    service = new_service(folder, None)
    engine = open_engine(service.database)
    migrate(engine)
    engine.dispose()
    write_service(service, None)
    service.issuer_keys.mkdir()


class ServiceSide:
    """One service. folder: of the first life; every other has a folder beside it."""

    def __init__(self, folder: Path, quarter: Callable[[], str]) -> None:
        self._first = folder
        self._quarter = quarter
        self._lives = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._open(folder)

    def _open(self, folder: Path) -> None:
        self.folder = folder
        service = open_service(folder)
        self.tenant, self.public = service.tenant, service.public
        self._engine: Engine = open_engine(service.database)
        self._database = Database(self._engine)
        self._application = make_application(
            service, self._database, accepts_unverified=False, quarter=self._quarter
        )

    @property
    def acknowledgement(self) -> PublicKeyFile:
        """Whose signature a client believes."""
        return self.public

    def close(self) -> None:
        """For good."""
        self._database.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def accept(self, key: IssuerKey) -> None:
        """The issuer has a new key."""
        (self.folder / "issuer-keys" / key.name).write_bytes(key.to_bytes())

    def answer(self, request: Request) -> bytes:
        """The whole answer as it goes over the wire."""
        waiting = asyncio.run_coroutine_threadsafe(self._call(request), self._loop)
        return waiting.result(30)

    async def _call(self, request: Request) -> bytes:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": "http",
            "path": request.path,
            "raw_path": request.path.encode("ascii"),
            "root_path": "",
            "query_string": b"",
            "headers": [(n.encode(), v.encode("latin-1")) for n, v in request.headers.items()],
            "state": {},
        }
        await self._application(scope, receive, send)
        status = int(sent[0]["status"])
        lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
        lines += [name + b": " + value for name, value in sent[0]["headers"]]
        body = b"".join(message.get("body", b"") for message in sent[1:])
        return b"\r\n".join([*lines, b"", body])

    def kill(self) -> None:
        """What is on the disk just now is all that is left of it."""
        self._live_on(lambda target: shutil.copytree(self.folder, target))

    def back_up(self) -> Path:
        """A backup, made while it runs."""
        self._lives += 1
        target = self._first.with_name(f"backup-{self._lives}.tar")
        make_backup(self.folder, target)
        return target

    def restore(self, backup: Path) -> None:
        """Put a backup back."""
        keys = self.folder / "issuer-keys"

        def put_back(target: Path) -> None:
            restore_backup(backup, target, {})
            # As the operator's guide says: keys that came since are the issuer's to give again.
            shutil.copytree(keys, target / "issuer-keys", dirs_exist_ok=True)

        self._live_on(put_back)

    def _live_on(self, make: Callable[[Path], object]) -> None:
        self._lives += 1
        target = self._first.with_name(f"service-{self._lives}")
        make(target)
        self._database.close()
        self._open(target)

    def tidy(self) -> None:
        """As each night."""
        tidy(self._engine)

    def confirm(self, report_id: bytes) -> None:
        """A desk has it now, if it is here."""
        held = self.stored()
        if report_id in held.bodies:
            run_now(self._engine, desk.confirm([(report_id, held.hashes[report_id])]))

    def stored(self) -> Stored:
        """What is in the database."""
        with self._reading() as connection:
            rows = connection.execute(
                select(report.c.id, report.c.hash, report.c.body.is_not(None))
            ).all()
            spent = connection.execute(select(spent_token.c.nonce, spent_token.c.report_id)).all()
            gone = connection.execute(select(withdrawn.c.id)).scalars()
            return Stored(
                {row[0]: row[1] for row in rows},
                frozenset(row[0] for row in rows if row[2]),
                {row[0]: row[1] for row in spent},
                frozenset(gone),
            )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection
