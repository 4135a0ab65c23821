"""Group commit: one thread writes, and those who wait meanwhile share the next commit.

One writer, because contending SQLite writers wait for each other in sleeps of growing length
(P99 of 1.3 s was measured); shared commits, because each one waits for the disk.
Nothing is answered before its commit has returned.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.database.engine import WRITES, sweep
from service.errors import UnavailableError

T = TypeVar("T")
Job: TypeAlias = Callable[[Connection], T]
"""Work on the database that may be done again from its start, and then gives the same."""

_LARGEST_BATCH = 64
_TRIES = 3


class Database:
    """Reads and writes for the answers. Belongs to one event loop."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="writer")
        self._waiting: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        self._round: asyncio.Task[None] | None = None

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads. Raises UnavailableError."""
        found: T = (await asyncio.to_thread(_run_all, self._engine, [job], writes=False))[0]
        return found

    async def write(self, job: Job[T]) -> T:
        """Run a job; it is committed, and on the disk, when this returns.

        Raises UnavailableError; then nothing of the job is kept, unless the connection broke
        in the commit itself: the job has to be one that may be repeated.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._round is None:
            self._round = asyncio.create_task(self._write_rounds())
        return await future

    async def sweep(self) -> None:
        """Make sure that deleted bytes are gone from the disk."""
        await asyncio.get_running_loop().run_in_executor(self._writer, sweep, self._engine)

    def close(self) -> None:
        """Wait for the writer and close all connections."""
        self._writer.shutdown()
        self._engine.dispose()

    async def _write_rounds(self) -> None:
        while self._waiting:
            batch = self._waiting[:_LARGEST_BATCH]
            del self._waiting[:_LARGEST_BATCH]
            outcomes = await self._commit([job for job, _ in batch])
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if future.done():
                    continue
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)
        self._round = None

    async def _commit(self, jobs: Sequence[Job[Any]]) -> Sequence[Any]:
        loop = asyncio.get_running_loop()

        async def attempt(some: Sequence[Job[Any]]) -> list[Any]:
            return await loop.run_in_executor(self._writer, _run_all, self._engine, some)

        together: list[Any] | BaseException
        together = (await asyncio.gather(attempt(jobs), return_exceptions=True))[0]
        if isinstance(together, UnavailableError):
            return [together] * len(jobs)
        if not isinstance(together, BaseException):
            return together
        # One of them failed and took the others along: each for itself.
        alone = await asyncio.gather(*(attempt([job]) for job in jobs), return_exceptions=True)
        return [each if isinstance(each, BaseException) else each[0] for each in alone]


def run_now(engine: Engine, job: Job[T]) -> T:
    """Run and commit one job, outside of any event loop. Raises UnavailableError."""
    found: T = _run_all(engine, [job])[0]
    return found


def _run_all(engine: Engine, jobs: Sequence[Job[Any]], writes: bool = True) -> list[Any]:
    for tries_left in reversed(range(_TRIES)):
        try:
            with engine.execution_options(**{WRITES: writes}).begin() as connection:
                return [job(connection) for job in jobs]
        except IntegrityError:
            # Another process was faster with the same key: look again.
            if not tries_left:
                raise
        except (DBAPIError, PoolTimeoutError) as error:
            raise UnavailableError(type(error).__name__) from error
    raise AssertionError("the last try returns or raises")
