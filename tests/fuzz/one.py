"""Fuzz one parser in this process until its time is over: `python -m tests.fuzz.one NAME ...`.

Runs under atheris, which is libFuzzer with the branches of Python code as its coverage. It ends the
process itself; what it did is left in a file.
"""

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

with contextlib.suppress(ImportError):  # the command says how it comes here
    import atheris
ROOMS = (
    "sync",
    "app.domain",
    "app.store.draft_file",
    "app.use_cases.carry_draft",
    "app.use_cases.import_reports",
    "tests.fuzz",
    "tuf",
)
"""Whose branches count. The rest is imported as it is, which makes it quicker."""
HANG_S = 300
"""One input that takes longer is a crash; so much because the machine may be busy."""


@dataclass(slots=True)
class Count:
    """until_s: of processor time. report: where to write what was done, every second."""

    until_s: float
    report: Path
    runs: int = 0
    taken: int = 0
    next_s: float = 0.0

    def run(self, read: Callable[[bytes], int], raw: bytes) -> None:
        """Read once; ends the process when the time is over."""
        self.runs += 1
        self.taken += bool(read(raw))
        now_s = time.process_time()
        if now_s > self.next_s:
            self.write()
            self.next_s = now_s + 1
        if now_s > self.until_s:
            self.write()
            os._exit(0)

    def write(self) -> None:
        """The figures so far."""
        figures = {"runs": self.runs, "taken": self.taken, "cpu_s": time.process_time()}
        self.report.write_text(json.dumps(figures))


def main(arguments: list[str]) -> int:
    """NAME SECONDS FOLDER; the folder has `corpus`, and gets crashes and figures."""
    name, seconds, folder = arguments[0], float(arguments[1]), Path(arguments[2])
    with atheris.instrument_imports(include=list(ROOMS), enable_loader_override=False):
        from tests.fuzz.mutation import mutate
        from tests.fuzz.parsers import PARSERS
    parser = PARSERS[name]
    count = Count(time.process_time() + seconds, folder / "figures.json")

    def read_one(raw: bytes) -> None:
        try:
            count.run(parser.read, raw)
        except BaseException:
            count.write()
            raise

    def propose(raw: bytes, longest: int, seed: int) -> Any:
        return mutate(raw, longest, seed, atheris.Mutate)

    options = [
        f"-max_len={parser.longest}",
        f"-timeout={HANG_S}",
        "-rss_limit_mb=2048",
        f"-artifact_prefix={folder / 'crash'}/",
        f"-dict={folder / 'words'}",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], read_one, custom_mutator=propose)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
