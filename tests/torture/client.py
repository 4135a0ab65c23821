"""`./run torture client`: nothing that was saved is lost, whatever ends the program.

First real processes that do what the window does, ended by kill -9 at random moments, each going
on where the last one was ended. Then one such process under strace, and from the trace of what it
wrote the folder as a disk could hold it after a power cut at random moments. After each, everything
is opened, checked page by page, and compared with what the program had said is kept.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.forks import ROOT, Forks, Order
from tests.torture.disk import DiskOrder, cut_power
from tests.torture.ledger import Ledger
from tests.torture.look import copied, look
from tests.torture.screen import PASSPHRASE
from tests.torture.sitting import Planted
from tests.torture.trace import CALLS, Reader, Trace

_SITTING = "tests.torture.sitting"
_SEED = 20261122
_LONGEST_S = 5.0
_AIMED = 2 / 3
_AIMED_S = (0.004, 0.1)  # an answer, a backup
_FRESH_EVERY = 25
"""After so many kills a lane begins with nothing again."""
_STEPS_BEFORE_KILL = 500
_STEPS_IN_TRACE = 120
_BESIDE_MARK = 0.5
_START_S = 120.0


@dataclass
class Tally:
    """of: how many kills or cuts. where: what was being done. acknowledged: answers and moves that
    the program had said are kept, summed over all looks. missing_s: of what was typed, the oldest
    that was ever missing. faults: with how often.
    """

    of: int = 0
    where: Counter[str] = field(default_factory=Counter)
    acknowledged: int = 0
    missing_s: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)

    def note(self, ledger: Ledger, folder: Path) -> Ledger:
        """Look at a folder, which may be changed by it; returns what goes on from there."""
        found = look(folder, ledger)
        self.of += 1
        self.where[ledger.begun.name if ledger.begun else "between"] += 1
        self.acknowledged += ledger.acknowledged
        self.missing_s = max(self.missing_s, ledger.missing_s(found))
        self.faults.update(ledger.compare(found))
        return Ledger.after(found, ledger.destroyed)

    def add(self, other: "Tally") -> None:
        """Together."""
        self.of += other.of
        self.where += other.where
        self.acknowledged += other.acknowledged
        self.missing_s = max(self.missing_s, other.missing_s)
        self.faults += other.faults

    def rows(self, name: str) -> list[str]:
        """For people."""
        where = ", ".join(f"{what} {count}" for what, count in self.where.most_common())
        faults = ", ".join(f"{what}: {count}" for what, count in self.faults.most_common())
        return [
            f"{name:<24}{self.of}",
            f"  while doing           {where}",
            f"  acknowledged before   {self.acknowledged:,} changes",
            f"  oldest typing missing {self.missing_s:.2f} s",
            f"  faults                {faults or 0}",
        ]


class Lane:
    """Sittings one after the other in one folder, each ended by a kill."""

    def __init__(self, folder: Path, seed: int, planted: Planted, longest_s: float) -> None:
        self._folder = folder
        self._chance = random.Random(seed)
        self._planted = planted
        self._longest_s = longest_s
        self.tally = Tally()

    def run(self, kills: int) -> Tally:
        """Until so many have landed. Raises AssertionError if a process fails by itself."""
        with Forks(_SITTING) as forks:
            while self.tally.of < kills:
                fresh = self._folder / f"from-{self.tally.of}"
                self._follow(forks, fresh, min(_FRESH_EVERY, kills - self.tally.of))
                shutil.rmtree(fresh)
        return self.tally

    def _follow(self, forks: Forks, folder: Path, kills: int) -> None:
        folder.mkdir(parents=True)
        (folder / "data").mkdir()
        ledger = Ledger()
        for number in range(kills):
            journal = folder / f"journal-{number}"
            passphrase = ledger.passphrases[0] if ledger.has_vault else PASSPHRASE
            self._kill_one(forks, folder, journal, passphrase)
            ledger.read(journal.read_bytes().splitlines() if journal.exists() else [])
            with copied(folder / "data") as copy:
                ledger = self.tally.note(ledger, copy)

    def _kill_one(self, forks: Forks, folder: Path, journal: Path, passphrase: str) -> None:
        seed = str(self._chance.getrandbits(32))
        where = (str(folder / "data"), passphrase, str(journal))
        words = (*where, str(_STEPS_BEFORE_KILL), seed, self._planted.value)
        stdin, out, err = (folder / each for each in ("in", "out", "err"))
        stdin.touch()
        order = Order(_SITTING, words, dict(os.environ), str(stdin), str(out), str(err))
        process = forks.start(order)
        try:
            self._await_moment(journal)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            code = forks.wait(process)
        assert code == -signal.SIGKILL, f"ended with {code}: {err.read_text()}"
        assert not err.read_text(), err.read_text()

    def _await_moment(self, journal: Path) -> None:
        """A random moment after its first word, most of them just after it has begun something."""
        deadline = time.monotonic() + _START_S
        while not journal.exists():
            assert time.monotonic() < deadline, "the sitting does not begin"
            time.sleep(0.002)
        time.sleep(self._chance.uniform(0, self._longest_s))
        if self._chance.random() < _AIMED:
            said = journal.stat().st_size
            deadline = time.monotonic() + _LONGEST_S
            with journal.open("rb") as lines:
                lines.seek(said)
                while b'"begin"' not in lines.read() and time.monotonic() < deadline:
                    time.sleep(0.0002)
            time.sleep(self._chance.uniform(0, self._chance.choice(_AIMED_S)))


def kill_at_random(
    folder: Path,
    kills: int,
    seed: int,
    lanes: int = 1,
    planted: Planted = Planted.NONE,
    longest_s: float = _LONGEST_S,
) -> Tally:
    """kill -9, so often. lanes: how many at once."""
    shares = [kills * (lane + 1) // lanes - kills * lane // lanes for lane in range(lanes)]
    own = [Lane(folder / f"lane-{n}", seed + n, planted, longest_s) for n in range(lanes)]
    whole = Tally()
    with ThreadPoolExecutor(lanes) as pool:
        for tally in pool.map(Lane.run, own, shares):
            whole.add(tally)
    return whole


def find_strace() -> str | None:
    """What records the trace; None where it is not installed."""
    return shutil.which("strace")


def record(folder: Path, steps: int, seed: int, planted: Planted = Planted.NONE) -> Trace:
    """One sitting from nothing to its end, and all that it wrote. Raises AssertionError."""
    strace = find_strace()
    assert strace is not None, "strace is not installed (Debian: apt-get install strace)"
    root, journal, lines = folder / "data", folder / "journal", folder / "trace"
    root.mkdir(parents=True)
    calls = ",".join(f"?{call}" for call in CALLS.split(","))
    recording = (strace, "-f", "--seccomp-bpf", "-qq", "-xx", "-s", "16777216")
    sitting = (sys.executable, "-m", _SITTING, str(root), PASSPHRASE, str(journal), str(steps))
    done = subprocess.run(
        (*recording, "-e", f"trace={calls}", "-o", str(lines), *sitting, str(seed), planted),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    trace = Reader(root, journal).read(lines)
    assert trace.marks, "nothing was recorded"
    lines.unlink()
    return trace


def cut_at_random(folder: Path, trace: Trace, cuts: int, seed: int) -> Tally:
    """Power cuts, half of them right after something was acknowledged."""
    chance = random.Random(seed)
    tally = Tally()
    first = trace.marks[0][0]
    for number in range(cuts):
        at = chance.randint(first, trace.length)
        if chance.random() < _BESIDE_MARK:
            at = chance.choice(trace.marks)[0] + chance.randint(1, 4)
        target = folder / f"cut-{number}"
        cut_power(trace, at, target, chance.choice(list(DiskOrder)), chance)
        tally.note(Ledger().read(trace.told_before(at)), target)
        shutil.rmtree(target)
    return tally


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told of a run. unflushed, early: with planted faults, which have to be found."""

    killed: Tally
    cut: Tally
    unflushed: Tally
    early: Tally
    changes: int
    duration_s: float
    load: tuple[float, float]

    def faults(self) -> list[str]:
        """Why the run counts as failed; empty if it does not."""
        found = [*(self.killed.faults + self.cut.faults)]
        if not self.unflushed.faults:
            found.append("it proves nothing: commits that were never flushed went unnoticed")
        if not self.early.faults:
            found.append("it proves nothing: answers that were acknowledged early went unnoticed")
        return found

    def describe(self) -> str:
        """The table."""
        unflushed, early = self.unflushed, self.early
        rows = {
            "changes in the trace": f"{self.changes:,}",
            "planted: not flushed": f"{unflushed.of} power cuts, {unflushed.faults.total()} faults",
            "planted: told early": f"{early.of} kills, {early.faults.total()} faults",
            "machine": f"{os.cpu_count()} processors, load {self.load[0]:.1f} before, "
            f"{self.load[1]:.1f} after, {self.duration_s:,.0f} s",
        }
        lines = [*self.killed.rows("kill -9"), *self.cut.rows("power cuts")]
        lines += [f"{name:<24}{value}" for name, value in rows.items()]
        return "\n".join([*lines, "; ".join(self.faults()) or "nothing is lost"])


def torture(
    folder: Path,
    *,
    kills: int,
    cuts: int,
    seed: int = _SEED,
    lanes: int = 1,
    steps: int = _STEPS_IN_TRACE,
    longest_s: float = _LONGEST_S,
) -> Outcome:
    """All of it, in an empty folder."""
    began, before = time.monotonic(), os.getloadavg()[0]
    killed = kill_at_random(folder / "kills", kills, seed, lanes, longest_s=longest_s)
    trace = record(folder / "trace", steps, seed)
    cut = cut_at_random(folder, trace, cuts, seed)
    broken = record(folder / "broken", max(steps // 4, 8), seed, Planted.UNFLUSHED)
    unflushed = cut_at_random(folder, broken, max(cuts // 5, 10), seed)
    early = kill_at_random(
        folder / "early", max(kills // 30, 3), seed, planted=Planted.EARLY, longest_s=longest_s
    )
    duration_s = time.monotonic() - began
    load = (before, os.getloadavg()[0])
    return Outcome(killed, cut, unflushed, early, trace.length, duration_s, load)


def main(words: Sequence[str] | None = None) -> int:
    """Returns 1 if anything was lost or did not open, or if the run proves nothing."""
    parser = argparse.ArgumentParser(prog="./run torture client", description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--cuts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--lanes", type=int, default=4, help="how many are killed side by side")
    options = parser.parse_args(words)
    if not hasattr(os, "fork") or find_strace() is None:
        print("This needs Linux and strace (Debian: apt-get install strace).", file=sys.stderr)
        return 1
    print(time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), flush=True)
    with tempfile.TemporaryDirectory(prefix="nearmiss-torture-") as name:
        outcome = torture(
            Path(name),
            kills=options.kills,
            cuts=options.cuts,
            seed=options.seed,
            lanes=options.lanes,
        )
    print(f"seed {options.seed}\n{outcome.describe()}")
    return 1 if outcome.faults() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
