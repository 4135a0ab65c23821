"""What every refusal of the command line has in common, and a service that answers nonsense."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.paths import Home
from app.store.drafts import DraftId, Drafts
from app.use_cases.keep_safe import open_vault
from tests.e2e.journey import PASSPHRASE, Done, Stage

CANARY = "zwiebelfisch"
KEPT = "The draft that was there before"
SEALED = "The report that waits to be sent"


def refuse(stage: Stage, *words: str, who: str = "officer", stdin: bytes = b"") -> str:
    """Run a command that has to fail with one sentence; returns the sentence."""
    done = stage.try_client(who, *words, stdin=stdin)
    return check_refusal(stage, done, words)


def check_refusal(stage: Stage, done: Done, words: tuple[str, ...] = ()) -> str:
    """Exit code 1 and one line that tells of no defect, no path but those given, no content."""
    assert done.code == 1, (done.out, done.err)
    assert done.err.count("\n") == 1, done.err
    assert done.err.startswith("nearmiss: ")
    assert "should not have" not in done.err, "a defect"
    assert "Traceback" not in done.err + done.out
    told = done.err
    for word in (word for word in words if "/" in word):
        told = told.replace(word, "")
    assert str(stage.folder) not in told
    assert CANARY not in told
    return done.err.removeprefix("nearmiss: ").rstrip("\n")


def check_nothing_lost(stage: Stage) -> None:
    """The draft and the sealed report are as they were."""
    rows = stage.client("officer", "report", "list", "--json").rows()
    assert {row["title"]: row["state"] for row in rows} == {KEPT: "writing", SEALED: "queued"}
    (waiting,) = stage.client("officer", "outbox", "list", "--json").rows()
    assert waiting["state"] == "queued"


def remove_draft(stage: Stage, draft: str) -> None:
    """What a test made and nobody needs any more."""
    with open_vault(Home(stage.home("officer")), "first", PASSPHRASE) as vault:
        Drafts(vault).destroy(DraftId(draft))


@contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that answers every request with these bytes; gives its address."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # closed
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(2)
                received = b""
                while b"\r\n\r\n" not in received and (more := connection.recv(65_536)):
                    received += more
                if b"PUT " in received[:4]:
                    while len(received) < 65_536 and (more := connection.recv(65_536)):
                        received += more
                connection.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def http(status: str, body: bytes, more: str = "") -> bytes:
    """An answer as it travels."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + body
