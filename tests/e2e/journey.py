"""A stage for the whole way: a service, a desk and officers, each with a folder of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.agency_words import NOTICE_TITLE
from app.store.keys import FLOOR, relock
from app.surroundings import SENTENCES
from resources.read import read_bytes
from tests.e2e.forks import CLIENT, ROOT, SERVICE, Forks, Order

PASSPHRASE = "seven-lamps-under-water"
# What is told to everybody who makes a vault or a report.
_MAY_SAY = (NOTICE_TITLE, *(each.title for each in SENTENCES.values()))
CODING = {
    "screen1": "in_scope",
    "alert": "fyi",
    "coded_event": "search_person",
    "primary_problem": "human_factors",
    "risk_harm": "5",
    "risk_likelihood": "3",
    "deid_checklist": "names_numbers,places,dates_times,people_traits,rare_detail,news_search,"
    "quotes",
    "deid_second": "agreed",
}


def leave_notices_out(told: str) -> str:
    """What a command printed besides the notices that everybody gets."""
    lines = told.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(_MAY_SAY))


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended. code: of the exit, or the negative number of a signal."""

    code: int
    out: str
    err: str

    def rows(self) -> list[dict[str, Any]]:
        """Its output as JSON lines; a line that was cut off by a kill is left out."""
        return [json.loads(line) for line in self.out.splitlines(keepends=True) if line[-1] == "\n"]

    def row(self) -> dict[str, Any]:
        """The one JSON line that it printed."""
        (found,) = self.rows()
        return found


@dataclass(frozen=True, slots=True)
class Started:
    """A command that runs."""

    process_id: int
    stdout_file: Path
    stderr_file: Path


@dataclass
class Stage:
    """Everything lies under `folder`: homes/WHO, service, tmp, given (what people hand in) and
    output (what the commands printed). largest_file, keeps_rights: see `Order`.
    """

    folder: Path
    forks: Forks
    port: int = 0
    started: int = 0
    largest_file: int = 0
    keeps_rights: bool = True
    more: dict[str, str] = field(default_factory=dict)

    @classmethod
    def build(cls, folder: Path, forks: Forks) -> "Stage":
        """An empty stage; nothing runs yet."""
        stage = cls(folder, forks)
        for name in ("homes", "tmp", "given", "output"):
            (folder / name).mkdir(parents=True)
        stage.give("passphrase", PASSPHRASE)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            stage.port = probe.getsockname()[1]
        return stage

    @property
    def url(self) -> str:
        """Where the service listens, at every start."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def service_folder(self) -> Path:
        """The service's files."""
        return self.folder / "service"

    @property
    def desk_folder(self) -> Path:
        """The desk's files."""
        return self.home("desk") / "desk"

    def home(self, who: str) -> Path:
        """Where one of them keeps everything."""
        return self.folder / "homes" / who

    def give(self, name: str, content: str | bytes | Mapping[str, object]) -> str:
        """A file that a person hands to a command; returns its path."""
        path = self.folder / "given" / name
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return str(path)

    def environment(self, who: str) -> dict[str, str]:
        """What a command sees, and nothing of the tests' own environment besides."""
        return {
            "PATH": os.environ["PATH"],
            "PYTHONUTF8": "1",
            "HOME": str(self.folder / "homes"),
            "TMPDIR": str(self.folder / "tmp"),
            "NEARMISS_HOME": str(self.home(who)),
            "NEARMISS_PASSPHRASE_FILE": str(self.folder / "given" / "passphrase"),
            **self.more,
        }

    def start(self, module: str, who: str, *words: str, stdin: bytes = b"") -> Started:
        """Start a command as a process and let it run."""
        self.started += 1
        name = self.folder / "output" / f"{self.started:04}-{words[0]}"
        stdin_file = name.with_name(name.name + ".in")
        stdin_file.write_bytes(stdin)
        stdout_file, stderr_file = (name.with_name(name.name + end) for end in (".out", ".err"))
        order = Order(
            module,
            words,
            self.environment(who),
            str(stdin_file),
            str(stdout_file),
            str(stderr_file),
            self.largest_file,
            self.keeps_rights,
        )
        stdout_file.touch()
        return Started(self.forks.start(order), stdout_file, stderr_file)

    def end(self, started: Started, kill: bool = False) -> Done:
        """Wait for a command, after killing it if wanted."""
        if kill:
            os.kill(started.process_id, signal.SIGKILL)
        code = self.forks.wait(started.process_id)
        told = leave_notices_out(started.stderr_file.read_text("utf-8"))
        return Done(code, started.stdout_file.read_text("utf-8"), told)

    def try_client(self, who: str, *words: str, stdin: bytes = b"") -> Done:
        """Run a command of the client or of the desk to its end, however that is."""
        return self.end(self.start(CLIENT, who, *words, stdin=stdin))

    def client(self, who: str, *words: str, stdin: bytes = b"") -> Done:
        """The same for one that has to succeed."""
        done = self.try_client(who, *words, stdin=stdin)
        assert done.code == 0, f"{words[:3]}: {done.err}"
        assert done.err == ""
        return done

    def desk(self, *words: str, stdin: bytes = b"") -> Done:
        """A command of the desk that has to succeed."""
        return self.client("desk", "desk", *words, stdin=stdin)

    def service(self, *words: str) -> Done:
        """A command of the operator that has to succeed."""
        done = self.end(self.start(SERVICE, "operator", *words))
        assert done.code == 0, done.err
        return done

    def start_service(self) -> Started:
        """Start the service and wait until it listens."""
        running = self.start(
            *(SERVICE, "operator", "serve", str(self.service_folder)),
            *("--port", str(self.port), "--accept-unverified"),
        )
        deadline = time.monotonic() + 30
        while b"listening on" not in running.stdout_file.read_bytes():
            assert time.monotonic() < deadline, running.stderr_file.read_text("utf-8")
            time.sleep(0.005)
        return running

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The service runs meanwhile; it has to end well and to have said nothing."""
        running = self.start_service()
        try:
            yield
        finally:
            os.kill(running.process_id, signal.SIGTERM)
            done = self.end(running)
        assert (done.code, done.err) == (0, "")

    def found_service_and_desk(self, *databases: str) -> None:
        """The keys of everybody, and the empty signed archive. It needs no running service.

        databases: words for `nearmiss-service init`; without any it makes SQLite files.
        """
        self.service("init", str(self.service_folder), *databases)
        card = str(self.service_folder / "service.public.json")
        self.desk("init", "--service", card, "--url", self.url, "--name", "Invented team")
        key = str(self.desk_folder / "desk.public.json")
        self.service("desk-key", "add", key, "--dir", str(self.service_folder))

    def release(self) -> None:
        """Publish what waits, with both signatures."""
        self.desk("publish")
        self.desk("cosign", "--yes")

    def make_passphrases_cheap(self) -> None:
        """Lock all files of the stage anew at the lowest cost that the program accepts.

        Checking a passphrase takes most of the time of a command, and is not what is tested.
        """
        for path in (self.folder / "homes").rglob("*"):
            if path.name in {"vault.key", "cases.key"} or path.suffix == ".ring":
                raw = path.read_bytes()
                label = json.loads(raw)["label"]
                path.write_bytes(relock(raw, PASSPHRASE, PASSPHRASE, label=label, cost=FLOOR))

    def connect(self, who: str) -> None:
        """Let somebody trust the service."""
        self.client(who, "connect", str(self.desk_folder / "connection.json"))

    def import_feed(self, who: str) -> None:
        """Let somebody have what is released, as from a stick."""
        self.client(who, "archive", "import", str(self.desk_folder / "feed"))

    def code_and_approve(self, case: str, synopsis: str) -> str:
        """Code a case; returns what approving it printed."""
        pairs = [word for name, code in CODING.items() for word in ("--set", f"{name}={code}")]
        lessons = self.give("lessons.txt", "Search again at every handover.")
        texts = ("--text", "synopsis=-", "--text", f"lessons_edit={lessons}")
        self.desk("code", case, *pairs, *texts, stdin=synopsis.encode())
        return self.desk("approve", case).out

    def reports_at_service(self) -> int:
        """How many the service holds, waiting or confirmed."""
        lines = self.service("status", "--dir", str(self.service_folder)).out.splitlines()
        counts = dict(line.split(maxsplit=1) for line in lines)
        return int(counts["waiting"]) + int(counts["confirmed"])


def first_answers(**changes: object) -> dict[str, object]:
    """The invented first report, with some answers changed; None takes one out."""
    answers: dict[str, object] = json.loads(read_bytes("sample/first_report.json"))["answers"]
    answers |= changes
    return {name: value for name, value in answers.items() if value is not None}


def run_whole(environment: Mapping[str, str], *words: str) -> Done:
    """Run a command as a person does: a new interpreter, nothing imported before."""
    done = subprocess.run(
        [sys.executable, "-m", CLIENT, *words],
        cwd=ROOT,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=200,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
