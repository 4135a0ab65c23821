"""One officer whose program, and whose service, are killed at random; and the count afterwards."""

import json
import os
import random
import signal
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.submission import SubmissionState
from app.store.cases import CaseStore
from app.store.drafts import Drafts
from app.store.keys import FLOOR
from app.store.outbox import Outbox
from app.store.post import Post
from app.store.vault import Vault
from sync.protocol.connection import Connection
from sync.protocol.receipt import make_receipt
from tests.e2e.forks import CLIENT
from tests.e2e.journey import PASSPHRASE, Done, Stage, Started, first_answers

WHO = "officer"
_FIRST_YEAR = 1970  # the first that the form takes
_YEARS = 50  # so that none is in the future
_SHIFTS = ("day", "evening", "midnight", "power_overlap", "rotating", "overtime_extra")
_ARMED_FOR_S = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What lies in vault and post. marks: of the drafts with answers, None for one without."""

    marks: Mapping[str, int | None]
    sealed_as: Mapping[bytes, str]
    states: Mapping[bytes, SubmissionState]


@dataclass
class Victim:
    """The officer's side. Each draft has a mark, a number by which it is known to the desk.

    acknowledged: drafts whose id was printed, until they are sealed. sealed: every id that was
    ever in the outbox → the mark. landed: kills that ended something, by step.
    """

    stage: Stage
    chance: random.Random
    acknowledged: dict[str, int] = field(default_factory=dict)
    sealed: dict[bytes, int] = field(default_factory=dict)
    received: set[bytes] = field(default_factory=set)
    landed: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    next_mark: int = 0

    @property
    def folder(self) -> Path:
        """The vault's folder."""
        return self.stage.home(WHO) / "vaults" / "first"

    def make_vault(self) -> None:
        """A vault whose passphrase costs little: the kills are about what comes after it."""
        Vault.create(self.folder, PASSPHRASE, FLOOR).close()
        Post.open_or_create(self.folder).close()

    def draft(self, kill: "Kill | None" = None) -> None:
        """Write a report; one that was printed counts as acknowledged."""
        mark = self.next_mark
        self.next_mark += 1
        answers = self.stage.give("answers.json", first_answers(**marked(mark)))
        done = self._run("draft", kill, "report", "new", "--answers", answers, "--json")
        for row in done.rows():
            self.acknowledged[str(row["id"])] = mark
        self.look()

    def approve(self, kill: "Kill | None" = None) -> None:
        """Approve one draft that waits for it."""
        draft_id, mark = next(iter(self.acknowledged.items()))
        done = self._run("approve", kill, *_approval(draft_id))
        promised = [make_receipt(tuple(row["receipt"]), self.tenant) for row in done.rows()]
        seen = self.look()
        assert {each.report_id for each in promised} <= set(seen.states), "a receipt without report"
        for report_id, state in seen.states.items():
            if report_id not in self.sealed:
                assert seen.sealed_as[report_id] == draft_id
                assert state is SubmissionState.QUEUED
                self.sealed[report_id] = mark
        if draft_id in seen.sealed_as.values() and set(seen.states) & set(seen.sealed_as):
            self.outcomes["sealed" if promised else "sealed, no receipt seen"] += 1
        if any(self.sealed.get(each) == mark for each in seen.states):
            del self.acknowledged[draft_id]

    def send(self, kill: "Kill | None" = None) -> Done:
        """Send all that waits."""
        done = self._run("send", kill, "sync", "--now", "--json")
        self.look()
        return done

    def tidy(self, kill: "Kill | None" = None) -> None:
        """Open the vault: what was received is destroyed there."""
        self._run("tidy", kill, "report", "list", "--json")
        self.look()

    def look(self) -> Seen:
        """Read vault and post as they lie there, and compare with what was promised."""
        with Vault.open(self.folder, PASSPHRASE) as vault, Post.open_or_create(self.folder) as post:
            drafts = Drafts(vault)
            answers = {
                each.draft_id: {
                    field: json.loads(value)
                    for field, value in drafts.answers(each.draft_id).items()
                }
                for each in drafts.summaries()
            }
            seen = Seen(
                {each: read_mark(found) for each, found in answers.items()},
                {each.report_id: each.draft_id for each in drafts.approvals()},
                {each.report_id: each.state for each in Outbox(post).submissions()},
            )
        for draft_id, mark in self.acknowledged.items():
            assert seen.marks.get(draft_id) == mark, "a draft that was acknowledged is lost"
        self.received |= {
            each for each, state in seen.states.items() if state is SubmissionState.RECEIVED
        }
        for report_id, mark in self.sealed.items():
            is_kept = report_id in seen.states or report_id in self.received
            assert is_kept, f"report {mark} is not in the outbox and was never received"
            if report_id not in self.received:
                assert seen.marks[seen.sealed_as[report_id]] == mark, "destroyed too early"
        return seen

    @property
    def tenant(self) -> str:
        """Of the service."""
        raw = (self.stage.desk_folder / "connection.json").read_bytes()
        return Connection.from_bytes(raw).tenant

    def _run(self, step: str, kill: "Kill | None", *words: str) -> Done:
        if kill is None:
            return self.stage.client(WHO, *words)
        before = stamp(self.folder)
        started = self.stage.start(CLIENT, WHO, *words)
        kill.wait(self.folder, before)
        done = self.stage.end(started, kill=True)
        self.landed[step] += done.code == -signal.SIGKILL
        assert done.code in {0, -signal.SIGKILL}, done.err
        return done


@dataclass(frozen=True, slots=True)
class Kill:
    """When: so long after the start or, if armed, after the first write to one of the files."""

    delay_s: float
    is_armed: bool

    def wait(self, folder: Path, before: object) -> None:
        """Return at the moment of the kill."""
        if self.is_armed:
            deadline = time.monotonic() + _ARMED_FOR_S
            while stamp(folder) in {before, ()} and time.monotonic() < deadline:
                time.sleep(0.0002)
        time.sleep(self.delay_s)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step takes, and how long it still takes after its first write."""

    whole_s: float
    after_write_s: float

    def draw(self, chance: random.Random) -> Kill:
        """A random moment of the step; two of three after its first write."""
        is_armed = chance.random() < 2 / 3
        return Kill(chance.uniform(0, self.after_write_s if is_armed else self.whole_s), is_armed)

    def shorter(self) -> "Pace":
        """After a kill that came too late."""
        return Pace(self.whole_s * 0.7, self.after_write_s * 0.7)


def measure(stage: Stage, folder: Path, step: Callable[[], Started]) -> tuple[Pace, Done]:
    """Run a step to its end, and see how long it takes."""
    before, began = stamp(folder), time.monotonic()
    started = step()
    Kill(0, is_armed=True).wait(folder, before)
    written = time.monotonic()
    done = stage.end(started)
    ended = time.monotonic()
    assert done.code == 0, done.err
    return Pace(ended - began, ended - written), done


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Sizes and times of the write-ahead logs that hold something."""
    found = []
    for path in sorted(folder.glob("*-wal")):
        try:
            state = path.stat()
        except FileNotFoundError:  # removed when the last one closes the file
            continue
        if state.st_size:
            found.append((path.name, state.st_size, state.st_mtime_ns))
    return tuple(found)


def kill_service(stage: Stage, service: Started, client: Started, kill: Kill, folder: Path) -> Done:
    """Kill the service while the client sends; returns what the client said of it.

    folder: the client's, whose first write comes just before the first report leaves.
    """
    kill.wait(folder, stamp(folder))
    os.kill(service.process_id, signal.SIGKILL)
    stage.end(service)
    return stage.end(client)


def ids_at_service(database: Path) -> list[bytes]:
    """The reports in the service's own file, read without the service."""
    with closing(sqlite3.connect(database)) as connection:
        return [bytes(row[0]) for row in connection.execute("SELECT id FROM report")]


def marked(mark: int) -> dict[str, object]:
    """Answers that tell one report from the others, and leave as they are."""
    return {"event_year": _FIRST_YEAR + mark % _YEARS, "shift": _SHIFTS[mark // _YEARS]}


def read_mark(answers: Mapping[str, Any]) -> int | None:
    """The number in them; None if there is no answer at all."""
    if not answers:
        return None
    return int(answers["event_year"]) - _FIRST_YEAR + _YEARS * _SHIFTS.index(answers["shift"])


def marks_at_desk(cases: CaseStore) -> list[int]:
    """The mark of every case."""
    found = []
    for summary in cases.summaries():
        codes = cases.get(summary.case_id).envelope["codes"]
        assert isinstance(codes, dict)
        found.append(read_mark(codes))
    return [mark for mark in found if mark is not None]


def find_faults(
    sealed: Mapping[bytes, int], at_service: Iterable[bytes], at_desk: Iterable[int]
) -> list[str]:
    """What was lost, doubled or invented on the way; empty if all is as it should be."""
    ids, marks = Counter(at_service), Counter(at_desk)
    wanted = Counter(sealed.values())
    return [
        *(f"report {sealed[each]} never reached the service" for each in sealed if not ids[each]),
        *("the service holds a report twice" for count in ids.values() if count > 1),
        *("the service holds a report that nobody approved" for each in ids if each not in sealed),
        *(f"report {mark} never reached the desk" for mark in wanted if not marks[mark]),
        *(f"report {mark} is at the desk twice" for mark in marks if marks[mark] > 1),
        *(f"report {mark} at the desk comes from nowhere" for mark in marks if not wanted[mark]),
    ]


def _approval(draft_id: str) -> tuple[str, ...]:
    return ("report", "approve", draft_id, "--mask-findings", "--json")
