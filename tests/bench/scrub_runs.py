"""Runs one scrubber over all texts of `./run bench scrub`, in its own process."""

import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from marks import Narrative
from score import Judged, judge

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "out" / "peers"
_PEERS_VARIABLE = "NEARMISS_PEERS_PYTHON"
_STORY = 20_000
_STORY_RUNS = 3
_SENTENCES = 200
_SENTENCE = re.compile(r"[^.!?\n]{40,200}[.!?]")


class NotRunError(Exception):
    """A scrubber could not be started, as a sentence."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text came back with: positions masked, seconds, bytes added since the start."""

    masked: frozenset[int]
    wall_s: float
    processor_s: float
    memory: int | None


@dataclass(frozen=True, slots=True)
class Speed:
    """Characters a second, by the clock and by processor time; the rest in seconds and bytes.

    sentence_s: the time that 95 % of sentences did not exceed.
    """

    by_clock: float
    by_processor: float
    load_s: float
    memory: int | None
    sentence_s: float
    story_s: float


class Process:
    """A scrubber that runs. about, note: its version and what is doubtful about it."""

    def __init__(self, process: subprocess.Popen[str], errors: IO[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._errors = process, errors
        self._stdin, self._stdout = process.stdin, process.stdout
        start = self._read()
        self.load_s = float(start["load_s"])
        self.about, self.note = str(start["about"]), str(start["note"])

    def scrub(self, text: str) -> Answer:
        """Scrub one text. Raises NotRunError if the process has ended."""
        self._stdin.write(json.dumps({"text": text}) + "\n")
        self._stdin.flush()
        answer = self._read()
        masked = frozenset(at for start, end in answer["ranges"] for at in range(start, end))
        return Answer(masked, answer["wall_s"], answer["processor_s"], answer["memory"])

    def _read(self) -> Any:
        line = self._stdout.readline()
        if line:
            return json.loads(line)
        self._process.wait(30)  # it writes why it ends after it has closed its answers
        self._errors.seek(0)
        told = self._errors.read().decode(errors="replace").strip().splitlines()
        raise NotRunError(told[-1] if told else "it ended without a word")


@contextmanager
def start(name: str, python: str) -> Iterator[Process]:
    """Start a scrubber (see scrub_peer.py). Raises NotRunError if it does not come up."""
    program = str(Path(__file__).with_name("scrub_peer.py"))
    with ExitStack() as stack:
        errors = stack.enter_context(tempfile.TemporaryFile())
        try:
            process = subprocess.Popen(
                [python, "-P", program, name],  # -P: typing.py beside it is not the library's
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                encoding="utf-8",
            )
        except OSError as error:
            raise NotRunError(str(error)) from error
        stack.enter_context(process)
        stack.callback(process.kill)
        yield Process(process, errors)


def find_peers() -> str | None:
    """The interpreter of the peers' environment: from the variable, or out/peers."""
    folder = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    given = os.environ.get(_PEERS_VARIABLE, "")
    return given or (str(folder) if folder.exists() else None)


def make_peers() -> str | None:
    """Make out/peers from the hashed list; None if it cannot be made (pip tells why)."""
    listed = ROOT / "build" / "requirements" / "peers.txt"
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
    python = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    done = subprocess.run([*pip, "--require-hashes", "-r", str(listed)], check=False)
    return str(python) if done.returncode == 0 else None


def judge_all(
    process: Process, narratives: Sequence[Narrative], names: frozenset[str]
) -> list[Judged]:
    """Scrub and judge every narrative of a set."""
    return [judge(each, process.scrub(each.text).masked, names) for each in narratives]


def measure_speed(process: Process, texts: Sequence[str], passes: int) -> Speed:
    """Speed over the texts (median of the passes), after they have been scrubbed before."""
    length = sum(len(text) for text in texts)
    by_clock, by_processor = [], []
    for _ in range(passes):
        answers = [process.scrub(text) for text in texts]
        by_clock.append(length / sum(each.wall_s for each in answers))
        by_processor.append(length / sum(each.processor_s for each in answers))
    sentences = _SENTENCE.findall("\n".join(texts))
    drawn = random.Random(1).sample(sentences, min(_SENTENCES, len(sentences)))
    times = sorted(process.scrub(each.strip()).wall_s for each in drawn)
    story = ("\n\n".join(texts))[:_STORY]
    long = [process.scrub(story) for _ in range(_STORY_RUNS)]
    return Speed(
        by_clock=statistics.median(by_clock),
        by_processor=statistics.median(by_processor),
        load_s=process.load_s,
        memory=long[-1].memory,
        sentence_s=times[int(0.95 * len(times))],
        story_s=statistics.median(each.wall_s for each in long),
    )
