"""nearmiss demo: the whole journey of one report, over real processes on one machine.

Every step is a command that a person could type, run as a process of its own, and printed
with its time. The service, the analysts' desk and two officers' programs each have a folder.
"""

import argparse
import importlib.util
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import InputError, SurroundingsError
from app.paths import disk_errors, make_private_folder, replace_file
from resources.read import read_bytes
from ui.cli.demo_by_hand import WHO, Actors, act
from ui.cli.parts import Commands, find_home
from ui.cli.passphrase import ENVIRONMENT
from ui.display import has_display

_MARKER = "this-is-a-demonstration"
_CODING = {
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
_TITLE = "A pistol under the seat, missed by two of us"
_SYNOPSIS = (
    "Two officers each believed the other had searched under the seat, and let the driver sit "
    "back in his car. An invented report, coded for the demonstration."
)
_LESSONS = "Search again at every handover, whoever searched before you."


def add_parser(commands: Commands) -> None:
    """Register the command."""
    parser = commands.add_parser("demo", help="show the whole way of one report on this machine")
    parser.add_argument(
        "--headless",
        metavar="DIR",
        help="without a window, into this folder, with pictures of every page",
    )
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    if getattr(sys, "frozen", False):
        raise InputError(
            "The demonstration needs the central service, which is not part of this package.",
            "Nothing was made.",
            "Run it from the source: python -m ui.cli.main demo",
        )
    folder = Path(args.headless) if args.headless else find_home().folder / "demonstration"
    folder = folder.absolute()
    _prepare_folder(folder)
    print(f"The demonstration lies in {folder}. Its reports are invented.\n")
    demonstration = Demonstration(folder)
    with _ending_in_order():
        if args.headless:
            demonstration.run()
        elif has_display(os.environ):
            demonstration.run_window()
        else:
            print("There is no display to open a window on, so this is the way without one.\n")
            demonstration.run()
    return 0


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """A closed terminal or a polite kill ends the service that was started, too."""

    def stop(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {name: signal.signal(getattr(signal, name), stop) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def _prepare_folder(folder: Path) -> None:
    """Begin anew in a folder that is empty or was a demonstration before."""
    with disk_errors():
        is_taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
        if is_taken and not (folder / _MARKER).exists():
            raise InputError(
                f"{folder} is a file, or holds other things.",
                "Nothing in it was touched.",
                "Choose an empty folder: nearmiss demo --headless DIR",
            )
        if is_taken:
            shutil.rmtree(folder)
    make_private_folder(folder)
    replace_file(folder / _MARKER, b"")
    replace_file(folder / "passphrase", secrets.token_hex(12).encode())
    answers = json.loads(read_bytes("sample/first_report.json"))["answers"]
    replace_file(folder / "first_report.json", json.dumps(answers).encode())


@dataclass(slots=True)
class Demonstration:
    """One run in one folder. who: officer, second-officer or desk, each a home of its own."""

    folder: Path
    steps: int = 0
    started: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """All steps in order. Raises SurroundingsError that names the one that failed."""
        self._service("make the service", "init", str(self.folder / "service"))
        with self._serving() as url:
            self._found_desk(url)
            self._connect("officer")
            self._write_report()
            self._publish_report()
            number = self._find_report()
            total = time.monotonic() - self.started
            self._take_pictures()
            self._use_window_by_hand()
        print(f"\nThe report went the whole way in {total:.1f} s and is number {number} in the")
        print("offline archive of the second officer. Both analysts' keys lay on this one machine")
        print("here; in earnest each has a machine of their own.")

    def run_window(self) -> None:
        """The steps up to the signed archive, then the window of an officer who is connected.

        Raises SurroundingsError that names the step that failed.
        """
        self._service("make the service", "init", str(self.folder / "service"))
        with self._serving() as url:
            self._found_desk(url)
            self._connect("officer")
            print("\nThe window opens as an officer's at the first start, connected already.")
            self._step("officer: use the window", "ui.main", (), self._home_of("officer"))

    def _take_pictures(self) -> None:
        """Pictures of every page, of a third officer with one draft and one report that waits."""
        who = "third-officer"
        self._connect(who)
        self._client(who, f"{who}: make an encrypted vault", "vault", "create")
        answers = json.loads((self.folder / "first_report.json").read_bytes())
        for name in ("Ladder at the warehouse", answers["local_title"]):
            file = self.folder / "answers.json"
            replace_file(file, json.dumps({**answers, "local_title": name}).encode())
            made = self._client(
                who, f"{who}: draft a report", "report", "new", "--answers", str(file), "--json"
            )
        draft = str(json.loads(made)["id"])
        self._client(
            who, f"{who}: approve and seal it", "report", "approve", draft, "--mask-findings"
        )
        pictures = self.folder / "pictures"
        if importlib.util.find_spec("PySide6") is None:
            print("    There are no pictures: this installation has no window.")
            return
        self._step(
            "take a picture of every page",
            "ui.pictures",
            (str(self.folder / who), str(pictures)),
            self._home_of(who),
        )
        print(f"      {len(list(pictures.glob('*.png')))} pictures lie in {pictures}")

    def _use_window_by_hand(self) -> None:
        """Enrol, report, question, answer, news, withdraw, by the window's own buttons."""
        if importlib.util.find_spec("PySide6") is None:
            return
        place = (str(self.folder / WHO), str(self.folder / "pictures"))

        def push(title: str, *words: str) -> str:
            return self._step(title, "ui.by_hand", (*place, *words), self._home_of(WHO))

        act(
            Actors(
                self.folder,
                self._connect,
                self._client,
                self._desk,
                self._service,
                push,
                self._code,
                self._release,
            )
        )

    def _home_of(self, who: str) -> dict[str, str]:
        return {"NEARMISS_HOME": str(self.folder / who)}

    def _found_desk(self, url: str) -> None:
        card = str(self.folder / "service" / "service.public.json")
        self._desk(
            "make the desk, its keys and the empty signed archive",
            "init",
            "--service",
            card,
            "--url",
            url,
            "--name",
            "Demonstration desk",
        )
        key = str(self.folder / "desk" / "desk" / "desk.public.json")
        service = str(self.folder / "service")
        self._service(
            "let the service know the desk's key", "desk-key", "add", key, "--dir", service
        )
        self._desk("put the sample reports on the shelf", "import", "--format", "sample")
        self._release()

    def _release(self) -> None:
        self._desk("prepare the publication: first signature", "publish")
        self._desk("look at it and release it: second signature", "cosign", "--yes")
        self._desk("bring the signed files to the service", "upload")

    def _connect(self, who: str) -> None:
        connection = str(self.folder / "desk" / "desk" / "connection.json")
        self._client(who, f"{who}: trust the service", "connect", connection)
        self._client(who, f"{who}: fetch and verify the archive", "archive", "update")

    def _write_report(self) -> None:
        who = "officer"
        self._client(who, "officer: make an encrypted vault", "vault", "create")
        answers = str(self.folder / "first_report.json")
        made = self._client(
            who, "officer: draft a report", "report", "new", "--answers", answers, "--json"
        )
        draft = str(json.loads(made)["id"])
        found = self._client(who, "officer: find identifiers", "report", "scrub", draft)
        print(_indent(found, 6))
        self._client(who, "officer: read what would leave", "report", "show", draft)
        sealed = self._client(
            who, "officer: approve and seal it", "report", "approve", draft, "--mask-findings"
        )
        print(_indent(sealed, 9))
        sent = self._client(who, "officer: send it now", "sync", "--now")
        print(_indent(sent, 3))
        left = self._client(who, "officer: the draft is destroyed here", "report", "list")
        print(_indent(left, 3))

    def _publish_report(self) -> None:
        self._desk("desk: pull the sealed report and open it", "pull")
        listed = self._desk("desk: list the cases", "list", "--json")
        self._code(str(json.loads(listed.splitlines()[0])["id"]))
        self._release()

    def _code(self, case: str) -> None:
        pairs = [word for name, code in _CODING.items() for word in ("--set", f"{name}={code}")]
        for name, text in (
            ("title", _TITLE),
            ("synopsis", _SYNOPSIS),
            ("lessons_edit", _LESSONS),
        ):
            replace_file(self.folder / f"{name}.txt", text.encode())
            pairs += ["--text", f"{name}={self.folder / f'{name}.txt'}"]
        self._desk("desk: code it", "code", case, *pairs)
        self._desk("desk: approve it", "approve", case)

    def _find_report(self) -> int:
        who = "second-officer"
        self._connect(who)
        hits = self._client(
            who, f"{who}: search the offline archive", "archive", "search", _SYNOPSIS, "--json"
        )
        number = int(json.loads(hits.splitlines()[0])["number"])
        shown = self._client(who, f"{who}: read it", "archive", "show", str(number))
        print(_indent(shown, 8))
        return number

    def _client(self, who: str, title: str, *words: str) -> str:
        return self._step(title, "ui.cli.main", words, self._home_of(who))

    def _desk(self, title: str, *words: str) -> str:
        return self._client("desk", title, "desk", *words)

    def _service(self, title: str, *words: str) -> str:
        return self._step(title, "service.main", words, {})

    def _step(
        self, title: str, module: str, words: tuple[str, ...], more: Mapping[str, str]
    ) -> str:
        self.steps += 1
        began = time.monotonic()
        done = subprocess.run(  # noqa: S603  (our own program)
            [sys.executable, "-m", module, *words],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            env=self._environment(more),
        )
        if done.returncode:
            raise SurroundingsError(
                f"The step '{title}' failed.", done.stderr.strip(), f"Look into {self.folder}."
            )
        print(f"{self.steps:>2}  {title:<58} {time.monotonic() - began:6.2f} s", flush=True)
        return done.stdout

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        passphrase = {ENVIRONMENT: str(self.folder / "passphrase")}
        return {**os.environ, "PYTHONUTF8": "1", **passphrase, **more}

    @contextmanager
    def _serving(self) -> Iterator[str]:
        """The running service, as a process; gives its address."""
        command = [sys.executable, "-m", "service.main", "serve", str(self.folder / "service")]
        process = subprocess.Popen(  # noqa: S603  (our own program)
            [*command, "--port", "0", "--accept-unverified"],
            stdout=subprocess.PIPE,
            text=True,
            env=self._environment({}),
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            if "listening on " not in line:
                raise SurroundingsError(
                    "The service did not start.", hint="Look at the lines above."
                )
            yield line.partition("listening on ")[2].strip()
        finally:
            process.terminate()
            process.wait(30)
            if process.stdout:
                process.stdout.close()


def _indent(text: str, lines: int) -> str:
    """The first lines, set in, for the eye."""
    shown = text.rstrip().splitlines()
    more = [f"... {len(shown) - lines} lines more"] if len(shown) > lines else []
    return "\n".join(f"      {line}" for line in [*shown[:lines], *more])
