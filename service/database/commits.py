"""Group commit: those who wait for the writers share the next commit.

Shared, because each commit waits for the disk. SQLite has one writer, because contending ones
wait for each other in sleeps of growing length (P99 of 1.3 s was measured); PostgreSQL has a
few, beside those of other workers. Nothing is answered before its commit has returned.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.database.engine import WRITES, is_sqlite, sweep
from service.errors import UnavailableError

T = TypeVar("T")
Job: TypeAlias = Callable[[Connection], T]
"""Work on the database that may be done again from its start, and then gives the same."""

PATIENCE_S = 20.0
_TRIES = 3
# PostgreSQL's words for "two of you stood in each other's way; one may begin again".
_AGAIN = frozenset({"40001", "40P01"})


@dataclass(frozen=True, slots=True)
class Lanes:
    """How many transactions a worker writes at a time, and how many jobs share one."""

    count: int
    largest_batch: int


SQLITE_LANES = Lanes(count=1, largest_batch=64)
POSTGRESQL_LANES = Lanes(count=4, largest_batch=16)


class Database:
    """Reads and writes for the answers. Belongs to one event loop.

    What waits here is in memory, but nothing of it has been promised to anyone.
    """

    def __init__(
        self, engine: Engine, lanes: Lanes | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._engine = engine
        self._lanes = lanes or (SQLITE_LANES if is_sqlite(engine) else POSTGRESQL_LANES)
        self._patience_s = patience_s
        self._writers = ThreadPoolExecutor(self._lanes.count, thread_name_prefix="writer")
        self._waiting: deque[tuple[Job[Any], asyncio.Future[Any]]] = deque()
        self._rounds: set[asyncio.Task[None]] = set()

    async def read(self, job: Job[T]) -> T:
        """Run a job that only reads. Raises UnavailableError, also when it takes too long."""
        try:
            async with asyncio.timeout(self._patience_s):
                found = await asyncio.to_thread(_run_all, self._engine, [job], writes=False)
        except TimeoutError as error:
            raise UnavailableError("a read took too long") from error
        (answer,) = found
        return answer  # type: ignore[no-any-return]

    async def write(self, job: Job[T]) -> T:
        """Run a job; it is committed, and on the disk, when this returns.

        Raises UnavailableError; then nothing of the job is kept, unless the connection broke
        in the commit itself or it took too long: the job has to be one that may be repeated.
        """
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if len(self._rounds) < self._lanes.count:
            self._rounds.add(asyncio.create_task(self._write_rounds()))
        try:
            # Here rather than in the database, which would write its refusal to its log.
            async with asyncio.timeout(self._patience_s):
                return await future
        except TimeoutError as error:
            raise UnavailableError("a write took too long") from error

    async def sweep(self) -> None:
        """Make sure that deleted bytes are gone from the disk."""
        await asyncio.get_running_loop().run_in_executor(self._writers, sweep, self._engine)

    def close(self) -> None:
        """Wait for the writers and close all connections."""
        self._writers.shutdown()
        self._engine.dispose()

    async def _write_rounds(self) -> None:
        while batch := self._take_batch():
            outcomes = await self._commit([job for job, _ in batch])
            for (_, future), outcome in zip(batch, outcomes, strict=True):
                if future.done():
                    continue
                if isinstance(outcome, BaseException):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)
        # In the same step as the look at an empty queue, so that nothing comes between.
        self._rounds.discard(cast("asyncio.Task[None]", asyncio.current_task()))

    def _take_batch(self) -> list[tuple[Job[Any], asyncio.Future[Any]]]:
        batch: list[tuple[Job[Any], asyncio.Future[Any]]] = []
        while self._waiting and len(batch) < self._lanes.largest_batch:
            job, future = self._waiting.popleft()
            if not future.done():
                batch.append((job, future))
        return batch

    async def _commit(self, jobs: Sequence[Job[Any]]) -> Sequence[Any]:
        loop = asyncio.get_running_loop()

        async def attempt(some: Sequence[Job[Any]]) -> list[Any]:
            return await loop.run_in_executor(self._writers, _run_all, self._engine, some)

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
            if tries_left and _may_begin_again(error):
                continue
            raise UnavailableError(type(error).__name__) from error
    raise AssertionError("the last try returns or raises")


def _may_begin_again(error: Exception) -> bool:
    return getattr(getattr(error, "orig", None), "sqlstate", None) in _AGAIN
