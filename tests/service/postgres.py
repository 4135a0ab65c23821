"""A real PostgreSQL of the tests' own: in a temporary folder, on a Unix socket, unprivileged."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

SUPERUSER = "operator"
# Debian keeps the server's programs out of the path.
_DEBIAN = Path("/usr/lib/postgresql")
_START_S = 30.0


def find_programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None if there is none here."""
    folders = [path.parent for path in _DEBIAN.glob("*/bin/postgres")]
    on_path = shutil.which("postgres")
    if not folders and on_path:
        return Path(on_path).resolve().parent
    return max(folders, key=lambda path: int(path.parent.name), default=None)


class PostgresServer:
    """One server. `folder` holds its data, its log and its socket."""

    def __init__(self, programs: Path) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nm-pg-"))
        self.data = self.folder / "data"
        self.log_file = self.folder / "log"
        self._programs = programs
        self._process: subprocess.Popen[bytes] | None = None
        self._account = _unprivileged_account()
        if self._account:
            os.chown(self.folder, self._account.pw_uid, self._account.pw_gid)
        options = ["--auth=trust", f"--username={SUPERUSER}", "--encoding=UTF8", "--locale=C"]
        self._run("initdb", "--no-sync", *options, "-D", str(self.data))

    def start(self, **settings: str) -> None:
        """Start it and wait until it answers. settings: as in postgresql.conf."""
        words = [f"-c{name}={value}" for name, value in settings.items()]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    str(self._programs / "postgres"),
                    *("-D", str(self.data), "-k", str(self.folder), "-clisten_addresses="),
                    *words,
                ],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                **self._as_user(),  # type: ignore[call-overload]
            )
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.connect().close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise AssertionError(self.log_file.read_text()) from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """End it and all of its connections."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(30)
            self._process = None

    def kill(self) -> None:
        """End it at once, as a power cut does; what it promised is in its log of changes."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """End it and delete its folder."""
        self.kill()
        shutil.rmtree(self.folder)

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A superuser's connection; each statement for itself."""
        return psycopg.connect(
            host=str(self.folder), user=SUPERUSER, dbname=database, autocommit=True
        )

    def new_role(self) -> str:
        """A role that may do nothing but log in."""
        name = f"role_{secrets.token_hex(4)}"
        with self.connect() as connection:
            connection.execute(f"CREATE ROLE {name} LOGIN".encode())
        return name

    def new_database(self, role: str = SUPERUSER) -> str:
        """The address of an empty database, as the service is given it."""
        name = f"service_{secrets.token_hex(4)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} OWNER {role}".encode())
        return f"postgresql://{role}@/{name}?host={self.folder}"

    def _run(self, program: str, *words: str) -> None:
        subprocess.run(
            [str(self._programs / program), *words],
            cwd=self.folder,
            check=True,
            capture_output=True,
            **self._as_user(),  # type: ignore[call-overload]
        )

    def _as_user(self) -> dict[str, object]:
        account = self._account
        if account is None:
            return {}
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _unprivileged_account() -> pwd.struct_passwd | None:
    # PostgreSQL refuses to be run by root.
    if os.geteuid() != 0:
        return None
    accounts = {each.pw_name: each for each in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


@contextmanager
def running_server(**settings: str) -> Iterator[PostgresServer]:
    """A server that is gone afterwards. Needs find_programs() to find something."""
    programs = find_programs()
    assert programs is not None
    server = PostgresServer(programs)
    try:
        server.start(**settings)
        yield server
    finally:
        server.remove()
