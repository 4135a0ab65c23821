"""A process that has imported the program and forks one real process for each command.

Starting Python and importing everything takes a second; a fork takes milliseconds. Each
command is still a process of its own, which can be killed at any moment, and in which almost
every moment is the command's own work and not the loading of modules.
"""

import ctypes
import importlib
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).resolve().parents[2]
CLIENT, SERVICE = "ui.cli.main", "service.main"
_DEFECT = 70
_RUNS_ON = 1_000  # no exit code, and no signal
_MODULES = (
    *(CLIENT, SERVICE, "ui.cli.archive", "ui.cli.desk", "ui.cli.outbox", "ui.cli.report"),
    *("ui.cli.vault", "app.store.migrate", "uvicorn", "logging.config"),
)


@dataclass(frozen=True, slots=True)
class Order:
    """One command. environment: the whole of it. The files take its output, from the start.

    largest_file: bytes beyond which the system lets it write no file; 0 for no such limit.
    keeps_rights: whether root's right to pass over permissions is kept.
    """

    module: str
    words: tuple[str, ...]
    environment: Mapping[str, str]
    stdin_file: str
    stdout_file: str
    stderr_file: str
    largest_file: int = 0
    keeps_rights: bool = True


class Forks:
    """Starts commands. One at a time is waited for; others may run meanwhile.

    modules: what is imported beforehand, besides the program itself.
    """

    def __init__(self, *modules: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.forks", *modules],
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, order: Order) -> int:
        """Run it; returns its process id. The id stays valid until it is waited for."""
        return self._ask({"start": asdict(order)})

    def wait(self, process_id: int) -> int:
        """Its exit code, or the negative number of the signal that ended it."""
        return self._ask({"wait": process_id})

    def poll(self, process_id: int) -> int | None:
        """The same without waiting; None if it runs on."""
        found = self._ask({"poll": process_id})
        return None if found == _RUNS_ON else found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(30)

    def _ask(self, message: dict[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(message) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _serve(asked: IO[str], answered: IO[str], modules: Sequence[str]) -> None:
    for module in (*_MODULES, *modules):
        importlib.import_module(module)
    while line := asked.readline():
        message: dict[str, Any] = json.loads(line)
        if "start" in message:
            found = _fork(Order(**message["start"]))
        elif "poll" in message:
            ended, status = os.waitpid(message["poll"], os.WNOHANG)
            found = os.waitstatus_to_exitcode(status) if ended else _RUNS_ON
        else:
            found = os.waitstatus_to_exitcode(os.waitpid(message["wait"], 0)[1])
        answered.write(f"{found}\n")
        answered.flush()


def _fork(order: Order) -> int:
    child = os.fork()
    if child == 0:
        code = _DEFECT
        try:
            code = _run(order)
        except SystemExit as stop:  # argparse ends so
            code = stop.code if isinstance(stop.code, int) else 1
        except BaseException:  # noqa: BLE001  (as the interpreter itself would)
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return child


def _run(order: Order) -> int:
    writing = os.O_CREAT | os.O_WRONLY | os.O_TRUNC
    for number, path, flags in (
        (0, order.stdin_file, os.O_RDONLY),
        (1, order.stdout_file, writing),
        (2, order.stderr_file, writing),
    ):
        handle = os.open(path, flags, 0o600)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(order.environment)
    if order.largest_file:
        import resource  # Windows has none

        resource.setrlimit(resource.RLIMIT_FSIZE, (order.largest_file, order.largest_file))
    if not order.keeps_rights and os.geteuid() == 0:
        _give_up_rights()
    code: int = importlib.import_module(order.module).main(list(order.words))
    return code


def _give_up_rights() -> None:
    """Drop all capabilities (capset(2), version 3), so that permissions count for root too."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    none = (ctypes.c_uint32 * 6)()
    if ctypes.CDLL(None, use_errno=True).capset(header, none):
        raise OSError(ctypes.get_errno(), "capset")


if __name__ == "__main__":
    _serve(sys.stdin, sys.stdout, sys.argv[1:])
