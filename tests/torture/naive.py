"""The peer: a plain POST that is tried again, and a service that stores whatever comes.

Both are killed as the others are, and stand in the same storm. If nothing of theirs were lost or
doubled, the storm would prove nothing about the program.
"""

import http.client
import sqlite3
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_TRIES = 3
_PATIENCE_S = 5.0
_BODY = b"x" * 65_536
_SERIAL = "X-Serial"
_ERRORS = (OSError, http.client.HTTPException)


@dataclass(frozen=True, slots=True)
class NaiveOutcome:
    """Of a plain POST: how many should have arrived, came more than once, never came."""

    sent: int
    twice: int
    lost: int


def serve(words: Sequence[str]) -> int:
    """words: the port, the database's file. Every body gets a row of its own."""
    port, file = words
    lock = threading.Lock()

    class Keeper(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Store the body, then answer."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock, closing(sqlite3.connect(file)) as database, database:
                row = (int(self.headers[_SERIAL]), body)
                database.execute("INSERT INTO body VALUES (?, ?)", row)
            self.send_response(201)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            """Do not complain about whoever went away."""
            try:
                super().handle()
            except OSError:
                self.close_connection = True

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A request that was cut."""

    with closing(sqlite3.connect(file)) as database:
        database.execute("CREATE TABLE IF NOT EXISTS body (serial INTEGER, body BLOB)")
    with Quiet(("127.0.0.1", int(port)), Keeper) as server:
        print("listening on", port, flush=True)
        server.serve_forever()
    return 0


def send(words: Sequence[str]) -> int:
    """words: the port, how many, the file in which it notes how far it came."""
    port, count, place = int(words[0]), int(words[1]), Path(words[2])
    first = int(place.read_text() or 0) if place.exists() else 0
    for serial in range(first, count):
        for _ in range(_TRIES):
            if _post(port, serial):
                break
        fresh = place.with_name(f"{place.name}.new")
        fresh.write_text(str(serial + 1))
        fresh.replace(place)
    return 0


def _post(port: int, serial: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    try:
        connection.request("POST", "/", _BODY, {_SERIAL: str(serial)})
        return connection.getresponse().status == 201
    except _ERRORS:
        return False
    finally:
        connection.close()


def count_naive(file: Path, sent: int) -> NaiveOutcome:
    """What lies in the naive service's database."""
    with closing(sqlite3.connect(file)) as database:
        found = Counter(row[0] for row in database.execute("SELECT serial FROM body"))
    twice = sum(1 for count in found.values() if count > 1)
    return NaiveOutcome(sent, twice, sum(1 for serial in range(sent) if not found[serial]))


def main(words: Sequence[str]) -> int:
    """words: "serve" or "send", and the rest."""
    return (serve if words[0] == "serve" else send)(words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
