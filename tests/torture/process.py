"""A process that is killed and started again."""

import asyncio
import os
import signal
import time

from tests.e2e.forks import SERVICE
from tests.e2e.journey import Stage, Started

_START_S = 60.0
_STEP_S = 0.005


class EndedError(AssertionError):
    """A process ended by itself, with an error."""


class Process:
    """One command of the stage. port: where it listens; 0 for one that does not.

    landed: how many kills ended it while it was at work.
    """

    def __init__(self, stage: Stage, module: str, who: str, *words: str, port: int = 0) -> None:
        self._stage = stage
        self._command = (module, who, *words)
        self.port = port
        self.landed = 0
        self.is_done = False
        self._running: Started | None = None

    @property
    def is_running(self) -> bool:
        """Whether it can be killed."""
        return self._running is not None

    async def start(self) -> None:
        """Start it; if it listens, wait until it does. Raises EndedError."""
        module, who, *words = self._command
        started = self._stage.start(module, who, *words)
        self._running = started
        deadline = time.monotonic() + _START_S
        while self.port and b"listening on" not in started.stdout_file.read_bytes():
            self.look()
            assert self._running is started, "killed by two at a time"
            assert time.monotonic() < deadline, f"{module} does not start"
            await asyncio.sleep(_STEP_S)

    def look(self) -> None:
        """See whether it has ended by itself. Raises EndedError if it failed."""
        if self._running is None:
            return
        code = self._stage.forks.poll(self._running.process_id)
        if code is None:
            return
        self._finish(code)
        self.is_done = True

    def kill(self) -> bool:
        """kill -9. Returns whether it was still running."""
        if self._running is None:
            return False
        done = self._stage.end(self._running, kill=True)
        if done.code != -signal.SIGKILL:
            self._finish(done.code)
            self.is_done = True
            return False
        self._expect_quiet()
        self._running = None
        self.landed += 1
        return True

    def stop(self) -> None:
        """Let it end well. Raises EndedError if it does not."""
        if self._running is not None:
            os.kill(self._running.process_id, signal.SIGTERM)
            self._finish(self._stage.end(self._running).code)

    def abandon(self) -> None:
        """End it however it is, after something else went wrong."""
        if self._running is not None:
            self._stage.end(self._running, kill=True)
            self._running = None

    def _finish(self, code: int) -> None:
        self._expect_quiet()
        self._running = None
        if code:
            raise EndedError(f"{self._command[:3]} ended with {code}")

    def _expect_quiet(self) -> None:
        assert self._running is not None
        complaint = self._running.stderr_file.read_text("utf-8")
        if complaint:
            self._running = None
            raise EndedError(f"{self._command[:3]}: {complaint}")


def serve_words(stage: Stage, port: int) -> tuple[str, ...]:
    """How a worker of the service is started, without an unverified lane."""
    return (SERVICE, "operator", "serve", str(stage.service_folder), "--port", str(port))
