"""The storm itself: everybody runs, and is killed and started again until all has arrived."""

import asyncio
import random
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.service.postgres import PostgresServer
from tests.torture.faults import Patience, Weather
from tests.torture.ground import Ground
from tests.torture.officers import ID_LENGTH, received_file
from tests.torture.process import Process, serve_words
from tests.torture.proxy import FaultProxy

_STEP_S = 0.01
_NAIVE = "tests.torture.naive"
_CLIENT = "tests.torture.officers"
MODULES = (_NAIVE, _CLIENT, "sync.exchange")
"""What the process that forks the others should have imported."""
_LAST_KILL = 0.9  # of the way, so that there is still somebody to kill
_SPARE = 1.05  # some kills find nobody
_SOON_S = 0.3
_AFTER_UPLOAD_S = 0.02  # about what intake takes
_ARMED = 2 / 3
_ALL_AT_ONCE = 1 / 5
_POWER_CUTS = 10
"""Of so many kills of the service, one is the database server's."""
_NAIVE_SHARE = 10
"""One plain POST for so many uploads, and one kill."""
_LEAST_NAIVE = 150


# Below the ports that systems give to outgoing connections: one of those would keep out a worker
# that comes back.
_PORTS = range(20_000, 30_000)


@dataclass(frozen=True, slots=True)
class Force:
    """How strong it is. kills: of the service and of the clients each, at least. workers: of the
    service. limit_s: after which it is given up.
    """

    uploads: int
    kills: int
    seed: int
    workers: int
    patience: Patience
    limit_s: float

    @property
    def naive(self) -> int:
        """How many plain POSTs there are."""
        return max(_LEAST_NAIVE, self.uploads // _NAIVE_SHARE)


@dataclass(frozen=True, slots=True)
class Passed:
    """What the storm did. kills: that landed, by whom they hit."""

    weather: Weather
    kills: dict[str, int]
    duration_s: float
    naive_file: Path


class Storm:
    """database: the server, if the service's database has one of its own."""

    def __init__(self, ground: Ground, force: Force, database: PostgresServer | None) -> None:
        stage = ground.stage
        self._ground, self._force, self._database = ground, force, database
        self._chance = random.Random(force.seed)
        self._weather = Weather(random.Random(force.seed + 1), force.patience)
        ports = [_lasting_port() for _ in range(force.workers)]
        self._workers = [Process(stage, *serve_words(stage, port), port=port) for port in ports]
        self._clients = []
        for number, plan in enumerate(ground.clients):
            file = stage.give(f"plan-{number}.json", plan.to_text())
            self._clients.append(Process(stage, _CLIENT, f"client-{number}", "work", file))
        self.naive_file = stage.folder / "naive.sqlite"
        inside, outside = _lasting_port(), _lasting_port()
        self._naive_outside = outside
        words = ("serve", str(inside), str(self.naive_file))
        self._naive_service = Process(stage, _NAIVE, "naive", *words, port=inside)
        place = str(stage.folder / "naive-place")
        self._naive_client = Process(
            stage, _NAIVE, "naive", "send", str(outside), str(force.naive), place
        )
        self._proxy = FaultProxy(self._weather, self._pick)
        self._power_cuts = 0

    async def blow(self) -> Passed:
        """Until every client has seen all of its reports arrive. Raises AssertionError."""
        begun = time.monotonic()
        async with AsyncExitStack() as stack:
            for each in self._all():
                stack.callback(each.abandon)
            naive_proxy = FaultProxy(self._weather, lambda: self._naive_service.port)
            for proxy, port in (
                (self._proxy, self._ground.stage.port),
                (naive_proxy, self._naive_outside),
            ):
                server = await proxy.listen(port)
                stack.push_async_callback(proxy.close)
                stack.callback(server.close)
            for each in self._all():
                await each.start()
            async with asyncio.timeout(self._force.limit_s):
                await self._rage()
            for each in self._workers:
                each.stop()
        return Passed(self._weather, self._landed(), time.monotonic() - begun, self.naive_file)

    def _all(self) -> tuple[Process, ...]:
        return (*self._workers, self._naive_service, *self._clients, self._naive_client)

    def _pick(self) -> int:
        """A worker that runs; if there is none, one at whose door nobody answers."""
        running = [each for each in self._workers if each.is_running]
        return self._chance.choice(running or self._workers).port

    def _landed(self) -> dict[str, int]:
        return {
            "service": sum(each.landed for each in self._workers),
            "clients": sum(each.landed for each in self._clients),
            "naive service and client": self._naive_service.landed + self._naive_client.landed,
            "database server": self._power_cuts,
        }

    async def _rage(self) -> None:
        force = self._force
        count = round(force.kills * _SPARE) + 1
        few = -(-force.kills // _NAIVE_SHARE)
        of_service = [self._kill_service] * count
        if self._database is not None:
            of_service += [self._cut_power] * -(-force.kills // _POWER_CUTS)
            self._chance.shuffle(of_service)
        killing = [
            self._kill_along(self._arrived, force.uploads, [self._kill_client] * count),
            self._kill_along(self._arrived, force.uploads, of_service),
            self._kill_along(self._naive_arrived, force.naive, [self._kill_naive] * few),
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each) for each in killing]
            await self._watch()
            for task in tasks:
                task.cancel()

    async def _watch(self) -> None:
        while not all(each.is_done for each in (*self._clients, self._naive_client)):
            for each in self._all():
                each.look()
            await asyncio.sleep(_STEP_S * 5)

    def _arrived(self) -> int:
        sizes = []
        for plan in self._ground.clients:
            file = received_file(Path(plan.folder))
            sizes.append(file.stat().st_size if file.exists() else 0)
        return sum(sizes) // ID_LENGTH

    def _naive_arrived(self) -> int:
        file = self._ground.stage.folder / "naive-place"
        return int(file.read_text()) if file.exists() else 0

    async def _kill_along(
        self, progress: Callable[[], int], goal: int, kills: Sequence[Callable[[], Awaitable[None]]]
    ) -> None:
        """One after the other, at random moments of the way from nothing to the goal."""
        moments = sorted(self._chance.uniform(0, goal * _LAST_KILL) for _ in kills)
        for moment, kill in zip(moments, kills, strict=True):
            while progress() < moment:
                await asyncio.sleep(_STEP_S)
            await asyncio.sleep(self._chance.uniform(0, _SOON_S))
            await kill()

    async def _kill_client(self) -> None:
        running = [each for each in self._clients if each.is_running]
        if running:
            await self._kill_and_start([self._chance.choice(running)])

    async def _kill_service(self) -> None:
        """Most often just when it has an upload in its hands."""
        victims = list(self._workers)
        if self._chance.random() < _ARMED:
            port = await self._proxy.next_upload()
            victims = [each for each in self._workers if each.port == port]
            await asyncio.sleep(self._chance.uniform(0, _AFTER_UPLOAD_S))
        elif self._chance.random() > _ALL_AT_ONCE:
            victims = [self._chance.choice(victims)]
        await self._kill_and_start(victims)

    async def _cut_power(self) -> None:
        assert self._database is not None
        self._power_cuts += 1
        self._database.kill()
        await asyncio.sleep(self._chance.uniform(0, _SOON_S))
        await asyncio.to_thread(self._database.start)

    async def _kill_naive(self) -> None:
        await self._kill_and_start([self._chance.choice([self._naive_service, self._naive_client])])

    async def _kill_and_start(self, victims: Sequence[Process]) -> None:
        killed = [each for each in victims if each.kill()]
        await asyncio.sleep(self._chance.uniform(0, _SOON_S))
        for each in killed:
            await each.start()


def _lasting_port() -> int:
    """One that nobody listens on, and that stays free while its worker is dead."""
    while True:
        port = secrets.choice(_PORTS)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
