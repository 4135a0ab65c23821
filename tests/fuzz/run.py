"""`./run fuzz`: coverage-guided fuzzing of every parser that reads bytes of others.

Uses atheris, which is installed from its hashed list into out/fuzz the first time. Each parser has
a process of its own, that starts from the golden examples and keeps what it finds in out/fuzz, so
that a second run goes on from there. Prints a table; the exit code is 1 if anything crashed.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.parsers import PARSERS, Parser

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "out" / "fuzz"
SITE = FOLDER / "site"
LISTED = ROOT / "build" / "requirements" / "fuzz.txt"
_EDGES = re.compile(r"\bcov: (\d+)")
_WORD = re.compile(rb'"([ -!#-\[\]-~]{2,40})"')


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What became of one parser. taken: inputs that some reader took. edges: branches that were
    reached. crashes: the files with the inputs.
    """

    name: str
    runs: int
    taken: int
    cpu_s: float
    edges: int
    corpus: int
    crashes: tuple[Path, ...]
    is_broken: bool

    def line(self) -> str:
        """Of the table."""
        early = " (ended early)" if self.is_broken else ""
        return (
            f"| {self.name} | {self.runs:,} | {self.taken:,} | {self.edges:,} | {self.corpus:,} "
            f"| {self.cpu_s:.0f} | {len(self.crashes)}{early} |"
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code."""
    options = _parse(arguments)
    if not (SITE / "atheris").exists() and not _install():
        print("fuzz: atheris could not be installed; it has wheels for Linux (x86-64) and macOS,")
        print("Python 3.11 to 3.13.")
        return 1
    chosen = [PARSERS[name] for name in options.parser or PARSERS]
    with ThreadPoolExecutor(options.jobs) as pool:
        done = list(pool.map(lambda parser: _fuzz(parser, options.seconds), chosen))
    for line in _table(done):
        print(line)
    return int(any(each.crashes or each.is_broken for each in done))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run fuzz", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="of processor time for each; default: 60"
    )
    parser.add_argument(
        "--parser", action="append", choices=sorted(PARSERS), help="only this one; may be repeated"
    )
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time; default: 1")
    return parser.parse_args(arguments)


def _install() -> bool:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    target = ["--target", str(SITE), "--require-hashes", "--no-deps", "-r", str(LISTED)]
    return subprocess.run([*pip, *target], check=False).returncode == 0


def _fuzz(parser: Parser, seconds: float) -> Fuzzed:
    folder = FOLDER / parser.name
    _prepare(parser, folder)
    log = folder / "log"
    command = [sys.executable, "-m", "tests.fuzz.one", parser.name, str(seconds), str(folder)]
    places = os.pathsep.join([str(ROOT), str(SITE)])
    with log.open("wb") as file:
        code = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": places},
            stdout=file,
            stderr=file,
            check=False,
        ).returncode
    figures = {"runs": 0, "taken": 0, "cpu_s": 0.0}
    if (folder / "figures.json").exists():
        figures = json.loads((folder / "figures.json").read_bytes())
    edges = [int(found) for found in _EDGES.findall(log.read_text(errors="replace"))]
    crashes = tuple(sorted((folder / "crash").iterdir()))
    corpus = sum(1 for _ in (folder / "corpus").iterdir())
    return Fuzzed(
        parser.name,
        int(figures["runs"]),
        int(figures["taken"]),
        float(figures["cpu_s"]),
        max(edges, default=0),
        corpus,
        crashes,
        is_broken=code != 0,
    )


def _prepare(parser: Parser, folder: Path) -> None:
    """Where it starts; what an earlier run has found stays, but for its crashes."""
    shutil.rmtree(folder / "crash", ignore_errors=True)
    for name in ("crash", "corpus"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "figures.json").unlink(missing_ok=True)
    seeds = list(parser.seeds())
    for place, seed in enumerate(seeds):
        (folder / "corpus" / f"seed-{place}").write_bytes(seed)
    (folder / "words").write_bytes(b"\n".join(_words(seeds)) + b"\n")


def _words(seeds: Iterable[bytes]) -> list[bytes]:
    """Texts of the examples in the form of libFuzzer's dictionaries."""
    found = {word for seed in seeds for word in _WORD.findall(seed)}
    return [b'"' + word + b'"' for word in sorted(found)]


def _table(done: Sequence[Fuzzed]) -> list[str]:
    version = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return [
        f"{version}, {os.cpu_count()} processors",
        "",
        "| parser | executions | taken | edges | corpus | processor s | crashes |",
        "|-|-|-|-|-|-|-|",
        *(each.line() for each in done),
        *(f"crash: {path}" for each in done for path in each.crashes),
        *(f"see {FOLDER / each.name / 'log'}" for each in done if each.is_broken),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
