"""`./run torture sync`: exactly once, while connections break and everybody is killed.

Real service processes, real client processes with the program's own code and encrypted posts, a
proxy between them that breaks 35 % of connections, kill -9 of both sides, and afterwards the
count, from the databases and the posts. The seed fixes faults and kills; what they hit depends on
the machine as well.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.forks import Forks
from tests.service.postgres import find_programs, running_server
from tests.torture.faults import SHARE, Patience
from tests.torture.ground import prepare
from tests.torture.naive import NaiveOutcome, count_naive
from tests.torture.storm import MODULES, Force, Passed, Storm
from tests.torture.tally import Tally, count_up

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_WORKERS = {SQLITE: 1, POSTGRESQL: 2}  # SQLite is served by one process
_SEED = 20261122
_LIMIT_S = 3 * 3600.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is told of one storm."""

    force: Force
    passed: Passed
    tally: Tally
    naive: NaiveOutcome
    load: tuple[float, float]

    def faults(self) -> list[str]:
        """Why the run counts as failed; empty if it does not."""
        found = self.tally.faults()
        few = [
            name for name in ("service", "clients") if self.passed.kills[name] < self.force.kills
        ]
        found += [f"too few kills: {name} {self.passed.kills[name]}" for name in few]
        if not self.naive.twice + self.naive.lost:
            found.append("the storm proves nothing: a plain POST came through as well")
        return found


def torture(
    folder: Path,
    database: str,
    *,
    uploads: int,
    kills: int,
    clients: int,
    seed: int = _SEED,
    patience: Patience | None = None,
    limit_s: float = _LIMIT_S,
) -> Outcome:
    """One storm in an empty folder. Raises AssertionError if a process fails or hangs."""
    force = Force(uploads, kills, seed, _WORKERS[database], patience or Patience(), limit_s)
    before = os.getloadavg()[0]
    with ExitStack() as stack:
        words: tuple[str, ...] = ()
        server = None
        if database == POSTGRESQL:
            server = stack.enter_context(running_server())
            words = (
                "--database",
                server.new_database(),
                "--issuer-database",
                server.new_database(),
            )
        forks = stack.enter_context(Forks(*MODULES))
        ground = prepare(folder / "stage", forks, words, clients, uploads, seed)
        passed = asyncio.run(Storm(ground, force, server).blow())
        tally = count_up(ground, uploads, seed)
    naive = count_naive(passed.naive_file, force.naive)
    return Outcome(force, passed, tally, naive, (before, os.getloadavg()[0]))


def describe(database: str, clients: int, outcome: Outcome) -> str:
    """The table."""
    force, passed, tally, naive = outcome.force, outcome.passed, outcome.tally, outcome.naive
    weather = passed.weather
    faults = ", ".join(f"{count:,} {name}" for name, count in sorted(weather.seen.items()))
    kills = ", ".join(f"{name} {count}" for name, count in passed.kills.items() if count)
    rows = {
        "database": f"{database}, {force.workers} worker(s), seed {force.seed}",
        "uploads": f"{force.uploads:,} from {clients} clients in {passed.duration_s:,.0f} s",
        "machine": f"{os.cpu_count()} processors, load {outcome.load[0]:.1f} before, "
        f"{outcome.load[1]:.1f} after",
        "connections": f"{weather.connections:,}, of which {SHARE:.0%} were to break: {faults}",
        "kill -9": kills,
        "queued, stored": f"{tally.queued:,}, {tally.stored:,} (other submissions: {tally.others})",
        "lost": tally.lost,
        "stored twice": tally.twice,
        "acknowledged, missing": tally.missing,
        "tokens counted twice": tally.tokens_twice,
        "a plain POST": f"{naive.sent:,} sent: {naive.twice:,} stored twice, {naive.lost:,} lost",
    }
    lines = [f"{name:<22}{value}" for name, value in rows.items()]
    return "\n".join([*lines, "; ".join(outcome.faults()) or "exactly once"])


def main(words: Sequence[str] | None = None) -> int:
    """Returns 1 if anything was lost or doubled, or if the storm proves nothing."""
    parser = argparse.ArgumentParser(prog="./run torture sync", description=__doc__)
    parser.add_argument("--uploads", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=100, help="of service and clients each")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=_SEED)
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL, "both"), default="both")
    parser.add_argument("--folder", type=Path, help="keep everything in this new folder")
    options = parser.parse_args(words)
    kinds = [SQLITE, POSTGRESQL] if options.database == "both" else [options.database]
    is_well = True
    for database in kinds:
        if database == POSTGRESQL and find_programs() is None:
            print("PostgreSQL is not installed: left out")
            is_well = False
            continue
        with ExitStack() as stack:
            if options.folder is None:
                name = stack.enter_context(tempfile.TemporaryDirectory(prefix="nearmiss-torture-"))
                folder = Path(name)
            else:
                folder = options.folder / database
                folder.mkdir(parents=True)
            print(time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), flush=True)
            outcome = torture(
                folder,
                database,
                uploads=options.uploads,
                kills=options.kills,
                clients=options.clients,
                seed=options.seed,
            )
        print(describe(database, options.clients, outcome) + "\n", flush=True)
        is_well &= not outcome.faults()
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
